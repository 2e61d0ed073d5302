"""What the database holds, as values that know whether they are whole."""

from __future__ import annotations

import zlib
from dataclasses import dataclass


@dataclass(frozen=True)
class Section:
    """A part of the snapshot. `number` is the last journal row that is counted in it."""

    name: str
    number: int
    data: bytes

    @property
    def crc(self) -> int:
        """CRC-32 of number, name and data: a section under another number or name fails."""
        head = self.number.to_bytes(8, "little") + self.name.encode() + b"\0"
        return zlib.crc32(self.data, zlib.crc32(head))


@dataclass(frozen=True)
class Row:
    """Operations of the core as one `drain` gave them, and when, in ms since 1970."""

    number: int
    time_ms: int
    ops: bytes

    @property
    def crc(self) -> int:
        """CRC-32 of number, time and operations."""
        head = self.number.to_bytes(8, "little") + self.time_ms.to_bytes(8, "little")
        return zlib.crc32(self.ops, zlib.crc32(head))


@dataclass(frozen=True)
class Saved:
    """Everything of a profile that is on disk: the snapshot and the journal, both rising."""

    sections: tuple[Section, ...] = ()
    rows: tuple[Row, ...] = ()

    @property
    def snapshot(self) -> int:
        """The last journal row that the sections hold."""
        return min((section.number for section in self.sections), default=0)

    @property
    def last(self) -> int:
        """The highest number given so far."""
        newest = max((section.number for section in self.sections), default=0)
        return max(newest, self.rows[-1].number if self.rows else 0)

    @property
    def reached(self) -> int:
        """How far the journal leads on from the snapshot without a gap."""
        number = self.snapshot
        for row in self.unsaved:
            if row.number != number + 1:
                break
            number = row.number
        return number

    @property
    def has_gap(self) -> bool:
        """Whether journal rows behind the snapshot are missing."""
        return self.reached < self.last

    @property
    def unsaved(self) -> tuple[Row, ...]:
        """The rows behind the snapshot: what opening has to replay."""
        snapshot = self.snapshot
        return tuple(row for row in self.rows if row.number > snapshot)


@dataclass(frozen=True)
class Pending:
    """What waits to be written as one: journal rows, and digests of the texts they come from."""

    rows: tuple[Row, ...] = ()
    digests: tuple[bytes, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.rows or self.digests)

    def __add__(self, later: Pending) -> Pending:
        return Pending(self.rows + later.rows, self.digests + later.digests)


def to_ms(seconds: float) -> int:
    """Seconds since 1970 as whole milliseconds."""
    return int(seconds * 1000)
