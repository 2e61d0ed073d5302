"""Stage: let layers' attention see the newest tokens alone, those named or those of least effect.

What attention costs grows with the tokens it sees; most layers look no further than a sentence or
two back. The first token stays in sight: attention without it loses its footing (an "attention
sink", Xiao et al., arXiv 2309.17453).
"""

from dataclasses import replace

import torch

from foretype.compress.device import half
from foretype.compress.network import Network, text_loss
from foretype.compress.settings import Local
from foretype.compress.workbench import Result, Workbench
from foretype.model.config import Config
from foretype.model.dense_model import DenseModel

AT_ONCE = 4  # sequences


def narrow_attention(settings: Local, model: DenseModel, bench: Workbench) -> Result:
    """No weight changes."""
    effects: dict[str, float] = {}
    chosen = list(settings.layers)
    if not chosen:
        effects = _effects(settings, model, bench)
        chosen = sorted(range(model.config.layers), key=lambda layer: effects[str(layer)])
        chosen = sorted(chosen[: settings.count])
    config = with_windows(model.config, chosen, settings.window)
    return Result(replace(model, config=config), {"layers": chosen, "effects": effects})


def with_windows(config: Config, layers: list[int], window: int) -> Config:
    """These layers see so many tokens, the others what they saw."""
    windows = (
        window if layer in layers else config.attention_window(layer)
        for layer in range(config.layers)
    )
    return replace(config, attention_windows=tuple(windows))


def _effects(settings: Local, model: DenseModel, bench: Workbench) -> dict[str, float]:
    """Nats a token, behind a long text, that each layer costs when it alone is limited."""
    weights = bench.tensors(model)
    batches = bench.batches(model, length=settings.length, purpose="local")
    tokens = batches.batch(range(settings.sequences)).to(bench.device)
    narrow = half(settings.precision, bench.device, kept=bench.folder)

    def loss(config: Config) -> float:
        network, total = Network(config, weights), 0.0
        with torch.no_grad(), torch.autocast(bench.device.type, torch.bfloat16, enabled=narrow):
            for part in tokens.split(AT_ONCE):
                end = network.hidden(part[:, :-1])[:, -settings.scored :]
                said = float(text_loss(network, end, part[:, -settings.scored - 1 :]))
                total += said * len(part) / len(tokens)
        return total

    bench.watch.begin("local", model.config.layers + 1, "layers")
    before = loss(model.config)
    bench.watch.advance(1)
    effects = {}
    for layer in range(model.config.layers):
        effects[str(layer)] = loss(with_windows(model.config, [layer], settings.window)) - before
        bench.watch.advance(1)
    return {layer: round(effect, 5) for layer, effect in effects.items()}
