"""Stage: re-order FFN neurons, which changes nothing, so that blocks gather what matters.

16 neurons are a block's rows in gate and up, 4 are its columns in down. Blocks are packed by
turns: each set of 16 keeps the columns that matter to it most, then each neuron moves to the set
whose columns matter to it most (the Hungarian method: every set has 16 places).
"""

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from foretype.compress.blocks import KERNEL_BLOCK, block_sums, kept_share
from foretype.compress.network import Network
from foretype.compress.neurons import reordered, salience, watch_neurons
from foretype.compress.settings import Rebalance
from foretype.compress.workbench import Result, Workbench, with_weights, without_scales
from foretype.model.dense_model import DenseModel
from foretype.statistics.extra import assign

ROWS, COLUMNS = 16, 4
Order = npt.NDArray[np.intp]
Salience = npt.NDArray[np.float64]


def rebalance(settings: Rebalance, model: DenseModel, bench: Workbench) -> Result:
    """The best of three orders for each layer: as it is, by size, packed."""
    weights = bench.tensors(model)
    network = Network(model.config, weights)
    batches = bench.batches(model, length=settings.length, purpose="rebalance")
    tokens = batches.batch(range(settings.sequences))[:, :-1].to(bench.device)
    found = watch_neurons(network, tokens, bench.watch)
    before, after = {}, {}
    bench.watch.begin("rebalance", len(found), "layers")
    for layer, neurons in found.items():
        salient = salience(weights, layer, neurons)
        as_it_is = np.arange(len(salient["gate"]), dtype=np.intp)
        orders = [as_it_is, _by_size(salient), packed(salient, settings)]
        kept = [_kept(salient, order, settings.density) for order in orders]
        best = int(np.argmax(kept))
        weights.update(reordered(weights, layer, orders[best]))
        before[layer], after[layer] = kept[0], kept[best]
        bench.watch.advance(1)
    changed = without_scales(model, [name for name in model.matrices() if ".ffn." in name])
    notes = {
        "density": settings.density,
        "kept_saliency_before": sum(before.values()) / len(before),
        "kept_saliency_after": sum(after.values()) / len(after),
        "by_layer": {layer: (before[layer], after[layer]) for layer in before},
    }
    return Result(with_weights(changed, weights), notes)


def _kept(salient: dict[str, Tensor], order: Order, density: float) -> float:
    """Mean over the three matrices of the share of saliency that blocks of this density keep."""
    index = torch.from_numpy(order).to(salient["gate"].device)
    shares = [
        kept_share(salient["gate"][index], KERNEL_BLOCK, density),
        kept_share(salient["up"][index], KERNEL_BLOCK, density),
        kept_share(salient["down"][:, index].contiguous(), KERNEL_BLOCK, density),
    ]
    return sum(shares) / len(shares)


def _by_size(salient: dict[str, Tensor]) -> Order:
    """The neurons that matter most first."""
    totals = {"gate": salient["gate"].sum(1), "up": salient["up"].sum(1)}
    totals["down"] = salient["down"].sum(0)
    shares = torch.stack([each / each.sum() for each in totals.values()]).sum(0)
    order: Order = shares.argsort(descending=True, stable=True).cpu().numpy()
    return order


def packed(salient: dict[str, Tensor], settings: Rebalance) -> Order:
    """Sets of 16 by gate and up, then sets of 4 within and between them by down."""
    rows = np.concatenate([_profile(salient["gate"].T), _profile(salient["up"].T)], axis=1)
    columns = _profile(salient["down"], height=ROWS)
    order = _by_size(salient)
    order = _pack(rows, order, ROWS, settings)
    return _within(columns, order, settings)


def _profile(salient: Tensor, height: int = COLUMNS) -> Salience:
    """What each neuron [F] has in each stretch of `height` inputs or outputs, as shares."""
    sums = block_sums(salient, (height, 1)).T
    profile: Salience = (sums / sums.sum()).double().cpu().numpy()
    return profile


def _pack(profiles: Salience, order: Order, size: int, settings: Rebalance) -> Order:
    """Sets of `size` neurons that keep the same stretches; profiles are [F, stretches]."""
    sets = len(order) // size
    for _ in range(settings.rounds):
        sums = profiles[order].reshape(sets, size, -1).sum(1)
        count = round(settings.density * sums.size)
        least = np.partition(sums.ravel(), -count)[-count] if count else np.inf
        gains = profiles @ (sums >= least).T.astype(np.float64)  # [F, sets]
        places = assign(-np.repeat(gains, size, axis=1))
        order = np.argsort(places, kind="stable").astype(np.intp)
    return order


def _within(profiles: Salience, order: Order, settings: Rebalance) -> Order:
    """Sets of 4 within each set of 16, which gate and up do not notice."""
    sets = []
    for begin in range(0, len(order), ROWS):
        members = order[begin : begin + ROWS]
        sets.append(members[_pack(profiles[members], np.arange(ROWS), COLUMNS, settings)])
    return np.concatenate(sets)
