"""Matrices of 3-bit and 4-bit codes, whole or with blocks left out.

w = row_scale[row] * group_scale[row, column / 32] * (q - middle), middle = 2^(bits - 1):
one level more on the side of zero where a group's largest weight lies, which its scale's sign
says. `core/src/kernels/kernels.h` has the layouts.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from foretype.model.config import GROUP
from foretype.model.groups import Dense, check_weights
from foretype.model.layout import COLUMN_BLOCK, ROW_BLOCK, Bytes, SignedBytes, middle

LARGEST_SCALE = 127
SHARES_TRIED = np.linspace(0.55, 1.15, 16, dtype=np.float32)  # of what reaches the largest weight
CHUNK_GROUPS = 8192  # the search stays within the processor's cache

Kept = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class CodedGroups:
    """q [rows, columns] of 0..2^bits - 1, group_scale [rows, columns/32], row_scale [rows].

    Scales of groups lie in -127..127.
    """

    bits: int
    q: Bytes
    group_scale: SignedBytes
    row_scale: Dense

    def dense(self) -> Dense:
        """[rows, columns], computed in float32."""
        steps = self.group_scale.astype(np.float32) * self.row_scale[:, None]
        levels = self.q.astype(np.float32) - np.float32(middle(self.bits))
        weights: Dense = np.repeat(steps, GROUP, axis=1) * levels
        return weights

    def take_rows(self, order: npt.NDArray[np.intp]) -> Self:
        """The rows in another order; none changes."""
        return type(self)(self.bits, self.q[order], self.group_scale[order], self.row_scale[order])

    def in_bits(self, bits: int) -> Self:
        """The same weights as codes of other bits. Raises ValueError where these do not reach."""
        q = self.q.astype(np.int16) - middle(self.bits) + middle(bits)
        if q.size and (q.min() < 0 or q.max() >= 2**bits):
            raise ValueError(f"weights lie on more levels than {bits} bits tell apart")
        return type(self)(bits, q.astype(np.uint8), self.group_scale, self.row_scale)


@dataclass(frozen=True)
class SparseGroups:
    """4-bit codes of which only the `kept` 16x4 blocks count, the others being zero.

    `kept` [rows/16, columns/4] has an even number of each group's 8 blocks.
    """

    coded: CodedGroups
    kept: Kept

    @property
    def q(self) -> Bytes:
        """Codes of all blocks."""
        return self.coded.q

    def dense(self) -> Dense:
        """[rows, columns], computed in float32."""
        kept = np.repeat(np.repeat(self.kept, ROW_BLOCK, axis=0), COLUMN_BLOCK, axis=1)
        weights: Dense = self.coded.dense() * kept
        return weights


def quantize_coded(
    weights: Dense, bits: int, *, name: str, importance: Dense | None = None
) -> CodedGroups:
    """Quantise [rows, columns]: of several scales for each group, the one with the least error.

    `importance` [columns] weighs the squared errors. `name` is for the message if a weight is
    not a finite number.
    """
    check_weights(weights, name)
    rows, columns = weights.shape
    groups = weights.reshape(-1, GROUP)
    weighing = np.ones(columns, np.float32) if importance is None else importance
    weighing = np.tile(weighing.reshape(-1, GROUP), (rows, 1))
    steps = np.empty(len(groups), np.float32)
    for start in range(0, len(groups), CHUNK_GROUPS):
        part = slice(start, start + CHUNK_GROUPS)
        steps[part] = _best_steps(groups[part], weighing[part], bits)
    by_row = steps.reshape(rows, columns // GROUP)
    row_scale = np.abs(by_row).max(axis=1) / np.float32(LARGEST_SCALE)
    scale = np.rint(by_row / _nonzero(row_scale)[:, None])
    group_scale = np.clip(scale, -LARGEST_SCALE, LARGEST_SCALE).astype(np.int8)
    rounded = group_scale.astype(np.float32) * row_scale[:, None]
    q = _codes(groups, rounded.reshape(-1), bits)
    return CodedGroups(bits, q.reshape(rows, columns), group_scale, row_scale)


def kept_blocks(weights: Dense) -> Kept:
    """The 16x4 blocks with a weight that is not 0, and of each group an even number of them."""
    rows, columns = weights.shape
    shape = (rows // ROW_BLOCK, ROW_BLOCK, columns // COLUMN_BLOCK, COLUMN_BLOCK)
    kept = (weights.reshape(shape) != 0).any(axis=(1, 3))
    groups = kept.reshape(len(kept), columns // GROUP, -1)
    odd = groups.sum(axis=2) % 2 == 1
    spare = groups.argmin(axis=2)  # the first that is left out
    row_blocks, at = np.nonzero(odd)
    groups[row_blocks, at, spare[odd]] = True
    even: Kept = groups.reshape(kept.shape)
    return even


def _best_steps(x: Dense, weighing: Dense, bits: int) -> Dense:
    """From one level to the next, for each group [n, 32]; the sign: where there is one more."""
    largest = np.take_along_axis(x, np.abs(x).argmax(axis=1)[:, None], 1)[:, 0]
    reach = largest / np.float32(-middle(bits))
    best = np.zeros(len(x), np.float32)
    least = np.full(len(x), np.inf, np.float32)
    for share in (*SHARES_TRIED, *-SHARES_TRIED):
        step = reach * share
        levels = _codes(x, step, bits) - np.float32(middle(bits))
        error = (weighing * np.square(levels * step[:, None] - x)).sum(axis=1)
        better = error < least
        best[better], least[better] = step[better], error[better]
    return best


def _codes(x: Dense, step: Dense, bits: int) -> Bytes:
    levels = np.rint(x / _nonzero(step)[:, None] + np.float32(middle(bits)))
    codes: Bytes = np.clip(levels, 0, 2**bits - 1).astype(np.uint8)
    return codes


def _nonzero(step: Dense) -> Dense:
    return np.where(step == 0, np.float32(1), step)
