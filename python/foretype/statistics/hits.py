"""The hit table: what became of proposals, by rank, confidence, typed prefix and source."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from foretype.errors import ErrorCode, ProfileError

OUTCOMES = ("shown", "accepted", "typed_through", "missed", "retained")
RANKS = 5
DECILES = 10
TYPED = ("0", "1", "2", "3+")
SOURCES = ("trie", "language model", "both")
SHAPE = (len(OUTCOMES), RANKS, DECILES, len(TYPED), len(SOURCES))
SIZE = int(np.prod(SHAPE))
AXES = {"rank": 1, "confidence": 2, "typed": 3, "source": 4}


@dataclass(frozen=True)
class Line:
    """Counts of one outcome each, and what follows from them."""

    shown: int
    accepted: int
    typed_through: int
    missed: int
    retained: int

    @property
    def wrong(self) -> int:
        """Shown, and not what the user wrote."""
        return max(0, self.shown - self.accepted - self.typed_through)

    @property
    def hit_rate(self) -> float:
        """Share of shows that were right, taken or not; nan without a show."""
        return (self.shown - self.wrong) / self.shown if self.shown else float("nan")


@dataclass(frozen=True)
class HitTable:
    """Counts [outcome, rank, decile, typed, source]; names of the axes above."""

    counts: npt.NDArray[np.uint32]

    @classmethod
    def from_bytes(cls, data: bytes) -> "HitTable":
        """uint32, little endian, in the order of the axes. Raises ProfileError."""
        if len(data) != 4 * SIZE:
            raise ProfileError(
                f"The hit table has {len(data)} bytes and not {4 * SIZE}.",
                code=ErrorCode.CORRUPT,
            )
        return cls(np.frombuffer(data, "<u4").reshape(SHAPE).astype(np.uint32))

    @classmethod
    def empty(cls) -> "HitTable":
        """Before anything was counted."""
        return cls(np.zeros(SHAPE, np.uint32))

    def total(self) -> Line:
        """Over everything."""
        return _line(self.counts.sum(axis=(1, 2, 3, 4), dtype=np.int64))

    def by(self, axis: str) -> list[Line]:
        """A line for each place on an axis: rank, confidence, typed or source."""
        kept = AXES[axis]
        others = tuple(number for number in AXES.values() if number != kept)
        return [_line(column) for column in self.counts.sum(axis=others, dtype=np.int64).T]


def _line(counts: npt.NDArray[np.int64]) -> Line:
    return Line(*(int(count) for count in counts))
