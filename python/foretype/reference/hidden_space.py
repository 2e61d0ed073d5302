"""The statistics of hidden space, slowly: the twin of `core/src/statistics/`, for tests only.

Everything is float32 in the order of the fast twin, so that both give the same bits.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

DIMENSIONS = 64  # of the public projection
SEED = 0x666F7265747970  # "foretyp"
MOST_PROTOTYPES = 32
FEWEST_MEMBERS = 8
PRIOR_WORDS = 16
LARGEST = 1e6

Floats = npt.NDArray[np.float32]


def split_mix(seed: int, n: int) -> int:
    """Output number n of SplitMix64 with this seed."""
    bits = (1 << 64) - 1
    z = (seed + (n + 1) * 0x9E3779B97F4A7C15) & bits
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & bits
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB & bits
    return z ^ (z >> 31)


def projection(width: int) -> Floats:
    """[64, width] of +-1/8: minus where the highest bit of output 2^32 row + column is set."""
    negative = [
        [split_mix(SEED, (row << 32) + column) >> 63 for column in range(width)]
        for row in range(DIMENSIONS)
    ]
    return np.where(np.array(negative, bool), np.float32(-0.125), np.float32(0.125))


def project(matrix: Floats, x: Floats) -> Floats:
    """[64, width], [width] -> [64], column by column."""
    sums = np.zeros(DIMENSIONS, np.float32)
    for column, value in zip(matrix.T, x, strict=True):
        sums += column * value
    return sums


def squared_distance(a: Floats, b: Floats) -> np.float32:
    """In four sums: dimensions 0, 4, 8, ...; 1, 5, 9, ...; and so on."""
    sums = np.zeros(4, np.float32)
    for part in ((a - b) ** 2).reshape(-1, 4):
        sums += part
    return np.float32((sums[0] + sums[1]) + (sums[2] + sums[3]))


@dataclass
class Mean:
    """The mean of some states, and how many of them were hits."""

    centroid: Floats
    hits: int
    misses: int

    @property
    def members(self) -> int:
        """How many states."""
        return self.hits + self.misses


@dataclass
class Means:
    """On-line clustering: the union that adds least to the sum of squared distances (Ward)."""

    all: list[Mean] = field(default_factory=list)

    def add(self, state: Floats, hit: bool) -> bool:
        """False, and nothing done, where the state holds NaN or something absurd."""
        if not bool(np.all(np.abs(state) <= LARGEST)):
            return False
        fresh = Mean(state.copy(), int(hit), int(not hit))
        near = self.nearest(state)
        if near is None or (len(self.all) < MOST_PROTOTYPES and self._gap(near, state) > 0):
            self.all.append(fresh)
            return True
        cost, first, second = self._cheapest_pair()
        if _ward(self.all[near].members, 1, self._gap(near, state)) <= cost:
            self._join(near, fresh)
        else:
            self._join(first, self.all[second])
            self.all[second] = fresh
        return True

    def nearest(self, state: Floats) -> int | None:
        """The first of the nearest."""
        if not self.all:
            return None
        return int(np.argmin([squared_distance(each.centroid, state) for each in self.all]))

    def hit_rate(self, state: Floats) -> float:
        """The nearest mean's share of hits, drawn towards that of all."""
        hits = 1 + sum(each.hits for each in self.all)
        of_all = hits / (2 + sum(each.members for each in self.all))
        near = self.nearest(state)
        if near is None:
            return of_all
        region = self.all[near]
        return (region.hits + PRIOR_WORDS * of_all) / (region.members + PRIOR_WORDS)

    def drop_small(self) -> None:
        """Those with few members."""
        self.all = [each for each in self.all if each.members >= FEWEST_MEMBERS]

    def _gap(self, index: int, state: Floats) -> float:
        return float(squared_distance(self.all[index].centroid, state))

    def _join(self, index: int, other: Mean) -> None:
        mean = self.all[index]
        share = np.float32(other.members / (mean.members + other.members))
        mean.centroid = mean.centroid + share * (other.centroid - mean.centroid)
        mean.hits += other.hits
        mean.misses += other.misses

    def _cheapest_pair(self) -> tuple[float, int, int]:
        best = (float("inf"), 0, 0)
        for i, a in enumerate(self.all):
            for j in range(i + 1, len(self.all)):
                b = self.all[j]
                cost = _ward(a.members, b.members, self._gap(j, a.centroid))
                if cost < best[0]:
                    best = (cost, i, j)
        return best


def signatures(inputs: Floats, activations: Floats) -> tuple[Floats, Floats]:
    """[T, width], [T, units] -> [units, 64] mean of activation x projected input, and [units].

    The second is the mean of |activation|.
    """
    projected = inputs @ projection(inputs.shape[1]).T
    means: Floats = np.matmul(activations.T, projected) * np.float32(1 / len(inputs))
    activity: Floats = np.abs(activations).mean(axis=0)
    return means, activity


def _ward(a: float, b: float, squared: float) -> float:
    return a * b / (a + b) * squared
