"""How often suggestions were right: shares of counts with their intervals, and regions."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from foretype.inspect.usage import Floats, Ints
from foretype.statistics.hits import HitTable, Line
from foretype.statistics.prototypes import Prototypes

LEAST = 8  # word starts in a region, or suggestions, from which a share says something
QUANTILE = 1.96  # of the normal distribution: 95 % intervals


@dataclass(frozen=True)
class Rate:
    """`right` of `shown`, entry by entry; NaN where 0 of 0."""

    shown: Ints
    right: Ints

    @classmethod
    def of(cls, lines: Sequence[Line]) -> "Rate":
        """What was on screen, and what of it the owner wrote, taken or not."""
        shown = [line.shown for line in lines]
        right = [line.shown - line.wrong for line in lines]
        return cls(np.array(shown, np.int64), np.array(right, np.int64))

    @property
    def rate(self) -> Floats:
        """In [0, 1]."""
        some = self.shown > 0
        rates = np.full(some.shape, np.nan)
        np.divide(self.right, self.shown, out=rates, where=some)
        return rates

    @property
    def interval(self) -> tuple[Floats, Floats]:
        """Lower and upper end of Wilson's 95 % interval."""
        with np.errstate(divide="ignore", invalid="ignore"):
            square = QUANTILE**2 / self.shown
            middle = (self.rate + square / 2) / (1 + square)
            half = np.sqrt(self.rate * (1 - self.rate) * square + square**2 / 4) / (1 + square)
        return middle - half, middle + half


def right_by_rank(table: HitTable) -> Ints:
    """[rank] where in the list the right words stood, on screen or not."""
    lines = table.by("rank")
    return np.array([each.accepted + each.typed_through + each.missed for each in lines], np.int64)


@dataclass(frozen=True)
class Regions:
    """How often the first proposal was right in each region of hidden space, the best first.

    `rest` sums up those that are too small to say anything.
    """

    large: Rate
    rest: Rate

    @property
    def word_starts(self) -> int:
        """In all regions."""
        return int(self.large.shown.sum() + self.rest.shown.sum())


def regions(prototypes: Prototypes, *, least: int = LEAST) -> Regions:
    """Regions with at least so many word starts, and the rest as one."""
    shown, right = prototypes.events.astype(np.int64), prototypes.hits.astype(np.int64)
    large = shown >= least
    rest = Rate(shown[~large].sum(keepdims=True), right[~large].sum(keepdims=True))
    found = Rate(shown[large], right[large])
    order = np.argsort(-found.rate, kind="stable")
    return Regions(Rate(found.shown[order], found.right[order]), rest)
