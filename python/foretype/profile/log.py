"""SQLite's write-ahead log, read by us: where it is damaged, and every page that still checks.

SQLite itself stops silently at the first frame that fails, as it cannot tell damage from a write
that a crash cut off. Format: sqlite.org/fileformat2.html, section 4.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

_HEADER = struct.Struct(">8I")  # magic, version, page size, sequence, salts, checksums
_FRAME = struct.Struct(">6I")  # page, pages after a commit or 0, salts, checksums
_MAGIC = 0x377F0682  # the lowest bit says in which byte order checksums add words
_MASK = 0xFFFFFFFF

Sums = tuple[int, int]


@dataclass(frozen=True)
class Log:
    """What a log holds: the pages of its whole commits by number, and whether all of it checks."""

    pages: dict[int, bytes]
    damaged: bool


@dataclass(frozen=True)
class _Frame:
    page: int
    commit: bool
    data: bytes
    chained: bool  # its checksum follows from the frame before: all up to here is whole
    whole: bool  # its checksum follows from what the frame before claims of itself


def read_log(data: bytes, page_size: int) -> Log:
    """Read the bytes of a log whose pages have `page_size` bytes. An empty one is whole."""
    if not data:
        return Log({}, damaged=False)
    frames = list(_frames(data, page_size))
    commits = [place for place, frame in enumerate(frames) if frame.commit]
    last = commits[-1] + 1 if commits else 0
    damaged = not _header_is_whole(data) or not all(frame.chained for frame in frames[:last])
    return Log({f.page: f.data for f in frames[:last] if f.whole}, damaged)


def _header_is_whole(data: bytes) -> bool:
    if len(data) < _HEADER.size:
        return False
    fields = _HEADER.unpack_from(data)
    return fields[0] | 1 == _MAGIC | 1 and fields[6:] == _sums(
        data[:24], (0, 0), big=bool(fields[0] & 1)
    )


def _frames(data: bytes, page_size: int) -> Iterator[_Frame]:
    """The frames of this run of the log; those of an earlier run have other salts."""
    if len(data) < _HEADER.size:
        return
    fields = _HEADER.unpack_from(data)
    big, salts, before = bool(fields[0] & 1), fields[4:6], (fields[6], fields[7])
    chained, ours = _header_is_whole(data), True
    size = _FRAME.size + page_size
    for start in range(_HEADER.size, len(data) - size + 1, size):
        page, pages, *frame_salts, first, second = _FRAME.unpack_from(data, start)
        body = data[start + _FRAME.size : start + size]
        whole = (first, second) == _sums(data[start : start + 8] + body, before, big=big)
        same_run = tuple(frame_salts) == salts
        # An old frame follows from old ones only; one that follows from ours is ours, whatever its
        # salts say, which no checksum covers.
        ours = same_run or (whole and ours)
        chained = chained and whole and same_run
        if ours:
            yield _Frame(page, commit=pages != 0, data=body, chained=chained, whole=whole)
        before = (first, second)


def _sums(data: bytes, start: Sums, *, big: bool) -> Sums:
    """SQLite's checksum of a whole number of pairs of 32-bit words."""
    first, second = start
    words = struct.unpack(f"{'>' if big else '<'}{len(data) // 4}I", data)
    for even, odd in zip(words[::2], words[1::2], strict=True):
        first = (first + even + second) & _MASK
        second = (second + odd + first) & _MASK
    return first, second
