"""Replay data: order, the border of the scored part, and files that are none."""

import json
from pathlib import Path
from typing import Any

import pytest

from foretype.errors import DataError
from foretype.replay.data import Author, ScoredMessage, read_authors


def write(path: Path, *rows: Any) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def row(author: str, day: int, text: str) -> dict[str, str]:
    return {"author": author, "date": f"2009-03-{day:02}T12:00:00", "text": text}


def check(path: Path, score_last: int, expected: list[Author], limit: int | None = None) -> None:
    assert read_authors(path, score_last=score_last, limit=limit) == expected


def test_messages_run_by_date_and_split_at_the_last_characters(tmp_path: Path) -> None:
    data = write(tmp_path / "d", row("b", 3, "three"), row("b", 1, "one"), row("b", 2, "twotwo"))
    expected = (ScoredMessage(1, "twotwo", 4), ScoredMessage(2, "three", 0))
    check(data, 7, [Author(0, ("one",), expected)])


def test_a_border_between_two_messages_splits_none(tmp_path: Path) -> None:
    data = write(tmp_path / "d", row("b", 1, "one"), row("b", 2, "two"))
    check(data, 3, [Author(0, ("one",), (ScoredMessage(1, "two", 0),))])


def test_an_author_with_less_than_that_has_no_history(tmp_path: Path) -> None:
    data = write(tmp_path / "d", row("b", 1, "one"), row("b", 2, ""), row("b", 3, "two"))
    check(data, 99, [Author(0, (), (ScoredMessage(0, "one", 0), ScoredMessage(1, "two", 0)))])


def test_the_first_authors_are_those_that_appear_first(tmp_path: Path) -> None:
    data = write(tmp_path / "d", row("z", 9, "z"), row("a", 1, "a"), row("z", 1, "y"))
    zed = Author(0, (), (ScoredMessage(0, "y", 0), ScoredMessage(1, "z", 0)))
    check(data, 99, [zed], limit=1)


def test_equal_dates_keep_the_order_of_the_file(tmp_path: Path) -> None:
    data = write(tmp_path / "d", row("b", 1, "one"), row("b", 1, "two"))
    texts = [message.text for message in read_authors(data, score_last=9)[0].scored]
    assert texts == ["one", "two"]


def test_dates_with_and_without_a_zone_are_ordered(tmp_path: Path) -> None:
    later = {"author": "b", "date": "2009-03-01T23:00:00-05:00", "text": "later"}
    data = write(tmp_path / "d", later, row("b", 2, "early"))
    later_first = [message.text for message in read_authors(data, score_last=99)[0].scored]
    assert later_first == ["later", "early"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "holds no message"),
        (b"\n\n", "holds no message"),
        (json.dumps(row("a", 1, "")).encode(), "holds no message"),
        (b"{not json}\n", "line 1 is not JSON"),
        (json.dumps(row("a", 1, "x")).encode() + b"\n[1]", "line 2 is not a JSON object"),
        (b'{"author": "a", "text": "x"}', 'no text under "date"'),
        (b'{"author": "a", "date": "2009-03-01", "text": 5}', 'no text under "text"'),
        (b'{"author": "a", "date": "yesterday", "text": "x"}', "ISO 8601"),
        (b"\xff\xfe", "not UTF-8"),
        (b"[" * 100_000, "not JSON"),
    ],
)
def test_what_is_no_replay_data_is_refused_in_one_sentence(
    tmp_path: Path, content: bytes, says: str
) -> None:
    path = tmp_path / "d"
    path.write_bytes(content)
    with pytest.raises(DataError, match=says) as caught:
        read_authors(path, score_last=10)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="No such file"):
        read_authors(tmp_path / "none", score_last=10)
