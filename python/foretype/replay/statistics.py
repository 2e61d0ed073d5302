"""Figures with their 95 % bootstrap intervals over messages, stratified by author."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

RESAMPLES = 2000
LATENCY_RESAMPLES = 300
INTERVAL = (2.5, 97.5)
PERCENTILES = (50, 95, 99)


@dataclass(frozen=True)
class Figure:
    """A value, its interval, and the authors' minimum, mean and maximum; None: undefined."""

    value: float | None
    low: float | None
    high: float | None
    by_author: dict[str, float | None]

    def to_json(self, name: str) -> dict[str, Any]:
        """`name`, `name_low`, `name_high`, `name_by_author`."""
        return {
            name: self.value,
            f"{name}_low": self.low,
            f"{name}_high": self.high,
            f"{name}_by_author": self.by_author,
        }


class Sample:
    """Messages of several authors, and the resamplings of them.

    `weights` has shape (resamples, messages): how often each message is drawn. Within an
    author as many messages are drawn as there are, with replacement.
    """

    def __init__(self, messages_by_author: Sequence[int], *, seed: int) -> None:
        generator = np.random.default_rng(seed)
        self.author_of = np.repeat(np.arange(len(messages_by_author)), messages_by_author)
        blocks = [
            generator.multinomial(count, np.full(count, 1 / count), size=RESAMPLES)
            for count in messages_by_author
            if count
        ]
        self.weights: Floats = np.concatenate(blocks, axis=1).astype(np.float64)
        self._authors = [a for a, count in enumerate(messages_by_author) if count]

    def ratio(self, numerator: Floats, denominator: Floats) -> Figure:
        """Sum over sum; both have one value a message."""
        with np.errstate(divide="ignore", invalid="ignore"):
            drawn = (self.weights @ numerator) / (self.weights @ denominator)
            by_author = [
                numerator[self.author_of == a].sum() / denominator[self.author_of == a].sum()
                for a in self._authors
            ]
            value = numerator.sum() / denominator.sum()
        low, high = _interval(drawn)
        return Figure(_known(value), low, high, _spread(np.array(by_author)))

    def one_minus_ratio(self, numerator: Floats, denominator: Floats) -> Figure:
        """1 - sum/sum, as keystroke savings are."""
        return self.ratio(denominator - numerator, denominator)

    def mean(self, values: Floats) -> Figure:
        """The mean over messages."""
        return self.ratio(values, np.ones_like(values))

    def authors(self) -> list[tuple[int, Floats]]:
        """Each author who has messages, with weights (messages,) that hold theirs alone."""
        return [(a, (self.author_of == a).astype(np.float64)) for a in self._authors]

    def figure(self, of: Callable[[Floats], Floats]) -> Figure:
        """Any statistic: `of` takes weights (rows, messages) to (rows,)."""
        value, low, high = self.statistic(of)
        with np.errstate(divide="ignore", invalid="ignore"):
            by_author = of(np.array([rows for _, rows in self.authors()]))
        return Figure(value, low, high, _spread(by_author))

    def statistic(
        self, of: Callable[[Floats], Floats]
    ) -> tuple[float | None, float | None, float | None]:
        """Value, low and high of any statistic: `of` takes weights (rows, messages) to (rows,)."""
        with np.errstate(divide="ignore", invalid="ignore"):
            value = of(np.ones((1, self.weights.shape[1])))[0]
            low, high = _interval(of(self.weights))
        return _known(value), low, high


def latency(sample: Sample, values: Floats, message_of: npt.NDArray[np.int64]) -> dict[str, Any]:
    """Percentiles (nearest rank) and maximum of `values`, with the percentiles' intervals.

    `message_of` is the index of the message in which each value was measured.
    """
    if not len(values):
        return {}
    order = np.argsort(values)
    ranked, messages = values[order], message_of[order]
    plain = np.ones(len(ranked))
    figures: dict[str, Any] = {f"p{p}": _percentile(ranked, plain, p) for p in PERCENTILES}
    drawn = [sample.weights[b][messages] for b in range(LATENCY_RESAMPLES)]
    for p in PERCENTILES:
        low, high = _interval(np.array([_percentile(ranked, weight, p) for weight in drawn]))
        figures |= {f"p{p}_low": low, f"p{p}_high": high}
    return figures | {"max": float(ranked[-1]), "mean": float(values.mean())}


def _percentile(ranked: Floats, weights: Floats, p: float) -> float:
    reached = np.cumsum(weights)
    index = np.searchsorted(reached, reached[-1] * p / 100 - 1e-9)
    return float(ranked[min(int(index), len(ranked) - 1)])


def _interval(drawn: Floats) -> tuple[float | None, float | None]:
    drawn = drawn[np.isfinite(drawn)]
    if not drawn.size:
        return None, None
    low, high = np.percentile(drawn, INTERVAL)
    return float(low), float(high)


def _spread(by_author: Floats) -> dict[str, float | None]:
    known = by_author[np.isfinite(by_author)]
    if not known.size:
        return {"min": None, "mean": None, "max": None}
    return {"min": float(known.min()), "mean": float(known.mean()), "max": float(known.max())}


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
