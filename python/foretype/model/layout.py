"""The block layouts of `core/src/kernels/kernels.h`, packed and unpacked.

A plain matrix is [rows, columns]; a packed one stands in blocks of 16 rows, so that a
kernel computes 16 outputs at once and reads the weights from front to back.
"""

from typing import TypeVar

import numpy as np
import numpy.typing as npt

ROW_BLOCK = 16  # rows of a block
COLUMN_BLOCK = 4  # columns of a block: one 4-byte dot product

Bytes = npt.NDArray[np.uint8]
SignedBytes = npt.NDArray[np.int8]
Half = npt.NDArray[np.float16]
Number = TypeVar("Number", np.uint8, np.float16)

HEAD_OTHERS = "head.others"  # the output head's rows of tokens that are not common, if apart


def middle(bits: int) -> int:
    """The code of weight 0, of a matrix of codes."""
    return int(2 ** (bits - 1))


def padded(rows: int) -> int:
    """The rows a matrix has once packed."""
    return -(-rows // ROW_BLOCK) * ROW_BLOCK


def pack_nibbles(q: Bytes) -> Bytes:
    """[rows, columns] of 0..15 -> [rows/16, columns/8, 64], two column blocks to a byte."""
    rows, columns = q.shape
    blocks = q.reshape(rows // ROW_BLOCK, ROW_BLOCK, columns // 8, 2, COLUMN_BLOCK)
    low, high = blocks[:, :, :, 0], blocks[:, :, :, 1]  # each [rows/16, 16, columns/8, 4]
    pairs = (low | high << 4).transpose(0, 2, 1, 3)
    return np.ascontiguousarray(pairs).reshape(rows // ROW_BLOCK, columns // 8, 64)


def unpack_nibbles(packed: Bytes) -> Bytes:
    """The inverse of `pack_nibbles`."""
    row_blocks, column_pairs, _ = packed.shape
    pairs = packed.reshape(row_blocks, column_pairs, ROW_BLOCK, COLUMN_BLOCK)
    both = np.stack([pairs & 15, pairs >> 4], axis=3)  # [rows/16, columns/8, 16, 2, 4]
    return both.transpose(0, 2, 1, 3, 4).reshape(row_blocks * ROW_BLOCK, column_pairs * 8)


def pack_int8(q: npt.NDArray[np.int8]) -> npt.NDArray[np.int8]:
    """[rows, columns] -> [rows/16, columns/4, 16, 4]."""
    rows, columns = q.shape
    blocks = q.reshape(rows // ROW_BLOCK, ROW_BLOCK, columns // COLUMN_BLOCK, COLUMN_BLOCK)
    return np.ascontiguousarray(blocks.transpose(0, 2, 1, 3))


def unpack_int8(packed: npt.NDArray[np.int8]) -> npt.NDArray[np.int8]:
    """The inverse of `pack_int8`."""
    row_blocks, column_blocks, _, _ = packed.shape
    plain = packed.transpose(0, 2, 1, 3)
    return plain.reshape(row_blocks * ROW_BLOCK, column_blocks * COLUMN_BLOCK)


def pack_groups(values: npt.NDArray[Number]) -> npt.NDArray[Number]:
    """[rows, groups] -> [rows/16, groups, 16]: the 16 scales a kernel needs together."""
    rows, groups = values.shape
    blocks = values.reshape(rows // ROW_BLOCK, ROW_BLOCK, groups)
    return np.ascontiguousarray(blocks.transpose(0, 2, 1))


def unpack_groups(packed: npt.NDArray[Number]) -> npt.NDArray[Number]:
    """The inverse of `pack_groups`."""
    row_blocks, groups, _ = packed.shape
    return packed.transpose(0, 2, 1).reshape(row_blocks * ROW_BLOCK, groups)
