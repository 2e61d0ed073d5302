"""Stage: take weights away in blocks, densities by measured sensitivity."""

from dataclasses import replace

import torch
from torch import Tensor

from foretype.compress.blocks import KERNEL_BLOCK, choose
from foretype.compress.network import Network
from foretype.compress.sensitivity import allot, sensitivities
from foretype.compress.settings import Prune
from foretype.compress.solver import inverse_factor, saliency, solve
from foretype.compress.sweep import sweep
from foretype.compress.workbench import Result, Workbench, with_weights, without_scales
from foretype.model.dense_model import DenseModel, Encoding


def prune(settings: Prune, model: DenseModel, bench: Workbench) -> Result:
    """One pass over the model for each density, from the highest; zeros stay."""
    weights = bench.tensors(model)
    network = Network(model.config, weights)
    names = [name for name in model.matrices() if name.split(".", 2)[2] in settings.parts]
    batches = bench.batches(model, length=settings.length, purpose="prune")
    tokens = batches.batch(range(settings.sequences))[:, :-1].to(bench.device)
    costs = None
    if settings.by_sensitivity:
        costs = sensitivities(settings, model, bench, names)
    densities: dict[str, float] = {}
    for density in sorted(settings.densities, reverse=True):
        sizes = {name: weights[name].numel() for name in names}
        densities = allot(costs, sizes, mean=density, least=settings.least)

        def change(
            name: str, matrix: Tensor, hessian: Tensor, wanted: dict[str, float] = densities
        ) -> Tensor:
            factor = inverse_factor(hessian, settings.damping)
            kept = choose(saliency(matrix, factor), settings.blocks, wanted[name])
            return solve(matrix, factor, kept=kept & (matrix != 0)).weights

        sweep(
            network,
            weights,
            tokens,
            change,
            wanted=densities.__contains__,
            watch=bench.watch,
            title=f"prune {density:g}",
        )
    changed = without_scales(with_weights(model, weights), names)
    if settings.blocks == KERNEL_BLOCK:
        sparse = dict.fromkeys(names, Encoding.SPARSE_4)
        changed = replace(changed, encodings={**changed.encodings, **sparse})
    return Result(changed, {"density": _mean_density(weights, names), "densities": densities})


def _mean_density(weights: dict[str, Tensor], names: list[str]) -> float:
    kept = sum(int(torch.count_nonzero(weights[name])) for name in names)
    return float(kept / sum(weights[name].numel() for name in names))
