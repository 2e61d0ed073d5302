"""Whether the probabilities that the engine gave came true: expected calibration error."""

from typing import Any

import numpy as np
import numpy.typing as npt

from foretype.replay.shows import Shows
from foretype.replay.statistics import Floats, Sample

BINS = 10


def calibration(shows: Shows, sample: Sample) -> dict[str, Any]:
    """`ece` with its interval and authors, and the reliability bins as `calibration`.

    Of the settled shows of a run; without any, and for a system that tells no probabilities,
    `ece` is None.
    """
    if not shows.probability[shows.settled].any():
        return {"ece": None}
    bins = _Bins(shows, sample)
    return sample.figure(bins.error).to_json("ece") | {
        "ece_noise": bins.noise(np.ones(len(bins.count))),
        "ece_of_authors": [
            {
                "author": author,
                "shows": int(bins.count[rows > 0].sum()),
                "ece": float(bins.error(rows[np.newaxis])[0]),
                "noise": bins.noise(rows),
            }
            for author, rows in sample.authors()
            if bins.count[rows > 0].any()
        ],
        "calibration": bins.to_json(),
    }


class _Bins:
    """Sums by message and bin; each array has shape (messages, BINS)."""

    def __init__(self, shows: Shows, sample: Sample) -> None:
        probability, right = shows.probability[shows.settled], shows.right[shows.settled]
        bin_of = np.clip((probability * BINS).astype(np.int64), 0, BINS - 1)
        cell = shows.message[shows.settled] * BINS + bin_of
        shape = (sample.weights.shape[1], BINS)

        def summed(values: Floats) -> Floats:
            sums: Floats = np.bincount(cell, values, shape[0] * BINS).astype(np.float64)
            return sums.reshape(shape)

        self.count = summed(np.ones_like(probability))
        self._claimed = summed(probability)
        self._right = summed(right)
        self._variance = summed(probability * (1 - probability))

    def error(self, weights: Floats) -> Floats:
        """Expected calibration error under each row of message weights."""
        gaps = np.abs(weights @ (self._claimed - self._right)).sum(axis=1)
        error: Floats = gaps / (weights @ self.count).sum(axis=1)
        return error

    def noise(self, weights: npt.ArrayLike) -> float:
        """What the error would be, in the mean, of an engine whose probabilities are true.

        Each bin's gap is then about normal: its mean size is sqrt(2 / pi) deviations.
        """
        rows = np.asarray(weights)
        deviations = np.sqrt(rows @ self._variance)
        return float(np.sqrt(2 / np.pi) * deviations.sum() / (rows @ self.count).sum())

    def to_json(self) -> list[dict[str, Any]]:
        """One entry a bin, the lowest first; an empty bin has no mean and no share."""
        return [
            {
                "count": int(count),
                "mean_probability": float(claimed / count) if count else None,
                "share_right": float(right / count) if count else None,
            }
            for count, claimed, right in zip(
                self.count.sum(axis=0),
                self._claimed.sum(axis=0),
                self._right.sum(axis=0),
                strict=True,
            )
        ]
