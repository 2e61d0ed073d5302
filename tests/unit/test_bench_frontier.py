"""Models beside each other: who is slower or worse is shown so; nothing is measured twice."""

import json
import os
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from foretype.bench.frontier import measure
from foretype.bench.frontier.command import FrontierCommand, run_frontier
from foretype.bench.frontier.others import read_others
from foretype.bench.frontier.picture import Point, frontier, picture
from foretype.bench.page import section, write_page
from foretype.errors import DataError, ModelError, SettingError
from foretype.reference.tiny_model import write_tiny_model

TEXTS = (
    "The committee meets on Thursday about the committee report.",
    "Please send the committee report to the secretary before Thursday.",
    "The secretary has the committee report, thank you for the report.",
    "Thursday is the day of the committee, the secretary said on Thursday.",
    "The report of the secretary went to the committee before Thursday.",
)
NAMES = ("base", "late", "slow")


@pytest.fixture(autouse=True)
def _workers_find_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    path = os.pathsep.join(entry for entry in sys.path if entry)
    monkeypatch.setenv("PYTHONPATH", path)
    # A change of the sources while the tests run would be another commit.
    monkeypatch.setattr(measure, "commit", lambda: "0123456789ab")


@pytest.fixture
def command(tmp_path: Path) -> FrontierCommand:
    rows = [
        {"author": author, "date": f"2009-03-0{day}T08:00:00", "text": text}
        for author in ("A", "B", "C")
        for day, text in enumerate(TEXTS, start=1)
    ]
    data = tmp_path / "data.jsonl"
    data.write_text("".join(json.dumps(row) + "\n" for row in rows))
    files = [
        (name, write_tiny_model(tmp_path / f"{name}.model", seed=seed))
        for seed, name in enumerate(NAMES)
    ]
    return FrontierCommand(
        files=files,
        data=data,
        save=tmp_path / "frontier.json",
        score_last=250,
        opener="replay_engine:open_model",
        decoding_runs=2,
    )


def run(command: FrontierCommand) -> dict[str, Any]:
    figures = run_frontier(command, console=Console(quiet=True))
    return json.loads(json.dumps(figures))  # what is saved is what is read again


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int, str]]:
    """Every task that a worker process did: what it opened, author, run."""
    done: list[tuple[str, int, str]] = []
    from foretype.replay import pool

    opened: dict[int, str] = {}
    open_it, do_it = pool.WorkerProcess.open, pool.WorkerProcess.do

    def opening(self: Any, settings: Any) -> Any:
        opened[id(self)] = Path(settings.model).stem
        return open_it(self, settings)

    def doing(self: Any, task: Any) -> Iterator[Any]:
        done.append((opened[id(self)], task.author, task.run))
        yield from do_it(self, task)

    monkeypatch.setattr(pool.WorkerProcess, "open", opening)
    monkeypatch.setattr(pool.WorkerProcess, "do", doing)
    return done


def test_what_is_slower_or_saves_less_is_shown_so(command: FrontierCommand) -> None:
    figures = run(command)
    late, slow = (figures["differences"]["base"][name] for name in ("late", "slow"))
    for point in ("free", "quiet"):
        ks = late["points"][point]["ks"]
        assert ks["difference"] < 0
        assert ks["excludes_zero"]
        assert slow["points"][point]["ks"]["difference"] == 0
        assert not slow["points"][point]["ks"]["excludes_zero"]
    for name in ("lm_ms_ratio", "lm_processor_ms_ratio"):
        assert slow[name]["ratio"] > 1.5
        assert slow[name]["excludes_one"]
    assert figures["contenders"]["slow"]["lm_ms_per_keystroke"] == pytest.approx(1.0, abs=0.1)
    assert late["bits_per_byte"]["difference"] == 0
    page = section("frontier", figures).splitlines()
    [late_row] = [line for line in page if line.startswith("| late | -0.")]
    assert late_row.count(", lower |") == 2
    [slow_row] = [line for line in page if line.startswith("| slow | +0.0000")]
    assert slow_row.count(", slower |") == 2
    assert slow_row.count(", no difference shown |") == 3


def test_every_figure_of_a_model_is_there(command: FrontierCommand) -> None:
    figures = run(command)
    assert figures["baseline"] == "base"
    assert (figures["authors"], figures["characters"]) == (3, 750)
    for name, file in command.files:
        of = figures["contenders"][name]
        assert of["file_mb"] == file.stat().st_size / 1e6
        assert of["resident_mb"] == 50
        assert of["bits_per_byte"] == pytest.approx(1 / 0.6931, rel=1e-3)
        assert of["points"]["quiet"]["ks"] < of["points"]["free"]["ks"]
        assert of["decoding"]["full head"]["decoded_tokens_per_s_median"] > 0
        assert of["decoding"]["times_the_rate_of"].keys() == set(NAMES) - {name}


def test_a_larger_model_decodes_slower(command: FrontierCommand, tmp_path: Path) -> None:
    large = write_tiny_model(tmp_path / "large.model", layers=12, ffn_width=384)
    figures = run(replace(command, files=[command.files[0], ("large", large)]))
    times = figures["contenders"]["large"]["decoding"]["times_the_rate_of"]["base"]
    assert times["ratio_high"] < 0.7


def test_each_author_is_typed_by_all_before_the_next(
    command: FrontierCommand, typed: list[tuple[str, int, str]]
) -> None:
    run(command)
    timed = [(name, author) for name, author, run in typed if run == "attentive/word/free"]
    assert timed == [
        ("base", 0), ("late", 0), ("slow", 0),
        ("late", 1), ("slow", 1), ("base", 1),
        ("slow", 2), ("base", 2), ("late", 2),
    ]  # fmt: skip


def test_what_was_measured_is_not_measured_again(
    command: FrontierCommand, typed: list[tuple[str, int, str]]
) -> None:
    first = run(replace(command, files=command.files[:2]))
    typed.clear()
    renamed = [("original", command.files[0][1]), *command.files[1:]]
    figures = run(replace(command, files=renamed, against=["late"]))
    assert {name for name, _, _ in typed} == {"slow"}
    assert len(typed) == 9
    for name, before in (("original", "base"), ("late", "late")):
        assert figures["contenders"][name]["points"] == first["contenders"][before]["points"]
    beside = figures["differences"]["late"]
    assert beside.keys() == {"original", "slow"}
    assert beside["original"]["points"]["free"]["ks"]["difference"] > 0
    assert beside["original"]["timed_in_turns"] == 1
    assert beside["slow"]["timed_in_turns"] == 0  # another time, another load
    assert "slower; not in turns with 100% of authors" in section("frontier", figures)


@pytest.mark.parametrize("changed", ["file", "data", "settings", "commit"])
def test_what_depends_on_something_else_is_measured_again(
    command: FrontierCommand,
    typed: list[tuple[str, int, str]],
    monkeypatch: pytest.MonkeyPatch,
    changed: str,
) -> None:
    one = replace(command, files=command.files[:1])
    run(one)
    typed.clear()
    match changed:
        case "file":
            write_tiny_model(command.files[0][1], seed=9)
        case "data":
            command.data.write_text(command.data.read_text() + "\n")
        case "settings":
            one = replace(one, budget_ms=20.0)
        case "commit":
            monkeypatch.setattr(measure, "commit", lambda: "123")
    run(one)
    assert len(typed) == 9


def test_an_interruption_costs_what_was_under_way(
    command: FrontierCommand,
    typed: list[tuple[str, int, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from foretype.replay.checkpoint import Checkpoint

    keep = Checkpoint.keep

    def keep_four(self: Checkpoint, task: Any, outcome: Any) -> None:
        keep(self, task, outcome)
        if len(typed) == 4:
            raise KeyboardInterrupt

    monkeypatch.setattr(Checkpoint, "keep", keep_four)
    with pytest.raises(KeyboardInterrupt):
        run(command)
    before = list(typed)
    assert len(before) == 4
    typed.clear()
    monkeypatch.setattr(Checkpoint, "keep", keep)
    run(command)
    assert len(typed) == 27 - 4
    assert not set(before) & set(typed)


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [
        ({"files": [("gone", Path("gone.model"))]}, ModelError, "no model at gone"),
        ({"against": ["nobody"]}, SettingError, "No candidate is called 'nobody'"),
        ({"peers": ["presage"]}, SettingError, "there is llama"),
        ({"others": Path("gone.json")}, DataError, "Cannot read gone.json"),
    ],
)
def test_what_cannot_be_measured_is_one_sentence_before_work(
    command: FrontierCommand, change: dict[str, Any], error: type[Exception], said: str
) -> None:
    before = sorted(command.save.parent.iterdir())
    with pytest.raises(error, match=said):
        run(replace(command, **change))
    assert sorted(command.save.parent.iterdir()) == before


def test_two_of_one_name_are_refused(command: FrontierCommand) -> None:
    twice = [command.files[0], ("base", command.files[1][1])]
    with pytest.raises(SettingError, match="Two candidates are called 'base'"):
        run(replace(command, files=twice))


@pytest.mark.parametrize(
    "content", ["[]", '{"a": {}}', '{"a": {"note": "n", "speed": 1}}', '{"a": {"note": 1}}', "{"]
)
def test_figures_of_others_say_how_they_were_measured(tmp_path: Path, content: str) -> None:
    path = tmp_path / "others.json"
    path.write_text(content)
    with pytest.raises(DataError):
        read_others(path)


def test_others_stand_in_the_table_and_in_the_picture(
    command: FrontierCommand, tmp_path: Path
) -> None:
    others = tmp_path / "others.json"
    entry = {"note": "Measured <there>.", "ks_free": 0.25, "lm_ms_per_keystroke": 3.5}
    others.write_text(json.dumps({"runtime & co": entry}))
    figures = run(replace(command, files=command.files[:1], others=others))
    page = section("frontier", figures)
    assert "| runtime & co (below) | 0.2500 | - | - | 3.50 |" in page
    assert "runtime & co: Measured <there>." in page
    drawn = ElementTree.fromstring(picture(figures))
    assert "runtime & co" in [text.text for text in drawn.iter("{http://www.w3.org/2000/svg}text")]


def test_the_page_has_its_picture_beside_it(command: FrontierCommand, tmp_path: Path) -> None:
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "frontier.json").write_text(json.dumps(run(command)))
    write_page(tmp_path / "figures", tmp_path / "page.md")
    assert "](frontier.svg)" in (tmp_path / "page.md").read_text()
    drawn = ElementTree.parse(tmp_path / "frontier.svg").getroot()
    circles = list(drawn.iter("{http://www.w3.org/2000/svg}circle"))
    assert len(circles) == 2 * len(NAMES)
    across = {
        circle[0].text.split(":")[0]: float(circle.attrib["cx"])  # type: ignore[union-attr]
        for circle in circles[: len(NAMES)]
    }
    assert across["slow"] > across["base"]


def test_the_frontier_leaves_out_what_another_beats() -> None:
    def point(name: str, ms: float, ks: float) -> Point:
        return Point(1, name, ms, ks, ks, ks, 50.0, "", elsewhere=False)

    points = [point("a", 10, 0.40), point("b", 5, 0.38), point("c", 6, 0.37), point("d", 5, 0.36)]
    assert [each.name for each in frontier(points)] == ["b", "a"]
