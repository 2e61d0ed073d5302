"""Reads what still checks in a database, from copies of its bytes: the files are not touched."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from foretype.profile.database import Damage, whole_row, whole_section
from foretype.profile.log import read_log
from foretype.profile.records import Row, Saved, Section
from foretype.profile.schema import PAGE_SIZE, first_page

# A damaged page breaks a scan; around it single records are asked for, at most so many.
_MOST_PROBES = 2000
_MOST_SECTIONS = 256
_MOST_RECORDS = 10_000_000


@dataclass
class Image:
    """The records of one file that check.

    `damaged` if anything in it did not, `rows_damaged` if that may have been a journal row.
    """

    sections: dict[str, Section] = field(default_factory=dict)
    rows: dict[int, Row] = field(default_factory=dict)
    meta: dict[str, int] = field(default_factory=dict)
    digests: list[bytes] = field(default_factory=list)
    damaged: bool = False
    rows_damaged: bool = False

    def saved(self) -> Saved:
        """The same as plain values, in order."""
        return Saved(tuple(self.sections.values()), tuple(v for _, v in sorted(self.rows.items())))


def read_image(database: Path, log: Path | None = None) -> Image:
    """Read a database and its write-ahead log. A missing file is an empty, damaged image."""
    data = _bytes(database)
    changes = read_log(_bytes(log) if log else b"", PAGE_SIZE)
    pages = bytearray(data + bytes(-len(data) % PAGE_SIZE))
    for number, page in changes.pages.items():
        end = number * PAGE_SIZE
        if end > len(pages) + (1 << 30):
            continue
        pages.extend(bytes(max(0, end - len(pages))))
        pages[end - PAGE_SIZE : end] = page
    image = _read(bytes(pages))
    if not image.sections and not image.rows:
        image = _read(_with_our_first_page(pages))
        image.damaged = True
    image.damaged |= changes.damaged or not data
    image.rows_damaged |= changes.damaged or not image.rows
    return image


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def _with_our_first_page(pages: bytearray) -> bytes:
    """The same pages under the first page of a whole database: its tables lie where ours do."""
    page = bytearray(first_page())
    page[28:32] = (max(1, len(pages) // PAGE_SIZE)).to_bytes(4, "big")
    page[32:40] = bytes(8)  # no free pages
    return bytes(page) + bytes(pages[PAGE_SIZE:])


def _read(pages: bytes) -> Image:
    image = Image()
    if not pages:
        return image
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        data = bytearray(pages)
        data[18:20] = b"\x01\x01"  # no write-ahead log: an image in memory cannot have one
        connection.deserialize(bytes(data))
        _read_tables(connection, image)
    except (sqlite3.Error, OverflowError):
        image.damaged = True
    finally:
        connection.close()
    return image


def _read_tables(connection: sqlite3.Connection, image: Image) -> None:
    sections = "SELECT name, number, crc, bytes FROM section"
    for record in _records(connection, image, sections, "place", _MOST_SECTIONS):
        with _noting(image):
            section = whole_section(*record)
            image.sections.setdefault(section.name, section)
    journal = "SELECT number, time, crc, ops FROM journal"
    before, image.damaged = image.damaged, False
    for record in _records(connection, image, journal, "number", None):
        with _noting(image):
            row = whole_row(*record)
            image.rows[row.number] = row
    image.rows_damaged = image.damaged
    image.damaged |= before
    with _noting(image):
        found = connection.execute("SELECT name, value FROM meta").fetchall()
        image.meta = {str(name): int(value) for name, value in found if isinstance(value, int)}
    with _noting(image):
        image.digests = [d for (d,) in connection.execute("SELECT digest FROM learned_file")]


class _noting:  # noqa: N801 - reads as a statement
    """Swallows what damage raises, and notes it."""

    def __init__(self, image: Image) -> None:
        self._image = image

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        if kind is None:
            return False
        self._image.damaged = True
        return issubclass(kind, (sqlite3.Error, Damage, ValueError, OverflowError))


Record = tuple[object, object, object, object]


def _records(
    connection: sqlite3.Connection, image: Image, query: str, key: str, most: int | None
) -> Iterator[Record]:
    """All records that can be reached: from the front, from the back, one by one between."""
    front = list(_scan(connection, image, f"{query} ORDER BY {key}"))
    yield from front
    if not image.damaged:
        return
    back = list(_scan(connection, image, f"{query} ORDER BY {key} DESC"))
    yield from back
    for place in _between(front, back, most):
        with suppress(sqlite3.Error, OverflowError):
            yield from connection.execute(f"{query} WHERE {key} = ?", (place,)).fetchall()


def _between(front: list[Record], back: list[Record], most: int | None) -> range:
    """Keys to try singly. Sections count from 0; a journal's keys lie between what was read."""
    if most is not None:
        return range(most)
    low = _key(front[-1]) if front else 0
    high = _key(back[-1]) if back else low + _MOST_PROBES
    return range(max(low + 1, high - _MOST_PROBES), high)


def _key(record: Record) -> int:
    return record[0] if isinstance(record[0], int) else 0


def _scan(connection: sqlite3.Connection, image: Image, query: str) -> Iterator[Record]:
    with _noting(image):
        yield from islice(connection.execute(query), _MOST_RECORDS)  # pages may form a ring
