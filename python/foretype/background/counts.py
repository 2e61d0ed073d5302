"""Weighted counts of units and of pairs of units."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foretype import _core
from foretype.background.corpus import Source

MESSAGE_START = ""
PAIRS_AT_ONCE = 4_000_000  # as many are held before they are summed

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Counts:
    """Weighted counts. Unit ids number `units`; id 0 is the start of a message, never counted."""

    units: list[str]
    inside: Floats  # [units] uses within sentences
    opening: Floats  # [units] uses as the first word of a sentence
    pairs: Ints  # [pairs, 2] ids of unit and next unit, each pair once
    pair_counts: Floats  # [pairs]
    pair_opening: NDArray[np.bool_]  # [pairs] whether the next unit opens a sentence there


class _Tally:
    """Sums weights by key, in batches."""

    def __init__(self) -> None:
        self._keys: list[Ints] = []
        self._weights: list[Floats] = []
        self._held = 0

    def add(self, keys: Ints, weight: float) -> None:
        self._keys.append(keys)
        self._weights.append(np.full(len(keys), weight))
        self._held += len(keys)
        if self._held > PAIRS_AT_ONCE:
            self.sum()

    def sum(self) -> tuple[Ints, Floats]:
        """The distinct keys, rising, and the sum of each one's weights."""
        keys = np.concatenate([np.empty(0, np.int64), *self._keys])
        weights = np.concatenate([np.empty(0), *self._weights])
        distinct, inverse = np.unique(keys, return_inverse=True)
        sums = np.bincount(inverse, weights, minlength=len(distinct)).astype(np.float64)
        self._keys, self._weights, self._held = [distinct], [sums], 0
        return distinct, sums


def count(sources: Iterable[Source]) -> Counts:
    """Count the units of all sources and their pairs."""
    ids: dict[str, int] = {MESSAGE_START: 0}
    tally = _Tally()
    for source in sources:
        for message in source.messages:
            units = [ids.setdefault(unit, len(ids)) for unit in _core.cut_units(message)]
            now = np.array(units, np.int64)
            before = np.concatenate([np.zeros(1, np.int64), now[:-1]])[: len(now)]
            tally.add((before << 32) | now, source.weight)
    keys, weights = tally.sum()
    pairs = np.stack([keys >> 32, keys & 0xFFFFFFFF], axis=1)
    opens = np.array([_core.starts_sentence(unit) for unit in ids], dtype=np.bool_)
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
