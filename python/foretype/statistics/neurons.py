"""Permutation variance of a layer's FFN neurons, from the mini-batches seen so far."""

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from foretype.profile.minibatches import DIMENSIONS, MiniBatch
from foretype.statistics.matching import match
from foretype.statistics.permutation import PermutationVariance, permutation_variance
from foretype.statistics.prototypes import scale

Half = npt.NDArray[np.float16]
Single = npt.NDArray[np.float32]

# The first mini-batches of a layer become its reference, in which their noise is averaged out;
# from then on each is matched to it, and the last MOST_MATCHED matchings make Pbar.
REFERENCE_BATCHES = 2
MOST_MATCHED = 32
MOST_LAYERS = 64
LARGEST = 60_000.0  # what float16 holds, nearly


@dataclass(frozen=True)
class Layer:
    """What is kept of one layer with L units."""

    reference: Half
    """Mean signatures [L, 64] of the first mini-batches, each unit under its own number."""
    reference_batches: int
    batches: int
    """Mini-batches seen, those of the reference included."""
    activity: Single
    """Mean size of the activation [L] over all of them."""
    matches: npt.NDArray[np.uint16]
    """Of the last mini-batches [N, L]: the reference unit that each unit was matched to."""
    margins: Single
    """Of the same [N]: to the second-best matching, in units of `prototypes.scale`."""

    @classmethod
    def of(cls, units: int) -> "Layer":
        """A layer of which nothing has been seen."""
        return cls(
            reference=np.zeros((units, DIMENSIONS), np.float16),
            reference_batches=0,
            batches=0,
            activity=np.zeros(units, np.float32),
            matches=np.zeros((0, units), np.uint16),
            margins=np.zeros(0, np.float32),
        )

    @property
    def units(self) -> int:
        """L."""
        return len(self.activity)

    def seeing(self, means: Single, activity: Single) -> "Layer":
        """One more mini-batch, with finite numbers."""
        seen = self.batches + 1
        mean_activity = self.activity + (activity - self.activity) / seen
        later = replace(self, batches=seen, activity=mean_activity.astype(np.float32))
        if self.reference_batches < REFERENCE_BATCHES:
            known = self.reference.astype(np.float32)
            known += (means - known) / (self.reference_batches + 1)
            return replace(
                later,
                reference=known.astype(np.float16),
                reference_batches=self.reference_batches + 1,
            )
        found = match(means, self.reference)
        margin = found.margin / scale(self.reference) if math.isfinite(found.margin) else 0.0
        matches = np.vstack((self.matches, found.targets.astype(np.uint16)))
        return replace(
            later,
            matches=matches[-MOST_MATCHED:],
            margins=np.append(self.margins, np.float32(margin))[-MOST_MATCHED:],
        )

    def variance(self) -> PermutationVariance | None:
        """PV over the matched mini-batches; None before the first."""
        return permutation_variance(self.matches.astype(np.int32)) if len(self.matches) else None

    def margin(self) -> float:
        """Mean margin to the second-best matching; nan before the first."""
        return float(self.margins.mean()) if len(self.margins) else math.nan


@dataclass(frozen=True)
class Neurons:
    """The layers by their number, and which files of mini-batches are in them already."""

    layers: dict[int, Layer]
    digested: tuple[str, ...] = ()
    refused: int = 0
    """Mini-batches passed over just now, since they held numbers that are none."""

    def seeing(self, batch: MiniBatch) -> "Neurons":
        """One more mini-batch; one with numbers that are none is counted and left out."""
        means = np.frombuffer(batch.means, "<f4").reshape(-1, DIMENSIONS)
        activity = np.frombuffer(batch.activity, "<f4")
        sound = np.abs(means).max(initial=0) <= LARGEST and np.isfinite(activity).all()
        if not sound or not 0 <= batch.layer < MOST_LAYERS or len(activity) != len(means):
            return replace(self, refused=self.refused + 1)
        layer = self.layers.get(batch.layer)
        if layer is None or layer.units != len(activity):  # of another model: begin anew
            layer = Layer.of(len(activity))
        return replace(self, layers={**self.layers, batch.layer: layer.seeing(means, activity)})
