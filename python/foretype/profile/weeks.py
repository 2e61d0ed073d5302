"""What became of suggestions, week by week: docs/formats/statistics.md.

The file holds the totals as they stood when each week was last noted; a week is the difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from foretype.profile.facts import Tally
from foretype.profile.place import Place

MOST_WEEKS = 520
_FIELDS = 7  # of a Tally


class Week(NamedTuple):
    """What became of suggestions in the week that begins on this Monday."""

    monday: date
    tally: Tally


def keep(place: Place, totals: Sequence[int], *, today: date) -> None:
    """Note that this week stands at these totals, in the order of Tally. Raises OSError."""
    monday = today - timedelta(days=today.weekday())
    noted = [(day, known) for day, known in _read(place) if day < monday]
    noted = [*noted, (monday, tuple(totals))][-MOST_WEEKS:]
    lines = (" ".join([day.isoformat(), *map(str, known)]) for day, known in noted)
    place.write(place.weeks, "".join(f"{line}\n" for line in lines).encode())


def read(place: Place) -> list[Week]:
    """The weeks in which something was noted, the oldest first; none if the file is damaged.

    A crash takes the counts back to the last snapshot: what fell counts as nothing.
    """
    weeks = []
    before: tuple[int, ...] = (0,) * _FIELDS
    for monday, totals in _read(place):
        change = (max(0, now - then) for now, then in zip(totals, before, strict=True))
        weeks.append(Week(monday, Tally(*change)))
        before = totals
    return weeks


def _read(place: Place) -> list[tuple[date, tuple[int, ...]]]:
    try:
        return [_line(line) for line in place.weeks.read_text("ascii").splitlines()]
    except (OSError, ValueError):
        return []


def _line(line: str) -> tuple[date, tuple[int, ...]]:
    """Raises ValueError for what `keep` does not write."""
    day, *numbers = line.split(" ")
    if len(numbers) != _FIELDS:
        raise ValueError
    return date.fromisoformat(day), tuple(int(number) for number in numbers)
