"""Units of the feed-forward layers that could be merged or dropped."""

from dataclasses import dataclass

import numpy as np

from foretype.inspect.usage import Floats
from foretype.statistics.neurons import Layer

MERGE_SIMILARITY = 0.9  # cosine of two signatures from which they count as nearly the same
MERGE_SWAPS = 0.2  # share of mini-batches in which one took the other's place
PRUNE_SHARE = 0.05  # of the layer's median activity, below which a unit hardly does anything


@dataclass(frozen=True)
class Pair:
    """Two units that do nearly the same: the cosine of their signatures, how often they swapped."""

    layer: int
    first: int
    second: int
    similarity: float
    swaps: float


@dataclass(frozen=True)
class Idle:
    """A unit that hardly does anything: its activity as a share of the layer's median."""

    layer: int
    unit: int
    share: float


def activity_shares(layer: Layer) -> Floats:
    """[units] each unit's activity as a share of the layer's median; 0 where that is 0."""
    activity = layer.activity.astype(np.float64)
    median = float(np.median(activity))
    return activity / median if median > 0 else np.zeros(len(activity))


def merge_candidates(number: int, layer: Layer) -> list[Pair]:
    """Pairs that nearly coincide and are often taken for each other, the most alike first."""
    if not len(layer.matches):
        return []
    reference = layer.reference.astype(np.float32)
    lengths = np.linalg.norm(reference, axis=1, keepdims=True)
    unit = np.divide(reference, lengths, out=np.zeros_like(reference), where=lengths > 0)
    similar = np.triu(unit @ unit.T, 1)
    pairs = [
        Pair(number, int(i), int(j), float(similar[i, j]), swap_rate(layer, i, j))
        for i, j in zip(*np.nonzero(similar >= MERGE_SIMILARITY), strict=True)
    ]
    often = [pair for pair in pairs if pair.swaps >= MERGE_SWAPS]
    return sorted(often, key=lambda pair: (-pair.similarity, pair.first, pair.second))


def swap_rate(layer: Layer, first: int, second: int) -> float:
    """The share of mini-batches in which one of the two was matched with the other."""
    one, other = layer.matches[:, first], layer.matches[:, second]
    return float(((one == second) | (other == first)).mean())


def prune_candidates(number: int, layer: Layer) -> list[Idle]:
    """The units that are hardly active, the least active first; none where no unit is active."""
    shares = activity_shares(layer)
    if not shares.any():
        return []
    order = np.argsort(shares, kind="stable")
    return [Idle(number, int(u), float(shares[u])) for u in order if shares[u] < PRUNE_SHARE]
