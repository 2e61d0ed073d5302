"""The effective rank of rows of the embedding: how many directions they really use.

Roy & Vetterli, "The effective rank: a measure of effective dimensionality", EUSIPCO 2007:
exp(-sum p log p), p the singular values divided by their sum.
"""

from dataclasses import dataclass

import numpy as np

from foretype.inspect.usage import Floats, Ints
from foretype.model.groups import Dense

SEEDS = range(3)  # of the random choices that an owner's rows are compared with


@dataclass(frozen=True)
class Spectrum:
    """Singular values, falling, and their effective rank."""

    singular_values: Floats
    effective_rank: float


@dataclass(frozen=True)
class Ranks:
    """Of all rows, of those the owner uses, and of as many rows chosen at random (a mean)."""

    every: Spectrum
    rows_used: int = 0
    used: Spectrum | None = None
    random: Spectrum | None = None


def spectrum(rows: Dense) -> Spectrum:
    """Of [rows, width], not centred: what the output head multiplies with."""
    tall = rows if len(rows) >= rows.shape[1] else rows.T
    squares = np.linalg.eigvalsh((tall.T @ tall).astype(np.float64))
    values = np.sqrt(squares.clip(0))[::-1]
    return Spectrum(values, effective_rank(values))


def effective_rank(singular_values: Floats) -> float:
    """Between 1 and the number of values; 0 if all are 0."""
    total = singular_values.sum()
    if total <= 0:
        return 0.0
    shares = singular_values[singular_values > 0] / total
    return float(np.exp(-(shares * np.log(shares)).sum()))


def ranks(embedding: Dense, uses: Ints) -> Ranks:
    """Compare the owner's rows with all, and with the chance that so few rows have."""
    used = np.flatnonzero(uses)
    every = spectrum(embedding)
    if not len(used):
        return Ranks(every)
    chosen = [
        np.random.default_rng(seed).choice(len(embedding), len(used), replace=False)
        for seed in SEEDS
    ]
    values = np.mean([spectrum(embedding[rows]).singular_values for rows in chosen], axis=0)
    random = Spectrum(values, effective_rank(values))
    return Ranks(every, len(used), spectrum(embedding[used]), random)
