"""The whole replay over a small engine of the tests: workers, checkpoints, report."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from foretype.bench.page import section
from foretype.errors import ForetypeError
from foretype.replay import command as steps
from foretype.replay.command import ReplayCommand, run_command
from foretype.replay.peers import Peer
from foretype.replay.plan import RUNS, runs_of
from foretype.replay.report import messages_path

TEXTS = (
    "The committee meets on Thursday about the committee report.",
    "Please send the committee report to the secretary before Thursday.",
    "The secretary has the report, thank you.",
)


@pytest.fixture(autouse=True)
def _workers_find_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    import os
    import sys

    path = os.pathsep.join(entry for entry in sys.path if entry)
    monkeypatch.setenv("PYTHONPATH", path)


@pytest.fixture
def command(tmp_path: Path) -> ReplayCommand:
    rows = [
        {"author": author, "date": f"2009-03-0{day}T08:00:00", "text": f"{author}: {text}"}
        for author in ("A", "B")
        for day, text in enumerate(TEXTS, start=1)
    ]
    data = tmp_path / "data.jsonl"
    data.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return ReplayCommand(
        data=data,
        report=tmp_path / "out.json",
        runs=list(RUNS),
        score_last=100,
        opener="replay_engine:open_system",
    )


def run(command: ReplayCommand) -> dict[str, object]:
    return run_command(command, console=Console(quiet=True), tables=Console(quiet=True))


def test_the_report_has_the_shape_that_is_promised(command: ReplayCommand) -> None:
    run(command)
    report = json.loads(command.report.read_text())
    promised = {
        "system", "commit", "machine", "kernel", "threads", "data_sha256", "authors",
        "characters", "words", "results", "top3", "saved_at_1", "saved_at_5", "latency_ms",
        "trie_latency_us", "lm_ms_per_keystroke", "resident_mb", "model_file_mb",
        "profile_file_mb", "cold_start_s", "bits_per_byte", "peers",
    }  # fmt: skip
    assert promised <= report.keys()
    assert report["characters"] == 200
    for attention in ("attentive", "half_attentive"):
        for user in ("word", "phrase"):
            for point in ("free", "quiet"):
                figures = report["results"][attention][user][point]
                assert {"ks", "ks_low", "ks_high", "wrong_per_100_words"} <= figures.keys()
                assert {"precision", "coverage"} <= figures.keys()
                assert figures["ks_by_author"].keys() == {"min", "mean", "max"}
                assert figures["ks_low"] <= figures["ks"] <= figures["ks_high"]
    assert report["latency_ms"].keys() >= {"p50", "p95", "p99", "max"}
    assert report["resident_mb"] == 50.0
    assert report["bits_per_byte"] == pytest.approx(1 / 0.6931, rel=1e-3)
    free = report["results"]["attentive"]["word"]
    assert free["quiet"]["ks"] < free["free"]["ks"]


def test_a_report_holds_no_text_and_no_name(command: ReplayCommand) -> None:
    run(command)
    for path in (command.report, messages_path(command.report)):
        written = path.read_text()
        assert "committee" not in written
        assert str(command.data) not in written


def with_a_peer_that_dies(monkeypatch: pytest.MonkeyPatch, *, at: str) -> None:
    runs = ("attentive/word/free", "top3")
    peer = Peer("dies", "replay_engine:open_aborting", {}, runs, menu_options={"dies_at": at})
    peer.options["dies_at"] = "no such text"
    monkeypatch.setattr(steps, "find_peer", lambda name, *, python: peer)


def test_an_author_at_whom_a_peer_aborts_is_left_out_on_both_sides(
    command: ReplayCommand, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_a_peer_that_dies(monkeypatch, at="A")
    report = run(replace(command, runs=["attentive/word/free", "top3"], peers=["dies"]))
    (peer,) = report["peers"].values()  # type: ignore[attr-defined]
    assert peer["left_out"] == [{"author": 0, "run": "top3", "where": "The process ended."}]
    assert (report["authors"], peer["authors"]) == (2, 1)
    assert (report["characters"], peer["characters"]) == (200, 100)
    assert peer["keystrokes_timed"] < report["keystrokes_timed"]  # type: ignore[operator]
    for name in ("attentive/word/free", "top3"):
        same = peer["foretype_on_the_same_messages"][name]
        assert same["ks_by_author"]["min"] == same["ks_by_author"]["max"]
        assert peer["foretype_minus_peer"][name]["ks"]["difference"] == 0  # the same engine
    rows = [json.loads(row) for row in messages_path(command.report).read_text().splitlines()]
    assert {row["author"] for row in rows if row["system"] == "dies"} == {1}
    assert "Author 0 is left out, top3: The process ended." in section("replay", report)


def test_a_peer_that_aborts_on_everyone_is_one_sentence(
    command: ReplayCommand, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_a_peer_that_dies(monkeypatch, at="")
    with pytest.raises(ForetypeError, match="dies aborted on every author"):
        run(replace(command, runs=["attentive/word/free", "top3"], peers=["dies"]))


def test_every_run_says_whether_probabilities_came_true_and_the_dial_was_kept(
    command: ReplayCommand, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "the committee meets about the committee report " * 14
    rows = [
        {"author": "A", "date": f"2009-03-0{day}T08:00:00", "text": text} for day in range(1, 6)
    ]
    command.data.write_text("".join(json.dumps(row) + "\n" for row in rows))
    monkeypatch.setattr(steps, "cold_start_s", lambda settings: 0.1)
    runs = ["attentive/word/free", "half_attentive/word/quiet", "top3"]
    report = run(replace(command, runs=runs, score_last=2500))
    results = report["results"]
    free = results["attentive"]["word"]["free"]  # type: ignore[index]
    quiet = results["half_attentive"]["word"]["quiet"]  # type: ignore[index]
    assert "dial_honoured" not in free
    assert quiet["dial_honoured"]["dial"] == 10
    assert [each["author"] for each in quiet["dial_honoured"]["authors"]] == [0]
    for figures in (free, quiet, report["top3"]):
        right = figures["calibration"][5]["share_right"]  # type: ignore[index]
        assert figures["ece"] == pytest.approx(abs(0.5 - right))  # type: ignore[index]
    assert report["rank_latency_us"]["p99"] == 3.0  # type: ignore[index]
    assert 0 < report["take_in_latency_us"]["p50"] < 1e6  # type: ignore[index]


def test_the_dials_curve(command: ReplayCommand) -> None:
    dialled = runs_of("attentive/word/quiet", dials=[40, 10, 2.5])
    report = run(replace(command, runs=dialled, timed=False))
    curve = report["dial_curve"]
    assert [entry["dial"] for entry in curve] == [2.5, 10, 40]  # type: ignore[attr-defined]
    quiet = report["results"]["attentive"]["word"]["quiet"]  # type: ignore[index]
    for entry in curve:  # type: ignore[attr-defined]
        assert entry == quiet | entry
        assert {"ks", "ks_low", "ks_high", "wrong_per_100_words", "precision"} <= entry.keys()


def test_quality_alone_gives_the_same_figures_and_no_speed(
    command: ReplayCommand, tmp_path: Path
) -> None:
    quality = run(replace(command, timed=False, jobs=2, report=tmp_path / "quality.json"))
    assert quality["results"] == run(command)["results"]
    assert not quality.keys() & {"latency_ms", "rank_latency_us", "cold_start_s", "resident_mb"}


def test_two_processes_count_the_same(command: ReplayCommand, tmp_path: Path) -> None:
    two = replace(command, jobs=2, report=tmp_path / "two.json")
    assert run(command)["results"] == run(two)["results"]


def test_an_interrupted_replay_goes_on_where_it_stopped(
    command: ReplayCommand, monkeypatch: pytest.MonkeyPatch
) -> None:
    from foretype.replay import run as running

    expected = run(command)
    done = []

    def stop_after_three(*args: object, **options: object):  # type: ignore[no-untyped-def]
        for event in original(*args, **options):
            yield event
            if isinstance(event, running.Done):
                done.append(event.task)
                if len(done) == 3:
                    raise KeyboardInterrupt

    original = running.run_tasks
    command.report.unlink()
    monkeypatch.setattr(running, "run_tasks", stop_after_three)
    with pytest.raises(KeyboardInterrupt):
        run(command)
    assert not command.report.exists()
    monkeypatch.setattr(running, "run_tasks", original)
    monkeypatch.setattr(steps, "cold_start_s", lambda settings: 0.1)
    seen = []

    def note(settings: object, tasks: list[object], **options: object):  # type: ignore[no-untyped-def]
        seen.extend(tasks)
        return original(settings, tasks, **options)

    monkeypatch.setattr(running, "run_tasks", note)
    resumed = run(replace(command, resume=True))
    assert resumed["results"] == expected["results"]
    assert not set(done) & set(seen)
    assert len(seen) == 2 * len(RUNS) - 3
    assert not list(command.report.parent.glob("*.partial"))


def test_other_settings_do_not_use_what_was_kept(command: ReplayCommand) -> None:
    from foretype.replay.checkpoint import Checkpoint
    from foretype.replay.pool import Task

    task = Task(0, "top3", 10)
    Checkpoint(command.report, {"seed": 1}).keep(task, {"counts": []})
    assert Checkpoint(command.report, {"seed": 1}).load(task) == {"counts": []}
    assert Checkpoint(command.report, {"seed": 2}).load(task) is None


def test_an_engine_that_cannot_be_opened_is_one_sentence(command: ReplayCommand) -> None:
    with pytest.raises(ForetypeError, match="ended before its work was done"):
        run(replace(command, opener="replay_engine:none_such"))
    assert not command.report.exists()


def test_unreadable_data_writes_nothing(command: ReplayCommand) -> None:
    command.data.write_text("{}\n")
    before = set(command.report.parent.iterdir())
    with pytest.raises(ForetypeError, match='no text under "author"'):
        run(command)
    assert set(command.report.parent.iterdir()) == before
