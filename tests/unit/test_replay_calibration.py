"""Expected calibration error and the dial: by hand, and with planted truth."""

import math
from typing import Any

import numpy as np
import pytest

from foretype.replay.calibration import BINS, calibration
from foretype.replay.data import ScoredMessage
from foretype.replay.dial import dial_honoured
from foretype.replay.places import SETTLED_CHARACTERS, Places
from foretype.replay.shows import Shows
from foretype.replay.simulate import Show
from foretype.replay.statistics import Sample

LATE = SETTLED_CHARACTERS
Row = tuple[int, int, float, bool, bool]


def outcome(messages: int, shows: list[Row], words: list[int] | None = None) -> dict[str, Any]:
    return {
        "counts": [[0] * 7] * messages,
        "shows": shows,
        "settled_words": words or [0] * messages,
    }


def sample_of(outcomes: list[dict[str, Any]]) -> Sample:
    return Sample([len(each["counts"]) for each in outcomes], seed=1)


def show(message: int, probability: float, right: bool, *, at: int = LATE) -> Row:
    return (message, at, probability, right, not right)


def calibrated(*outcomes: dict[str, Any]) -> dict[str, Any]:
    return calibration(Shows(outcomes), sample_of(list(outcomes)))


def test_by_hand() -> None:
    figures = calibrated(
        outcome(2, [show(0, 0.82, True), show(0, 0.88, False), show(1, 0.25, False)])
    )
    assert figures["ece"] == pytest.approx((abs(1 - 1.7) + 0.25) / 3)
    bins = figures["calibration"]
    assert len(bins) == BINS
    assert bins[8] == {"count": 2, "mean_probability": pytest.approx(0.85), "share_right": 0.5}
    assert bins[2] == {"count": 1, "mean_probability": 0.25, "share_right": 0.0}
    assert bins[0] == {"count": 0, "mean_probability": None, "share_right": None}


def test_certainty_is_in_the_last_bin() -> None:
    figures = calibrated(outcome(1, [show(0, 1.0, True), show(0, 0.9, True)]))
    assert figures["calibration"][9]["count"] == 2


def test_what_was_shown_before_things_settled_does_not_count() -> None:
    early = show(0, 0.9, False, at=LATE - 1)
    assert calibrated(outcome(1, [early])) == {"ece": None}
    figures = calibrated(outcome(1, [early, show(0, 0.9, True, at=LATE)]))
    assert figures["ece"] == pytest.approx(0.1)


def test_a_system_without_probabilities_has_no_error() -> None:
    assert calibrated(outcome(1, [show(0, 0.0, True)])) == {"ece": None}
    assert calibrated(outcome(1, [])) == {"ece": None}


def test_errors_that_cancel_over_authors_are_seen_by_author() -> None:
    sure = [show(0, 0.75, True)] * 4
    unsure = [show(0, 0.75, True)] * 2 + [show(0, 0.75, False)] * 2
    figures = calibrated(outcome(1, sure), outcome(0, []), outcome(1, unsure))
    assert figures["ece"] == pytest.approx(0)
    assert figures["ece_by_author"] == {"min": 0.25, "mean": 0.25, "max": 0.25}
    assert [(a["author"], a["shows"], a["ece"]) for a in figures["ece_of_authors"]] == [
        (0, 4, 0.25),
        (2, 4, 0.25),
    ]


def drawn(probability: np.ndarray, truth: np.ndarray, messages: int) -> dict[str, Any]:
    draw = np.random.default_rng(3)
    right = draw.random(len(probability)) < truth
    rows = [
        show(i * messages // len(probability), float(p), bool(r))
        for i, (p, r) in enumerate(zip(probability, right, strict=True))
    ]
    return outcome(messages, rows)


def test_true_probabilities_have_the_error_of_noise_alone() -> None:
    draw = np.random.default_rng(2)
    errors, noises = [], []
    for _ in range(60):
        probability = draw.random(400)
        rows = [show(0, float(p), bool(draw.random() < p)) for p in probability]
        figures = calibrated(outcome(1, rows))
        errors.append(figures["ece"])
        noises.append(figures["ece_noise"])
    assert np.mean(errors) == pytest.approx(np.mean(noises), rel=0.1)


def test_a_planted_error_is_found_and_is_in_its_interval() -> None:
    probability = np.random.default_rng(4).uniform(0.1, 0.8, 20_000)
    figures = calibrated(drawn(probability, probability + 0.1, messages=200))
    assert figures["ece"] == pytest.approx(0.1, abs=0.01)
    assert figures["ece_low"] <= 0.1 <= figures["ece_high"]


def honoured(*outcomes: dict[str, Any], dial: float = 10.0) -> dict[str, Any]:
    return dial_honoured(outcomes, Shows(outcomes), sample_of(list(outcomes)), dial=dial)


def test_the_dial_by_hand() -> None:
    wrong = [show(0, 0.5, False)]
    kept = outcome(2, wrong * 70 + [show(1, 0.9, True)] * 99, [600, 100])
    early = show(0, 0.5, False, at=LATE - 1)
    broken = outcome(1, [*wrong * 5, early], [25])
    short = outcome(1, [early], [0])
    figures = honoured(kept, broken, short)
    assert [a["author"] for a in figures["authors"]] == [0, 1]
    assert [a["wrong_shows"] for a in figures["authors"]] == [70, 5]
    assert [a["wrong_per_100_words"] for a in figures["authors"]] == [10, 20]
    assert [a["deviation"] for a in figures["authors"]] == [0, 1]
    assert figures["authors"][0]["deviation_by_chance"] == pytest.approx(1 / math.sqrt(70))
    assert (figures["within_20_percent"], figures["worst_deviation"]) == (1, 1)
    assert figures["wrong_per_100_words"] == pytest.approx(75 / 7.25)


def test_a_dial_kept_to_below_is_as_far_off_as_one_above() -> None:
    figures = honoured(outcome(1, [show(0, 0.5, False)] * 3, [100]))
    assert figures["worst_deviation"] == pytest.approx(-0.7)
    assert figures["within_20_percent"] == 0


def test_how_many_authors_chance_alone_leaves_within() -> None:
    figures = honoured(outcome(1, [], [700]))
    counts = np.random.default_rng(5).poisson(70, 200_000)
    plain = np.mean(np.abs(counts - 70) <= 14)
    assert figures["within_by_chance"] == pytest.approx(plain, abs=0.005)


def test_nobody_wrote_enough_to_tell() -> None:
    figures = honoured(outcome(1, [show(0, 0.5, False, at=3)], [0]))
    assert figures["authors"] == []
    assert figures["worst_deviation"] is None
    assert figures["wrong_per_100_words"] is None


def test_places_count_scored_characters_over_messages() -> None:
    places = Places()
    first = ScoredMessage(0, "x" * 100 + " " + "y" * (LATE - 1), 100)  # LATE scored characters
    second = ScoredMessage(1, "two words", 0)
    places.add(first, [Show(100, 0.5, right=True, wrong=False)])
    places.add(second, [Show(0, 0.5, right=True, wrong=False), Show(4, 0.25, False, True)])
    assert places.to_json() == {
        "shows": [
            (0, 0, 0.5, True, False),
            (1, LATE, 0.5, True, False),
            (1, LATE + 4, 0.25, False, True),
        ],
        "settled_words": [0, 2],
    }
