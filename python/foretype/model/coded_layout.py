"""The layouts of `CodedMatrix` and `SparseMatrix` in kernels.h, packed and unpacked."""

from typing import Any

import numpy as np
import numpy.typing as npt

from foretype.model.layout import (
    COLUMN_BLOCK,
    ROW_BLOCK,
    Bytes,
    SignedBytes,
    pack_nibbles,
    unpack_nibbles,
)

PLANES = 3  # of 64 bytes, of a group in three bits
GROUP_BLOCKS = 8  # 16x4 blocks of a group
MOST_PAIRS = GROUP_BLOCKS // 2

Array = npt.NDArray[Any]


def _blocks(q: Bytes) -> Bytes:
    """[rows, columns] -> [rows/16, columns/32, 8, 64]: a group's blocks, each 16 rows of 4."""
    rows, columns = q.shape
    split = q.reshape(rows // ROW_BLOCK, ROW_BLOCK, columns // 32, GROUP_BLOCKS, COLUMN_BLOCK)
    ordered = np.ascontiguousarray(split.transpose(0, 2, 3, 1, 4))
    return ordered.reshape(rows // ROW_BLOCK, columns // 32, GROUP_BLOCKS, 64)


def _plain(blocks: Bytes) -> Bytes:
    """The inverse of `_blocks`."""
    row_blocks, groups = blocks.shape[:2]
    split = blocks.reshape(row_blocks, groups, GROUP_BLOCKS, ROW_BLOCK, COLUMN_BLOCK)
    return split.transpose(0, 3, 1, 2, 4).reshape(row_blocks * ROW_BLOCK, groups * 32)


def pack_codes(q: Bytes, bits: int) -> Bytes:
    """[rows, columns] -> [rows/16, columns/32, 64 * bits]."""
    if bits == 4:
        rows, columns = q.shape
        return pack_nibbles(q).reshape(rows // ROW_BLOCK, columns // 32, 256)
    b = [_blocks(q)[:, :, block] for block in range(GROUP_BLOCKS)]
    planes = [
        b[0] | b[1] << 3 | (b[6] & 3) << 6,
        b[2] | b[3] << 3 | (b[7] & 3) << 6,
        b[4] | b[5] << 3 | (b[6] >> 2) << 6 | (b[7] >> 2) << 7,
    ]
    return np.concatenate(planes, axis=2)


def unpack_codes(packed: Bytes, bits: int) -> Bytes:
    """The inverse of `pack_codes`."""
    row_blocks, groups, _ = packed.shape
    if bits == 4:
        return unpack_nibbles(packed.reshape(row_blocks, groups * 4, 64))
    p = packed.reshape(row_blocks, groups, PLANES, 64).transpose(2, 0, 1, 3)
    blocks = [p[block // 2] >> 3 * (block % 2) & 7 for block in range(6)]
    blocks.append(p[0] >> 6 | (p[2] >> 6 & 1) << 2)
    blocks.append(p[1] >> 6 | (p[2] >> 7) << 2)
    return _plain(np.stack(blocks, axis=2))


def pack_sparse(
    q: Bytes, kept: npt.NDArray[np.bool_], group_scale: SignedBytes
) -> dict[str, Array]:
    """Tensors of a SparseMatrix, by their parts' names; `group_scale` [rows, groups]."""
    blocks = _blocks(q)
    row_blocks, groups = blocks.shape[:2]
    by_group = kept.reshape(row_blocks, groups, GROUP_BLOCKS)
    pairs = by_group.sum(axis=2) // 2
    order = np.argsort(-pairs, axis=1, kind="stable")  # those that keep most first
    stored = np.take_along_axis(pairs, order, 1) > 0
    at = (np.repeat(np.arange(row_blocks), stored.sum(axis=1)), order[stored])
    masks = by_group[at]
    codes = blocks[at][masks].reshape(-1, 2, 64)  # pairs, in the order of columns
    at_least = [(pairs >= count).sum(axis=1) for count in range(MOST_PAIRS, 0, -1)]
    begin = np.cumsum([0, *stored.sum(axis=1)[:-1]])
    pair_begin = np.cumsum([0, *pairs.sum(axis=1)[:-1]])
    scales = group_scale.reshape(row_blocks, ROW_BLOCK, groups).transpose(0, 2, 1)[at]
    return {
        "pair_begin": pair_begin.astype(np.uint32),
        "group_end": (np.stack(at_least, axis=1) + begin[:, None]).astype(np.uint32),
        "group": at[1].astype(np.uint16),
        "mask": np.packbits(masks, axis=1, bitorder="little").reshape(-1),
        "q4": codes[:, 0] | codes[:, 1] << 4,
        "group_scale": np.ascontiguousarray(scales),
    }


def unpack_sparse(
    parts: dict[str, Array], columns: int
) -> tuple[Bytes, npt.NDArray[np.bool_], SignedBytes]:
    """The inverse of `pack_sparse`: q and group_scale are 0 where nothing is kept."""
    row_blocks, groups = len(parts["pair_begin"]), columns // 32
    masks = np.unpackbits(parts["mask"][:, None], axis=1, bitorder="little").astype(bool)
    ends = parts["group_end"][:, -1].astype(np.int64)
    at = (np.repeat(np.arange(row_blocks), np.diff(ends, prepend=0)), parts["group"])
    kept = np.zeros((row_blocks, groups, GROUP_BLOCKS), bool)
    kept[at] = masks
    stored = np.zeros((len(masks), GROUP_BLOCKS, 64), np.uint8)
    stored[masks] = np.stack([parts["q4"] & 15, parts["q4"] >> 4], axis=1).reshape(-1, 64)
    blocks = np.zeros((row_blocks, groups, GROUP_BLOCKS, 64), np.uint8)
    blocks[at] = stored
    scales = np.zeros((row_blocks, groups, ROW_BLOCK), np.int8)
    scales[at] = parts["group_scale"]
    plain = scales.transpose(0, 2, 1).reshape(row_blocks * ROW_BLOCK, groups)
    return _plain(blocks), kept.reshape(row_blocks, -1), plain
