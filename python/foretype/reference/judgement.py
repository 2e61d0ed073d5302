"""Slow twin of ranking and gate: features, FTRL-Proximal, Platt scaling, the price of a show."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]

ALPHA, BETA, PULL = 0.005, 1.0, 1.0  # of FTRL-Proximal
RATE, BELIEF = 0.1, 20.0  # of the calibration
AT_TEN, SLOPE, SETTLE, LEARN, MOST_OWED = 1.5, -0.8, 0.1, 0.01, 10.0  # of the price


class Proposed(NamedTuple):
    """A proposal as both proposers leave it; `source`: 1 trie, 2 language model, 3 both."""

    text: bytes
    trie: float
    model: float
    source: int
    order: int
    uses: int


def logit(p: float, least: float) -> float:
    """The natural logarithm of the odds, p kept `least` away from 0 and 1."""
    p = min(max(p, least), 1 - least)
    return float(np.log(p / (1 - p)))


def features(
    prefix: bytes, answered: bool, share: float, proposed: Sequence[Proposed]
) -> list[Vector]:
    """A vector [15] for each proposal: core/src/rank/features.h says what stands where."""
    share = share if answered else 0.0
    mixed = [min(1.0, share * each.model + (1 - share) * each.trie) for each in proposed]
    best_first = [*sorted(mixed, reverse=True), 0.0, 0.0]

    def log(p: float) -> float:
        return float(np.log(max(p, 1e-4)))

    def capital(text: bytes) -> bool:
        return any(65 <= byte <= 90 for byte in text)

    vectors = []
    for each, p in zip(proposed, mixed, strict=True):
        next_word = each.text[:1] == b" "
        typed = b"" if next_word else prefix
        rival = best_first[1] if p == best_first[0] else best_first[0]
        vectors.append(
            np.array(
                [
                    1,
                    logit(p, 1e-4),
                    logit(p, 1e-4) if not typed else 0,
                    log(each.model if answered else each.trie),
                    log(each.trie),
                    each.order / 5,
                    np.log1p(each.uses),
                    each.source == 1,
                    each.source == 2,
                    np.log(max(len(each.text), 1)),
                    min(len(typed), 6) / 6,
                    next_word,
                    capital(each.text) or capital(typed),
                    log(rival),
                    log(min(sum(mixed), 1.0)),
                ],
                dtype=np.float64,
            )
        )
    return vectors


@dataclass
class Ftrl:
    """FTRL-Proximal (McMahan et al., KDD 2013, algorithm 1, without L1) around a prior [n]."""

    prior: Vector
    z: Vector = field(init=False)
    n: Vector = field(init=False)

    def __post_init__(self) -> None:
        self.z = np.zeros_like(self.prior)
        self.n = np.zeros_like(self.prior)

    @property
    def weights(self) -> Vector:
        """The prior and what was learned beside it."""
        return self.prior - self.z / ((BETA + np.sqrt(self.n)) / ALPHA + PULL)

    def probability(self, x: Vector) -> float:
        """Logistic of the weighted sum."""
        return float(1 / (1 + np.exp(-np.clip(self.weights @ x, -30, 30))))

    def learn(self, x: Vector, right: bool) -> None:
        """One step after the label."""
        gradient = (self.probability(x) - float(right)) * x
        sigma = (np.sqrt(self.n + gradient**2) - np.sqrt(self.n)) / ALPHA
        self.z = self.z + gradient - sigma * (self.weights - self.prior)
        self.n = self.n + gradient**2


@dataclass
class Platt:
    """Platt scaling by AdaGrad steps."""

    slope: float = 1.0
    shift: float = 0.0
    slope_squares: float = 0.0
    shift_squares: float = 0.0

    def calibrated(self, p: float) -> float:
        """The probability as it has come true of late."""
        return float(1 / (1 + np.exp(-(self.slope * logit(p, 1e-6) + self.shift))))

    def learn(self, p: float, right: bool) -> None:
        """One step after the label."""
        off = self.calibrated(p) - float(right)
        along = off * logit(p, 1e-6)
        self.slope_squares += along**2
        self.shift_squares += off**2
        self.slope -= RATE * along / np.sqrt(BELIEF + self.slope_squares)
        self.slope = float(np.clip(self.slope, 1 / 3, 3))
        self.shift -= RATE * off / np.sqrt(BELIEF + self.shift_squares)
        self.shift = float(np.clip(self.shift, -3, 3))


@dataclass
class Price:
    """What a wrong show costs, in keys, for one dial."""

    dial: float
    account: float = 0.0
    log_price: float = field(init=False)

    def __post_init__(self) -> None:
        self.log_price = AT_TEN + SLOPE * float(np.log(max(self.dial, 0.1) / 10))

    @property
    def price(self) -> float:
        """In keys."""
        return float(np.exp(self.log_price + SETTLE * self.account))

    def finished_word(self, wrong_shows: int) -> None:
        """After each word."""
        off = wrong_shows - self.dial / 100
        self.account = float(np.clip(self.account + off, -MOST_OWED, MOST_OWED))
        self.log_price = float(np.clip(self.log_price + LEARN * off, -8, 8))
