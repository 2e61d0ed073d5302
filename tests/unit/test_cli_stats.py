"""`foretype stats`: what it says of little, of much, of damage, and without its extra."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from foretype import Engine
from foretype.cli import main
from foretype.cli.stats_tables import NOTHING, ONE_EVENT, print_report
from foretype.profile.counted import Counted
from foretype.profile.minibatches import DIMENSIONS
from foretype.reference.tiny_model import write_tiny_model
from foretype.statistics import extra
from foretype.statistics.gather import gather
from foretype.statistics.hits import SHAPE, SIZE
from foretype.statistics.neurons import Layer, Neurons

Capture = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_model(tmp_path_factory.mktemp("model") / "tiny", heads=4, kv_heads=2)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tiny_model: Path) -> Path:
    """An empty profile's folder, and a machine whose model is a tiny one."""
    monkeypatch.setenv("FORETYPE_PROFILE", str(tmp_path / "profile"))
    monkeypatch.setattr("foretype.statistics.of_profile.default_path", lambda: tiny_model)
    return tmp_path / "profile"


def run(capsys: Capture, *words: str) -> str:
    assert main(["stats", *words]) == 0
    printed, complaint = capsys.readouterr()
    assert complaint == ""
    return " ".join(printed.split())


def refusal(capsys: Capture, *words: str) -> str:
    assert main(["stats", *words]) == 1
    printed, complaint = capsys.readouterr()
    assert printed == ""
    assert complaint.startswith("foretype: ")
    assert complaint.count("\n") == 1
    return complaint


def write(folder: Path, text: str) -> None:
    with Engine.open(language_model=False).open_profile(folder) as profile:
        session = Engine.open(language_model=False).session(profile)
        for character in text:
            session.suggest()
            session.type(character)
        session.finish()


def shown(counted: Counted, neurons: Neurons | None = None) -> str:
    text = io.StringIO()
    print_report(Console(file=text, width=120), gather(counted, neurons=neurons))
    return " ".join(text.getvalue().split())


def hits(**cells: int) -> bytes:
    table = np.zeros(SHAPE, "<u4")
    for outcome, count in cells.items():
        number = ("shown", "accepted", "typed_through", "missed", "retained").index(outcome)
        table[number, 0, 6, 0, 1] = count
    return table.tobytes()


def test_nothing_yet_is_said_in_one_sentence(folder: Path, capsys: Capture) -> None:
    assert run(capsys, "show") == " ".join(NOTHING.split())


def test_what_was_typed_is_shown(folder: Path, capsys: Capture) -> None:
    write(folder, "Ask Brindlewick about the Tavenport ledger, and Brindlewick again.")
    printed = run(capsys, "show")
    assert "Hits: what became of proposals" in printed
    assert "Vocabulary range" in printed
    figures = json.loads(run(capsys, "show", "--json"))
    assert figures["hits"]["total"]["shown"] > 0
    assert figures["vocabulary"]["uses"] > 0
    assert figures["neighbourhood"] is None


def test_an_export_shows_what_the_profile_shows(
    folder: Path, capsys: Capture, tmp_path: Path
) -> None:
    write(folder, "Ask Brindlewick about the Tavenport ledger, and Brindlewick again.")
    out = tmp_path / "out.stats"
    assert "holds no text" in run(capsys, "export", str(out))
    assert b"rindlewick" not in out.read_bytes()
    from_file = json.loads(run(capsys, "show", "--json", "--file", str(out)))
    from_profile = json.loads(run(capsys, "show", "--json"))
    assert from_file["hits"] == from_profile["hits"]
    assert from_file["vocabulary"]["bucket_uses"] == from_profile["vocabulary"]["bucket_uses"]


def test_what_is_forgotten_is_gone_from_the_vocabulary(folder: Path, capsys: Capture) -> None:
    write(folder, "Tavenport ledger.")
    before = json.loads(run(capsys, "show", "--json"))["vocabulary"]["uses"]
    with Engine.open(language_model=False).open_profile(folder) as profile:
        profile.forget("Tavenport")
    assert json.loads(run(capsys, "show", "--json"))["vocabulary"]["uses"] < before


def test_without_a_model_there_is_no_vocabulary(
    folder: Path, capsys: Capture, tmp_path: Path
) -> None:
    write(folder, "Ask Brindlewick about the ledger.")
    printed = run(capsys, "show", "--model", str(tmp_path / "none"))
    assert printed.startswith("Without a model there is no vocabulary to look at.")


def test_without_the_extra_one_sentence_says_what_to_install(
    folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extra, "find_spec", lambda name: None)
    assert "pip install 'foretype[stats]'" in refusal(capsys, "show")


def test_a_damaged_export_is_one_sentence(folder: Path, capsys: Capture, tmp_path: Path) -> None:
    path = tmp_path / "out.stats"
    path.write_bytes(b"nonsense")
    assert "does not begin" in refusal(capsys, "show", "--file", str(path))
    assert "Cannot read" in refusal(capsys, "show", "--file", str(tmp_path / "none"))


def test_an_export_that_cannot_be_written_is_one_sentence(folder: Path, capsys: Capture) -> None:
    assert "Cannot write" in refusal(capsys, "export", "/proc/none/out")


def test_one_event_is_marked_as_saying_nothing() -> None:
    state = np.ones(DIMENSIONS, "<f4").tobytes()
    printed = shown(Counted(hits(shown=1, accepted=1), (state, [1], [0]), [(state, [7])], 0))
    assert printed.count(ONE_EVENT) == 2
    assert "there are fewer than two" in printed


def test_layers_that_wait_for_their_reference_say_so() -> None:
    layer = Layer.of(10).seeing(np.ones((10, DIMENSIONS), np.float32), np.ones(10, np.float32))
    printed = shown(Counted(bytes(4 * SIZE), (b"", [], []), [], 0), Neurons({7: layer}))
    assert "of layer 7 too few mini-batches" in printed


def test_numbers_of_a_damaged_model_are_said() -> None:
    printed = shown(Counted(hits(shown=2), (b"", [], []), [], refused=3))
    assert printed.startswith("States of the language model with numbers that are none")
