"""What the FFN neurons of a layer do with text: facts for the stages width and rebalance."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from foretype.compress.network import Network
from foretype.compress.sweep import AT_ONCE
from foretype.compress.watch import Watch
from foretype.statistics.neurons import Layer

DIMENSIONS = 64  # of a signature
PROJECTION_SEED = 64
BATCH_TOKENS = 256  # of a mini-batch


@dataclass
class Neurons:
    """Of one layer with F neurons and inputs of width D."""

    inputs: Tensor  # sum of squares of what gate and up are given [D]
    together: Tensor  # sum of a a^T over tokens [F, F]: how activations go together
    activity: Tensor  # sum of |a| [F]
    tokens: int
    signatures: Layer | None  # over mini-batches, where they were asked for


def watch_neurons(
    network: Network, tokens: Tensor, watch: Watch, *, signatures: bool = False
) -> dict[int, Neurons]:
    """Of all layers, in one pass over tokens [count, T]; the first of each text is left out."""
    found: dict[int, Neurons] = {}
    given: dict[int, Tensor] = {}
    plain = network.linear
    random = np.random.default_rng(PROJECTION_SEED)
    shape = (network.config.width, DIMENSIONS)
    projection = random.standard_normal(shape, np.float32) / np.sqrt(np.float32(DIMENSIONS))
    projected = torch.from_numpy(projection).to(tokens.device) if signatures else None

    def watched(name: str, x: Tensor) -> Tensor:
        _, number, part = name.split(".", 2)
        layer = int(number)
        if part == "ffn.gate":
            given[layer] = x[:, 1:].flatten(0, 1)
        if part == "ffn.down":
            _see(found, layer, given.pop(layer), x[:, 1:].flatten(0, 1), projected)
        return plain(name, x)

    network.linear = watched
    watch.begin("neurons", len(tokens), "sequences")
    try:
        with torch.no_grad():
            for part in tokens.split(AT_ONCE):
                network.hidden(part)
                watch.advance(len(part))
    finally:
        network.linear = plain
    return found


def _see(
    found: dict[int, Neurons], layer: int, inputs: Tensor, active: Tensor, projection: Tensor | None
) -> None:
    """Inputs [N, D] and activations [N, F] of some more tokens."""
    width = active.shape[1]
    if layer not in found:
        found[layer] = Neurons(
            torch.zeros(inputs.shape[1], device=inputs.device),
            torch.zeros(width, width, device=active.device),
            torch.zeros(width, device=active.device),
            0,
            None if projection is None else Layer.of(width),
        )
    each = found[layer]
    each.inputs += inputs.square().sum(0)
    each.together += active.T @ active
    each.activity += active.abs().sum(0)
    each.tokens += len(active)
    if projection is None:
        return
    for begin in range(0, len(active) - BATCH_TOKENS + 1, BATCH_TOKENS):
        rows = slice(begin, begin + BATCH_TOKENS)
        means = active[rows].T @ (inputs[rows] @ projection) / BATCH_TOKENS
        size = active[rows].abs().mean(0)
        assert each.signatures is not None
        each.signatures = each.signatures.seeing(means.cpu().numpy(), size.cpu().numpy())


def salience(weights: Mapping[str, Tensor], layer: int, neurons: Neurons) -> dict[str, Tensor]:
    """|w| x norm of its input, squared (Wanda, arXiv 2306.11695), of each FFN matrix."""
    prefix = f"layers.{layer}.ffn."
    active = neurons.together.diagonal()
    return {
        "gate": weights[prefix + "gate"].square() * neurons.inputs,
        "up": weights[prefix + "up"].square() * neurons.inputs,
        "down": weights[prefix + "down"].square() * active,
    }


def reordered(
    weights: dict[str, Tensor], layer: int, order: npt.NDArray[np.intp]
) -> dict[str, Tensor]:
    """The FFN matrices with their neurons in this order, or only these of them; contiguous."""
    prefix = f"layers.{layer}.ffn."
    index = torch.from_numpy(np.ascontiguousarray(order)).to(weights[prefix + "gate"].device)
    return {
        prefix + "gate": weights[prefix + "gate"][index],
        prefix + "up": weights[prefix + "up"][index],
        prefix + "down": weights[prefix + "down"][:, index].contiguous(),
    }
