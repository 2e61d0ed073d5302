"""Learning a past: once each, in order, to be interrupted and gone on with."""

import argparse
import json
import os
import signal
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from foretype.cli import main, profile_learn
from foretype.errors import SettingError
from foretype.past import Skip, learn_past, learn_reading, read_past


class Book:
    """A profile that writes down what it is taught."""

    def __init__(
        self, *, paused: bool = False, read_only: bool = False, interrupt_at: int | None = None
    ) -> None:
        self.learned: list[tuple[str, str, date | None]] = []
        self.paused = paused
        self.read_only = read_only
        self._digests: list[bytes] = []
        self._interrupt_at = interrupt_at

    def learn(self, text: str, *, context: str = "", day: date | None = None) -> None:
        self.learned.append((text, context, day))
        if len(self.learned) == self._interrupt_at:
            os.kill(os.getpid(), signal.SIGINT)

    def learned_digests(self) -> Collection[bytes]:
        return self._digests

    def note_learned(self, digest: bytes) -> None:
        self._digests.append(digest)


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    file = tmp_path / "a.jsonl"
    texts = [{"text": f"Text number {n}.", "date": f"2025-03-{n + 1:02}"} for n in range(9)]
    file.write_text("\n".join(map(json.dumps, texts)))
    return file


def test_learns_with_day_and_context(rows: Path) -> None:
    book = Book()
    learned = learn_past(book, [rows], context="client")
    assert book.learned[0] == ("Text number 0.", "client", date(2025, 3, 1))
    assert (learned.texts, learned.words) == (9, 27)
    assert (learned.first_day, learned.last_day) == (date(2025, 3, 1), date(2025, 3, 9))
    assert not learned.interrupted


def test_learns_nothing_twice(rows: Path) -> None:
    book = Book()
    learn_past(book, [rows])
    learned = learn_past(book, [rows, rows])
    assert learned.texts == 0
    assert learned.counts.skipped == {Skip.KNOWN: 9, Skip.TWICE: 9}
    assert len(book.learned) == 9


def test_goes_on_after_it_was_stopped(rows: Path) -> None:
    book = Book()
    learned = learn_reading(book, read_past([rows]), stop=lambda: len(book.learned) == 4)
    assert learned.interrupted
    assert learned.texts == 4
    assert not learn_past(book, [rows]).interrupted
    assert [text for text, _, _ in book.learned] == [f"Text number {n}." for n in range(9)]


@pytest.mark.parametrize(
    ("book", "why"),
    [(Book(paused=True), "is paused"), (Book(read_only=True), "Another program")],
    ids=["paused", "read only"],
)
def test_refuses_where_nothing_would_be_kept(rows: Path, book: Book, why: str) -> None:
    with pytest.raises(SettingError, match=why):
        learn_past(book, [rows])
    assert not book.learned
    assert not book.learned_digests()


def test_tells_how_far_it_is(rows: Path) -> None:
    told: list[tuple[str, int, int]] = []
    learn_past(Book(), [rows], progress=lambda *how_far: told.append(how_far))
    assert told[-1] == ("learning", 9, 9)
    assert {stage for stage, _, _ in told} == {"finding", "learning"}
    assert all(done <= total for _, done, total in told)


def command(book: Book, *words: str) -> int:
    @contextmanager
    def opened(args: argparse.Namespace) -> Iterator[Book]:
        yield book

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(profile_learn, "writing", opened)
        return main(["profile", "learn", *words])


def test_command_says_what_it_did(rows: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(Book(), str(rows)) == 0
    assert capsys.readouterr().out == (
        "Learned 9 texts, 27 words, from 2025-03-01 to 2025-03-09.\n"
    )


def test_command_says_whom_it_took_for_the_owner(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.eml"
    file.write_text("From: Robin <robin@example.org>\nTo: jane@example.com\n\nHello.\n")
    (tmp_path / "b.jsonl").write_text("[]\n")
    command(Book(), str(file), str(tmp_path / "b.jsonl"))
    told = capsys.readouterr()
    assert told.out.startswith(f"Taken to be you: robin@example.org, who wrote 1 of 1 in {file}.")
    assert "Left out 1: 1 broken." in told.out
    assert 'b.jsonl, number 1: no object with a "text"' in told.err


def test_dry_run_learns_nothing(rows: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = Book()
    assert command(book, "--dry-run", str(rows)) == 0
    assert capsys.readouterr().out.startswith("Would learn 9 texts")
    assert not book.learned


def test_command_as_json(rows: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command(Book(), "--json", str(rows), str(rows))
    assert json.loads(capsys.readouterr().out) == {
        "learned": 9,
        "words": 27,
        "first_day": "2025-03-01",
        "last_day": "2025-03-09",
        "me": [],
        "guessed": False,
        "files": 2,
        "found": 18,
        "left_out": {"twice": 9},
        "troubles": [],
        "dry_run": False,
        "interrupted": False,
    }


def test_ctrl_c_ends_between_two_texts(rows: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = Book(interrupt_at=3)
    assert command(book, str(rows)) == 130
    assert len(book.learned) == len(book.learned_digests()) == 3
    assert "The same command goes on from here." in capsys.readouterr().out
    assert command(book, str(rows)) == 0
    assert len(book.learned) == 9


def test_a_strange_name_cannot_steer_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a\x1b[31m.jsonl"
    file.write_text("no\n")
    command(Book(), str(file))
    assert "\x1b" not in capsys.readouterr().err
