"""The kernels, slowly: the twin of `core/src/kernels/scalar.cpp`, for tests only.

Packing walks over single numbers, as `core/src/kernels/kernels.h` words it, and shares
nothing with the converter's. Float sums run in the kernels' order, so that results are
equal bit for bit: numpy rounds every single operation to float32 and fuses none.
"""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

GROUP = 32  # columns that share a scale
ROW_BLOCK = 16  # rows of a weight block

Bytes = npt.NDArray[np.uint8]
SignedBytes = npt.NDArray[np.int8]
Half = npt.NDArray[np.float16]
Floats = npt.NDArray[np.float32]

_Q = TypeVar("_Q", np.uint8, np.int8)


@dataclass(frozen=True)
class Quantized:
    """Vectors as x = scale * q.

    q [count, columns] of -127..127; scale and sum [count, columns/32], where sum is
    scale times the sum of q in the group.
    """

    q: SignedBytes
    scale: Floats
    sum: Floats


def pack_int4(q: Bytes) -> Bytes:
    """[rows, columns] of 0..15 -> [rows/16, columns/8, 64]."""
    rows, columns = q.shape
    packed = np.zeros((rows // ROW_BLOCK, columns // 8, 64), np.uint8)
    for row in range(rows):
        for column in range(columns):
            byte = 4 * (row % ROW_BLOCK) + column % 4
            shift = 0 if column % 8 < 4 else 4
            packed[row // ROW_BLOCK, column // 8, byte] |= q[row, column] << shift
    return packed


def unpack_int4(packed: Bytes) -> Bytes:
    """The inverse of `pack_int4`."""
    row_blocks, pairs, _ = packed.shape
    q = np.zeros((row_blocks * ROW_BLOCK, pairs * 8), np.uint8)
    for row in range(q.shape[0]):
        for column in range(q.shape[1]):
            byte = packed[row // ROW_BLOCK, column // 8, 4 * (row % ROW_BLOCK) + column % 4]
            q[row, column] = byte & 15 if column % 8 < 4 else byte >> 4
    return q


def pack_int8(q: SignedBytes) -> SignedBytes:
    """[rows, columns] -> [rows/16, columns/4, 16, 4]."""
    rows, columns = q.shape
    packed = np.zeros((rows // ROW_BLOCK, columns // 4, ROW_BLOCK, 4), np.int8)
    for row in range(rows):
        for column in range(columns):
            packed[row // ROW_BLOCK, column // 4, row % ROW_BLOCK, column % 4] = q[row, column]
    return packed


def pack_scales(values: Half) -> Half:
    """[rows, groups] -> [rows/16, groups, 16]."""
    rows, groups = values.shape
    packed = np.zeros((rows // ROW_BLOCK, groups, ROW_BLOCK), np.float16)
    for row in range(rows):
        packed[row // ROW_BLOCK, :, row % ROW_BLOCK] = values[row]
    return packed


def quantize(x: Floats) -> Quantized:
    """Vectors [count, columns] in groups of 32; a group without a usable scale is all zero."""
    count, columns = x.shape
    groups = x.reshape(count, columns // GROUP, GROUP)
    largest = np.abs(groups).max(axis=2)  # NaN if any is
    smallest = np.float32(127) * np.finfo(np.float32).tiny
    usable = np.isfinite(largest) & (largest >= smallest)
    divisor = np.where(usable, largest, np.float32(1))
    inverse = np.float32(127) / divisor
    with np.errstate(invalid="ignore", over="ignore"):
        rounded = np.rint(groups * inverse[:, :, None])
    q = np.where(usable[:, :, None], rounded, 0).astype(np.int8)
    scale = np.where(usable, divisor / np.float32(127), np.float32(0))
    total = q.astype(np.int32).sum(axis=2).astype(np.float32)
    return Quantized(q.reshape(count, columns), scale, scale * total)


def matmul_int4(q: Bytes, scale: Half, offset: Half, x: Quantized) -> Floats:
    """[count, rows] of weights scale * q + offset; q [rows, columns], scale [rows, groups]."""
    y = np.zeros((x.q.shape[0], q.shape[0]), np.float32)
    for group, sums in enumerate(_group_sums(q, x.q)):
        factor = scale[None, :, group].astype(np.float32) * x.scale[:, group, None]
        y = y + factor * sums
        y = y + offset[None, :, group].astype(np.float32) * x.sum[:, group, None]
    return y


def matmul_int8(q: SignedBytes, scale: Half, x: Quantized) -> Floats:
    """[count, rows] of weights scale * q; q [rows, columns], scale [rows, groups]."""
    y = np.zeros((x.q.shape[0], q.shape[0]), np.float32)
    for group, sums in enumerate(_group_sums(q, x.q)):
        factor = scale[None, :, group].astype(np.float32) * x.scale[:, group, None]
        y = y + factor * sums
    return y


def _group_sums(w: npt.NDArray[_Q], x: SignedBytes) -> list[Floats]:
    """For each group the exact sums of products, [count, rows]."""
    groups = range(0, w.shape[1], GROUP)
    wide_w, wide_x = w.astype(np.int32), x.astype(np.int32)
    parts = [wide_x[:, at : at + GROUP] @ wide_w[:, at : at + GROUP].T for at in groups]
    return [part.astype(np.float32) for part in parts]
