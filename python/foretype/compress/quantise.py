"""Stage: round weights to few levels, error-compensated, on what was kept."""

from dataclasses import replace

import torch
from torch import Tensor

from foretype.compress.network import Network
from foretype.compress.settings import Quantise
from foretype.compress.solver import inverse_factor, round_plainly, solve
from foretype.compress.sweep import AT_ONCE, Gathered, sweep
from foretype.compress.workbench import Result, Workbench, with_weights
from foretype.model.dense_model import EMBEDDING, DenseModel, Encoding, Scales


def quantise(settings: Quantise, model: DenseModel, bench: Workbench) -> Result:
    """Matrices that were pruned in blocks stay sparse, in 4 bits."""
    weights = bench.tensors(model)
    network = Network(model.config, weights)
    batches = bench.batches(model, length=settings.length, purpose="quantise")
    tokens = batches.batch(range(settings.sequences))[:, :-1].to(bench.device)
    encodings = {name: encoding_of(settings, model, name) for name in model.matrices()}
    scales: dict[str, Scales] = {}

    def change(name: str, matrix: Tensor, hessian: Tensor) -> Tensor:
        encoding = encodings[name]
        factor = inverse_factor(hessian, settings.damping)
        sparse = encoding is Encoding.SPARSE_4
        kept = torch.from_numpy(~model.pruned(name)).to(matrix.device) if sparse else None
        solved = solve(matrix, factor, bits=encoding.bits, kept=kept)
        assert solved.scales is not None
        scales[name] = solved.scales
        return solved.weights

    sweep(
        network,
        weights,
        tokens,
        change,
        wanted=lambda name: encodings[name].coded,
        watch=bench.watch,
        title="quantise",
    )
    head = Encoding(settings.head)
    if head.coded:
        solved = round_plainly(weights[EMBEDDING], head_importance(network, tokens), head.bits)
        assert solved.scales is not None
        weights[EMBEDDING], scales[EMBEDDING] = solved.weights, solved.scales
    changed = replace(
        with_weights(model, weights),
        encodings={**encodings, EMBEDDING: head},
        scales=scales,
    )
    return Result(changed, {"matrices": _counted(encodings)})


def encoding_of(settings: Quantise, model: DenseModel, name: str) -> Encoding:
    """Of a matrix: what was pruned in blocks, its full name, its part, its layer, or the rest."""
    if model.encoding(name) is Encoding.SPARSE_4:
        return Encoding.SPARSE_4
    _, layer, part = name.split(".", 2)
    for key in (name, part, f"layers.{layer}"):
        if key in settings.parts:
            return Encoding(settings.parts[key])
    return Encoding(settings.encoding)


def head_importance(network: Network, tokens: Tensor) -> Tensor:
    """Mean square of what the head is given [D]."""
    found = Gathered()
    with torch.no_grad():
        for part in tokens.split(AT_ONCE):
            found.add(network.hidden(part))
    return found.total.diagonal()


def _counted(encodings: dict[str, Encoding]) -> dict[str, int]:
    kinds = list(encodings.values())
    return {str(kind): kinds.count(kind) for kind in sorted(set(kinds))}
