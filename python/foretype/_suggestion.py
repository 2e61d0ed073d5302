"""What a session answers with: immutable values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Source = Literal["trie", "lm", "both"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One possible next word, as text to insert at the caret."""

    text: str
    source: Source
    probability: float


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Ghost text at the caret.

    `words` are the pieces that an accept of one word takes, in order; joined they are `text`.
    `probability` is that of the first piece being what the user writes next, by the merge.
    `candidates` are the best first words, best first; the first of them is `words[0]`.
    """

    text: str
    words: tuple[str, ...]
    source: Source
    probability: float
    why: str
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Timing:
    """What the last `suggest` cost."""

    total_ms: float = 0.0
    trie_us: float = 0.0
    lm_ms: float = 0.0
    rank_us: float = 0.0  # from the proposers' answers to the decision: ranking, gate, books
    lm_tokens: int = 0  # tokens put through the language model
    cached_tokens: int = 0  # tokens of context whose keys and values were there already
    complete: bool = True  # False: the deadline came before the model had read everything
