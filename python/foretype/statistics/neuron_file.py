"""The file of a profile that keeps what was seen of a language model's neurons.

docs/formats/statistics.md has every byte.
"""

import struct
import zlib

import numpy as np

from foretype.errors import ErrorCode, ProfileError
from foretype.profile.minibatches import DIMENSIONS, MOST_UNITS, MOST_WAITING
from foretype.statistics.neurons import MOST_LAYERS, MOST_MATCHED, REFERENCE_BATCHES, Layer, Neurons

MAGIC = b"FTNEURO\n"
VERSION = 1

_HEADER = struct.Struct("<8sIII")  # magic, version, layers, names
_LAYER = struct.Struct("<IIIII")  # number, units, reference batches, batches, matchings
_NAME = 64  # bytes of a file's name, filled up with zeros


def to_bytes(neurons: Neurons) -> bytes:
    """The whole file."""
    names = neurons.digested[-MOST_WAITING:]
    parts = [_HEADER.pack(MAGIC, VERSION, len(neurons.layers), len(names))]
    parts += [name.encode("ascii").ljust(_NAME, b"\0") for name in names]
    for number, layer in sorted(neurons.layers.items()):
        parts.append(
            _LAYER.pack(
                number, layer.units, layer.reference_batches, layer.batches, len(layer.matches)
            )
        )
        parts.append(layer.reference.astype("<f2").tobytes())
        parts.append(layer.activity.astype("<f4").tobytes())
        parts.append(layer.margins.astype("<f4").tobytes())
        parts.append(layer.matches.astype("<u2").tobytes())
    body = b"".join(parts)
    return body + zlib.crc32(body).to_bytes(4, "little")


def from_bytes(data: bytes) -> Neurons:
    """The inverse. Raises ProfileError, in one sentence, for anything else."""
    if len(data) < _HEADER.size + 4:
        raise ProfileError("It ends within its header.", code=ErrorCode.TRUNCATED)
    magic, version, layers, names = _HEADER.unpack_from(data)
    if magic != MAGIC:
        raise ProfileError("It does not begin as such a file does.", code=ErrorCode.WRONG_FORMAT)
    if version != VERSION:
        raise ProfileError(f"Its version is {version}.", code=ErrorCode.WRONG_VERSION)
    if zlib.crc32(data[:-4]) != int.from_bytes(data[-4:], "little"):
        raise ProfileError("Its checksum is wrong.", code=ErrorCode.CORRUPT)
    if layers > MOST_LAYERS or names > MOST_WAITING:
        raise _senseless()
    rest = _Rest(data[_HEADER.size : -4])
    digested = tuple(_name(rest.take(_NAME)) for _ in range(names))
    found = dict(_layer(rest) for _ in range(layers))
    if rest.left or len(found) != layers:
        raise _senseless()
    return Neurons(found, digested)


class _Rest:
    """Bytes still to be read."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def left(self) -> int:
        return len(self._data) - self._at

    def take(self, count: int) -> bytes:
        if count > self.left:
            raise ProfileError("It ends within a field.", code=ErrorCode.TRUNCATED)
        self._at += count
        return self._data[self._at - count : self._at]


def _layer(rest: _Rest) -> tuple[int, Layer]:
    number, units, reference_batches, batches, matched = _LAYER.unpack(rest.take(_LAYER.size))
    if (
        number >= MOST_LAYERS
        or not 0 < units <= MOST_UNITS
        or matched > MOST_MATCHED
        or reference_batches > REFERENCE_BATCHES
        or batches < reference_batches + matched
    ):
        raise _senseless()
    layer = Layer(
        reference=np.frombuffer(rest.take(2 * units * DIMENSIONS), "<f2").reshape(units, -1),
        reference_batches=reference_batches,
        batches=batches,
        activity=np.frombuffer(rest.take(4 * units), "<f4"),
        margins=np.frombuffer(rest.take(4 * matched), "<f4"),
        matches=np.frombuffer(rest.take(2 * matched * units), "<u2").reshape(matched, units),
    )
    finite = all(np.isfinite(x).all() for x in (layer.reference, layer.activity, layer.margins))
    if not finite or layer.matches.max(initial=0) >= units:
        raise _senseless()
    return number, layer


def _name(field: bytes) -> str:
    try:
        return field.rstrip(b"\0").decode("ascii")
    except UnicodeDecodeError:
        raise _senseless() from None


def _senseless() -> ProfileError:
    return ProfileError("Its fields contradict each other.", code=ErrorCode.CORRUPT)
