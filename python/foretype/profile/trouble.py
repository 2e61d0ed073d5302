"""What the owner should hear about the files: each sentence once."""

from __future__ import annotations

import logging

_log = logging.getLogger("foretype.profile")


class Trouble:
    """The sentence that holds now, and a memory of what has been said."""

    def __init__(self) -> None:
        self._lasting: str | None = None
        self._passing: str | None = None
        self._said: set[str] = set()

    @property
    def sentence(self) -> str | None:
        """What cannot be written at the moment; without that, what was found at opening."""
        return self._passing or self._lasting

    def found(self, sentence: str) -> None:
        """Something that stays true until the profile is closed."""
        self._lasting = sentence
        self._say(sentence)

    def failing(self, sentence: str) -> None:
        """Something that cannot be written now; it is tried again."""
        self._passing = sentence
        self._say(sentence)

    def mended(self) -> None:
        """Everything is written again: the next failure is news."""
        if self._passing is not None:
            self._said.discard(self._passing)
        self._passing = None

    def _say(self, sentence: str) -> None:
        if sentence not in self._said:
            self._said.add(sentence)
            _log.warning("%s", sentence)
