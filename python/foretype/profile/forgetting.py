"""Which journal rows hold something that is to be forgotten.

A row that goes can no longer be taken back by time, and nothing worse: when it goes, the snapshot
holds what else it taught. So these err on the side of forgetting.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

from foretype.profile.records import Row

Drop = Callable[[Row], bool]

_WORD = re.compile(r"\w+")
_FOLDS: tuple[Callable[[str], str], ...] = (str.casefold, str.lower, str.upper)


def everything(_: Row) -> bool:
    """All rows go."""
    return True


def since(time_ms: int) -> Drop:
    """The rows of that time and later."""
    return lambda row: row.time_ms >= time_ms


def holding(text: str) -> Drop:
    """The rows with this text in any case form, or with two neighbouring words of it."""
    words = _WORD.findall(text)
    pairs = list(pairwise(words))

    def holds(row: Row) -> bool:
        told = _text(row)
        return _in(text, told) or any(_in(one, told) and _in(two, told) for one, two in pairs)

    return holds


def _text(row: Row) -> str:
    """The row's bytes as text: names, units and messages stand in it whole, as UTF-8."""
    return row.ops.decode("utf-8", "surrogateescape")


def _in(part: str, told: str) -> bool:
    return any(fold(part) in fold(told) for fold in _FOLDS)
