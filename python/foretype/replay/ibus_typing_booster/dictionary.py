"""The word list to which the peer falls back: the words of Foretype's English background.

docs/formats/background.md describes the file.
"""

import struct
from bisect import bisect_left
from importlib import resources

from foretype.replay.ibus_typing_booster.phrases import LAST, best_first
from foretype.replay.ibus_typing_booster.tokens import fold

MOST = 50
"""Completions that the dictionary hands to the ranking."""

BELOW_PHRASES = 1e-6
"""A word's probability times this is below every score of a phrase that was used."""

_HEAD = 32
_LEVELS = 256


class Dictionary:
    """Words, for each a score: 0, or one that puts the more usual first."""

    def __init__(self, words: dict[str, float]) -> None:
        self._words = words
        self._sorted = sorted((fold(word), word) for word in words)
        self._known: dict[str, dict[str, float]] = {}

    def scores(self, typed: str) -> dict[str, float]:
        """Of the words that begin with `typed`, the best few."""
        folded = fold(typed)
        if folded not in self._known:
            low = bisect_left(self._sorted, (folded, ""))
            high = bisect_left(self._sorted, (folded + LAST, ""))
            found = {word: self._words[word] for _, word in self._sorted[low:high]}
            self._known[folded] = {word: found[word] for word in best_first(found, limit=MOST)}
        return self._known[folded]


def open_dictionary(*, by_use: bool) -> Dictionary:
    """All words of the background that begin with a letter."""
    words = read_words(resources.files("foretype").joinpath("data", "background.bin").read_bytes())
    weight = BELOW_PHRASES if by_use else 0.0
    return Dictionary({word: weight * probability for word, probability in words.items()})


def read_words(content: bytes) -> dict[str, float]:
    """Words and their probabilities, from a background file that is known to be good."""
    count, bigrams = struct.unpack_from("<2I", content, 16)
    levels = struct.unpack_from(f"<{_LEVELS}f", content, _HEAD)
    offsets_at = _HEAD + 4 * _LEVELS
    offsets = struct.unpack_from(f"<{count + 1}I", content, offsets_at)
    levels_at = offsets_at + 8 * (count + 1) + 2 * bigrams
    text = content[levels_at + count + bigrams :]
    words = {}
    for number in range(count):
        word = text[offsets[number] : offsets[number + 1]].decode()
        if word[:1].isalpha():
            words[word] = levels[content[levels_at + number]]
    return words
