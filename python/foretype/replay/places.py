"""Where an author's shows stand, counted in scored characters."""

from collections.abc import Sequence
from typing import Any

from foretype.replay.data import ScoredMessage
from foretype.replay.simulate import Show
from foretype.replay.words import words

SETTLED_CHARACTERS = 2000
"""Of an author's scored part: by then the engine has had time to know how often it is right."""

PlacedShow = tuple[int, int, float, bool, bool]
"""Its message's index among the author's scored ones, how many scored characters of the author
stand before it, the probability of its next word, whether that word was right, and whether
the show came to be counted as wrong."""


class Places:
    """Filled message by message: the shows, and how many words begin when things are settled."""

    def __init__(self) -> None:
        self._characters = 0
        self._shows: list[PlacedShow] = []
        self._settled_words: list[int] = []

    def add(self, message: ScoredMessage, shows: Sequence[Show]) -> None:
        """The next message, with its shows."""
        number, before = len(self._settled_words), self._characters - message.start
        self._shows += [(number, before + at, p, right, wrong) for at, p, right, wrong in shows]
        begun = (before + word.start for word in words(message.text, start=message.start))
        self._settled_words.append(sum(at >= SETTLED_CHARACTERS for at in begun))
        self._characters += len(message.text) - message.start

    def to_json(self) -> dict[str, Any]:
        """Rows of PlacedShow as "shows"; as "settled_words", one number a message."""
        return {"shows": self._shows, "settled_words": self._settled_words}
