"""Error-compensating pruning and rounding of one matrix.

SparseGPT (Frantar and Alistarh, arXiv 2301.00774) and GPTQ (arXiv 2210.17323): columns are
settled one after the other, and what one loses is made up for by those still open, by the
inverse of the Hessian of the layer's own squared error.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from foretype.model.config import GROUP
from foretype.model.dense_model import Scales
from foretype.model.layout import middle

LARGEST_SCALE = 127  # of a group, in 8 bits with a sign
HEADROOM = 1.15  # scales may grow that much over those of plain rounding
STEPS_TRIED = 9
NARROWEST = {3: 0.55, 4: 0.75}  # shares of a group's range: outliers may be clipped
WIDEST = 1.1
TINY = 1e-9


@dataclass(frozen=True)
class Solved:
    """New weights, and the levels that they lie on where they were rounded."""

    weights: Tensor
    scales: Scales | None = None


def inverse_factor(hessian: Tensor, damping: float) -> Tensor:
    """Upper Cholesky factor U of the damped inverse: H^-1 = U^T U; [columns, columns]."""
    damped = hessian.clone()
    diagonal = damped.diagonal()
    diagonal += torch.where(diagonal == 0, 1.0, 0.0)  # a column that is never used
    diagonal += damping * diagonal.mean()
    inverse = torch.cholesky_inverse(torch.linalg.cholesky(damped))
    factor: Tensor = torch.linalg.cholesky(inverse, upper=True)
    return factor


def saliency(weights: Tensor, factor: Tensor) -> Tensor:
    """What taking each weight away would cost, others making up for it: w^2 / U_jj^2."""
    cost: Tensor = (weights / factor.diagonal()) ** 2
    return cost


def solve(
    weights: Tensor, factor: Tensor, *, bits: int | None = None, kept: Tensor | None = None
) -> Solved:
    """Set weights where `kept` is false to 0 and round the others to `bits`, if given.

    Args:
        weights: [rows, columns]; not changed.
        factor: of `inverse_factor`.
        bits: 3 or 4, or None to round nothing.
        kept: bool [rows, columns], or None to keep all.
    """
    open_ = weights.clone()
    result = torch.zeros_like(open_)
    scales = None if bits is None else _Levels.of(weights, bits, kept)
    for begin in range(0, weights.shape[1], GROUP):
        columns = slice(begin, begin + GROUP)
        mask = None if kept is None else kept[:, columns]
        step = None
        if scales is not None:
            step = scales.settle(columns, open_[:, columns], factor, mask)
        lost = _settle(open_[:, columns], result[:, columns], factor[columns, columns], mask, step)
        rest = slice(begin + GROUP, None)
        open_[:, rest] -= lost @ factor[columns, rest]
    return Solved(result, scales.scales() if scales else None)


@dataclass(frozen=True)
class _Step:
    """The levels of one group: [rows] distances, and how many bits."""

    size: Tensor
    bits: int

    def round(self, values: Tensor) -> Tensor:
        return round_to(values, self.size, self.bits)


def _settle(
    open_: Tensor, result: Tensor, factor: Tensor, kept: Tensor | None, step: _Step | None
) -> Tensor:
    """One group's columns, in order; errors [rows, 32] for the columns behind it."""
    errors = torch.empty_like(open_)
    for column in range(open_.shape[1]):
        value = open_[:, column]
        new = value if step is None else step.round(value)
        if kept is not None:
            new = torch.where(kept[:, column], new, 0)
        errors[:, column] = (value - new) / factor[column, column]
        open_[:, column + 1 :] -= errors[:, column, None] * factor[column, None, column + 1 :]
        result[:, column] = new
    return errors


class _Levels:
    """Scales that are chosen group by group: an 8-bit integer times the row's scale."""

    def __init__(self, row_scale: Tensor, groups: int, bits: int) -> None:
        self._row_scale = row_scale  # [rows]
        self._groups = torch.zeros(len(row_scale), groups, device=row_scale.device)
        self._bits = bits

    @classmethod
    def of(cls, weights: Tensor, bits: int, kept: Tensor | None) -> "_Levels":
        """The row's scale lets the largest of its groups grow a little."""
        rows, columns = weights.shape
        groups = columns // GROUP
        used = torch.ones_like(weights) if kept is None else kept.to(weights.dtype)
        steps = best_steps(
            weights.view(rows * groups, GROUP), used.view(rows * groups, GROUP), bits
        )
        largest = steps.view(rows, groups).abs().amax(1)
        return cls(largest * HEADROOM / LARGEST_SCALE, groups, bits)

    def settle(self, columns: slice, values: Tensor, factor: Tensor, kept: Tensor | None) -> _Step:
        """Choose the scales of one group from its weights as they are now."""
        importance = factor.diagonal()[columns].reciprocal() ** 2
        used = importance.expand_as(values)
        if kept is not None:
            used = used * kept
        steps = best_steps(values, used, self._bits)
        scale = whole_scales(steps, self._row_scale)
        if kept is not None:
            scale = scale * kept.any(1)
        self._groups[:, columns.start // GROUP] = scale
        return _Step(self._row_scale * scale, self._bits)

    def scales(self) -> Scales:
        return Scales(
            self._groups.to(torch.int8).cpu().numpy(),
            self._row_scale.to(torch.float32).cpu().numpy(),
        )


def best_steps(values: Tensor, importance: Tensor, bits: int) -> Tensor:
    """From one level to the next, for each row of [rows, 32], such that least is lost.

    Its sign says on which side of zero one level more lies; `importance` weighs squared errors.
    """
    used = values * (importance > 0)
    largest = used.gather(1, used.abs().argmax(1, keepdim=True)).squeeze(1)
    widest = not_zero(largest) / -middle(bits)
    best = torch.full_like(widest, torch.inf)
    chosen = widest
    shares = np.linspace(NARROWEST.get(bits, 0.75), WIDEST, STEPS_TRIED).tolist()
    for share in (*shares, *(-share for share in shares)):
        step = widest * share
        error = ((round_to(values, step[:, None], bits) - values) ** 2 * importance).sum(1)
        better = error < best
        best = torch.where(better, error, best)
        chosen = torch.where(better, step, chosen)
    return chosen


def whole_scales(steps: Tensor, row_scale: Tensor) -> Tensor:
    """Scales of groups in whole numbers, of which none is 0."""
    scale = (steps / row_scale.clamp_min(TINY)).round().clamp(-LARGEST_SCALE, LARGEST_SCALE)
    return torch.where(scale == 0, torch.where(steps < 0, -1.0, 1.0), scale)


def not_zero(step: Tensor) -> Tensor:
    """The step, or a tiny one."""
    return torch.where(step.abs() < TINY, TINY, step)


def round_to(values: Tensor, step: Tensor, bits: int) -> Tensor:
    """The nearest of 2^bits levels."""
    codes = (values / not_zero(step) + middle(bits)).round().clamp(0, 2**bits - 1)
    rounded: Tensor = (codes - middle(bits)) * step
    return rounded


def round_plainly(weights: Tensor, importance: Tensor, bits: int) -> Solved:
    """No compensation: for a matrix that is also looked up. `importance` is [columns]."""
    rows, columns = weights.shape
    groups = columns // GROUP
    values = weights.view(rows * groups, GROUP)
    used = importance.view(groups, GROUP).repeat(rows, 1)
    steps = best_steps(values, used, bits).view(rows, groups)
    row_scale = steps.abs().amax(1) / LARGEST_SCALE
    scale = whole_scales(steps, row_scale[:, None])
    sizes = (row_scale[:, None] * scale).view(-1, 1)
    rounded = round_to(values, sizes, bits).view(rows, columns)
    return Solved(
        rounded,
        Scales(scale.to(torch.int8).cpu().numpy(), row_scale.to(torch.float32).cpu().numpy()),
    )
