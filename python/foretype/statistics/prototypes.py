"""Prototypes: centroids of projected hidden states, how often each hit, and how stable they are."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from foretype.statistics.matching import match, squared_distances
from foretype.statistics.permutation import ABSENT, PermutationVariance, permutation_variance

Numbers = npt.NDArray[np.float64]
Counts = npt.NDArray[np.integer]

BATCH = 64  # states of a mini-batch: two for each of 32 prototypes
CHOOSING, MATCHING = slice(0, None, 2), slice(1, None, 2)
FEWEST = 8
LEAST_TOGETHER = 2  # units in a mini-batch that can be matched in more than one way


@dataclass(frozen=True)
class Prototypes:
    """Centroids [n, D], finite, with hits and misses [n] of what was proposed near them."""

    centroids: Numbers
    hits: Counts
    misses: Counts

    @property
    def events(self) -> Counts:
        """How many proposals near each one came out either way [n]."""
        events: Counts = self.hits + self.misses
        return events

    def hit_rates(self) -> Numbers:
        """Share of hits [n], nan where nothing came out yet."""
        with np.errstate(invalid="ignore"):
            rates: Numbers = self.hits / self.events
        return rates

    def of_many(self) -> "Prototypes":
        """Those of FEWEST events or more, which say little of any one: what may be shared."""
        many = self.events >= FEWEST
        return Prototypes(self.centroids[many], self.hits[many], self.misses[many])

    def region_of(self, states: Numbers) -> npt.NDArray[np.intp]:
        """The nearest prototype of each state [N, D]; the first of equally near ones."""
        nearest: npt.NDArray[np.intp] = squared_distances(states, self.centroids).argmin(1)
        return nearest


@dataclass(frozen=True)
class Stability:
    """Permutation variance of units, with the mean margin to the second-best matching."""

    variance: PermutationVariance
    margin: float
    """In units of the mean cost of a matched unit by chance; nan where nothing was matched."""


def prototype_stability(prototypes: Prototypes, states: Numbers) -> Stability | None:
    """Match prototypes over mini-batches of states [N, D] in the order of time.

    A prototype's signature in a mini-batch is the mean of the states nearest to it. Nearest by
    one half of the dimensions, and matched by the other: by the same ones each would find itself,
    clusters or not. One without a state there is absent. None without two mini-batches.
    """
    batches = len(states) // BATCH
    if batches < 2 or len(prototypes.centroids) < LEAST_TOGETHER:
        return None
    matches, margins = [], []
    for batch in np.split(states[: batches * BATCH], batches):
        targets, margin = _match_present(prototypes, batch)
        matches.append(targets)
        margins.append(margin)
    variance = permutation_variance(np.stack(matches))
    if variance is None:
        return None
    known = [margin for margin in margins if np.isfinite(margin)]
    return Stability(variance, float(np.mean(known)) if known else float("nan"))


def _match_present(prototypes: Prototypes, batch: Numbers) -> tuple[Counts, float]:
    targets = np.full(len(prototypes.centroids), ABSENT, np.intp)
    regions = squared_distances(batch[:, CHOOSING], prototypes.centroids[:, CHOOSING]).argmin(1)
    present = np.unique(regions)
    if len(present) < LEAST_TOGETHER:
        return targets, float("nan")
    signatures = np.stack([batch[regions == unit].mean(0) for unit in present])[:, MATCHING]
    reference = prototypes.centroids[present][:, MATCHING]
    found = match(signatures, reference)
    targets[present] = present[found.targets]
    return targets, found.margin / scale(reference)


def scale(reference: npt.NDArray[np.floating]) -> float:
    """Mean squared distance of two different reference units: what a unit is off by chance."""
    spread = reference.astype(np.float64) - reference.mean(0, dtype=np.float64)
    mean = 2 * float((spread**2).sum()) / max(1, len(reference) - 1)
    return mean or 1.0
