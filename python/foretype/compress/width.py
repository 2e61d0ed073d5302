"""Stage: leave out FFN neurons, the least of them by one of several scores."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from foretype.compress.network import Network
from foretype.compress.neurons import Neurons, reordered, salience, watch_neurons
from foretype.compress.settings import Width
from foretype.compress.workbench import Result, Workbench, with_weights, without_scales
from foretype.errors import SettingError
from foretype.model.config import GROUP
from foretype.model.dense_model import DenseModel

DAMPING = 0.01  # of the least squares, relative to the mean activation


def drop_neurons(settings: Width, model: DenseModel, bench: Workbench) -> Result:
    """The same share of each layer, in whole groups of 32."""
    weights = bench.tensors(model)
    network = Network(model.config, weights)
    batches = bench.batches(model, length=settings.length, purpose="width")
    tokens = batches.batch(range(settings.sequences))[:, :-1].to(bench.device)
    variance = settings.score == "permutation-variance"
    found = watch_neurons(network, tokens, bench.watch, signatures=variance)
    lost = {}
    for layer, neurons in found.items():
        kept = _kept(settings, weights, layer, neurons)
        down = f"layers.{layer}.ffn.down"
        narrow = reordered(weights, layer, kept.cpu().numpy())
        if settings.compensate:
            narrow[down] = weights[down] @ _taking_over(neurons.together, kept)
        lost[layer] = _lost(weights[down], narrow[down], neurons.together, kept)
        weights.update(narrow)
    widths = {len(weights[f"layers.{layer}.ffn.gate"]) for layer in found}
    config = replace(model.config, ffn_width=max(widths))
    changed = without_scales(model, [name for name in model.matrices() if ".ffn." in name])
    notes = {"ffn_width": max(widths), "share_of_output_lost": lost}
    return Result(replace(with_weights(changed, weights), config=config), notes)


def _kept(settings: Width, weights: Mapping[str, Tensor], layer: int, neurons: Neurons) -> Tensor:
    """Numbers of the neurons that stay, rising."""
    width = len(neurons.activity)
    count = max(1, round(settings.share * width / GROUP)) * GROUP
    if settings.score == "merge":
        return _merged(salience(weights, layer, neurons)["down"].sum(0), neurons.together, count)
    scores = score(settings.score, weights, layer, neurons)
    return scores.argsort(descending=True, stable=True)[:count].sort().values


def score(kind: str, weights: Mapping[str, Tensor], layer: int, neurons: Neurons) -> Tensor:
    """How much each neuron is worth [F]; only the order counts."""
    prefix = f"layers.{layer}.ffn."
    down = weights[prefix + "down"]
    if kind == "magnitude":
        norms = (weights[prefix + part].norm(dim=1) for part in ("gate", "up"))
        return torch.stack([*norms, down.norm(dim=0)]).log().sum(0)
    if kind == "activity":
        return neurons.activity
    weighted = salience(weights, layer, neurons)["down"].sum(0).sqrt()
    if kind == "weighted-activity":
        return weighted
    return -_variance(neurons, layer).to(weighted.device) + 1e-9 * weighted / weighted.max()


def _merged(worth: Tensor, together: Tensor, count: int) -> Tensor:
    """Numbers of `count` neurons, rising: one goes after the other, that which another can replace.

    A neuron's loss is its worth times 1 - cosine^2 of its activations and those of the likest
    neuron that is still there.
    """
    size = together.diagonal().clamp_min(1e-12).sqrt()
    alike = (together / size[:, None] / size).square().fill_diagonal_(0)
    there = torch.ones_like(worth, dtype=torch.bool)
    for _ in range(len(worth) - count):
        loss = worth * (1 - alike.amax(1)).clamp_min(0)
        gone = loss.masked_fill(~there, torch.inf).argmin()
        there[gone] = False
        alike[:, gone] = 0
    return there.nonzero()[:, 0]


def _variance(neurons: Neurons, layer: int) -> Tensor:
    """Permutation variance of each neuron (design.md), from its signatures."""
    variance = neurons.signatures.variance() if neurons.signatures else None
    if variance is None:
        raise SettingError(
            f"The text is too short to tell the neurons of layer {layer} apart: raise sequences."
        )
    return torch.from_numpy(np.nan_to_num(variance.per_unit, nan=1.0)).float()


def _taking_over(together: Tensor, kept: Tensor) -> Tensor:
    """[F, kept]: neurons that stay count as before; those that go are said by them, by least
    squares over the texts.
    """
    inner = together[kept][:, kept].clone()
    inner.diagonal().add_(DAMPING * inner.diagonal().mean())
    taking: Tensor = torch.linalg.solve(inner, together[kept]).T.contiguous()
    taking[kept] = torch.eye(len(kept), device=taking.device)
    return taking


def _lost(before: Tensor, after: Tensor, together: Tensor, kept: Tensor) -> float:
    """Share of the squared output of `down` that is gone."""
    difference = before.clone()
    difference[:, kept] -= after
    error = ((difference @ together) * difference).sum()
    return float(error / ((before @ together) * before).sum().clamp_min(1e-30))
