"""JSON lines: `{"text": ..., "author": ..., "date": ...}`, the last two where they are known."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

MAX_LINE = 16 << 20


class RowError(ValueError):
    """A line that is no row; says why."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line. `author` is in small letters."""

    text: str
    author: str | None
    moment: datetime | None


def read_lines(path: Path) -> Iterator[tuple[int, int]]:
    """Yields (offset, length) of each line with something in it. Raises OSError."""
    with path.open("rb") as file:
        at = 0
        while line := file.readline(MAX_LINE + 1):
            length = len(line)
            while len(line) > MAX_LINE and not line.endswith(b"\n"):
                line = file.readline(MAX_LINE + 1)
                length += len(line)
            if length > MAX_LINE or line.strip():
                yield at, length
            at += length


def parse_row(line: bytes) -> Row:
    """The row in a line. Raises RowError. A date that is none is as if there were none."""
    try:
        row: Any = json.loads(line)
    except (ValueError, RecursionError):
        raise RowError("not JSON") from None
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise RowError('no object with a "text"')
    author = row.get("author")
    return Row(
        text=row["text"],
        author=author.strip().lower() if isinstance(author, str) and author.strip() else None,
        moment=_moment(row.get("date")),
    )


def _moment(value: object) -> datetime | None:
    """ISO 8601, or seconds since 1970."""
    try:
        if isinstance(value, str):
            moment = datetime.fromisoformat(value.strip())
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        pass
    return None
