"""Shows: what is one, and when it is wrong."""

import pytest

from foretype.replay.screen import Screen


@pytest.mark.parametrize(
    ("steps", "shows", "wrong"),
    [
        ([], 0, 0),
        ([("", "", False)], 0, 0),
        ([("", "meet", True)], 1, 0),
        ([("", "meet", False), ("m", "eet", False), ("e", "et", False)], 1, 1),
        ([("", "meet", False), ("m", "", False), ("e", "et", False)], 2, 2),
        ([("", "meet", False), ("m", "eeting", True)], 2, 1),
        ([("", "see you", True), ("see", " you", False)], 1, 1),
        ([("", "see you", True), ("see", " you", True)], 1, 0),
        ([("", "see you", True), ("see", " him", False)], 2, 1),
        ([("", "aa", True), ("b", "aa", True)], 2, 0),
    ],
)
def test_shows(steps: list[tuple[str, str, bool]], shows: int, wrong: int) -> None:
    """A step: what came in at the caret, the ghost text after it, whether it is right."""
    screen = Screen()
    for inserted, ghost, right in steps:
        screen.insert(inserted)
        screen.show(ghost, right=right)
    assert (screen.shows, screen.wrong) == (shows, wrong)
