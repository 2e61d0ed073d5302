"""What the statistics say: figures only, without text and without anything by token or neuron."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from foretype.statistics.hits import HitTable
from foretype.statistics.neighbourhood import Neighbourhood
from foretype.statistics.neurons import Layer
from foretype.statistics.permutation import PermutationVariance
from foretype.statistics.prototypes import Prototypes
from foretype.statistics.vocabulary import CURVE, VocabularyRange

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Variance:
    """Permutation variance of one set of units, without what is told unit by unit."""

    units: int
    batches: int
    variance: float
    unbiased: float
    baseline: float
    baseline_here: float
    margin: float
    """To the second-best matching, in what a unit is off by chance; nan where there is none."""

    @classmethod
    def of(cls, found: PermutationVariance, *, margin: float = math.nan) -> "Variance":
        """The totals of `found`."""
        return cls(
            found.units,
            found.batches,
            found.variance,
            found.unbiased,
            found.baseline,
            found.baseline_here,
            margin,
        )


@dataclass(frozen=True)
class LayerFigures:
    """The FFN neurons of one layer."""

    layer: int
    activity: float
    """Mean size of an activation over neurons and tokens."""
    minibatches: int
    variance: Variance | None
    """None until one was matched."""

    @classmethod
    def of(cls, number: int, layer: Layer) -> "LayerFigures":
        """The totals of `layer`."""
        found = layer.variance()
        return cls(
            number,
            float(layer.activity.mean()) if layer.units else math.nan,
            layer.batches,
            Variance.of(found, margin=layer.margin()) if found else None,
        )


@dataclass(frozen=True)
class VocabularyFigures:
    """How much of a vocabulary of `size` tokens the words need; uses and tokens by bucket."""

    size: int
    uses: int
    distinct: int
    bucket_uses: Numbers
    bucket_distinct: Numbers
    coverage: Numbers
    """By the user's own commonest CURVE tokens; nan without a use."""
    coverage_in_order: Numbers
    """By the model's first CURVE tokens."""

    @classmethod
    def of(cls, found: VocabularyRange) -> "VocabularyFigures":
        """The totals of `found`."""
        uses, distinct = found.buckets()
        return cls(
            size=len(found.uses),
            uses=found.total,
            distinct=found.distinct,
            bucket_uses=uses.astype(np.float64),
            bucket_distinct=distinct.astype(np.float64),
            coverage=found.coverage(CURVE),
            coverage_in_order=found.coverage_in_order(CURVE),
        )


@dataclass(frozen=True)
class Report:
    """One window. What could not be said yet is None or empty; `troubles` are for people only."""

    hits: HitTable
    prototypes: Prototypes
    prototype_variance: Variance | None = None
    proposal_variance: Variance | None = None
    neighbourhood: Neighbourhood | None = None
    layers: tuple[LayerFigures, ...] = ()
    vocabulary: VocabularyFigures | None = None
    troubles: tuple[str, ...] = ()

    @property
    def word_starts(self) -> int:
        """How long the window is: word starts at which the first proposal came out either way."""
        return int(self.prototypes.events.sum())

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all was counted yet."""
        words = self.vocabulary.uses if self.vocabulary else 0
        return not (self.hits.counts.any() or self.word_starts or self.layers or words)
