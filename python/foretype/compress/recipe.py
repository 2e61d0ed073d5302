"""A recipe: the stages of a compression in their order, each with its parameters.

docs/howto/compress.md documents every parameter. Nothing here needs torch.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from foretype.compress.parameters import make, parameter
from foretype.compress.settings import STAGES, Common, StageSettings
from foretype.errors import SettingError


@dataclass(frozen=True)
class Measure:
    """How the effect of each stage on held-out text is measured."""

    windows: int = parameter(48, least=1)  # pieces of held-out text, over all kinds
    window_bytes: int = parameter(1000, least=32)


@dataclass(frozen=True)
class Recipe:
    """What is done, in order."""

    stages: tuple[StageSettings, ...]
    measure: Measure = field(default_factory=Measure)
    seed: int | None = None


DEFAULT = Recipe(tuple(STAGES[name]() for name in ("vocabulary", "adapt", "quantise", "recover")))


def read_recipe(path: Path) -> Recipe:
    """Raises SettingError: what is wrong, and where."""
    try:
        content = json.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(f"Cannot read the recipe {path}: {error}.") from error
    except json.JSONDecodeError as error:
        raise SettingError(
            f"{path} is not JSON: {error.msg} in line {error.lineno}, column {error.colno}."
        ) from error
    return recipe_of(content, where=str(path))


def recipe_of(content: Any, *, where: str) -> Recipe:
    """A recipe from its JSON value. Raises SettingError."""
    if not isinstance(content, dict):
        raise SettingError(f"{where} must be an object with a list of stages.")
    unknown = content.keys() - {"stages", "measure", "seed"}
    if unknown:
        raise SettingError(
            f"{where} has an unknown key {min(unknown)!r}; it may have stages, measure, seed."
        )
    listed = content.get("stages")
    if not isinstance(listed, list) or not listed:
        raise SettingError(f'{where} needs a list of "stages".')
    stages = tuple(
        _stage(entry, where=f"{where}, stage {number}")
        for number, entry in enumerate(listed, start=1)
    )
    measure = content.get("measure", {})
    if not isinstance(measure, dict):
        raise SettingError(f"{where}: measure must be an object.")
    seed = content.get("seed")
    if seed is not None and (not isinstance(seed, int) or isinstance(seed, bool) or seed < 0):
        raise SettingError(f"{where}: seed must be a whole number of at least 0, not {seed!r}.")
    check_order(stages, where=where)
    return Recipe(stages, make(Measure, measure, where=f"{where}, measure"), seed)


def _stage(entry: Any, *, where: str) -> StageSettings:
    if not isinstance(entry, Mapping) or not isinstance(entry.get("stage"), str):
        raise SettingError(f'{where} must be an object that names its "stage".')
    name = entry["stage"]
    _check_name(name, where)
    settings = {key: value for key, value in entry.items() if key != "stage"}
    return make(STAGES[name], settings, where=f"{where} ({name})")


def _check_name(name: str, where: str) -> None:
    if name not in STAGES:
        raise SettingError(f"{where}: there is no stage {name!r}; there are: {', '.join(STAGES)}.")


def only(recipe: Recipe, names: Sequence[str]) -> Recipe:
    """The stages that are named, as the recipe has them; with their defaults where it has none.

    Raises SettingError.
    """
    stages: list[StageSettings] = []
    for name in names:
        _check_name(name, "--stages")
        found = [stage for stage in recipe.stages if stage.name == name]
        stages += [stage for stage in found or [STAGES[name]()] if stage not in stages]
    check_order(tuple(stages), where="--stages")
    return Recipe(tuple(stages), recipe.measure, recipe.seed)


# What a stage would undo: blocks come apart when neurons move, levels when weights are trained.
MUST_PRECEDE = {
    "width": ("prune", "quantise"),
    "rebalance": ("prune", "quantise"),
    "prune": ("quantise",),
    "adapt": ("quantise",),
}


def check_order(stages: Sequence[StageSettings], *, where: str) -> None:
    """Raise SettingError where a stage would undo an earlier one, or could not go on from it."""
    before: list[StageSettings] = []
    for stage in stages:
        undone = next(
            (each for each in before if each.name in MUST_PRECEDE.get(stage.name, ())), None
        )
        if undone:
            raise SettingError(
                f"{where}: {stage.name} would undo {undone.name}; it must come before."
            )
        lossy = next((each for each in before if each.lossy), None)
        if stage.name == "vocabulary" and lossy:
            raise SettingError(
                f"{where}: vocabulary must come before {lossy.name}, so that the teacher of "
                "recover has the same tokens."
            )
        apart = next((each for each in before if isinstance(each, Common) and each.others), None)
        if apart and stage.name in ("quantise", "common"):
            raise SettingError(
                f"{where}: {stage.name} would undo common, which rounds the other tokens' rows; it "
                "must come before."
            )
        before.append(stage)


def as_json(stage: StageSettings) -> dict[str, Any]:
    """A stage as a recipe has it, all parameters said."""
    return {"stage": stage.name, **vars(stage)}
