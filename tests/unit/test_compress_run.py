"""`foretype compress` from end to end, on a tiny model: made whole, resumed, refused in time."""

import json
from pathlib import Path
from typing import Any

import pytest
from compress_samples import TORCH_MISSING, dense_model, write_mix

from foretype.cli import main
from foretype.model import read_info
from foretype.model.dense_model import read_dense, write_dense

torch = pytest.importorskip("torch", reason=TORCH_MISSING)

from foretype.compress import training  # noqa: E402

SHORT = {"length": 24, "batch": 2, "micro_batch": 1, "save_every": 2}
ALL_STAGES = [
    {"stage": "vocabulary", "tokens": 8},
    {"stage": "adapt", "steps": 5, **SHORT},
    {"stage": "depth", "count": 1, "windows": 2, "length": 24},
    {"stage": "width", "share": 0.7, "sequences": 4, "length": 24},
    {"stage": "rebalance", "sequences": 4, "length": 24},
    {"stage": "prune", "densities": [0.8, 0.6], "sequences": 4, "length": 24, "blocks": "4x4"},
    {"stage": "recover", "steps": 5, **SHORT},
    {"stage": "threshold", "sequences": 2, "length": 24},
]


class Place:
    """Files of one compression."""

    def __init__(self, folder: Path, stages: list[dict[str, Any]]) -> None:
        folder.mkdir(exist_ok=True)
        self.model = folder / "tiny.safetensors"
        if not self.model.exists():
            write_dense(self.model, dense_model(layers=3))
            write_mix(folder / "mix.jsonl")
        self.text = folder / "mix.jsonl"
        self.output = folder / "small.foretype.safetensors"
        self.work = folder / "work"
        self.recipe = folder / "recipe.json"
        measure = {"windows": 4, "window_bytes": 80}
        self.recipe.write_text(json.dumps({"stages": stages, "measure": measure}))

    def run(self, *more: str) -> int:
        return main(
            [
                *("compress", str(self.model), "--text", str(self.text)),
                *("--output", str(self.output), "--work", str(self.work)),
                *("--recipe", str(self.recipe), *more),
            ]
        )

    def kept(self, stage: str) -> Path:
        (path,) = self.work.glob(f"*-{stage}-*.dense.safetensors")
        return path


def test_all_stages_make_a_model_and_a_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = Place(tmp_path, ALL_STAGES)
    assert place.run() == 0
    said = capsys.readouterr().out
    info = read_info(place.output)
    assert (info.name, info.config.layers, info.config.ffn_width) == ("small", 2, 64)
    report = json.loads((place.work / "report.json").read_text())
    assert [stage["stage"] for stage in report["stages"]] == [each["stage"] for each in ALL_STAGES]
    for before, after in zip(report["stages"], report["stages"][1:], strict=False):
        assert before["after"] == after["before"]
    for stage in report["stages"]:
        assert f"| {stage['stage']} |" in said
    assert not [path for path in place.work.iterdir() if path.is_dir()]


@pytest.mark.parametrize("stage", ["adapt", "recover"])
@pytest.mark.parametrize("stops", [(1,), (3,), (2, 4)])
def test_an_interrupted_training_ends_with_the_same_bits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stage: str, stops: tuple[int, ...]
) -> None:
    quantise = {"stage": "quantise", "encoding": "q4_1"}
    stages = [{"stage": stage, "steps": 5, **SHORT}]
    if stage == "recover":
        stages = [{**quantise, "sequences": 2, "length": 24}, *stages]
    whole, broken = Place(tmp_path / "a", stages), Place(tmp_path / "b", stages)
    assert whole.run() == 0
    take_step = training.Training._step
    for stop in stops:

        def interrupted(self: Any, step: int, loss: Any, stop: int = stop) -> float:
            if step == stop:
                raise KeyboardInterrupt
            return take_step(self, step, loss)

        monkeypatch.setattr(training.Training, "_step", interrupted)
        assert broken.run() == 130
        assert not broken.output.exists()
    steps = []

    def counted(self: Any, step: int, loss: Any) -> float:
        steps.append(step)
        return take_step(self, step, loss)

    monkeypatch.setattr(training.Training, "_step", counted)
    assert broken.run() == 0
    assert steps[0] == stops[-1] // 2 * 2
    assert broken.output.read_bytes() == whole.output.read_bytes()


def test_what_is_done_is_not_done_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = Place(tmp_path, ALL_STAGES[:2])
    assert place.run() == 0
    first = place.output.read_bytes()
    capsys.readouterr()
    assert place.run() == 1
    assert "exists already" in capsys.readouterr().err
    assert place.run("--force", "--json") == 0
    captured = capsys.readouterr()
    assert captured.err.count("done before") == 2
    assert json.loads(captured.out)["file_bytes"] == len(first)
    assert place.output.read_bytes() == first


def test_a_changed_stage_and_what_follows_is_done_anew(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert Place(tmp_path, ALL_STAGES[:2]).run() == 0
    stages = [ALL_STAGES[0], {**ALL_STAGES[1], "steps": 3}]
    capsys.readouterr()
    assert Place(tmp_path, stages).run("--force") == 0
    assert capsys.readouterr().err.count("done before") == 1


def test_stages_and_seed_may_be_named(tmp_path: Path) -> None:
    place = Place(tmp_path, ALL_STAGES)
    assert place.run("--stages", "adapt") == 0
    first = read_dense(place.kept("adapt")).weights["layers.0.ffn.up"]
    place.kept("adapt").unlink()
    assert place.run("--stages", "adapt", "--seed", "2", "--force") == 0
    other = read_dense(place.kept("adapt")).weights["layers.0.ffn.up"]
    assert (first != other).any()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"model": "none"}, "There is no model at"),
        ({"text": "none"}, "Cannot read"),
        ({"stages": [{"stage": "depth", "layers": [3]}]}, "names layer 3; the model has 3"),
        ({"stages": [{"stage": "depth", "count": 3}]}, "would leave no layer"),
    ],
)
def test_nothing_is_begun_that_cannot_be_done(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], change: dict[str, Any], sentence: str
) -> None:
    place = Place(tmp_path, change.get("stages", ALL_STAGES))
    for name in ("model", "text"):
        if name in change:
            setattr(place, name, tmp_path / change[name])
    assert place.run() == 1
    assert sentence in capsys.readouterr().err
    assert not place.output.exists()
    assert not list(place.work.glob("*.safetensors"))


def test_two_do_not_work_in_one_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import fcntl

    place = Place(tmp_path, ALL_STAGES[:1])
    place.work.mkdir()
    with (place.work / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert place.run() == 1
    assert "Another compression is at work" in capsys.readouterr().err


def test_a_training_that_diverges_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stage = {"stage": "adapt", "steps": 40, **SHORT, "learning_rate": 1e30, "warm_up": 0}
    assert Place(tmp_path, [stage]).run() == 1
    assert "try a lower learning_rate" in capsys.readouterr().err
