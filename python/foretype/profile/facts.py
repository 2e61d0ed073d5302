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
