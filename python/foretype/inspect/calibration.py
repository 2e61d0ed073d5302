"""Whether suggestions that claim 70 % are right 70 times in 100."""

from dataclasses import dataclass

import numpy as np

from foretype.inspect.hit_rates import Rate
from foretype.inspect.usage import Floats
from foretype.statistics.hits import DECILES, HitTable


@dataclass(frozen=True)
class Calibration:
    """`claimed` [10] is the middle of each decile of confidence: the table keeps no finer value."""

    claimed: Floats
    hits: Rate

    @property
    def expected_error(self) -> float:
        """Expected calibration error: |right - claimed|, weighted by counts; NaN without any."""
        some = self.hits.shown > 0
        if not some.any():
            return float("nan")
        gaps = np.abs(self.hits.rate[some] - self.claimed[some])
        return float(np.average(gaps, weights=self.hits.shown[some]))

    @property
    def bias(self) -> float:
        """Right less claimed over all shows: below zero it promises too much. NaN without any."""
        shown = self.hits.shown.sum()
        promised = float(self.claimed @ self.hits.shown)
        return (float(self.hits.right.sum()) - promised) / float(shown) if shown else float("nan")


def calibration(table: HitTable) -> Calibration:
    """Of what was on screen."""
    return Calibration((np.arange(DECILES) + 0.5) / DECILES, Rate.of(table.by("confidence")))
