"""Stage: leave out whole layers, those named or those of least effect, one after the other."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from foretype.compress.device import half
from foretype.compress.network import Network, text_loss
from foretype.compress.report import write_json
from foretype.compress.settings import Depth
from foretype.compress.sweep import AT_ONCE
from foretype.compress.workbench import Result, Workbench
from foretype.errors import SettingError
from foretype.model.dense_model import DenseModel

FOUND_FILE = "depth.json"


def drop_layers(settings: Depth, model: DenseModel, bench: Workbench) -> Result:
    """The layers that are left are numbered anew, in their order."""
    if settings.layers:
        gone: list[int] = list(settings.layers)
        effects: list[dict[str, float]] = []
    else:
        gone, effects = _least_effect(settings, model, bench)
    left = [layer for layer in range(model.config.layers) if layer not in gone]
    if not left:
        raise SettingError("The stage depth would leave no layer.")
    return Result(keep_layers(model, left), {"layers_left_out": gone, "effects": effects})


def keep_layers(model: DenseModel, layers: list[int]) -> DenseModel:
    """The model with these layers alone."""
    names = {f"layers.{old}.": f"layers.{new}." for new, old in enumerate(layers)}

    def renamed(values: Mapping[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, value in values.items():
            if not name.startswith("layers."):
                found[name] = value
                continue
            _, layer, part = name.split(".", 2)
            prefix = names.get(f"layers.{layer}.")
            if prefix is not None:
                found[prefix + part] = value
        return found

    narrower = replace(
        model,
        weights=renamed(model.weights),
        encodings=renamed(model.encodings),
        scales=renamed(model.scales),
    )
    widest = max(narrower.ffn_width(layer) for layer in range(len(layers)))
    windows = tuple(model.config.attention_window(layer) for layer in layers)
    config = replace(
        model.config,
        layers=len(layers),
        ffn_width=widest,
        attention_windows=windows if any(windows) else (),
    )
    return replace(narrower, config=config)


def _least_effect(
    settings: Depth, model: DenseModel, bench: Workbench
) -> tuple[list[int], list[dict[str, float]]]:
    """Greedily: of the layers that are left, the one whose absence costs least."""
    network = Network(model.config, bench.tensors(model))
    batches = bench.batches(model, length=settings.length, purpose="depth")
    tokens = batches.batch(range(settings.windows)).to(bench.device)
    narrow = half(settings.precision, bench.device, kept=bench.folder)
    place = bench.folder / FOUND_FILE
    gone, effects = _found_before(bench)
    for _ in range(len(gone), settings.count):
        left = [layer for layer in range(model.config.layers) if layer not in gone]
        if len(left) < 2:
            raise SettingError("The stage depth would leave no layer.")
        rounds = -(-len(tokens) // AT_ONCE)
        bench.watch.begin(f"depth {len(gone) + 1}", len(left) * rounds, "layers")
        with torch.autocast(bench.device.type, torch.bfloat16, enabled=narrow):
            losses = _losses_without(network, tokens, left, bench)
        best = min(losses, key=lambda layer: losses[layer])
        gone.append(best)
        effects.append({str(layer): round(loss, 4) for layer, loss in losses.items()})
        bench.watch.say(f"depth: layer {best} goes, {losses[best]:.4f} nats a token without it")
        write_json(place, {"key": bench.key, "gone": gone, "effects": effects})
    return gone, effects


def _losses_without(
    network: Network, tokens: Tensor, left: list[int], bench: Workbench
) -> dict[int, float]:
    """Nats a token without each layer; what stands before it is computed once."""
    totals = dict.fromkeys(left, 0.0)
    with torch.no_grad():
        for part in tokens.split(AT_ONCE):
            x = network.embed(part[:, :-1])
            rotation = network.rotation(x.shape[1], x)
            for place, layer in enumerate(left):
                rest = x
                for later in left[place + 1 :]:
                    rest = network.layer(later, rest, rotation)
                hidden = network.normed("final_norm", rest)
                share = len(part) / len(tokens)
                totals[layer] += share * float(text_loss(network, hidden, part))
                x = network.layer(layer, x, rotation)
                bench.watch.advance(1)
    return totals


def _found_before(bench: Workbench) -> tuple[list[int], list[dict[str, float]]]:
    """What an interrupted run had chosen already."""
    try:
        value = json.loads((bench.folder / FOUND_FILE).read_text("utf-8"))
        return (value["gone"], value["effects"]) if value["key"] == bench.key else ([], [])
    except (OSError, ValueError, KeyError):
        return [], []
