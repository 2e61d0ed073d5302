"""A report as one vector of fixed length, and back: docs/formats/statistics.md.

The order of the numbers is the format: each part is written and read by one pair of functions
below, in the order in which `to_vector` calls them.
"""

import math
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from foretype.profile.minibatches import DIMENSIONS
from foretype.statistics.gather import MOST_PROTOTYPES
from foretype.statistics.hits import SHAPE, SIZE, HitTable
from foretype.statistics.neighbourhood import Neighbourhood
from foretype.statistics.neurons import MOST_LAYERS
from foretype.statistics.prototypes import Prototypes
from foretype.statistics.report import LayerFigures, Report, Variance, VocabularyFigures
from foretype.statistics.vocabulary import BUCKETS, CURVE

Vector = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.float64]

_MOST = 2**32 - 1  # of anything that is counted
_PROTOTYPE = DIMENSIONS + 2
_VARIANCE = 5
_LAYER = 2 + _VARIANCE
_REGION = 2
_NEIGHBOURHOOD = 5 + MOST_PROTOTYPES * _REGION
_VOCABULARY = 2 + 2 * BUCKETS + 2 * len(CURVE)

LENGTH = (
    SIZE
    + MOST_PROTOTYPES * _PROTOTYPE
    + 2 * _VARIANCE
    + _NEIGHBOURHOOD
    + MOST_LAYERS * _LAYER
    + _VOCABULARY
)


def to_vector(report: Report) -> Vector:
    """[LENGTH], all finite: what is not known is 0 beside a count of 0."""
    prototypes = report.prototypes.of_many()
    parts = (
        report.hits.counts.ravel(),
        _prototypes(prototypes),
        _variance(report.prototype_variance),
        _variance(report.proposal_variance),
        _neighbourhood(report.neighbourhood, len(prototypes.centroids)),
        _layers(report.layers),
        _vocabulary(report.vocabulary),
    )
    numbers = np.nan_to_num(np.concatenate(parts), posinf=0, neginf=0)
    vector: Vector = numbers.astype(np.float32)
    return vector


def from_vector(vector: Vector, *, vocabulary: int) -> Report:
    """The report that a vector [LENGTH], finite, tells of; counts as float32 kept them.

    `vocabulary` is the size of the model's vocabulary.
    """
    rest = _Rest(vector.astype(np.float64))
    counts = np.clip(rest.take(SIZE), 0, _MOST).reshape(SHAPE)
    prototypes = _read_prototypes(rest.take(MOST_PROTOTYPES * _PROTOTYPE))
    return Report(
        hits=HitTable(counts.astype(np.uint32)),
        prototypes=prototypes,
        prototype_variance=_read_variance(rest.take(_VARIANCE)),
        proposal_variance=_read_variance(rest.take(_VARIANCE)),
        neighbourhood=_read_neighbourhood(rest.take(_NEIGHBOURHOOD), len(prototypes.centroids)),
        layers=_read_layers(rest.take(MOST_LAYERS * _LAYER)),
        vocabulary=_read_vocabulary(rest.take(_VOCABULARY), vocabulary),
    )


def _count(number: float) -> int:
    return int(min(max(number, 0), _MOST))


class _Rest:
    """Numbers still to be read."""

    def __init__(self, numbers: Numbers) -> None:
        self._numbers = numbers
        self._at = 0

    def take(self, count: int) -> Numbers:
        self._at += count
        return self._numbers[self._at - count : self._at]


def _prototypes(prototypes: Prototypes) -> Numbers:
    table = np.zeros((MOST_PROTOTYPES, _PROTOTYPE))
    count = len(prototypes.centroids)
    table[:count, :DIMENSIONS] = prototypes.centroids
    table[:count, DIMENSIONS] = prototypes.hits
    table[:count, DIMENSIONS + 1] = prototypes.misses
    return table.ravel()


def _read_prototypes(numbers: Numbers) -> Prototypes:
    table = numbers.reshape(MOST_PROTOTYPES, _PROTOTYPE)
    events = np.clip(table[:, DIMENSIONS:], 0, _MOST).astype(np.int64)
    known = events.sum(1) > 0
    return Prototypes(table[known, :DIMENSIONS], events[known, 0], events[known, 1])


def _variance(found: Variance | None) -> Numbers:
    if found is None:
        return np.zeros(_VARIANCE)
    return np.array([found.units, found.batches, found.variance, found.unbiased, found.margin])


def _read_variance(numbers: Numbers) -> Variance | None:
    units, batches, variance, unbiased, margin = (float(number) for number in numbers)
    if units < 1 or batches < 1:
        return None
    baseline = 1 - 1 / units
    return Variance(
        units=_count(units),
        batches=_count(batches),
        variance=variance,
        unbiased=unbiased if batches > 1 else math.nan,
        baseline=baseline,
        baseline_here=(1 - 1 / batches) * baseline,
        margin=margin,
    )


def _neighbourhood(found: Neighbourhood | None, count: int) -> Numbers:
    if found is None:
        return np.zeros(_NEIGHBOURHOOD)
    regions = np.zeros((MOST_PROTOTYPES, _REGION))
    regions[:count, 0] = found.region_contexts[:count]
    regions[:count, 1] = found.regions[:count]
    figures = (found.contexts, found.neighbours, found.permutations, found.baseline, found.chance)
    return np.concatenate([figures, regions.ravel()])


def _read_neighbourhood(numbers: Numbers, regions: int) -> Neighbourhood | None:
    contexts, neighbours, permutations, baseline, chance = (float(number) for number in numbers[:5])
    if contexts < 1:
        return None
    table = numbers[5:].reshape(MOST_PROTOTYPES, _REGION)[:regions]
    members = np.clip(table[:, 0], 0, _MOST).astype(np.intp)
    by_region = np.where(members > 0, table[:, 1], np.nan)
    return Neighbourhood(
        _count(contexts), _count(neighbours), permutations, baseline, chance, by_region, members
    )


def _layers(layers: tuple[LayerFigures, ...]) -> Numbers:
    table = np.zeros((MOST_LAYERS, _LAYER))
    for layer in layers:
        table[layer.layer, :2] = layer.minibatches, layer.activity
        table[layer.layer, 2:] = _variance(layer.variance)
    return table.ravel()


def _read_layers(numbers: Numbers) -> tuple[LayerFigures, ...]:
    return tuple(
        LayerFigures(number, float(row[1]), _count(row[0]), _read_variance(row[2:]))
        for number, row in enumerate(numbers.reshape(MOST_LAYERS, _LAYER))
        if row[0] >= 1
    )


def _vocabulary(found: VocabularyFigures | None) -> Numbers:
    if found is None:
        return np.zeros(_VOCABULARY)
    return np.concatenate(
        [
            (found.uses, found.distinct),
            found.bucket_uses,
            found.bucket_distinct,
            found.coverage,
            found.coverage_in_order,
        ]
    )


def _read_vocabulary(numbers: Numbers, size: int) -> VocabularyFigures | None:
    if not size:
        return None
    rest = _Rest(numbers)
    uses, distinct = rest.take(2)
    found = VocabularyFigures(
        size=size,
        uses=_count(uses),
        distinct=_count(distinct),
        bucket_uses=rest.take(BUCKETS),
        bucket_distinct=rest.take(BUCKETS),
        coverage=rest.take(len(CURVE)),
        coverage_in_order=rest.take(len(CURVE)),
    )
    if found.uses:
        return found
    nothing = np.full(len(CURVE), np.nan)
    return replace(found, coverage=nothing, coverage_in_order=nothing)
