"""Which runs are made."""

import pytest

from foretype.errors import SettingError
from foretype.replay.plan import HEADLINE, RUNS, runs_of


def test_all_runs_the_headline_first() -> None:
    assert runs_of(None) == list(RUNS)
    assert RUNS[0] == HEADLINE
    assert len([run for run in RUNS if "/" in run]) == 8


def test_only_some() -> None:
    assert runs_of("bits, half-attentive/word/quiet") == ["half_attentive/word/quiet", "bits"]
    assert runs_of(HEADLINE, menu=True) == [HEADLINE, "top3"]


def test_a_run_that_does_not_exist() -> None:
    with pytest.raises(SettingError, match="attentive/word/loud"):
        runs_of("attentive/word/loud")
