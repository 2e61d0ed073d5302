"""Which runs are made."""

import pytest

from foretype.errors import SettingError
from foretype.replay.plan import (
    CONFIGURATIONS,
    HEADLINE,
    RUNS,
    configuration_of,
    configurations,
    runs_of,
)


def test_all_runs_the_headline_first() -> None:
    assert runs_of(None) == list(RUNS)
    assert RUNS[0] == HEADLINE
    assert len([run for run in RUNS if "/" in run]) == 8


def test_only_some() -> None:
    assert runs_of("bits, half-attentive/word/quiet") == ["half_attentive/word/quiet", "bits"]
    assert runs_of(HEADLINE, menu=True) == [HEADLINE, "top3"]


def test_dials_are_runs_of_their_own_but_for_the_quiet_one() -> None:
    runs = runs_of(HEADLINE, dials=[40, 2, 10])
    assert runs == [
        HEADLINE,
        "attentive/word/quiet",
        "attentive/word/dial=2",
        "attentive/word/dial=40",
    ]
    asked = [configuration.wrong_per_100_words for _, configuration in configurations(runs)]
    assert asked == [None, 10, 2, 40]


def test_what_is_no_simulated_user_has_no_configuration() -> None:
    assert [run for run, _ in configurations(RUNS)] == list(CONFIGURATIONS)
    assert configuration_of("bits") is None


def test_a_run_that_does_not_exist() -> None:
    with pytest.raises(SettingError, match="attentive/word/loud"):
        runs_of("attentive/word/loud")
