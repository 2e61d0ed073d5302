"""What a profile tells its owner about itself. Immutable values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Literal

Rung = Literal["offered", "confirmed", "trusted"]


@dataclass(frozen=True)
class FormFacts:
    """One way in which a word is written, and how often within and at the start of sentences."""

    text: str
    inside: int
    opening: int


@dataclass(frozen=True)
class WordFacts:
    """Why a word is known."""

    word: str
    forms: tuple[FormFacts, ...]
    uses: int
    accepted: int
    rejected: int
    first_day: date
    last_day: date
    rung: Rung
    contexts: tuple[str, ...]


@dataclass(frozen=True)
class ContextFacts:
    """Something that is learned apart: a client, an app, a site. "" is what is common to all."""

    name: str
    private: bool
    words: int
    ngrams: int
    messages: int


@dataclass(frozen=True)
class ProfileStats:
    """How much is known and how much room it takes. Bytes; `ngrams` of all orders."""

    words: int
    ngrams: int
    max_ngrams: int
    memory_bytes: int
    file_bytes: int
    contexts: int
    messages: int
    blocked: int
    paused: bool
    folder: Path | None


@dataclass(frozen=True)
class Tally:
    """What became of suggestions so far. It tells of no text, and forgetting leaves it."""

    words: int  # written where something was looked for
    shown: int  # suggestions that were on screen, each once, and whose outcome is known
    taken: int
    written: int  # right and on screen, and all the same written by hand
    missed: int  # right and in the list, and never on screen
    retained: int  # of those taken: still there 30 s later, or when the message was finished
    keys_saved: int  # characters that came by accepts, less one key for each

    @property
    def wrong(self) -> int:
        """Suggestions that were on screen and were not what was written."""
        return max(0, self.shown - self.taken - self.written)


@dataclass(frozen=True)
class Forgotten:
    """What went: n-grams of all orders, remembered messages.

    `note` says in a sentence what the owner should also know; empty in the usual case.
    """

    ngrams: int
    messages: int
    note: str = ""

    def noting(self, sentence: str) -> Forgotten:
        """The same with one more sentence in the note; an empty one adds nothing."""
        return replace(self, note=f"{self.note} {sentence}".strip())
