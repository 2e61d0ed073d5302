"""The embedding in two dimensions: its principal components, the same on every run."""

from dataclasses import dataclass

import numpy as np

from foretype.inspect.usage import Floats, Ints
from foretype.model.groups import Dense

SEED = 0
MOST_USED = 4000
MOST_OTHERS = 6000
ROUND = np.linspace(0, 2 * np.pi, 73)  # angles of a drawn ellipse


@dataclass(frozen=True)
class Projection:
    """`places` [tokens, 2] and the share of all variance that each of the two axes holds."""

    places: Dense
    shares: tuple[float, float]

    def ends(self, axis: int, count: int) -> tuple[Ints, Ints]:
        """The tokens farthest out at the low and the high end of an axis, the outermost first."""
        order = np.argsort(self.places[:, axis], kind="stable")
        return order[:count], order[::-1][:count]


def principal_components(rows: Dense) -> Projection:
    """Project [tokens, width] to the two directions of largest variance.

    An eigenvector's sign is arbitrary: here its largest entry is positive.
    """
    mean = rows.mean(axis=0, dtype=np.float64)
    product = (rows.T @ rows).astype(np.float64)
    variances, directions = np.linalg.eigh(product / len(rows) - np.outer(mean, mean))
    top = directions[:, :-3:-1]  # [width, 2], the largest variance first
    top = top * np.sign(top[np.abs(top).argmax(axis=0), [0, 1]])
    places = (rows - mean.astype(np.float32)) @ top.astype(np.float32)
    total = max(float(variances.clip(0).sum()), float(np.finfo(np.float64).tiny))
    return Projection(places, (float(variances[-1]) / total, float(variances[-2]) / total))


def sample(uses: Ints, *, used: int = MOST_USED, others: int = MOST_OTHERS) -> tuple[Ints, Ints]:
    """Token ids to draw: the most used ones, and of the unused ones a fixed random choice."""
    ranked = np.argsort(-uses, kind="stable")
    mine = ranked[: min(used, int((uses > 0).sum()))]
    rest = np.flatnonzero(uses == 0)
    if len(rest) > others:
        rest = np.sort(np.random.default_rng(SEED).choice(rest, others, replace=False))
    return mine, rest


@dataclass(frozen=True)
class Ellipse:
    """Around `middle` [2]: the points x with |spread (x - middle)| <= radius; spread is [2, 2]."""

    middle: Floats
    spread: Floats
    radius: float

    def holds(self, places: Dense) -> np.ndarray:
        """[n] whether each place [n, 2] lies within."""
        return self._distances(places) <= self.radius

    def outline(self) -> Floats:
        """[points, 2] around it, closed."""
        circle = self.radius * np.stack([np.cos(ROUND), np.sin(ROUND)])
        return self.middle + np.linalg.solve(self.spread, circle).T

    def _distances(self, places: Dense) -> Floats:
        distances: Floats = np.linalg.norm(self.spread @ (places - self.middle).T, axis=0)
        return distances


def range_of(places: Dense, share: float) -> Ellipse | None:
    """The ellipse of the places' [n, 2] own shape that holds this share; None if they have none."""
    if len(places) <= 2:
        return None
    middle = places.mean(axis=0, dtype=np.float64)
    variances, directions = np.linalg.eigh(np.cov(places.T.astype(np.float64)))
    if variances[0] <= 0:
        return None
    round_ = Ellipse(middle, directions.T / np.sqrt(variances)[:, None], 0.0)
    radius = float(np.quantile(round_._distances(places), share))
    return Ellipse(middle, round_.spread, radius)


def cells(places: Dense, *, across: int, least: int) -> tuple[Floats, Floats, Floats]:
    """Counts [across, across] in a grid (rows go up), and the middles of its columns and rows.

    A cell with fewer than `least` places is empty (NaN): who knows the model could else say which
    tokens they are.
    """
    counts, x, y = np.histogram2d(places[:, 0], places[:, 1], bins=across)
    grid = np.where(least <= counts.T, counts.T, np.nan)
    return grid, (x[1:] + x[:-1]) / 2, (y[1:] + y[:-1]) / 2
