"""Weights that are trained while they lie on levels: rounded ones compute, latent ones learn.

Gradients pass straight through the rounding where a weight is within the levels, and the levels'
distances learn too (LSQ, Esser et al., arXiv 1902.08153), relative to what they were: Adam moves
every number by about its rate, which is a fifth of some distances after a hundred steps.
"""

from collections.abc import Mapping

import torch
from torch import Tensor

from foretype.compress.solver import LARGEST_SCALE, not_zero, round_to, whole_scales
from foretype.model.config import GROUP
from foretype.model.dense_model import DenseModel, Scales
from foretype.model.layout import middle

LATENT, GROWTH = "latent/", "growth/"  # what the trained tensors' names begin with


class Grids:
    """The matrices among `names` that have scales; all other weights are left alone.

    `weights` are the tensors that the forward pass reads; those of our matrices are written to.
    """

    def __init__(
        self, model: DenseModel, weights: Mapping[str, Tensor], names: list[str], *, first: int
    ) -> None:
        """`first` is the step from which on weights are rounded."""
        self._weights = {name: weights[name] for name in names if name in model.scales}
        self._bits = {name: model.encoding(name).bits for name in self._weights}
        self._pruned = {
            name: torch.from_numpy(model.pruned(name)).to(each.device)
            for name, each in self._weights.items()
        }
        self._first = first
        self._rounded = False
        self.latent = {
            name: each.detach().clone().requires_grad_() for name, each in self._weights.items()
        }
        self._first_steps = {
            name: torch.from_numpy(model.scales[name].steps()).to(each.device)
            for name, each in self._weights.items()
        }
        self.growth = {
            name: torch.ones_like(each).requires_grad_() for name, each in self._first_steps.items()
        }

    def parameters(self) -> dict[str, Tensor]:
        """What is trained, by names of its own."""
        return {LATENT + name: each for name, each in self.latent.items()} | {
            GROWTH + name: each for name, each in self.growth.items()
        }

    def held(self) -> dict[str, Tensor]:
        """Where a latent weight has been pruned."""
        return {LATENT + name: each for name, each in self._pruned.items() if bool(each.any())}

    def begin(self, step: int) -> None:
        """Weights for the step that begins."""
        self._rounded = step >= self._first
        with torch.no_grad():
            for name, weight in self._weights.items():
                weight.copy_(self._round(name) if self._rounded else self.latent[name])

    def gather(self) -> None:
        """Gradients of the weights, handed on to what they were made of."""
        with torch.no_grad():
            for name, weight in self._weights.items():
                gradient = weight.grad
                weight.grad = None
                if gradient is None:
                    continue
                if not self._rounded:
                    self.latent[name].grad = gradient
                    self.growth[name].grad = torch.zeros_like(self.growth[name])
                    continue
                self._hand_on(name, gradient.masked_fill_(self._pruned[name], 0))

    def _hand_on(self, name: str, gradient: Tensor) -> None:
        steps = self._steps(name)
        shape = (*steps.shape, GROUP)
        place = self.latent[name].view(shape) / not_zero(steps)[..., None]
        rounded = round_to(place, torch.ones_like(place), self._bits[name])
        half = middle(self._bits[name])
        within = (place >= -half - 0.5) & (place <= half - 0.5)
        by_group = gradient.view(shape)
        self.latent[name].grad = (by_group * within).view_as(gradient)
        by_step = (by_group * (rounded - place * within)).sum(-1)
        self.growth[name].grad = by_step * self._first_steps[name]

    def _steps(self, name: str) -> Tensor:
        return self._first_steps[name] * self.growth[name]

    def _round(self, name: str) -> Tensor:
        row_scale, group_scale = self._integers(name)
        sizes = (row_scale[:, None] * group_scale).repeat_interleave(GROUP, 1)
        rounded = round_to(self.latent[name], sizes, self._bits[name])
        return rounded.masked_fill(self._pruned[name], 0)

    def _integers(self, name: str) -> tuple[Tensor, Tensor]:
        """The steps as a file holds them: [rows], and -127..127 [rows, groups]."""
        steps = self._steps(name)
        row_scale = steps.abs().amax(1) / LARGEST_SCALE
        used = ~self._pruned[name].view(*steps.shape, GROUP).all(-1)
        return row_scale, whole_scales(steps, row_scale[:, None]) * used

    def finish(self) -> dict[str, Scales]:
        """Leave the weights rounded; their scales."""
        self.begin(self._first)
        scales = {}
        with torch.no_grad():
            for name in self._weights:
                row_scale, group_scale = self._integers(name)
                scales[name] = Scales(
                    group_scale.to(torch.int8).cpu().numpy(), row_scale.detach().cpu().numpy()
                )
        return scales
