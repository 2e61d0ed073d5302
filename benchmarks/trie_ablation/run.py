"""Which parts of the trie's probability pay: strict keystroke savings of the trie alone.

    python benchmarks/trie_ablation/run.py --data mails.jsonl            # the shipped settings
    python benchmarks/trie_ablation/run.py --data mails.jsonl --table    # the ablation table

Word completion only: at each key of a word, its first one included, the best candidate that is
longer than what is typed. An author's messages before the last 6,000 characters are learned, the
rest is scored and learned on the way (docs/replay.md has the full replay, with all proposers).
Columns: savings; savings where nothing passed over is offered again within the word; savings from
a menu of three; bits for a word unit, given its history, of those the trie knows.
"""

import argparse
import json
import math
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from foretype import _core

CHARACTERS_SCORED = 6000
MENU = 3
CONTEXT_UNITS = 4
# Passed-over candidates leave the list, so it must be longer than a word usually has letters.
CANDIDATES = 16
BACKGROUND = Path(__file__).parents[2] / "python" / "foretype" / "data" / "background.bin"

Change = Callable[[_core.TrieWeights], None]


@dataclass
class Score:
    """Sums over the scored messages of some authors."""

    characters: int = 0
    saved: int = 0
    saved_stepping_back: int = 0
    saved_menu: int = 0
    bits: float = 0.0
    words: int = 0
    wrong_case: int = 0
    shows: int = 0

    def __add__(self, other: "Score") -> "Score":
        return Score(
            *(a + b for a, b in zip(vars(self).values(), vars(other).values(), strict=True))
        )

    def row(self) -> str:
        """The four columns."""
        rates = (self.saved, self.saved_stepping_back, self.saved_menu)
        columns = [f"{rate / self.characters:.4f}" for rate in rates]
        return "  ".join([*columns, f"{self.bits / max(self.words, 1):.3f}"])


@dataclass
class Writer:
    """One author's trie, and the message being written."""

    trie: _core.Trie
    score: Score = field(default_factory=Score)
    learning: bool = True

    def read(self, text: str) -> None:
        """Learn a whole message."""
        history = [""]
        for unit in _core.cut_units(text):
            self.trie.learn(history[-CONTEXT_UNITS:], unit)
            history.append(unit)

    def write(self, text: str) -> None:
        """Score a message, learning each unit when it is finished."""
        self.score.characters += len(text)
        history = [""]
        data = text.encode()
        for unit, (begin, _, _) in zip(_core.cut_units(text), _core.units(data), strict=True):
            context = history[-CONTEXT_UNITS:]
            if _core.is_word(unit.encode()):
                opens = _core.starts_sentence(data[max(begin - 40, 0) : begin])
                self._type_word(context, unit, opens=opens)
            if self.learning:
                self.trie.learn(context, unit)
            history.append(unit)

    def _type_word(self, context: list[str], word: str, *, opens: bool) -> None:
        probability = self.trie.probability(context, word, sentence_start=opens)
        if probability > 0:
            self.score.bits -= math.log2(probability)
            self.score.words += 1
        saved = stepping_back = menu = 0
        passed: set[str] = set()
        for typed in range(len(word)):
            if saved and stepping_back and menu:
                break
            left = len(word) - typed - 1  # an accept is one key
            offers = self._offers(context, word[:typed], opens=opens)
            if offers and not saved:
                self.score.shows += 1
                self.score.wrong_case += offers[0] != word and offers[0].lower() == word.lower()
                saved = left * (offers[0] == word)
            if not stepping_back:
                fresh = next((offer for offer in offers if offer not in passed), "")
                passed.add(fresh)
                stepping_back = left * (fresh == word)
            if not menu:
                menu = left * (word in offers[:MENU])
        self.score.saved += saved
        self.score.saved_stepping_back += stepping_back
        self.score.saved_menu += menu

    def _offers(self, context: list[str], typed: str, *, opens: bool) -> list[str]:
        proposal = self.trie.propose(context, typed, sentence_start=opens, limit=CANDIDATES)
        return [
            each.unit
            for each in proposal.candidates
            if len(each.unit) > len(typed) and _core.is_word(each.unit.encode())
        ]


def messages_by_author(path: Path) -> dict[str, list[str]]:
    """Each author's texts, by date."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    authors: dict[str, list[str]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row["date"]):
        authors[row["author"]].append(row["text"])
    return dict(sorted(authors.items()))


def split(texts: list[str]) -> tuple[list[str], list[str]]:
    """The messages to learn first, and those to score: the last ones, about 6,000 characters."""
    first, size = len(texts), 0
    while first > 0 and size < CHARACTERS_SCORED:
        first -= 1
        size += len(texts[first])
    return texts[:first], texts[first:]


def replay(
    authors: dict[str, list[str]],
    background: _core.Background,
    weights: _core.TrieWeights,
    *,
    personal: bool = True,
) -> dict[str, Score]:
    """The score of each author. `personal`: whether anything is learned."""
    scores = {}
    for author, texts in authors.items():
        writer = Writer(_core.Trie(background, weights), learning=personal)
        history, scored = split(texts)
        for text in history if personal else []:
            writer.read(text)
        for text in scored:
            writer.write(text)
        scores[author] = writer.score
    return scores
