"""Stage that changes nothing: what leaving small activations out would cost."""

from typing import Any

import torch
import torch.nn.functional as functional
from torch import Tensor

from foretype.compress.network import Network
from foretype.compress.settings import Threshold
from foretype.compress.sweep import AT_ONCE
from foretype.compress.workbench import Result, Workbench
from foretype.model.dense_model import DenseModel


def study_thresholds(settings: Threshold, model: DenseModel, bench: Workbench) -> Result:
    """For each share: a threshold for each matrix, from the texts, then the held-out loss."""
    weights = bench.tensors(model)
    network = Network(model.config, weights)
    names = [name for name in model.matrices() if name.split(".", 2)[2] in settings.parts]
    batches = bench.batches(model, length=settings.length, purpose="threshold")
    tokens = batches.batch(range(settings.sequences))[:, :-1].to(bench.device)
    quantiles = _quantiles(network, tokens, set(names), settings.shares)
    found: dict[str, Any] = {"0": bench.held_out.loss(network, model.vocabulary).mean}
    for place, share in enumerate(settings.shares):
        skipping = _Skipping(weights, {name: quantiles[name][place] for name in names})
        network.linear = skipping.linear
        found[f"{share:g}"] = bench.held_out.loss(network, model.vocabulary).mean
        found[f"{share:g} left out"] = skipping.share
    return Result(model, {"bits_a_byte_by_share": found})


class _Skipping:
    """Multiplies without the inputs below a matrix's threshold, and counts them."""

    def __init__(self, weights: dict[str, Tensor], thresholds: dict[str, float]) -> None:
        self._weights = weights
        self._thresholds = thresholds
        self._skipped = 0
        self._seen = 0

    @property
    def share(self) -> float:
        return self._skipped / max(self._seen, 1)

    def linear(self, name: str, x: Tensor) -> Tensor:
        if name in self._thresholds:
            small = x.abs() < self._thresholds[name]
            self._skipped += int(small.sum())
            self._seen += small.numel()
            x = x.masked_fill(small, 0)
        return functional.linear(x, self._weights[name])


def _quantiles(
    network: Network, tokens: Tensor, names: set[str], shares: tuple[float, ...]
) -> dict[str, list[float]]:
    """Mean over batches of the size below which each share of a matrix's inputs lies."""
    found: dict[str, list[list[float]]] = {}
    plain = network.linear

    def watched(name: str, x: Tensor) -> Tensor:
        if name in names:
            sizes = x.abs().flatten().sort().values
            places = [min(int(share * len(sizes)), len(sizes) - 1) for share in shares]
            found.setdefault(name, []).append([float(sizes[place]) for place in places])
        return plain(name, x)

    network.linear = watched
    try:
        with torch.no_grad():
            for part in tokens.split(AT_ONCE):
                network.hidden(part)
    finally:
        network.linear = plain
    return {
        name: [sum(each) / len(each) for each in zip(*rows, strict=True)]
        for name, rows in found.items()
    }
