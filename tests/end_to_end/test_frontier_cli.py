"""`foretype bench frontier` as people run it: two small models in the real engine."""

import json
from pathlib import Path

import pytest
from tests.end_to_end.test_replay_cli import ROWS, foretype

from foretype.reference.tiny_model import write_tiny_model


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "data.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    return path


def test_a_larger_model_takes_longer_and_is_said_to(data: Path, tmp_path: Path) -> None:
    small = write_tiny_model(tmp_path / "small.model")
    large = write_tiny_model(tmp_path / "large.model", layers=24, ffn_width=512)
    save = tmp_path / "figures" / "frontier.json"
    save.parent.mkdir()
    asked = (
        "bench", "frontier", "--baseline", f"small={small}", "--candidate", f"large={large}",
        "--data", data, "--score-last", "150", "--save", save, "--runs", "2",
        "--budget-ms=-1",
    )  # fmt: skip
    done = foretype(*asked, "--json")
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert figures == json.loads(save.read_text())
    beside = figures["differences"]["small"]["large"]
    assert beside["lm_processor_ms_ratio"]["low"] > 2
    assert beside["timed_in_turns"] == 1
    for name, file in (("small", small), ("large", large)):
        of = figures["contenders"][name]
        assert 0 < of["points"]["free"]["ks"] < 1
        assert of["file_mb"] == file.stat().st_size / 1e6
        assert 0 < of["resident_mb"] < 100
    again = foretype(*asked, "--json")
    known = json.loads(again.stdout)
    changing = {"load_average_1_minute"}
    assert {k: v for k, v in known.items() if k not in changing} == {
        k: v for k, v in figures.items() if k not in changing
    }
    page = tmp_path / "page.md"
    assert foretype("bench", "report", save.parent, "--output", page).returncode == 0
    assert ", slower |" in page.read_text()
    assert page.with_name("frontier.svg").read_text().startswith("<svg ")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((), 2, "at least one model is needed"),
        (("--candidate", "nothing"), 2, "'nothing' is not NAME=FILE"),
        (("--candidate", "gone=gone.model"), 1, "There is no model at gone.model."),
    ],
)
def test_what_cannot_be_compared_is_one_sentence(
    data: Path, tmp_path: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    save = tmp_path / "out.json"
    done = foretype("bench", "frontier", "--data", data, "--save", save, *arguments)
    assert done.returncode == code
    assert said in done.stderr
    assert not list(tmp_path.glob("out*"))
