"""Paired differences between two runs on the same messages."""

import json
from pathlib import Path

import pytest

from foretype.errors import DataError
from foretype.replay.compare import (
    compare_reports,
    first_messages,
    paired_differences,
    phrase_minus_word,
)
from foretype.replay.figures import Counts
from foretype.replay.report import messages_path
from foretype.replay.simulate import MessageCounts


def counts(*keys: int, wrong: int = 1) -> Counts:
    """One author's messages of 100 characters and 20 words, with so many keys each."""
    rows = [MessageCounts(100, each, 20, 10, wrong, 5, 8) for each in keys]
    return Counts([{"counts": rows}])


def write(path: Path, keys: list[int], *, data: str = "d", seed: int = 1) -> Path:
    header = {
        "definitions_version": 1,
        "data_sha256": data,
        "authors": 1,
        "settings": {"seed": seed},
    }
    path.write_text(json.dumps(header))
    rows = [
        {"system": "foretype", "run": "attentive/word/free", "author": 0, "message": number}
        | MessageCounts(100, each, 20, 10, 1, 5, 8)._asdict()
        for number, each in enumerate(keys)
    ]
    messages_path(path).write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_a_constant_difference_has_no_spread_however_the_messages_differ() -> None:
    ks = paired_differences(counts(40, 60, 80), counts(50, 70, 90), seed=1)["ks"]
    assert ks["difference"] == pytest.approx(0.1)
    assert ks["low"] == pytest.approx(0.1)
    assert ks["high"] == pytest.approx(0.1)
    assert ks["excludes_zero"]


def test_a_difference_of_one_message_is_not_claimed() -> None:
    ks = paired_differences(counts(50, 50, 50, 40), counts(50, 50, 50, 50), seed=1)["ks"]
    assert ks["difference"] == pytest.approx(0.025)
    assert ks["low"] == 0
    assert not ks["excludes_zero"]


def test_every_figure_has_its_difference() -> None:
    differences = paired_differences(counts(50, wrong=4), counts(50, wrong=2), seed=1)
    assert differences["wrong_per_100_words"]["difference"] == pytest.approx(10)
    assert differences["precision"]["difference"] == pytest.approx(-0.2)
    assert differences["coverage"]["difference"] == 0


def test_what_phrases_add_is_paired_within_a_report() -> None:
    def outcome(keys: int) -> list[dict[str, object]]:
        return [{"counts": [MessageCounts(100, keys, 20, 10, 1, 5, 8)]}]

    outcomes = {
        "attentive/word/free": outcome(60),
        "attentive/phrase/free": outcome(55),
        "half_attentive/phrase/free": outcome(70),
    }
    differences = phrase_minus_word(outcomes, seed=1)
    assert list(differences) == ["attentive/free"]
    assert differences["attentive/free"]["ks"]["difference"] == pytest.approx(0.05)


def test_a_share_is_the_first_messages_of_each_author() -> None:
    outcomes = [{"counts": [[1] * 7, [2] * 7]}, {"counts": [[3] * 7]}]
    assert first_messages(outcomes, 1).total("keys") == 4
    assert first_messages(outcomes, None).total("keys") == 6


def test_reports_are_compared_run_by_run(tmp_path: Path) -> None:
    one, other = write(tmp_path / "a.json", [40, 50]), write(tmp_path / "b.json", [50, 60])
    differences = compare_reports(one, other)
    assert list(differences) == ["attentive/word/free"]
    assert differences["attentive/word/free"]["ks"]["difference"] == pytest.approx(0.1)


def test_reports_on_different_data_are_not_paired(tmp_path: Path) -> None:
    one = write(tmp_path / "a.json", [40])
    other = write(tmp_path / "b.json", [40], data="other")
    with pytest.raises(DataError, match="different data"):
        compare_reports(one, other)


def test_other_messages_are_not_paired(tmp_path: Path) -> None:
    one = write(tmp_path / "a.json", [40])
    with pytest.raises(DataError, match="same messages"):
        compare_reports(one, write(tmp_path / "b.json", [40, 50]))
    other = write(tmp_path / "b.json", [40])
    rows = messages_path(other).read_text()
    messages_path(other).write_text(rows.replace('"words": 20', '"words": 21'))
    with pytest.raises(DataError, match="same messages"):
        compare_reports(one, other)


def test_other_looks_are_not_paired(tmp_path: Path) -> None:
    one, other = write(tmp_path / "a.json", [40]), write(tmp_path / "b.json", [40], seed=2)
    with pytest.raises(DataError):
        compare_reports(one, other)


@pytest.mark.parametrize("spoilt", ["missing", "header", "messages"])
def test_what_is_no_report_is_refused(tmp_path: Path, spoilt: str) -> None:
    one, other = write(tmp_path / "a.json", [40]), write(tmp_path / "b.json", [40])
    match spoilt:
        case "missing":
            messages_path(other).unlink()
        case "header":
            other.write_text("no")
        case "messages":
            messages_path(other).write_text("[1]\n")
    with pytest.raises(DataError):
        compare_reports(one, other)
