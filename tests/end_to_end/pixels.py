"""Screenshots as arrays, to see where something is drawn."""

import struct
import zlib

import numpy as np
from numpy.typing import NDArray

CHANNELS = {2: 3, 6: 4}  # PNG's colour types RGB and RGBA


def decode_png(png: bytes) -> NDArray[np.int16]:
    """Decodes the PNG of a browser (8 bits, not interlaced) to [height, width, 3]."""
    data, header, at = b"", b"", 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        name, body = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        header = body if name == b"IHDR" else header
        data += body if name == b"IDAT" else b""
        at += 12 + length
    width, height, depth, colour, *_ = struct.unpack(">IIBBBBB", header)
    assert depth == 8
    channels = CHANNELS[colour]
    rows = np.frombuffer(zlib.decompress(data), np.uint8).reshape(height, 1 + width * channels)
    return _unfilter(rows, channels).reshape(height, width, channels)[:, :, :3]


def _unfilter(rows: NDArray[np.uint8], channels: int) -> NDArray[np.int16]:
    """Undoes PNG's filters (section 9 of its specification)."""
    above = np.zeros(rows.shape[1] - 1, np.int16)
    result = []
    for row in rows:
        above = _unfilter_row(int(row[0]), row[1:].astype(np.int16), above, channels)
        result.append(above)
    return np.stack(result)


def _unfilter_row(
    kind: int, row: NDArray[np.int16], above: NDArray[np.int16], channels: int
) -> NDArray[np.int16]:
    if kind == 0:
        return row
    if kind == 2:
        return (row + above) & 255
    if kind == 1:
        sums = np.cumsum(row.reshape(-1, channels), axis=0, dtype=np.int64) & 255
        return sums.astype(np.int16).reshape(-1)
    return _unfilter_slowly(kind, row.tolist(), above.tolist(), channels)


def _unfilter_slowly(
    kind: int, row: list[int], above: list[int], channels: int
) -> NDArray[np.int16]:
    predict = _average if kind == 3 else _paeth
    for index in range(len(row)):
        left = row[index - channels] if index >= channels else 0
        corner = above[index - channels] if index >= channels else 0
        row[index] = (row[index] + predict(left, above[index], corner)) & 255
    return np.array(row, np.int16)


def _average(left: int, above: int, corner: int) -> int:
    return (left + above) // 2


def _paeth(left: int, above: int, corner: int) -> int:
    guess = left + above - corner
    return min((left, above, corner), key=lambda value: abs(guess - value))


def changed(one: NDArray[np.int16], other: NDArray[np.int16]) -> NDArray[np.bool_]:
    """Where two pictures differ to the eye. [height, width]"""
    return np.abs(one - other).max(axis=2) > 24


def box(mask: NDArray[np.bool_]) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what is set in `mask`."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return int(columns[0]), int(rows[0]), int(columns[-1]), int(rows[-1])
