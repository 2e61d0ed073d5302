"""The public names are a promise: a change of this list is a change of the promise."""

import foretype

PUBLIC_NAMES = ["Candidate", "Engine", "Field", "Profile", "Session", "Suggestion", "Timing"]


def test_all_is_the_list() -> None:
    assert foretype.__all__ == PUBLIC_NAMES


def test_all_is_sorted_and_exists() -> None:
    assert foretype.__all__ == sorted(foretype.__all__)
    assert all(hasattr(foretype, name) for name in foretype.__all__)
