"""Weights that are trained while they lie on levels: rounded ones compute, latent ones learn.

A latent weight is a place between levels, counted in their distances, so that a learning rate
means the same in every matrix. Gradients pass straight through the rounding where a place is
within the levels, and the levels' distances learn too (as in LSQ, Esser et al., arXiv
1902.08153), relative to what they were: Adam moves every number by about its rate, whatever its
size.
"""

from collections.abc import Mapping

import torch
from torch import Tensor

from foretype.compress.solver import LARGEST_SCALE, not_zero, whole_scales
from foretype.model.config import GROUP
from foretype.model.dense_model import DenseModel, Scales
from foretype.model.groups import Dense
from foretype.model.layout import middle

LATENT, GROWTH = "latent/", "growth/"  # what the trained tensors' names begin with
INSIDE = 0.49  # of a distance: how far from its level a weight may begin without being rounded away


class Grids:
    """The matrices among `names` that have scales; all other weights are left alone.

    `weights` are the tensors that the forward pass reads; those of our matrices are written to.
    """

    def __init__(
        self,
        model: DenseModel,
        weights: Mapping[str, Tensor],
        names: list[str],
        *,
        first: int,
        unrounded: Mapping[str, Dense] | None = None,
    ) -> None:
        """Begin on the levels that the weights are on; round them from the step `first` on.

        `unrounded` are the weights before they were rounded. Latent ones begin there, or as near
        as their level lets them: one that was hardly rounded to its level leaves it soon, where
        all would leave together, late, from the middle.
        """
        self._weights = {name: weights[name] for name in names if name in model.scales}
        self._bits = {name: model.encoding(name).bits for name in self._weights}
        self._pruned = {
            name: torch.from_numpy(model.pruned(name)).to(each.device)
            for name, each in self._weights.items()
        }
        self._first = first
        self._rounded = False
        self._first_steps = {
            name: torch.from_numpy(model.scales[name].steps()).to(each.device)
            for name, each in self._weights.items()
        }
        self.growth = {
            name: torch.ones_like(each).requires_grad_() for name, each in self._first_steps.items()
        }
        self.latent = {
            name: self._begin_at(name, (unrounded or {}).get(name)).requires_grad_()
            for name in self._weights
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
                places = self._levels(name) if self._rounded else self.latent[name]
                row_scale, group_scale = self._integers(name)
                weight.copy_(_times(places, row_scale[:, None] * group_scale))
                weight.masked_fill_(self._pruned[name], 0)

    def gather(self) -> None:
        """Gradients of the weights, handed on to what they were made of."""
        with torch.no_grad():
            for name, weight in self._weights.items():
                gradient = weight.grad
                weight.grad = None
                if gradient is not None:
                    self._hand_on(name, gradient.masked_fill_(self._pruned[name], 0))

    def _hand_on(self, name: str, gradient: Tensor) -> None:
        places = self.latent[name]
        first_steps = self._first_steps[name]
        of_places = _times(gradient, first_steps * self.growth[name])
        if not self._rounded:
            places.grad = of_places
            self.growth[name].grad = torch.zeros_like(self.growth[name])
            return
        half = middle(self._bits[name])
        places.grad = of_places.mul_((places >= -half - 0.5) & (places <= half - 0.5))
        by_group = gradient.mul_(self._levels(name)).view(*first_steps.shape, GROUP)
        self.growth[name].grad = by_group.sum(-1) * first_steps

    def _begin_at(self, name: str, unrounded: Dense | None) -> Tensor:
        steps = not_zero(self._first_steps[name])
        levels = _times(self._weights[name].detach(), 1 / steps)
        if unrounded is None:
            return levels
        places = _times(torch.from_numpy(unrounded).to(levels.device), 1 / steps)
        places = places.clamp(levels - INSIDE, levels + INSIDE)
        return places.masked_fill_(self._pruned[name], 0)

    def _levels(self, name: str) -> Tensor:
        """The levels nearest to the latent places."""
        half = middle(self._bits[name])
        return self.latent[name].round().clamp_(-half, half - 1)

    def _integers(self, name: str) -> tuple[Tensor, Tensor]:
        """The steps as a file holds them: [rows], and -127..127 [rows, groups]."""
        steps = self._first_steps[name] * self.growth[name]
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


def _times(values: Tensor, steps: Tensor) -> Tensor:
    """Values [rows, columns], each times its group's step [rows, groups]."""
    return (values.view(*steps.shape, GROUP) * steps[..., None]).view_as(values)
