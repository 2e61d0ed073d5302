"""Permutation variance of ranked proposals: is the order the same whenever a region is visited."""

import numpy as np
import numpy.typing as npt

from foretype.statistics.extra import assign
from foretype.statistics.permutation import PermutationVariance, permutation_variance
from foretype.statistics.rankings import NOTHING, Rankings

Regions = npt.NDArray[np.intp]

LEAST_VISITS = 2


def proposal_variance(rankings: Rankings, regions: Regions) -> PermutationVariance | None:
    """Over the regions, weighted by their visits, of rankings [N, m]; None if none came twice.

    The units are the region's m commonest proposals, in the order of their mean rank. At each
    visit a unit is matched to the rank it has there; those that are not proposed take the ranks
    that are left, in order.
    """
    found = [
        (int(count), variance)
        for region, count in enumerate(np.bincount(regions))
        if count >= LEAST_VISITS
        and (variance := permutation_variance(visit_ranks(rankings[regions == region])))
    ]
    if not found:
        return None
    weights = np.array([count for count, _ in found], float)
    weights /= weights.sum()

    def mean(name: str) -> float:
        return float(weights @ np.array([getattr(variance, name) for _, variance in found]))

    return PermutationVariance(
        units=rankings.shape[1],
        batches=sum(count for count, _ in found),
        variance=mean("variance"),
        unbiased=mean("unbiased"),
        baseline=mean("baseline"),
        baseline_here=mean("baseline_here"),
        per_unit=np.stack([variance.per_unit for _, variance in found]).T @ weights,
    )


def visit_ranks(rankings: Rankings) -> npt.NDArray[np.intp]:
    """The rank of each of a region's units at each visit [N, m]."""
    places = rankings.shape[1]
    common = reference_ranking(rankings)
    return np.stack([_ranks(common, ranking, places) for ranking in rankings])


def reference_ranking(rankings: Rankings) -> Rankings:
    """The m commonest members by Borda count, best first; the smaller number at a tie."""
    places = rankings.shape[1]
    members, inverse = np.unique(rankings, return_inverse=True)
    points = np.tile(np.arange(places, 0, -1), len(rankings))
    scores = np.bincount(inverse.ravel(), points)
    scores[members == NOTHING] = -1
    best = members[np.lexsort((members, -scores))][:places]
    return np.pad(best, (0, places - len(best)), constant_values=NOTHING)


def _ranks(common: Rankings, ranking: Rankings, places: int) -> npt.NDArray[np.intp]:
    """One-to-one: a proposed unit costs its distance to a rank; one that is not, to its own."""
    ranks = np.arange(places)
    held = (common[:, None] == ranking) & (common[:, None] != NOTHING)
    costs = np.where(
        held.any(1)[:, None],
        # Dearer than any way to place those that are not proposed.
        places**2 * np.abs(held.argmax(1)[:, None] - ranks),
        np.abs(ranks[:, None] - ranks),
    )
    return assign(costs.astype(np.float64))
