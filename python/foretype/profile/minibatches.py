"""What a language model's units did with the user's text, kept in files until it is looked at.

Matching units takes numpy, scipy and half a second, so none of it is done where somebody types:
the writer only puts each mini-batch that the core has finished into a file of its own, and
`foretype stats` takes them from there (docs/formats/statistics.md).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from typing import NamedTuple

from foretype.errors import ErrorCode, ProfileError
from foretype.profile.place import Place

DIMENSIONS = 64  # of the public projection
MOST_WAITING = 16  # files of 0.4 MB
MOST_UNITS = 1 << 16

_HEADER = struct.Struct("<8sIIII")  # magic, version, layer, tokens, units
_MAGIC = b"FTMINIB\n"
_VERSION = 1


class MiniBatch(NamedTuple):
    """Float32, little endian: `means` [units][64] of activation times projected input, and
    `activity` [units], the mean size of the activation.
    """

    layer: int
    tokens: int
    means: bytes
    activity: bytes


def keep(place: Place, batches: Iterable[MiniBatch], *, now_ms: int) -> None:
    """Write each to a file of its own; beyond MOST_WAITING the oldest go. Raises OSError."""
    for batch in batches:
        waiting = place.minibatches()
        last = int(waiting[-1].suffix[1:]) if waiting else 0
        place.write(place.minibatch(max(now_ms, last + 1)), to_bytes(batch))
        for path in waiting[: max(0, len(waiting) + 1 - MOST_WAITING)]:
            path.unlink(missing_ok=True)


def to_bytes(batch: MiniBatch) -> bytes:
    """The file of one mini-batch."""
    units = len(batch.activity) // 4
    header = _HEADER.pack(_MAGIC, _VERSION, batch.layer, batch.tokens, units)
    body = header + batch.means + batch.activity
    return body + zlib.crc32(body).to_bytes(4, "little")


def from_bytes(data: bytes) -> MiniBatch:
    """The inverse. Raises ProfileError for anything that `to_bytes` does not write."""
    if len(data) < _HEADER.size + 4:
        raise ProfileError("The mini-batch ends within its header.", code=ErrorCode.TRUNCATED)
    magic, version, layer, tokens, units = _HEADER.unpack_from(data)
    if magic != _MAGIC:
        raise ProfileError("It is no mini-batch.", code=ErrorCode.WRONG_FORMAT)
    if version != _VERSION:
        raise ProfileError(f"Its version is {version}.", code=ErrorCode.WRONG_VERSION)
    if units > MOST_UNITS or len(data) != _HEADER.size + 4 * units * (DIMENSIONS + 1) + 4:
        raise ProfileError("Its length is not what its header says.", code=ErrorCode.CORRUPT)
    if zlib.crc32(data[:-4]) != int.from_bytes(data[-4:], "little"):
        raise ProfileError("Its checksum is wrong.", code=ErrorCode.CORRUPT)
    border = _HEADER.size + 4 * units * DIMENSIONS
    return MiniBatch(layer, tokens, data[_HEADER.size : border], data[border:-4])
