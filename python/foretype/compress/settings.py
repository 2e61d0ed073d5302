"""The stages and their parameters, as recipes name them. Nothing here needs torch."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from foretype.compress.parameters import parameter
from foretype.errors import SettingError
from foretype.model.config import LEAST_WINDOW, Config

BLOCKS = ("16x4", "8x4", "4x4", "16x1", "1x1")
SCORES = (
    "magnitude",
    "activity",
    "weighted-activity",
    "permutation-variance",
    "merge",
)
ENCODINGS = ("q4_1", "coded3", "coded4")
HEAD_ENCODINGS = ("int8", "coded4")
OTHERS_ENCODINGS = ("coded3",)
PRECISIONS = ("auto", "float32", "bfloat16")


@dataclass(frozen=True)
class StageSettings:
    """What all stages have."""

    name: ClassVar[str] = ""
    lossy: ClassVar[bool] = False  # the model before it is the teacher

    def check(self, config: Config) -> None:
        """Raise SettingError if the stage cannot be carried out on a model of this shape."""


@dataclass(frozen=True)
class TrainingSettings(StageSettings):
    """What the stages that train have."""

    steps: int = parameter(1000, least=1)
    learning_rate: float = parameter(1e-4, least=0)
    warm_up: int = parameter(8, least=0)  # steps
    batch: int = parameter(8, least=1)  # sequences of a step
    micro_batch: int = parameter(4, least=1)  # of which so many are computed at once
    length: int = parameter(256, least=2)  # tokens of a sequence
    weight_decay: float = parameter(0.01, least=0)
    save_every: int = parameter(50, least=1)  # steps
    # Of products with matrices; weights, norms and losses stay in float32. auto: what is faster.
    precision: str = parameter("auto", choices=PRECISIONS)


@dataclass(frozen=True)
class Adapt(TrainingSettings):
    """Fine-tune all weights but the embedding on the texts."""

    name: ClassVar[str] = "adapt"


@dataclass(frozen=True)
class Vocabulary(StageSettings):
    """Keep the commonest tokens of the texts, all bytes and control tokens."""

    name: ClassVar[str] = "vocabulary"

    tokens: int = parameter(32000, least=1)


@dataclass(frozen=True)
class Common(StageSettings):
    """Name the tokens that the output head is computed for before a user has written others."""

    name: ClassVar[str] = "common"

    tokens: int = parameter(16000, least=1)  # the commonest, beside all bytes
    others: str | None = parameter(None, choices=OTHERS_ENCODINGS)  # of all others' rows


@dataclass(frozen=True)
class Local(StageSettings):
    """Let most layers' attention see the newest tokens alone, and the first."""

    name: ClassVar[str] = "local"
    lossy: ClassVar[bool] = True

    window: int = parameter(128, least=LEAST_WINDOW)  # tokens
    layers: tuple[int, ...] = parameter((), least=0)  # these; else by effect
    count: int = parameter(1, least=0)  # so many of least effect
    sequences: int = parameter(6, least=1)  # that the effect is measured on
    length: int = parameter(512, least=LEAST_WINDOW + 1)
    scored: int = parameter(192, least=1)  # tokens at the end of each
    precision: str = parameter("auto", choices=PRECISIONS)

    def check(self, config: Config) -> None:
        """There must be such layers."""
        missing = [layer for layer in self.layers if layer >= config.layers]
        if missing or self.count > config.layers:
            named = missing[0] if missing else self.count
            raise SettingError(
                f"The stage local names layer {named}; the model has {config.layers}."
                if missing
                else f"The stage local asks for {named} layers; the model has {config.layers}."
            )
        if self.scored > self.length:
            raise SettingError("The stage local scores more tokens than a sequence has.")


@dataclass(frozen=True)
class Depth(StageSettings):
    """Leave out whole layers."""

    name: ClassVar[str] = "depth"
    lossy: ClassVar[bool] = True

    layers: tuple[int, ...] = parameter((), least=0)  # these; else by effect
    count: int = parameter(1, least=0)  # so many of least effect, one after the other
    windows: int = parameter(12, least=1)  # sequences that the effect is measured on
    length: int = parameter(256, least=2)
    precision: str = parameter("auto", choices=PRECISIONS)

    def check(self, config: Config) -> None:
        """Some layers must be left."""
        missing = [layer for layer in self.layers if layer >= config.layers]
        if missing:
            raise SettingError(
                f"The stage depth names layer {missing[0]}; the model has {config.layers}."
            )
        if (len(set(self.layers)) or self.count) >= config.layers:
            raise SettingError("The stage depth would leave no layer.")


@dataclass(frozen=True)
class Width(StageSettings):
    """Leave out FFN neurons."""

    name: ClassVar[str] = "width"
    lossy: ClassVar[bool] = True

    share: float = parameter(0.9, least=0, most=1)  # of each layer's neurons that stays
    score: str = parameter("weighted-activity", choices=SCORES)
    compensate: bool = parameter(True)  # the rest takes over what it can, by least squares
    sequences: int = parameter(48, least=1)
    length: int = parameter(256, least=2)


@dataclass(frozen=True)
class Rebalance(StageSettings):
    """Re-order FFN neurons, which changes nothing, so that blocks gather what matters."""

    name: ClassVar[str] = "rebalance"

    density: float = parameter(0.5, least=0, most=1)  # that the order is made for
    rounds: int = parameter(6, least=0)
    sequences: int = parameter(48, least=1)
    length: int = parameter(256, least=2)


@dataclass(frozen=True)
class Prune(StageSettings):
    """Take weights away in blocks; the others make up for what they can."""

    name: ClassVar[str] = "prune"
    lossy: ClassVar[bool] = True

    densities: tuple[float, ...] = parameter((0.75,), least=0, most=1)  # one pass for each
    blocks: str = parameter("16x4", choices=BLOCKS)
    parts: tuple[str, ...] = parameter(("ffn.gate", "ffn.up", "ffn.down"))
    by_sensitivity: bool = parameter(True)  # densities by matrix, of this mean
    least: float = parameter(0.25, least=0, most=1)  # density of any matrix
    probe_windows: int = parameter(4, least=1)  # sequences that sensitivity is measured on
    sequences: int = parameter(64, least=1)
    length: int = parameter(256, least=2)
    damping: float = parameter(0.01, least=1e-6)

    def check(self, config: Config) -> None:
        """The parts must be matrices."""
        _check_parts(self.name, self.parts, config)


@dataclass(frozen=True)
class Quantise(StageSettings):
    """Round weights to few levels; those not yet rounded make up for what they can."""

    name: ClassVar[str] = "quantise"
    lossy: ClassVar[bool] = True

    encoding: str = parameter("coded4", choices=ENCODINGS)
    # Of a part, a layer ("layers.3") or one matrix, where it is another than `encoding`.
    parts: dict[str, str] = parameter({}, choices=ENCODINGS)  # noqa: RUF009
    head: str = parameter("int8", choices=HEAD_ENCODINGS)
    sequences: int = parameter(64, least=1)
    length: int = parameter(256, least=2)
    damping: float = parameter(0.01, least=1e-6)

    def check(self, config: Config) -> None:
        """The keys of `parts` must be parts, layers, or matrices of layers."""
        parts = config.matrices()
        layers = [f"layers.{layer}" for layer in range(config.layers)]
        known = {*parts, *layers, *(f"{layer}.{part}" for layer in layers for part in parts)}
        _check_parts(self.name, self.parts, config, known=known)


@dataclass(frozen=True)
class Recover(TrainingSettings):
    """Train on what the teacher says: what was pruned stays so, what was rounded on levels."""

    name: ClassVar[str] = "recover"
    lossy: ClassVar[bool] = True

    weight_decay: float = parameter(0.0, least=0)
    sequences: int | None = parameter(None, least=1)  # of the teacher; by default one for each
    text: float = parameter(0.3, least=0)  # weight of the text itself beside the teacher
    features: float = parameter(0.0, least=0)  # weight of the distance of last hidden states
    round_from: float = parameter(0.0, least=0, most=1)  # share of the steps before rounding
    # Learning rates, times the other: of latent weights, in distances from level to level, and of
    # these distances, relative to what they were.
    latent_rate: float = parameter(30.0, least=0)
    scale_rate: float = parameter(3.0, least=0)
    teacher: str | None = parameter(None)  # a model; by default that before the first loss


@dataclass(frozen=True)
class Threshold(StageSettings):
    """Measure what leaving small activations out would cost; changes nothing."""

    name: ClassVar[str] = "threshold"

    shares: tuple[float, ...] = parameter((0.3, 0.4, 0.5), least=0, most=1)
    parts: tuple[str, ...] = parameter(("ffn.down",))
    sequences: int = parameter(16, least=1)
    length: int = parameter(256, least=2)

    def check(self, config: Config) -> None:
        """The parts must be matrices."""
        _check_parts(self.name, self.parts, config)


def _check_parts(
    stage: str, parts: Iterable[str], config: Config, *, known: Iterable[str] | None = None
) -> None:
    unknown = set(parts) - set(known or config.matrices())
    if unknown:
        raise SettingError(
            f"The stage {stage} names {min(unknown)!r}; a layer has: "
            f"{', '.join(config.matrices())}."
        )


STAGES: dict[str, type[StageSettings]] = {
    kind.name: kind
    for kind in (
        Adapt,
        Vocabulary,
        Common,
        Depth,
        Local,
        Width,
        Rebalance,
        Prune,
        Quantise,
        Recover,
        Threshold,
    )
}
