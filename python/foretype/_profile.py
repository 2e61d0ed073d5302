"""What is kept about one user while the program runs."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from foretype import _core
from foretype._text import to_bytes

if TYPE_CHECKING:
    from foretype._engine import Engine


def today() -> int:
    """Days since 1970-01-01, by the local calendar."""
    return (date.today() - date(1970, 1, 1)).days


class Profile:
    """One user's n-grams, last messages and habits; in memory.

    Made by `Engine.profile`. It may be shared by the sessions of one thread.
    """

    def __init__(self, engine: Engine) -> None:
        self._core = _core.Profile(engine._core)
        self._core.keep_journal(False)
        self._core.set_day(today())

    def learn(self, text: str) -> None:
        """Learn a finished message that the owner wrote: its n-grams and, as memory, its text."""
        self._core.learn(to_bytes(text))

    def forget_all(self) -> None:
        """Forget everything; sessions drop what they computed from it at their next step."""
        self._core.forget_all()

    @property
    def paused(self) -> bool:
        """While true nothing is learned or remembered."""
        return self._core.paused

    @paused.setter
    def paused(self, value: bool) -> None:
        self._core.paused = value

    @property
    def ngrams(self) -> int:
        """How many n-grams of the user's own are known, of all orders."""
        return self._core.ngrams()

    @property
    def memory_bytes(self) -> int:
        """Memory that the n-grams take, in bytes."""
        return self._core.memory_bytes()
