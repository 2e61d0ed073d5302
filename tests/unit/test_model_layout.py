"""The block layouts, against the sentences of core/src/kernels/kernels.h taken literally."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from foretype.model.layout import (
    pack_groups,
    pack_int8,
    pack_nibbles,
    padded,
    unpack_groups,
    unpack_int8,
    unpack_nibbles,
)

row_blocks, groups, seeds = st.integers(1, 3), st.integers(1, 3), st.integers(0, 2**32 - 1)


@given(row_blocks, groups, seeds)
def test_nibbles_stand_where_the_header_says(row_blocks: int, groups: int, seed: int) -> None:
    rows, columns = 16 * row_blocks, 32 * groups
    q = np.random.default_rng(seed).integers(0, 16, (rows, columns), np.uint8)
    packed = pack_nibbles(q)
    assert packed.shape == (row_blocks, columns // 8, 64)
    for row in range(rows):
        for column in range(columns):
            byte = packed[row // 16, column // 8, 4 * (row % 16) + column % 4]
            nibble = byte >> 4 if column % 8 >= 4 else byte & 15
            assert nibble == q[row, column]
    assert (unpack_nibbles(packed) == q).all()


@given(row_blocks, groups, seeds)
def test_int8_stand_where_the_header_says(row_blocks: int, groups: int, seed: int) -> None:
    rows, columns = 16 * row_blocks, 32 * groups
    q = np.random.default_rng(seed).integers(-127, 128, (rows, columns), np.int8)
    packed = pack_int8(q)
    for row in range(rows):
        for column in range(columns):
            assert packed[row // 16, column // 4, row % 16, column % 4] == q[row, column]
    assert (unpack_int8(packed) == q).all()


@given(row_blocks, groups, seeds)
def test_scales_of_sixteen_rows_stand_together(row_blocks: int, groups: int, seed: int) -> None:
    values = np.random.default_rng(seed).standard_normal((16 * row_blocks, groups))
    scale = values.astype(np.float16)
    packed = pack_groups(scale)
    assert packed[-1, groups - 1, 15] == scale[-1, -1]
    assert (packed[0, :, 3] == scale[3]).all()
    assert (unpack_groups(packed) == scale).all()


def test_padding_fills_the_last_block() -> None:
    assert [padded(rows) for rows in (1, 16, 17, 49152)] == [16, 16, 32, 49152]
