"""Which code carries out which stage."""

from collections.abc import Callable, Mapping
from typing import Any

from foretype.compress.adapt import adapt
from foretype.compress.common import name_common
from foretype.compress.depth import drop_layers
from foretype.compress.local import narrow_attention
from foretype.compress.prune import prune
from foretype.compress.quantise import quantise
from foretype.compress.rebalance import rebalance
from foretype.compress.recover import recover
from foretype.compress.settings import StageSettings
from foretype.compress.threshold import study_thresholds
from foretype.compress.trim import trim_vocabulary
from foretype.compress.width import drop_neurons
from foretype.compress.workbench import Result, Workbench
from foretype.model.dense_model import DenseModel

_BY_NAME: Mapping[str, Callable[[Any, DenseModel, Workbench], Result]] = {
    "adapt": adapt,
    "vocabulary": trim_vocabulary,
    "common": name_common,
    "depth": drop_layers,
    "local": narrow_attention,
    "width": drop_neurons,
    "rebalance": rebalance,
    "prune": prune,
    "quantise": quantise,
    "recover": recover,
    "threshold": study_thresholds,
}


def carry_out(settings: StageSettings, model: DenseModel, bench: Workbench) -> Result:
    """Run one stage."""
    return _BY_NAME[settings.name](settings, model, bench)
