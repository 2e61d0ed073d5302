"""Counts of units and of pairs of units."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foretype import _core

MESSAGE_START = ""
PAIRS_AT_ONCE = 1_000_000  # as many wait before they are summed

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Counts:
    """Unit ids number `units`; id 0 is the start of a message, never counted."""

    units: list[str]
    inside: Floats  # [units] uses within sentences
    opening: Floats  # [units] uses as the first word of a sentence
    pairs: Ints  # [pairs, 2] ids of unit and next unit, each pair once
    pair_counts: Floats  # [pairs]
    pair_opening: NDArray[np.bool_]  # [pairs] whether the next unit opens a sentence there


class _Tally:
    """Counts keys, in batches."""

    def __init__(self) -> None:
        self._keys = np.empty(0, np.int64)
        self._counts = np.empty(0)
        self._waiting: list[int] = []

    def add(self, keys: list[int]) -> None:
        self._waiting += keys
        if len(self._waiting) > PAIRS_AT_ONCE:
            self.sum()

    def sum(self) -> tuple[Ints, Floats]:
        """The distinct keys, rising, and how often each was added."""
        keys = np.concatenate([self._keys, np.array(self._waiting, np.int64)])
        ones = np.ones(len(self._waiting))
        self._keys, self._counts = summed(keys, np.concatenate([self._counts, ones]))
        self._waiting = []
        return self._keys, self._counts


def summed(keys: Ints, weights: Floats) -> tuple[Ints, Floats]:
    """The distinct keys, rising, and the sum of each one's weights."""
    distinct, inverse = np.unique(keys, return_inverse=True)
    return distinct, np.bincount(inverse, weights, minlength=len(distinct)).astype(np.float64)


def count(messages: Iterable[str]) -> Counts:
    """Count the units of all messages and their pairs."""
    ids: dict[str, int] = {MESSAGE_START: 0}
    tally = _Tally()
    for message in messages:
        units = [ids.setdefault(unit, len(ids)) for unit in _core.cut_units(message)]
        tally.add([(before << 32) | unit for before, unit in zip([0, *units], units, strict=False)])
    keys, weights = tally.sum()
    pairs = np.stack([keys >> 32, keys & 0xFFFFFFFF], axis=1)
    opens = np.array([_core.starts_sentence(unit.encode()) for unit in ids], dtype=np.bool_)
    opening = opens[pairs[:, 0]] if len(pairs) else np.empty(0, np.bool_)
    return Counts(
        units=list(ids),
        inside=_by_unit(pairs[~opening, 1], weights[~opening], len(ids)),
        opening=_by_unit(pairs[opening, 1], weights[opening], len(ids)),
        pairs=pairs,
        pair_counts=weights,
        pair_opening=opening,
    )


def _by_unit(units: Ints, weights: Floats, size: int) -> Floats:
    return np.bincount(units, weights, minlength=size).astype(np.float64)
