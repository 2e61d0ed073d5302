"""Neighbourhood permutations: how much the ranking changes from a context to the nearest ones."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from foretype.statistics.matching import squared_distances
from foretype.statistics.rankings import Rankings, fagin, normaliser

States = npt.NDArray[np.floating]
Numbers = npt.NDArray[np.float64]

NEIGHBOURS = 8
SHUFFLES = 200
SEED = 0x6E70  # the same word starts give the same report


@dataclass(frozen=True)
class Neighbourhood:
    """NP of a set of contexts. 0: neighbours rank alike; 1: as far as a list turned round."""

    contexts: int
    neighbours: int
    """How many each context was compared with: fewer than asked for in a small set."""
    permutations: float
    baseline: float
    """The mean over all pairs of contexts: what it would be if states told nothing."""
    chance: float
    """Share of shuffled rankings that gave as little: small where states do tell."""
    regions: Numbers
    """NP over the contexts of each region [R]; nan for a region without contexts."""
    region_contexts: npt.NDArray[np.intp]


def neighbourhood(
    states: States,
    rankings: Rankings,
    *,
    regions: npt.NDArray[np.intp] | None = None,
    region_count: int = 0,
    neighbours: int = NEIGHBOURS,
) -> Neighbourhood | None:
    """NP of states [N, D], finite, with rankings [N, m]; None for fewer than two contexts.

    `regions` [N] tells the region of each context, below `region_count`. Compared are at most
    `neighbours` nearest others, the earlier one at a tie.
    """
    count = len(states)
    if count < 2:
        return None
    used = min(neighbours, count - 1)
    near = nearest(states, used)
    apart = distances(rankings)
    each = apart[np.arange(count)[:, None], near].mean(1)
    of = np.zeros(count, np.intp) if regions is None else regions
    members = np.bincount(of, minlength=region_count)[:region_count]
    with np.errstate(invalid="ignore"):
        by_region = np.bincount(of, each, minlength=region_count)[:region_count] / members
    return Neighbourhood(
        contexts=count,
        neighbours=used,
        permutations=float(each.mean()),
        baseline=float(apart.sum() / (count * (count - 1))),
        chance=_chance(apart, near, float(each.mean())),
        regions=by_region,
        region_contexts=members,
    )


def nearest(states: States, neighbours: int) -> npt.NDArray[np.intp]:
    """The nearest others of each state [N, neighbours], nearest first."""
    far = squared_distances(states, states)
    np.fill_diagonal(far, np.inf)
    return far.argsort(1, kind="stable")[:, :neighbours]


def distances(rankings: Rankings) -> Numbers:
    """Between all rankings [N, N], by C(m, 2)."""
    rows = [fagin(ranking, rankings) for ranking in rankings]
    return np.stack(rows) / normaliser(rankings.shape[1])


def _chance(apart: Numbers, near: npt.NDArray[np.intp], found: float) -> float:
    """How often rankings that are dealt out anew to the states come as near as those found."""
    source = np.random.default_rng(SEED)
    as_near = 0
    for _ in range(SHUFFLES):
        dealt = source.permutation(len(apart))
        as_near += bool(apart[dealt[:, None], dealt[near]].mean() <= found + 1e-12)
    return (as_near + 1) / (SHUFFLES + 1)
