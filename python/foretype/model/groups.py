"""Quantised matrices: integers that share a scale in groups of 32 columns.

A dense matrix is quantised by a small search. The first guess spreads 16 levels over
the group's range; shrunken ranges are tried too, and for each the scale and offset that
fit its integers best in the least-squares sense are computed; the best of all is kept.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from foretype.errors import ErrorCode, ModelError
from foretype.model.config import GROUP
from foretype.model.layout import Bytes, Half

Dense = npt.NDArray[np.float32]

INT4_LEVELS = 15
INT8_LEVELS = 127
HALF_MAX = 65504  # the largest binary16
RANGES_TRIED = (1.0, 0.94, 0.88, 0.82)  # of a group's range: outliers may be clipped
REFITS = 2  # rounds of integers -> least squares -> integers for each range
CHUNK_GROUPS = 8192  # 1 MiB of float32: the search stays within the processor's cache


@dataclass(frozen=True)
class Int4Groups:
    """w = scale * q + offset; q [rows, columns] in 0..15, scale and offset [rows, columns/32]."""

    q: Bytes
    scale: Half
    offset: Half

    def dense(self) -> Dense:
        """[rows, columns], computed in float32."""
        rows, columns = self.q.shape
        q = self.q.reshape(rows, columns // GROUP, GROUP).astype(np.float32)
        scale = self.scale.astype(np.float32)[..., None]
        offset = self.offset.astype(np.float32)[..., None]
        return (scale * q + offset).reshape(rows, columns)

    def take_rows(self, order: npt.NDArray[np.intp]) -> Self:
        """The rows in another order; none changes."""
        return type(self)(self.q[order], self.scale[order], self.offset[order])


@dataclass(frozen=True)
class Int8Groups:
    """w = scale * q; q [rows, columns] in -127..127, scale [rows, columns/32]."""

    q: npt.NDArray[np.int8]
    scale: Half

    def dense(self) -> Dense:
        """[rows, columns], computed in float32."""
        rows, columns = self.q.shape
        q = self.q.reshape(rows, columns // GROUP, GROUP).astype(np.float32)
        return (self.scale.astype(np.float32)[..., None] * q).reshape(rows, columns)

    def take_rows(self, order: npt.NDArray[np.intp]) -> Self:
        """The rows in another order; none changes."""
        return type(self)(self.q[order], self.scale[order])


def quantize_int4(weights: Dense, *, name: str) -> Int4Groups:
    """Quantise [rows, columns]. `name` is for the message if a weight is not a finite number."""
    check_weights(weights, name)
    rows, columns = weights.shape
    groups = weights.reshape(-1, GROUP)
    q = np.empty(groups.shape, np.uint8)
    scale = np.empty(len(groups), np.float16)
    offset = np.empty(len(groups), np.float16)
    for start in range(0, len(groups), CHUNK_GROUPS):
        part = slice(start, start + CHUNK_GROUPS)
        q[part], scale[part], offset[part] = _search_int4(groups[part])
    shape = (rows, columns // GROUP)
    return Int4Groups(q.reshape(rows, columns), scale.reshape(shape), offset.reshape(shape))


def quantize_int8(weights: Dense, *, name: str) -> Int8Groups:
    """Quantise [rows, columns]: the largest weight of a group becomes +-127."""
    check_weights(weights, name)
    rows, columns = weights.shape
    groups = weights.reshape(rows, columns // GROUP, GROUP)
    scale = _half(np.abs(groups).max(axis=-1) / INT8_LEVELS)
    q = np.rint(groups / _nonzero(scale.astype(np.float32))[..., None])
    q = np.clip(q, -INT8_LEVELS, INT8_LEVELS).astype(np.int8)
    return Int8Groups(q.reshape(rows, columns), scale)


def _search_int4(x: Dense) -> tuple[Bytes, Half, Half]:
    """Weights [groups, 32] -> q [groups, 32], scale [groups], offset [groups]."""
    low, high = x.min(axis=1), x.max(axis=1)
    best_error = np.full(len(x), np.inf, np.float32)
    best_q = np.zeros(x.shape, np.uint8)
    best_scale, best_offset = np.zeros(len(x), np.float16), np.zeros(len(x), np.float16)
    for share in RANGES_TRIED:
        spare = (high - low) * np.float32((1 - share) / 2)
        scale = (high - low - 2 * spare) / INT4_LEVELS
        offset = low + spare
        for _ in range(REFITS + 1):
            q, half_scale, half_offset = _round_int4(x, scale, offset)
            error = _squared_error(x, q, half_scale, half_offset)
            better = error < best_error
            best_error[better] = error[better]
            best_q[better] = q[better]
            best_scale[better], best_offset[better] = half_scale[better], half_offset[better]
            scale, offset = _least_squares(x, q, scale, offset)
    return best_q, best_scale, best_offset


def _round_int4(x: Dense, scale: Dense, offset: Dense) -> tuple[Bytes, Half, Half]:
    """Integers for the scale and offset as binary16 will hold them."""
    half_scale, half_offset = _half(scale), _half(offset)
    levels = x - half_offset.astype(np.float32)[:, None]
    levels /= _nonzero(half_scale.astype(np.float32))[:, None]
    np.rint(levels, out=levels)
    np.clip(levels, 0, INT4_LEVELS, out=levels)
    return levels.astype(np.uint8), half_scale, half_offset


def _squared_error(x: Dense, q: Bytes, scale: Half, offset: Half) -> Dense:
    w = scale.astype(np.float32)[:, None] * q + offset.astype(np.float32)[:, None]
    w -= x
    error: Dense = np.einsum("gi,gi->g", w, w)
    return error


def _least_squares(x: Dense, q: Bytes, scale: Dense, offset: Dense) -> tuple[Dense, Dense]:
    """The scale and offset that fit x = scale * q + offset best; kept where q is constant."""
    levels = q.astype(np.float32)
    q_mean, x_mean = levels.mean(axis=1), x.mean(axis=1)
    q_square = np.einsum("gi,gi->g", levels, levels) / GROUP - q_mean**2
    q_x = np.einsum("gi,gi->g", levels, x) / GROUP - q_mean * x_mean
    usable = q_square > 0
    fitted = np.where(usable, q_x / np.where(usable, q_square, 1), scale)
    return fitted, np.where(usable, x_mean - fitted * q_mean, offset)


def _nonzero(scale: Dense) -> Dense:
    """The scale, or 1 where it is 0: those integers then come out as 0."""
    return np.where(scale == 0, np.float32(1), scale)


def _half(values: Dense) -> Half:
    """Rounded to binary16, without overflow: a fit may reach beyond its weights."""
    return np.clip(values, -HALF_MAX, HALF_MAX).astype(np.float16)


def check_weights(weights: Dense, name: str) -> None:
    """Raise ModelError for what no encoding holds."""
    if not np.isfinite(weights).all():
        raise ModelError(
            f"Tensor {name} holds values that are not finite numbers; get the model again.",
            code=ErrorCode.CORRUPT,
        )
    if np.abs(weights).max() > HALF_MAX:
        raise ModelError(
            f"Tensor {name} holds weights too large for 16-bit scales; "
            "such models are not supported.",
            code=ErrorCode.UNSUPPORTED,
        )
