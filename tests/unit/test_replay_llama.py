"""How the peer llama.cpp is driven: its completer, over a small model of the tests."""

import importlib.util
import sys
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

import foretype.replay.llama

PROGRAM = Path(foretype.replay.llama.__file__).with_name("process.py")
PIECES = ["", " meet", " me", " m", "ing", " at", ".", " noon", "e", "t", " ", " mail"]
BEGIN = 0


@pytest.fixture
def process(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The peer's program, where llama.cpp itself is not needed."""
    monkeypatch.setitem(sys.modules, "llama_cpp", ModuleType("llama_cpp"))
    spec = importlib.util.spec_from_file_location("llama_process_under_test", PROGRAM)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class SmallModel:
    """Prefers, after a text, the tokens that a script names, best first."""

    size = len(PIECES)
    begin = BEGIN

    def __init__(self, script: dict[str, list[str]]) -> None:
        self.script = script
        self.reads: list[str] = []

    def piece(self, token: int) -> bytes:
        return PIECES[token].encode()

    def tokens(self, text: str) -> list[int]:
        found = []
        while text:
            token = max(
                (t for t, piece in enumerate(PIECES) if piece and text.startswith(piece)),
                key=lambda t: len(PIECES[t]),
            )
            found.append(token)
            text = text[len(PIECES[token]) :]
        return found

    def read(self, tokens: list[int]) -> npt.NDArray[np.float32]:
        assert tokens[0] == BEGIN
        text = "".join(PIECES[token] for token in tokens)
        self.reads.append(text)
        logits = np.full(self.size, -10.0, dtype=np.float32)
        for rank, piece in enumerate(self.script.get(text, [""])):
            logits[PIECES.index(piece)] = 5.0 - rank
        return logits


def completer(process: ModuleType, script: dict[str, list[str]]) -> Any:
    return process.Completer(SmallModel(script))


@pytest.mark.parametrize(
    ("text", "border"),
    [("", 0), ("me", 0), ("go me", 2), ("go ", 2), ("go  ", 3), ("go\nme", 3), ("go\n", 3)],
)
def test_the_caret_s_word_is_healed_with_its_space(
    process: ModuleType, text: str, border: int
) -> None:
    assert process._healing_border(text) == border


@pytest.mark.parametrize(
    ("piece", "expected"),
    [(b"ing", True), (b"'s", True), (b"-up", True), (b" at", False), (b".", False), (b"", False)],
)
def test_what_goes_on_with_a_word(process: ModuleType, piece: bytes, expected: bool) -> None:
    assert process._continues(piece) is expected


def test_tokens_that_agree_with_typed_letters(process: ModuleType) -> None:
    vocabulary = process.Vocabulary(SmallModel({}))
    agreeing = {PIECES[token] for token in vocabulary.agreeing(b" me")}
    assert agreeing == {" me", " meet"}
    shorter = {PIECES[token] for token in vocabulary.agreeing(b" mex")}
    assert shorter == {" ", " m", " me"}


def test_the_likeliest_word_that_agrees_to_its_end(process: ModuleType) -> None:
    script = {" at": [" mail", " meet"], " at meet": ["ing"], " at meeting": ["."]}
    assert completer(process, script).suggest(" at me")[0] == "eting"


def test_a_whole_word_is_followed_by_the_next(process: ModuleType) -> None:
    script = {"": [" meet"], " meet": [" at"], " meet at": [" noon"]}
    assert completer(process, script).suggest(" meet")[0] == " at"


def test_no_forward_pass_while_the_user_types_along(process: ModuleType) -> None:
    peer = completer(process, {"": [" meet"], " meet": ["ing"], " meeting": ["."]})
    model = peer._model
    assert peer.suggest(" m")[0] == "eeting"
    read = len(model.reads)
    assert [peer.suggest(text)[0] for text in (" me", " mee")] == ["eting", "ting"]
    assert len(model.reads) == read


def test_the_logits_at_a_word_s_start_are_read_once(process: ModuleType) -> None:
    peer = completer(process, {" at": [" mail", " noon"], " at mail": ["."], " at noon": ["."]})
    model = peer._model
    peer.suggest(" at ")
    peer.suggest(" at n")
    assert model.reads.count(" at") == 1


def test_earlier_messages_stand_before_the_text(process: ModuleType) -> None:
    peer = completer(process, {" noon.": [" at"], " noon. at": ["."]})
    peer._memory = peer._model.tokens(" noon.")
    assert peer.suggest(" a")[0] == "t"


def test_the_memory_is_cut_back_in_large_steps(process: ModuleType) -> None:
    peer = completer(process, {})
    process.SEPARATOR = " "
    lengths = []
    for _ in range(70):
        peer.remember(" meet" * 9)
        lengths.append(len(peer._memory))
    assert max(lengths) <= process.MEMORY_LIMIT
    assert min(lengths[30:]) >= process.MEMORY_TOKENS
    assert sum(after < before for before, after in pairwise(lengths)) <= 2


def test_a_long_message_fits_the_context(process: ModuleType) -> None:
    peer = completer(process, {})
    peer._memory = peer._model.tokens(" at" * 600)
    room = process.CONTEXT_TOKENS - process.WORD_TOKENS
    assert len(peer._fit(peer._model.tokens(" meet" * 900))) < room
