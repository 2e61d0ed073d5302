"""Stage: fine-tune on the texts. The embedding stays: rare tokens would only be blurred."""

from collections.abc import Sequence

import torch
from torch import Tensor

from foretype.compress.device import half
from foretype.compress.head_loss import HeadLoss
from foretype.compress.network import Network
from foretype.compress.settings import Adapt
from foretype.compress.training import Training, held
from foretype.compress.workbench import Result, Workbench, with_weights, without_scales
from foretype.model.dense_model import EMBEDDING, DenseModel


def adapt(settings: Adapt, model: DenseModel, bench: Workbench) -> Result:
    """All weights but the embedding; what was pruned stays so."""
    weights = bench.tensors(model)
    network = Network(model.config, weights)
    batches = bench.batches(model, length=settings.length, purpose="train")
    trained = {name: each.requires_grad_() for name, each in weights.items() if name != EMBEDDING}
    narrow = half(settings.precision, bench.device, kept=bench.folder)
    head = HeadLoss(weights[EMBEDDING], half=narrow)

    def loss(numbers: Sequence[int]) -> Tensor:
        tokens = batches.batch(numbers).to(bench.device)
        with torch.autocast(bench.device.type, torch.bfloat16, enabled=narrow):
            hidden = network.hidden(tokens[:, :-1])
        return head.of_text(hidden, tokens)

    training = Training(
        trained,
        settings,
        folder=bench.folder,
        key=bench.key,
        watch=bench.watch,
        held=held(model, trained),
    )
    said = training.run("adapt", loss)
    changed = without_scales(model, trained)
    return Result(with_weights(changed, weights), {"training": vars(said), "bfloat16": narrow})
