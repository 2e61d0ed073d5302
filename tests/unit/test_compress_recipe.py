"""Recipes: what may be said, and the sentence for what may not."""

import json
from pathlib import Path
from typing import Any

import pytest
from compress_samples import CONFIG, dense_model

from foretype.compress import checks
from foretype.compress.recipe import Recipe, as_json, only, read_recipe, recipe_of
from foretype.compress.settings import STAGES, Adapt, Common, Depth, Prune, Quantise, Threshold
from foretype.errors import SettingError, StorageError


def test_every_stage_has_defaults_and_comes_back() -> None:
    for name, kind in STAGES.items():
        entry = json.loads(json.dumps(as_json(kind())))
        assert recipe_of({"stages": [entry]}, where="r").stages == (kind(),), name


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ([], "r must be an object with a list of stages."),
        ({}, 'r needs a list of "stages".'),
        ({"stages": []}, 'r needs a list of "stages".'),
        ({"stages": [{"stage": "adapt"}], "speed": 1}, "unknown key 'speed'"),
        ({"stages": [{}]}, 'stage 1 must be an object that names its "stage"'),
        ({"stages": [{"stage": "melt"}]}, "stage 1: there is no stage 'melt'; there are: adapt"),
        ({"stages": [{"stage": "adapt", "step": 3}]}, "stage 1 (adapt) has no parameter 'step'"),
        ({"stages": [{"stage": "adapt", "steps": "3"}]}, "steps must be a whole number, not '3'"),
        ({"stages": [{"stage": "adapt", "steps": True}]}, "steps must be a whole number, not True"),
        ({"stages": [{"stage": "adapt", "steps": 0}]}, "steps must be at least 1, not 0"),
        ({"stages": [{"stage": "prune", "blocks": "2x2"}]}, "blocks must be one of 16x4, 8x4"),
        ({"stages": [{"stage": "prune", "densities": [1.5]}]}, "densities must be at most 1"),
        ({"stages": [{"stage": "prune", "densities": 0.5}]}, "densities must be a list"),
        ({"stages": [{"stage": "quantise", "parts": {"ffn.up": "q9"}}]}, "parts must be one of"),
        ({"stages": [{"stage": "adapt"}], "seed": -1}, "seed must be a whole number"),
        ({"stages": [{"stage": "adapt"}], "measure": {"windows": 0}}, "windows must be at least 1"),
        (
            {"stages": [{"stage": "depth"}, {"stage": "vocabulary"}]},
            "vocabulary must come before depth",
        ),
        (
            {"stages": [{"stage": "prune"}, {"stage": "rebalance"}]},
            "rebalance would undo prune; it must come before",
        ),
        (
            {"stages": [{"stage": "common", "others": "coded3"}, {"stage": "quantise"}]},
            "quantise would undo common",
        ),
    ],
)
def test_what_is_wrong_is_said(content: Any, sentence: str) -> None:
    with pytest.raises(SettingError) as caught:
        recipe_of(content, where="r")
    assert sentence in str(caught.value)


def test_a_file_that_is_no_json_is_named_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "recipe.json"
    path.write_text('{"stages": [}')
    with pytest.raises(SettingError, match=r"recipe\.json is not JSON: .* in line 1, column 13"):
        read_recipe(path)
    with pytest.raises(SettingError, match="Cannot read the recipe"):
        read_recipe(tmp_path / "none.json")


def test_stages_of_a_recipe_are_chosen_by_name() -> None:
    recipe = Recipe((Adapt(steps=7), Prune(), Adapt(steps=9)))
    assert only(recipe, ["adapt"]).stages == (Adapt(steps=7), Adapt(steps=9))
    assert only(recipe, ["threshold"]).stages == (Threshold(),)
    with pytest.raises(SettingError, match="there is no stage 'x'"):
        only(recipe, ["x"])


@pytest.mark.parametrize(
    ("stage", "sentence"),
    [
        (Depth(layers=(2,)), "names layer 2; the model has 2"),
        (Depth(count=2), "would leave no layer"),
        (Depth(layers=(0, 1)), "would leave no layer"),
        (Prune(parts=("ffn.side",)), "names 'ffn.side'; a layer has: attention.query"),
        (Quantise(parts={"layers.2": "q4_1"}), "names 'layers.2'"),
        (Threshold(parts=("head",)), "names 'head'"),
    ],
)
def test_a_stage_must_fit_the_model(stage: Any, sentence: str) -> None:
    with pytest.raises(SettingError) as caught:
        stage.check(CONFIG)
    assert sentence in str(caught.value)


def test_a_stage_may_name_parts_layers_and_matrices() -> None:
    Quantise(parts={"ffn.up": "q4_1", "layers.1": "coded3", "layers.0.ffn.up": "coded4"}).check(
        CONFIG
    )


def test_a_head_that_is_not_coded_is_said_before_work_starts() -> None:
    common = Common(others="coded3")
    for stages in ((common,), (Quantise(head="int8"), common)):
        with pytest.raises(SettingError, match="let quantise come before it, with head coded4"):
            checks.check_head(Recipe(stages), dense_model())
    checks.check_head(Recipe((Quantise(head="coded4"), common)), dense_model())


def test_too_little_memory_is_said_before_work_starts() -> None:
    recipe, config = Recipe((Adapt(),)), dense_model().config
    with pytest.raises(SettingError, match=r"needs about .* GB of memory"):
        checks.check_memory(recipe, config, available=1000)
    checks.check_memory(recipe, config, available=10**12)


def test_a_full_disk_is_said_before_work_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = type("Usage", (), {"free": 1000})
    monkeypatch.setattr(checks.shutil, "disk_usage", lambda path: usage)
    with pytest.raises(StorageError, match="GB are free there: free some"):
        checks.check_disk(Recipe((Adapt(),)), dense_model().config, tmp_path)


def test_an_output_that_stands_there_or_cannot_be_written_is_refused(tmp_path: Path) -> None:
    output, work = tmp_path / "out", tmp_path / "work"
    checks.check_places(output, work, force=False)
    output.touch()
    checks.check_places(output, work, force=True)
    with pytest.raises(StorageError, match="exists already"):
        checks.check_places(output, work, force=False)
    with pytest.raises(StorageError, match="Cannot write"):
        checks.check_places(output / "below" / "file", work, force=False)
