"""Replay data: JSON lines of `{"author", "date", "text"}`, read into authors."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from foretype.errors import DataError, ErrorCode

_KEYS = ("author", "date", "text")


@dataclass(frozen=True, slots=True)
class ScoredMessage:
    """One message of the scored part: the keys from `start` on are counted.

    `start` is above 0 only for the message in which the scored part begins; what stands
    before it is in the field already, typed but not counted.
    """

    number: int
    text: str
    start: int
    day: date = field(default=date.min, compare=False)


@dataclass(frozen=True, slots=True)
class Author:
    """One person: `history` is learned before anything is scored, both in order of date."""

    number: int
    history: tuple[str, ...]
    scored: tuple[ScoredMessage, ...]
    history_days: tuple[date, ...] = field(default=(), compare=False)

    @property
    def characters(self) -> int:
        """How many characters are scored, in code points."""
        return sum(len(message.text) - message.start for message in self.scored)


def read_authors(path: Path, *, score_last: int, limit: int | None = None) -> list[Author]:
    """The first `limit` authors of a file, in the order in which they first appear in it.

    Raises DataError, in one sentence, for anything that is not replay data.
    """
    messages: dict[str, list[tuple[datetime, str]]] = {}
    for row, line in enumerate(_lines(path), start=1):
        if line.strip():
            author, date, text = _parse(line, where=f"{path}, line {row}")
            messages.setdefault(author, []).append((date, text))
    chosen = list(messages.values())[:limit]
    authors = [_split(number, rows, score_last) for number, rows in enumerate(chosen)]
    if not any(author.characters for author in authors):
        raise DataError(f"{path} holds no message to replay.", code=ErrorCode.WRONG_FORMAT)
    return authors


def sha256_of(path: Path) -> str:
    """The checksum that a report names its data by."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _lines(path: Path) -> list[str]:
    try:
        return path.read_bytes().decode("utf-8").split("\n")
    except OSError as error:
        reason = error.strerror or str(error)
        raise DataError(f"Cannot read {path}: {reason}.", code=ErrorCode.WRONG_FORMAT) from None
    except UnicodeDecodeError:
        raise DataError(f"{path} is not UTF-8 text.", code=ErrorCode.WRONG_FORMAT) from None


def _parse(line: str, *, where: str) -> tuple[str, datetime, str]:
    try:
        row: Any = json.loads(line)
    except (ValueError, RecursionError):
        raise DataError(f"{where} is not JSON.", code=ErrorCode.WRONG_FORMAT) from None
    if not isinstance(row, dict):
        raise DataError(f"{where} is not a JSON object.", code=ErrorCode.WRONG_FORMAT)
    for key in _KEYS:
        if not isinstance(row.get(key), str):
            raise DataError(f'{where} has no text under "{key}".', code=ErrorCode.WRONG_FORMAT)
    return row["author"], _date(row["date"], where=where), row["text"]


def _date(text: str, *, where: str) -> datetime:
    try:
        date = datetime.fromisoformat(text)
    except ValueError:
        raise DataError(
            f'{where} has a "date" that is not ISO 8601, such as 2009-03-19T12:24:00.',
            code=ErrorCode.WRONG_FORMAT,
        ) from None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def _split(number: int, rows: list[tuple[datetime, str]], score_last: int) -> Author:
    ordered = [row for row in sorted(rows, key=lambda row: row[0]) if row[1]]
    border = max(0, sum(len(text) for _, text in ordered) - score_last)
    history: list[str] = []
    days: list[date] = []
    scored: list[ScoredMessage] = []
    passed = 0
    for index, (when, text) in enumerate(ordered):
        if passed + len(text) <= border:
            history.append(text)
            days.append(when.date())
        else:
            start = max(0, border - passed)
            scored.append(ScoredMessage(index, text, start, when.date()))
        passed += len(text)
    return Author(number, tuple(history), tuple(scored), tuple(days))
