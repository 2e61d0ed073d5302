"""What became of suggestions, week by week, beside the profile."""

import stat
from datetime import date
from pathlib import Path

import pytest
from profile_files import Clock, open_store
from scripted_core import ScriptedCore

from foretype.profile import weeks
from foretype.profile.facts import Tally
from foretype.profile.forgetting import everything
from foretype.profile.place import Place

MONDAY = date(2026, 3, 2)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def totals(shown: int, taken: int) -> tuple[int, ...]:
    return (10 * shown, shown, taken, 0, 0, taken, 3 * taken)


def test_a_week_is_the_difference_of_two_totals(place: Place) -> None:
    weeks.keep(place, totals(10, 4), today=date(2026, 3, 3))
    weeks.keep(place, totals(12, 5), today=date(2026, 3, 8))  # the Sunday of the same week
    weeks.keep(place, totals(30, 20), today=date(2026, 3, 18))
    assert weeks.read(place) == [
        (MONDAY, Tally(*totals(12, 5))),
        (date(2026, 3, 16), Tally(*totals(18, 15))),
    ]
    assert stat.S_IMODE(place.weeks.stat().st_mode) == 0o600


def test_what_a_crash_took_back_counts_as_nothing(place: Place) -> None:
    weeks.keep(place, totals(100, 50), today=MONDAY)
    weeks.keep(place, totals(96, 50), today=date(2026, 3, 9))
    weeks.keep(place, totals(106, 55), today=date(2026, 3, 16))
    assert [week.tally.shown for week in weeks.read(place)] == [100, 0, 10]


def test_the_oldest_weeks_go(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weeks, "MOST_WEEKS", 2)
    for day in (2, 9, 16):
        weeks.keep(place, totals(day, 1), today=date(2026, 3, day))
    assert [week.monday.day for week in weeks.read(place)] == [9, 16]


@pytest.mark.parametrize("text", ["x", "2026-03-02 1 2", "2026-13-02 1 2 3 4 5 6 7", "é", "\n"])
def test_a_damaged_file_counts_as_none(place: Place, text: str) -> None:
    place.weeks.write_text(text, "utf-8")
    assert weeks.read(place) == []
    weeks.keep(place, totals(1, 1), today=MONDAY)
    assert len(weeks.read(place)) == 1


def test_nothing_is_read_where_nothing_was_kept(place: Place) -> None:
    assert weeks.read(place) == []


def test_the_store_notes_the_week_and_forgets_it_with_everything(tmp_path: Path) -> None:
    core, clock = ScriptedCore(), Clock()
    store = open_store(tmp_path, core, clock)
    store.rest()
    assert weeks.read(store.place) == []  # nothing was counted
    core.counts = totals(7, 3)
    store.rest()
    core.counts = totals(9, 4)
    clock.now += 7 * 86_400
    store.close()
    assert [week.tally.shown for week in weeks.read(store.place)] == [7, 2]
    store = open_store(tmp_path, core, clock)
    store.rest()
    store.forget(lambda: (0, 0), everything, files=True)
    assert not store.place.weeks.exists()
    store.close()
