"""What is looked at before work starts: one sentence each, and nothing is half-written."""

import os
import shutil
from pathlib import Path

from foretype.compress.recipe import Recipe
from foretype.compress.settings import Common, Quantise, Recover, StageSettings, TrainingSettings
from foretype.errors import SettingError, StorageError
from foretype.model.atomic import storage_error
from foretype.model.config import Config
from foretype.model.dense_model import EMBEDDING, DenseModel, Encoding
from foretype.model.info import count_parameters

FLOAT = 4  # bytes
TEACHER_TOKEN = 272  # bytes that recovery keeps of the teacher for each token, without features
SPARE = 200_000_000  # bytes of disk that stay free
TRAINING_COPIES = 5  # the model itself, weights, gradients, two moments
OTHER_COPIES = 3  # the model itself, weights, what becomes of them


def check_places(output: Path, work: Path, *, force: bool) -> None:
    """StorageError if the result could not be written where it shall be."""
    if output.is_dir() or (output.exists() and not force):
        raise StorageError(f"{output} exists already; choose another place, or replace it: --force")
    for folder in (output.parent, work):
        _check_writable(folder)


def _check_writable(folder: Path) -> None:
    probe = folder / f".probe-{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise storage_error(folder, error) from error


def check_head(recipe: Recipe, model: DenseModel) -> None:
    """SettingError if rows of the head are to be rounded further that will not be in 4 bits."""
    coded = model.encoding(EMBEDDING) is Encoding.CODED_4 and EMBEDDING in model.scales
    for stage in recipe.stages:
        if isinstance(stage, Quantise):
            coded = Encoding(stage.head) is Encoding.CODED_4
        if isinstance(stage, Common) and stage.others and not coded:
            raise SettingError(
                "The stage common rounds the other tokens' rows of a head that is coded4: "
                "let quantise come before it, with head coded4."
            )


def check_disk(recipe: Recipe, config: Config, work: Path) -> None:
    """StorageError if the checkpoints of the stages would not fit."""
    needed = disk_needed(recipe, config)
    used = sum(file.stat().st_size for file in work.rglob("*") if file.is_file())
    free = shutil.disk_usage(work).free + used
    if free < needed:
        raise StorageError(
            f"{work} needs {needed / 1e9:.1f} GB for the checkpoints of these stages and "
            f"{free / 1e9:.1f} GB are free there: free some, or choose another --work."
        )


def disk_needed(recipe: Recipe, config: Config) -> int:
    """Bytes: a checkpoint for each stage, the largest training state, the teacher's answers."""
    model = count_parameters(config) * FLOAT
    trains = any(isinstance(stage, TrainingSettings) for stage in recipe.stages)
    teacher = sum(_teacher_bytes(stage, config) for stage in recipe.stages)
    # Twice the state: the one before stands until the next is whole.
    states = 2 * 3 * model if trains else 0
    return len(recipe.stages) * model + states + teacher + SPARE


def _teacher_bytes(stage: StageSettings, config: Config) -> int:
    if not isinstance(stage, Recover):
        return 0
    features = 2 * config.width if stage.features else 0
    return teacher_sequences(stage) * stage.length * (TEACHER_TOKEN + features)


def teacher_sequences(stage: Recover) -> int:
    """How many sequences the teacher answers for."""
    return stage.sequences or stage.steps * stage.batch


def check_memory(recipe: Recipe, config: Config, *, available: int | None = None) -> None:
    """SettingError if a stage would not fit into the memory that is free."""
    free = memory_available() if available is None else available
    needed = max(memory_needed(stage, config) for stage in recipe.stages)
    if free is not None and free < needed:
        raise SettingError(
            f"Compressing this model needs about {needed / 1e9:.1f} GB of memory and "
            f"{free / 1e9:.1f} GB are free: close other programs, or lower micro_batch."
        )


def memory_needed(stage: StageSettings, config: Config) -> int:
    """Bytes, roughly."""
    model = count_parameters(config) * FLOAT
    if not isinstance(stage, TrainingSettings):
        return OTHER_COPIES * model
    tokens = stage.micro_batch * stage.length
    layers = config.layers * 12 * config.width + config.vocabulary
    return TRAINING_COPIES * model + tokens * layers * FLOAT * 3


def memory_available() -> int | None:
    """Bytes that programs may still take; None where the system does not say."""
    try:
        lines = Path("/proc/meminfo").read_text("ascii").splitlines()
        fields = dict(line.split(":", 1) for line in lines)
        return int(fields["MemAvailable"].split()[0]) * 1024
    except (OSError, KeyError, ValueError, IndexError):
        return None
