"""How much each matrix's weights are worth: the loss when it alone is pruned, and what follows."""

import torch

from foretype.compress.blocks import choose
from foretype.compress.network import Network, text_loss
from foretype.compress.settings import Prune
from foretype.compress.solver import inverse_factor, saliency, solve
from foretype.compress.sweep import hessians
from foretype.compress.workbench import Workbench
from foretype.model.dense_model import DenseModel

PROBE_DENSITY = 0.5  # at which each matrix is tried
STEP = 1 / 16  # of density, by which it is given out
LEAST_COST = 1e-6  # nats: a matrix that seemed to cost nothing was measured too roughly


def sensitivities(
    settings: Prune, model: DenseModel, bench: Workbench, names: list[str]
) -> dict[str, float]:
    """Nats a token that are lost when one matrix alone is pruned to half."""
    weights = bench.tensors(model)
    network = Network(model.config, weights)
    batches = bench.batches(model, length=settings.length, purpose="probe")
    tokens = batches.batch(range(settings.probe_windows)).to(bench.device)
    given = hessians(
        network, tokens[:, :-1], wanted=set(names).__contains__, watch=bench.watch, title="inputs"
    )

    def loss() -> float:
        with torch.no_grad():
            return float(text_loss(network, network.hidden(tokens[:, :-1]), tokens))

    whole = loss()
    costs = {}
    bench.watch.begin("sensitivity", len(names), "matrices")
    for name in names:
        before = weights[name]
        factor = inverse_factor(given[name], settings.damping)
        kept = choose(saliency(before, factor), settings.blocks, PROBE_DENSITY)
        weights[name] = solve(before, factor, kept=kept).weights
        costs[name] = max(loss() - whole, LEAST_COST)
        weights[name] = before
        bench.watch.advance(1)
    return costs


def allot(
    costs: dict[str, float] | None, sizes: dict[str, int], *, mean: float, least: float
) -> dict[str, float]:
    """A density for each matrix, of this mean over all weights.

    The cost of a matrix grows with the square of what is taken from it. Steps are taken where a
    weight is cheapest until enough are gone. Without costs all have the mean.
    """
    if costs is None:
        return dict.fromkeys(sizes, mean)
    densities = dict.fromkeys(sizes, 1.0)
    left = (1 - mean) * sum(sizes.values())

    def price(name: str) -> float:
        gone = 1 - densities[name]
        return costs[name] * ((gone + STEP) ** 2 - gone**2) / sizes[name]

    while left > 0:
        free = [name for name in sizes if densities[name] - STEP >= least - 1e-9]
        if not free:
            break
        cheapest = min(free, key=price)
        step = min(STEP, left / sizes[cheapest])
        densities[cheapest] -= step
        left -= step * sizes[cheapest]
    return densities
