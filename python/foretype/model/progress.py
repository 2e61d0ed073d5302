"""How long work tells those who wait for it how far it is."""

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Told (what is being done, how much of it is done, how much there is)."""


def no_progress(stage: str, done: int, total: int) -> None:
    """The Progress of those who do not watch."""
