"""Whatever stands in a field: never a crash, a hang or an exception, at worst no suggestion.

Times are bounds for a busy machine, several times what a quiet one takes.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import pytest

from foretype import Engine, Session
from foretype.reference.tiny_model import write_tiny_model

MEGABYTE = 1 << 20

MEGABYTES = {
    "words": "the quick brown fox jumps over it. " * (MEGABYTE // 35),
    "lines": "Dear all,\nthe list:\nitem\n\n" * (MEGABYTE // 27),
    "one word": "a" * MEGABYTE,
    "one number": "1" * MEGABYTE,
    "dotted": "a." * (MEGABYTE // 2),
    "an address": "https://" + "ab/" * (MEGABYTE // 3),
    "underscores": "a" + "_" * MEGABYTE,
    "spaces": " " * MEGABYTE,
    "line ends": "\n" * MEGABYTE,
    "zeros": "\0" * MEGABYTE,
    "quotes": '"' * MEGABYTE,
    "emoji": "\U0001f600" * (MEGABYTE // 4),
    "marks": "e" + "\u0301" * (MEGABYTE // 2),
    "right to left": "שלום עולם " * (MEGABYTE // 19),
    "surrogates": "\ud83d" * (MEGABYTE // 3),
}
ODD = [
    "",
    " ",
    "\0",
    "a\0b",
    "\ud800",
    "\ude00\ud83d",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "e\u0301\u0301\u0301",
    "\u202eabc\u202c",
    "مرحبا بالعالم",
    "שלום, wor",
    "你好，世",
    "\ufeffHello",
    "\r\n\r",
    "\u2028\u2029\x85",
    "\x7f\x1b[31m",
    "%s%n{0}<script>",
    "\U0010ffff\uffff",
    "ſtraße ŉ ǰ İ",
]
BAD_BYTES = [
    b"\xff",
    b"\xc0\x80",
    b"abc\xe2\x82",
    b"\xf0\x9f\x98",
    b"\xed\xa0\x80 \xed\xbf\xbf",
    b"\xf8\x88\x80\x80\x80",
    b"the \x80\x80\x80 end",
    b"\x00\xff" * 500,
    bytes(range(256)),
]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return Engine.open(write_tiny_model(tmp_path_factory.mktemp("model") / "tiny"))


def session_of(engine: Engine) -> Session:
    profile = engine.profile()
    profile.learn("Please review the quarterly numbers before Monday.")
    return engine.session(profile)


def seconds(action: Callable[[], object]) -> float:
    begin = time.perf_counter()
    action()
    return time.perf_counter() - begin


@pytest.mark.parametrize("text", ODD)
def test_odd_text_is_text(engine: Engine, text: str) -> None:
    session = session_of(engine)
    for before in (text, text + "the", "the " + text, text * 3 + " quart"):
        for after in ("", text):
            session.set_text(before, after)
            session.suggest(budget_ms=-1)
            taken = session.accept(words=None)
            assert session.text_before == before + taken
    session.dismiss()
    session.type(text)
    session.erase()
    session.suggest()
    session.finish()
    session.set_text("Please review the quart")
    suggestion = session.suggest(budget_ms=-1)
    assert suggestion is not None
    assert suggestion.candidates


@pytest.mark.parametrize("data", BAD_BYTES)
def test_bytes_that_are_no_text_at_the_cores_door(engine: Engine, data: bytes) -> None:
    core = session_of(engine)._core
    for before in (data, data + b" the", b"the " + data):
        for after in (b"", data):
            core.set_text(before, after)
            shown, text, ends, candidates = core.suggest(-1)
            assert shown == bool(text)
            assert bool(ends) == shown
            assert all(0 <= candidate[2] <= 1 for candidate in candidates)
            assert core.before() == before
            taken = core.accept(-1)
            assert core.before() == before + taken
    core.finish()
    assert core.before() == b""


def test_a_text_cut_inside_characters_at_every_byte(engine: Engine) -> None:
    core = session_of(engine)._core
    data = "é\U0001f600 שלום \ud83d\ude00 e\u0301 review the".encode("utf-8", "surrogatepass")
    for end in [*range(len(data) + 1), *range(len(data), -1, -1)]:
        core.set_text(data[:end], data[end:])
        core.suggest(-1)
    core.finish()


@pytest.mark.parametrize("text", MEGABYTES.values(), ids=MEGABYTES.keys())
def test_a_megabyte(engine: Engine, text: str) -> None:
    session = session_of(engine)
    assert seconds(lambda: session.set_text(text)) < 3
    assert seconds(session.suggest) < 1
    # The first space or letter may settle all of it at once.
    session.type(" ")
    session.type("q")
    keys = [seconds(lambda c=c: (session.type(c), session.suggest())) for c in "uarterly q"]
    assert statistics.median(keys) < 0.2
    assert seconds(lambda: session.erase(3)) < 1
    assert seconds(session.finish) < 3
    session.set_text("Please review the q")
    assert seconds(session.suggest) < 1


def test_a_megabyte_after_the_caret(engine: Engine) -> None:
    session = session_of(engine)
    session.set_text("Please review the q", " " + MEGABYTES["words"])
    assert seconds(lambda: (session.type("u"), session.suggest())) < 0.5
    assert session.suggest() is not None


def test_ten_thousand_edits(engine: Engine) -> None:
    session = session_of(engine)
    letters = "Please review the numbers. " * 20

    def hammer() -> None:
        for i in range(10_000):
            session.set_text(letters[: i % 500])

    assert seconds(hammer) < 5
    session.set_text("Please review the quart")
    assert session.suggest(budget_ms=-1) is not None


def test_a_long_message_typed_key_by_key(engine: Engine) -> None:
    session = session_of(engine)
    text = "The committee met and agreed on the following points.\n" * 100

    def write() -> None:
        for letter in text:
            session.type(letter)

    assert seconds(write) < 5
    assert session.text_before == text


@pytest.mark.parametrize("budget_ms", [0, -1, 1e-9, 0.5, 1e6])
def test_any_budget(engine: Engine, budget_ms: float) -> None:
    session = session_of(engine)
    session.set_text("Please review the quart")
    assert session.suggest(budget_ms=budget_ms) is not None
