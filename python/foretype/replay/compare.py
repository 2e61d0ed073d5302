"""The difference of two runs on the same messages, with its paired bootstrap interval."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from foretype.errors import DataError, ErrorCode
from foretype.replay.figures import Counts, Outcomes
from foretype.replay.plan import ATTENTIONS, POINTS
from foretype.replay.report import messages_path
from foretype.replay.simulate import MessageCounts
from foretype.replay.statistics import Floats, Sample

FIGURES = {
    "ks": ("characters", "keys", "characters"),
    "wrong_per_100_words": ("wrong_shows", None, "words"),
    "precision": ("shows", "wrong_shows", "shows"),
    "coverage": ("covered_words", None, "words"),
}
"""Figure -> (plus, minus, denominator): (sum of plus - sum of minus) / sum of denominator."""

_SCALE = {"wrong_per_100_words": 100.0}


def paired_differences(ours: Counts, theirs: Counts, *, seed: int) -> dict[str, Any]:
    """Each figure of `ours` minus that of `theirs`; both hold the same messages in order.

    A difference is claimed only where `excludes_zero`.
    """
    sample = Sample(ours.messages_by_author, seed=seed)
    return {name: _difference(name, ours, theirs, sample) for name in FIGURES}


def phrase_minus_word(outcomes: Outcomes, *, seed: int) -> dict[str, Any]:
    """By "attention/point", where both users were run: what taking whole phrases adds."""
    return {
        f"{attention}/{point}": paired_differences(
            Counts(outcomes[phrase]), Counts(outcomes[word]), seed=seed
        )
        for attention in ATTENTIONS
        for point in POINTS
        for phrase, word in [(f"{attention}/phrase/{point}", f"{attention}/word/{point}")]
        if phrase in outcomes and word in outcomes
    }


def compare_reports(one: Path, other: Path, *, seed: int = 1) -> dict[str, dict[str, Any]]:
    """By run that both reports hold: the figures of `one` minus those of `other`.

    Raises DataError if the reports were not made on the same messages.
    """
    ours, theirs = _read(one), _read(other)
    if _header(one) != _header(other):
        raise DataError(
            f"{one} and {other} were made on different data or by different definitions: "
            "their messages cannot be paired.",
            code=ErrorCode.WRONG_FORMAT,
        )
    shared = [run for run in ours if run in theirs]
    if not all(_same_messages(ours[run], theirs[run]) for run in shared):
        raise DataError(
            f"{one} and {other} do not hold the same messages: they cannot be paired.",
            code=ErrorCode.WRONG_FORMAT,
        )
    return {run: paired_differences(ours[run], theirs[run], seed=seed) for run in shared}


def _same_messages(ours: Counts, theirs: Counts) -> bool:
    return ours.messages_by_author == theirs.messages_by_author and all(
        np.array_equal(ours[field], theirs[field]) for field in ("characters", "words")
    )


def first_messages(outcomes: Sequence[dict[str, Any]], count: int | None) -> Counts:
    """The counts of each author's first `count` messages: what a peer's share is paired with."""
    return Counts([{"counts": outcome["counts"][:count]} for outcome in outcomes])


def _difference(name: str, ours: Counts, theirs: Counts, sample: Sample) -> dict[str, Any]:
    def of(weights: Floats) -> Floats:
        return _figure(name, ours, weights) - _figure(name, theirs, weights)

    value, low, high = sample.statistic(of)
    excludes = low is not None and high is not None and (low > 0 or high < 0)
    return {"difference": value, "low": low, "high": high, "excludes_zero": excludes}


def _figure(name: str, counts: Counts, weights: Floats) -> Floats:
    """The figure under each row of weights."""
    plus, minus, denominator = FIGURES[name]
    numerator = counts[plus] - (counts[minus] if minus else 0)
    figure: Floats = _SCALE.get(name, 1.0) * (weights @ numerator) / (weights @ counts[denominator])
    return figure


def _header(report: Path) -> tuple[Any, ...]:
    read: dict[str, Any] = _json(report)
    settings = read.get("settings", {})
    return (
        read.get("definitions_version"),
        read.get("data_sha256"),
        read.get("authors"),
        settings.get("score_last"),
        settings.get("messages_per_author"),
        settings.get("seed"),  # the half-attentive user's looks depend on it
    )


def _read(report: Path) -> dict[str, Counts]:
    """The system's own runs, from the file of messages beside the report."""
    path = messages_path(report)
    try:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        authors: dict[str, dict[int, list[list[int]]]] = {}
        for row in rows:
            if row["system"] == "foretype":
                run = authors.setdefault(row["run"], {})
                run.setdefault(row["author"], []).append([row[f] for f in MessageCounts._fields])
    except OSError as error:
        raise DataError(f"Cannot read {path}: {error.strerror}.") from None
    except (ValueError, KeyError, TypeError):
        raise DataError(f"{path} does not hold the counts of a replay.") from None
    return {
        run: Counts([{"counts": of[author]} for author in sorted(of)])
        for run, of in authors.items()
    }


def _json(path: Path) -> dict[str, Any]:
    try:
        read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DataError(f"Cannot read {path}: {error.strerror}.") from None
    except ValueError:
        raise DataError(f"{path} is not JSON.") from None
    return read
