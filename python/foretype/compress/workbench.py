"""What every stage works with, and what it hands back."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from foretype.compress.batches import Batches
from foretype.compress.held_out import HeldOut, Loss
from foretype.compress.network import Network
from foretype.compress.texts import Mix
from foretype.compress.watch import Watch
from foretype.model.dense_model import DenseModel


@dataclass(frozen=True)
class Workbench:
    """One stage's surroundings."""

    mix: Mix
    held_out: HeldOut
    folder: Path  # where the stage may keep what it needs to go on after an interruption
    key: str  # of the stage and all that led to it: what is kept under another is of no use
    seed: int
    device: torch.device
    watch: Watch
    teacher: Callable[[], DenseModel]  # the model before anything was lost
    taught_by: str  # which one that is: what it said is of no use beside another
    unrounded: Callable[[], DenseModel | None]  # the model before it was rounded, if it was
    answers: Path  # where stages keep what it said for each other

    def batches(self, model: DenseModel, *, length: int, purpose: str) -> Batches:
        """Sequences of the texts to train on; another `purpose` gets others."""
        return Batches(
            self.mix,
            model.vocabulary,
            model.config.begin_token,
            length=length,
            seed=f"{self.seed}/{purpose}",
        )

    def tensors(self, model: DenseModel) -> dict[str, Tensor]:
        """Copies of the weights, to be changed."""
        return {
            name: torch.tensor(weights, device=self.device)
            for name, weights in model.weights.items()
        }

    def loss(self, model: DenseModel) -> Loss:
        """On held-out text."""
        network = Network(model.config, self.tensors(model))
        return self.held_out.loss(network, model.vocabulary)


@dataclass(frozen=True)
class Result:
    """A stage's model, and what there is to report of it."""

    model: DenseModel
    notes: dict[str, Any] = field(default_factory=dict)


def with_weights(model: DenseModel, weights: dict[str, Tensor], **changes: Any) -> DenseModel:
    """The model with these weights in place of its own."""
    arrays = {
        name: np.ascontiguousarray(each.detach().cpu().numpy()) for name, each in weights.items()
    }
    return replace(model, weights=arrays, **changes)


def without_scales(model: DenseModel, names: Iterable[str]) -> DenseModel:
    """Matrices whose weights no longer lie on levels: they will be quantised anew."""
    changed = set(names)
    kept = {name: scales for name, scales in model.scales.items() if name not in changed}
    return replace(model, scales=kept)
