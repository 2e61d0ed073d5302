"""`foretype replay` and `foretype bench` as people run them, on the real engine."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROWS = [
    {
        "author": author,
        "date": f"2024-05-{day:02}T09:30:00",
        "text": f"Dear {name}, the delivery note {day} for the warehouse is attached. Regards",
    }
    for author, name in (("one", "Maria"), ("two", "Thomas"))
    for day in range(1, 9)
]


def foretype(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    code = "import sys; from foretype.cli import main; sys.exit(main())"
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "COLUMNS": "120"},
    )


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "data.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    return path


def test_a_replay_of_the_trie_writes_its_report(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    done = foretype(
        "replay", "--data", data, "--report", out, "--score-last", "150", "--proposers", "trie"
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(out.read_text())
    free = report["results"]["attentive"]["word"]["free"]
    assert free["ks"] > 0.3  # the same words every day
    assert report["results"]["half_attentive"]["word"]["free"]["ks"] < free["ks"]
    assert report["top3"]["ks"] >= free["ks"]
    assert 0 < report["resident_mb"] < 100
    assert report["bits_per_byte"] is None
    assert "keystroke savings" in done.stdout
    assert not list(tmp_path.glob("*.partial"))


def test_a_replay_for_quality_along_the_dial(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    done = foretype(
        "replay", "--data", data, "--report", out, "--score-last", "150", "--proposers", "trie",
        "--quality", "--jobs", "2", "--only", "attentive/word/free", "--dials", "40,5",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    report = json.loads(out.read_text())
    assert [entry["dial"] for entry in report["dial_curve"]] == [5, 40]
    assert report["settings"]["timed"] is False
    assert "latency_ms" not in report
    assert "dial 40" in done.stdout


@pytest.mark.parametrize("dials", ["0", "-3", "ten", "nan", "1,", "inf"])
def test_a_dial_that_is_none_is_a_usage_error(data: Path, tmp_path: Path, dials: str) -> None:
    done = foretype("replay", "--data", data, "--report", tmp_path / "out.json", f"--dials={dials}")
    assert done.returncode == 2
    assert "--dials" in done.stderr


def test_a_replay_with_the_model_is_better_than_the_trie(
    data: Path, tmp_path: Path, model_path: Path
) -> None:
    out = tmp_path / "out.json"
    done = foretype(
        "replay", "--data", data, "--report", out, "--score-last", "60", "--authors", "1",
        "--model", model_path, "--budget-ms=-1", "--only", "attentive/word/free,bits",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    report = json.loads(out.read_text())
    assert 0 < report["bits_per_byte"] < report["bits_per_byte_without_memory"] < 5
    assert report["latency_ms"]["p50"] > 0
    assert report["deadline_missed_share"] == 0


def test_two_reports_are_compared(data: Path, tmp_path: Path) -> None:
    for name, score in (("a", "40"), ("b", "40"), ("c", "50")):
        done = foretype(
            "replay", "--data", data, "--report", tmp_path / f"{name}.json", "--score-last", score,
            "--proposers", "trie", "--only", "attentive/word/free",
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    same = foretype("replay", "compare", tmp_path / "a.json", tmp_path / "b.json")
    assert same.returncode == 0, same.stderr
    assert "0.0000 to 0.0000" in same.stdout
    other = foretype("replay", "compare", tmp_path / "a.json", tmp_path / "c.json")
    assert other.returncode == 1
    assert "cannot be paired" in other.stderr


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "No such file"),
        ("", "holds no message"),
        ("not json\n", "line 1 is not JSON"),
        ('{"author": "a", "text": "b"}\n', 'no text under "date"'),
    ],
)
def test_data_that_is_none_is_one_sentence_and_nothing_written(
    tmp_path: Path, content: str | None, says: str
) -> None:
    data, out = tmp_path / "data.jsonl", tmp_path / "out.json"
    if content is not None:
        data.write_text(content)
    before = set(tmp_path.iterdir())
    done = foretype("replay", "--data", data, "--report", out, "--proposers", "trie")
    assert done.returncode == 1
    assert says in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert set(tmp_path.iterdir()) == before


def test_a_run_or_a_peer_that_does_not_exist(data: Path, tmp_path: Path) -> None:
    common = ("replay", "--data", data, "--report", tmp_path / "out.json")
    assert foretype(*common, "--only", "attentive/word/loud").returncode == 1
    assert foretype(*common, "--peer", "prestige").returncode == 1
    assert foretype("replay", "--data", data).returncode == 2
    assert not (tmp_path / "out.json").exists()


def test_the_rule_of_ibus_typing_booster_runs_beside_it(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    done = foretype(
        "replay", "--data", data, "--report", out, "--score-last", "150", "--proposers", "trie",
        "--peer", "ibus-typing-booster", "--only", "attentive/word/free,top3",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    peer = json.loads(out.read_text())["peers"]["ibus-typing-booster default"]
    free = peer["results"]["attentive"]["word"]["free"]
    assert 0.2 < free["ks"] <= peer["top3"]["ks"] < 1  # the same words every day
    assert peer["left_out"] == []
    assert peer["foretype_minus_peer"].keys() == {"attentive/word/free", "top3"}


def test_the_trie_s_benchmark_and_the_page_of_figures(tmp_path: Path) -> None:
    saved, page = tmp_path / "trie.json", tmp_path / "page.md"
    done = foretype("bench", "trie", "--words", "200", "--ngrams", "500", "--json", "--save", saved)
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert figures == json.loads(saved.read_text())
    assert figures["by_words_learned"]["200"]["ngrams"] > 200
    assert figures["store_by_ngrams"]["500"]["ngrams"] >= 500
    assert foretype("bench", "report", tmp_path, "--output", page).returncode == 0
    assert page.read_text().startswith("# Benchmarks")


def test_the_keystroke_s_benchmark(model_path: Path) -> None:
    done = foretype("bench", "keystroke", "--no-language-model", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["share_without_forward_pass"] == 1


@pytest.mark.skipif(
    "FORETYPE_PEER_PYTHON" not in os.environ, reason="FORETYPE_PEER_PYTHON names no Python"
)
def test_llama_cpp_runs_beside_it(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    done = foretype(
        "replay", "--data", data, "--report", out, "--score-last", "60", "--authors", "1",
        "--proposers", "trie", "--peer", "llama.cpp", "--only", "attentive/word/free",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (peer,) = json.loads(out.read_text())["peers"].values()
    assert 0 < peer["results"]["attentive"]["word"]["free"]["ks"] < 1
    assert peer["settings"]["threads"] == 1
    assert peer["foretype_minus_peer"]["attentive/word/free"]["ks"]["low"] is not None
