"""The simulated user: types one message through a session and counts the keys."""

import random
from collections.abc import Callable
from typing import NamedTuple

from foretype.errors import ForetypeError
from foretype.replay.data import ScoredMessage
from foretype.replay.plan import Configuration
from foretype.replay.port import Field, Suggestion
from foretype.replay.screen import Screen
from foretype.replay.words import Word, borders, words


class MessageCounts(NamedTuple):
    """What is counted of one message; every figure is a ratio of sums of these."""

    characters: int
    keys: int
    words: int
    shows: int
    wrong_shows: int
    covered_words: int
    accepts: int


class Show(NamedTuple):
    """One show, as it was when it came up.

    `offset`: where in the message; `probability`: what the engine gave to its next word;
    `right`: whether that word was; `wrong`: whether the show came to be counted as wrong.
    """

    offset: int
    probability: float
    right: bool
    wrong: bool


class Choice(NamedTuple):
    """What the user takes with one key: its `text`, and how many words for `accept`.

    `menu_entry` above 0 is an entry below the first, which `accept` does not know.
    """

    text: str
    words: int | None
    menu_entry: int = 0


class MisplacedAcceptError(ForetypeError):
    """The engine inserted something else than it showed."""


def looks_of(
    configuration: Configuration, *, seed: int, author: int, message: ScoredMessage
) -> int:
    """Bit i is set if the user looks before the key at offset i.

    The bits depend on seed, author, message and offset only, so that two configurations,
    engines or versions are compared on the same looks.
    """
    if configuration.attention == "attentive":
        return -1
    source = random.Random(f"{seed}/{author}/{message.number}")
    return source.getrandbits(len(message.text) + 1)


def type_message(
    field: Field,
    message: ScoredMessage,
    configuration: Configuration,
    *,
    looks: int,
    suggest: Callable[[], Suggestion | None],
    shows: list[Show] | None = None,
) -> MessageCounts:
    """Type a message to its end and send it; `suggest` asks what to show there, perhaps timed.

    Each show is noted in `shows`.

    The engine is asked once before each key and once after the last one.
    """
    text = message.text
    offset = message.start
    if offset:
        field.type(text[:offset])
    may_end = borders(text)
    screen = Screen()
    shows = [] if shows is None else shows
    coverage = _Coverage(words(text, start=offset))
    keys = accepts = 0
    while True:
        suggestion = suggest()
        choice = _right(suggestion, text, offset, may_end, configuration)
        wrong_before = screen.wrong
        if suggestion is None:
            screen.show("", right=False)
        elif screen.show(suggestion.text, right=choice is not None):
            right = is_right(suggestion.words[0], text, offset, may_end)
            shows.append(Show(offset, suggestion.probability, right, wrong=False))
        if screen.wrong > wrong_before:
            shows[-1] = shows[-1]._replace(wrong=True)
        if choice is not None:
            coverage.right_show(offset, choice.text)
        if offset >= len(text):
            break
        keys += 1
        if choice is not None and looks >> offset & 1:
            inserted = _take(field, choice)
            accepts += 1
        else:
            inserted = text[offset]
            field.type(inserted)
        offset += len(inserted)
        screen.insert(inserted)
    field.finish()
    return MessageCounts(
        characters=len(text) - message.start,
        keys=keys,
        words=len(coverage.words),
        shows=screen.shows,
        wrong_shows=screen.wrong,
        covered_words=coverage.covered,
        accepts=accepts,
    )


def is_right(piece: str, text: str, offset: int, may_end: bytearray) -> bool:
    """Whether `piece`, to its end, is exactly what the author wrote next."""
    return bool(piece) and text.startswith(piece, offset) and may_end[offset + len(piece)] == 1


def _right(
    suggestion: Suggestion | None,
    text: str,
    offset: int,
    may_end: bytearray,
    configuration: Configuration,
) -> Choice | None:
    """What the user would take if they looked; None if nothing shown is right."""
    if suggestion is None or not suggestion.words:
        return None
    if configuration.user == "phrase" and is_right(suggestion.text, text, offset, may_end):
        return Choice(suggestion.text, None)
    if is_right(suggestion.words[0], text, offset, may_end):
        return Choice(suggestion.words[0], 1)
    for entry in range(1, min(configuration.menu, len(suggestion.candidates))):
        if is_right(suggestion.candidates[entry].text, text, offset, may_end):
            return Choice(suggestion.candidates[entry].text, 1, entry)
    return None


def _take(field: Field, choice: Choice) -> str:
    """Accept; an entry further down a menu comes into the text as typed text does."""
    if choice.menu_entry:
        field.type(choice.text)
        return choice.text
    inserted = field.accept(words=choice.words)
    if inserted != choice.text:
        raise MisplacedAcceptError(
            f"The engine showed {len(choice.text)} characters and inserted {len(inserted)} others:"
            " its session and its suggestion disagree."
        )
    return inserted


class _Coverage:
    """Which words had a right show while two of their letters were still to come."""

    __slots__ = ("_next", "covered", "words")

    def __init__(self, of: list[Word]) -> None:
        self.words = of
        self.covered = 0
        self._next = 0

    def right_show(self, offset: int, text: str) -> None:
        """`text` is right at the caret: each word it reaches into is covered, once."""
        end = offset + len(text)
        while self._next < len(self.words) and self.words[self._next].start < end:
            if offset <= self.words[self._next].core_end - 2:
                self.covered += 1
            self._next += 1
