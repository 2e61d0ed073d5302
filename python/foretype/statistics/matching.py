"""Matches the units of one mini-batch to reference units, and says how clear the match is."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from foretype.statistics.extra import Costs, Units, assign, shortest_paths

Signatures = npt.NDArray[np.floating]

# Rounding may leave a cycle of the residual graph a hair below zero: relative to the largest cost.
ROUNDING = 1e-12


@dataclass(frozen=True)
class Matching:
    """`targets[l]` is the reference unit of unit l; costs are squared distances, summed."""

    targets: Units
    cost: float
    margin: float
    """How much dearer the second-best matching is; inf where there is only one."""


def match(signatures: Signatures, reference: Signatures, *, margin: bool = True) -> Matching:
    """The one-to-one assignment of the least summed squared Euclidean distance.

    Args:
        signatures: [L, D], finite.
        reference: [L, D], finite.
        margin: False leaves the second-best matching out (nan), which costs more than the best.
    """
    costs = squared_distances(signatures, reference)
    targets = assign(costs)
    cost = float(costs[np.arange(len(costs)), targets].sum())
    return Matching(targets, cost, second_best(costs, targets) if margin else math.nan)


def squared_distances(a: Signatures, b: Signatures) -> Costs:
    """[L, M] between the rows of a [L, D] and b [M, D]."""
    left, right = a.astype(np.float64), b.astype(np.float64)
    squares = (left**2).sum(1)[:, None] + (right**2).sum(1) - 2 * left @ right.T
    costs: Costs = np.maximum(squares, 0)
    return costs


def second_best(costs: Costs, targets: Units) -> float:
    """How much the second-best assignment costs more than the best one, `targets`; exact.

    Any other assignment differs from the best by cycles in which each unit takes the next one's
    reference, so the second best is the shortest cycle of the residual graph. With potentials
    its arcs are not negative, and arcs as long as the shortest pair of swaps cannot be part of
    a shorter cycle: few are left.
    """
    size = len(costs)
    if size < 2:
        return math.inf
    taken = costs[:, targets]
    arcs = _not_negative(taken - taken.diagonal()[:, None])
    np.fill_diagonal(arcs, np.inf)
    best = float((arcs + arcs.T).min())
    rows, columns = np.nonzero(arcs < best)
    if not len(rows):
        return best
    values = arcs[rows, columns]
    # An arc of exactly zero would be no arc in a sparse matrix.
    least = max(best * ROUNDING, np.finfo(np.float64).tiny)
    paths = shortest_paths(size, (rows, columns), np.maximum(values, least), limit=best)
    return min(best, float((paths[columns, rows] + values).min()))


def _not_negative(arcs: Costs) -> Costs:
    """The same cycles with arcs of at least zero: Bellman and Ford's potentials.

    They exist, as a best assignment leaves no cycle below zero.
    """
    potentials = np.zeros(len(arcs))
    tolerance = ROUNDING * float(np.abs(arcs).max(initial=0))
    for _ in range(len(arcs)):
        lowered = np.minimum(potentials, (potentials[:, None] + arcs).min(0))
        moved = float((potentials - lowered).max())
        potentials = lowered
        if moved <= tolerance:
            break
    return np.maximum(arcs + potentials[:, None] - potentials, 0)
