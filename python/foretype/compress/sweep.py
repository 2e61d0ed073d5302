"""Goes through a model layer by layer and changes its matrices, knowing what they are given.

A matrix's inputs are those that the layers before it, changed already, really hand on; so each
matrix also makes up for what was lost before it.
"""

from collections.abc import Callable, Mapping

import torch
from torch import Tensor

from foretype.compress.network import Network
from foretype.compress.watch import Watch

AT_ONCE = 8  # sequences
# Matrices that are given the same inputs, in the order in which a layer comes to them.
SHARING = (
    ("attention.query", "attention.key", "attention.value"),
    ("attention.output",),
    ("ffn.gate", "ffn.up"),
    ("ffn.down",),
)

Change = Callable[[str, Tensor, Tensor], Tensor]
"""Told (name, weights [rows, columns], Hessian [columns, columns]); answers new weights."""


class _Reached(Exception):
    """The forward pass has come to the matrix whose inputs were wanted."""


def sweep(
    network: Network,
    weights: dict[str, Tensor],
    tokens: Tensor,
    change: Change,
    *,
    wanted: Callable[[str], bool],
    watch: Watch,
    title: str,
) -> None:
    """Change `weights`, which `network` computes with, in place; tokens are [count, T]."""
    watch.begin(title, network.config.layers, "layers")
    with torch.no_grad():
        states = [network.embed(part) for part in tokens.split(AT_ONCE)]
        rotation = network.rotation(tokens.shape[1], states[0])
        for layer in range(network.config.layers):
            for parts in SHARING:
                names = [f"layers.{layer}.{part}" for part in parts]
                names = [name for name in names if wanted(name)]
                if not names:
                    continue
                hessian = _hessian(network, layer, f"layers.{layer}.{parts[0]}", states, rotation)
                for name in names:
                    weights[name] = change(name, weights[name], hessian)
            states = [network.layer(layer, state, rotation) for state in states]
            watch.advance(1)


def _hessian(
    network: Network,
    layer: int,
    name: str,
    states: list[Tensor],
    rotation: tuple[Tensor, Tensor],
) -> Tensor:
    """Sum of x x^T over the inputs of one matrix."""
    found = Gathered()
    plain = network.linear

    def watched(each: str, x: Tensor) -> Tensor:
        if each != name:
            return plain(each, x)
        found.add(x)
        raise _Reached

    network.linear = watched
    try:
        for state in states:
            try:
                network.layer(layer, state, rotation)
            except _Reached:
                continue
    finally:
        network.linear = plain
    return found.total


class Gathered:
    """A Hessian that grows.

    Tokens larger than the middle one count as much as it: else a few massive ones, the first of
    each text above all, would decide everything.
    """

    def __init__(self) -> None:
        self.total: Tensor = torch.zeros(())

    def add(self, x: Tensor) -> None:
        """Inputs [B, T, columns]."""
        flat = x.flatten(0, 1)
        sizes = flat.norm(dim=1, keepdim=True)
        flat = flat * (sizes.median() / sizes.clamp_min(1e-6)).clamp_max(1)
        self.total = flat.T @ flat + self.total.to(flat.device)


def hessians(
    network: Network, tokens: Tensor, *, wanted: Callable[[str], bool], watch: Watch, title: str
) -> Mapping[str, Tensor]:
    """Of the matrices as they are, all in one pass."""
    found: dict[str, Gathered] = {}
    plain = network.linear

    def watched(name: str, x: Tensor) -> Tensor:
        if wanted(name):
            found.setdefault(name, Gathered()).add(x)
        return plain(name, x)

    network.linear = watched
    watch.begin(title, len(tokens), "sequences")
    try:
        with torch.no_grad():
            for part in tokens.split(AT_ONCE):
                network.hidden(part)
                watch.advance(len(part))
    finally:
        network.linear = plain
    return {name: each.total for name, each in found.items()}
