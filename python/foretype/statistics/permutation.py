"""Permutation variance: how differently the same units are matched in two mini-batches."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Matches = npt.NDArray[np.integer]
Numbers = npt.NDArray[np.float64]

ABSENT = -1


@dataclass(frozen=True)
class PermutationVariance:
    """PV = 1 - ||Pbar||^2 / L over the mini-batches seen, and what it would be by chance."""

    units: int
    batches: int
    variance: float
    """As design.md defines it. Each mini-batch also counts against itself, which agrees."""
    unbiased: float
    """Over pairs of different mini-batches only; nan with fewer than two."""
    baseline: float
    """1 - 1/L: what random matching gives in the long run."""
    baseline_here: float
    """The same over so many mini-batches: what `variance` would be by chance."""
    per_unit: Numbers
    """pv_l = 1 - sum_i Pbar_li^2 [L]; nan for a unit that was never matched."""


def permutation_variance(matches: Matches) -> PermutationVariance | None:
    """Of matches [N, L]: the reference unit of each unit in each mini-batch.

    A unit may be ABSENT from a mini-batch; it is then judged by the others. None where nothing
    was matched.
    """
    seen = (matches != ABSENT).sum(0)
    if not seen.any():
        return None
    matched = seen > 0
    agreeing = _agreeing_pairs(matches)
    with np.errstate(divide="ignore", invalid="ignore"):
        per_unit = np.where(matched, 1 - agreeing / seen**2, np.nan)
        apart = np.where(seen > 1, 1 - (agreeing - seen) / (seen * (seen - 1)), np.nan)
    units = int(matched.sum())
    baseline = 1 - 1 / units
    return PermutationVariance(
        units=units,
        batches=len(matches),
        variance=float(per_unit[matched].mean()),
        unbiased=float(apart[seen > 1].mean()) if (seen > 1).any() else float("nan"),
        baseline=baseline,
        baseline_here=float((1 - 1 / seen[matched]).mean()) * baseline,
        per_unit=per_unit,
    )


def _agreeing_pairs(matches: Matches) -> Numbers:
    """Ordered pairs of mini-batches that match a unit alike [L]: the sum of squared counts."""
    agreeing = np.zeros(matches.shape[1])
    for row in matches:
        agreeing += ((matches == row) & (row != ABSENT)).sum(0)
    return agreeing
