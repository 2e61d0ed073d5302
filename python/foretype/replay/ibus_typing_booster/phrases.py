"""The user's phrases, and the rule by which the peer ranks them.

Among the phrases that begin with what is typed, each order gives shares that sum to 1:
    s1(w) = uses of w / uses of all
    s2(w) = uses of w after the phrase before / uses of all after it
    s3(w) = uses of w after the two phrases before / uses of all after them
A phrase starts with s1. If any was used after the phrase before, those that were get
(s1 + s2) / 2. If any was used after the two before, those that were get half of that and half of
s3: a quarter, a quarter and a half of the three orders. The others keep what they had.
"""

from bisect import bisect_left, insort
from collections import Counter, defaultdict
from collections.abc import Iterable

from foretype.replay.ibus_typing_booster.tokens import fold

COUNT_BYTES = 8
LAST = "\U0010ffff"
"""Behind every text that begins the same."""


class Phrases:
    """What one author used, by the two phrases before it."""

    def __init__(self) -> None:
        self._alone: Counter[str] = Counter()
        self._after: dict[str, Counter[str]] = defaultdict(Counter)
        self._after_two: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        self._sorted: list[tuple[str, str]] = []  # (folded, phrase), each once
        self.memory_bytes = 0  # of its rows, as plain text and a count

    def add(self, phrase: str, before: str, before_that: str) -> None:
        """One use; empty texts stand for the beginning of a message."""
        if phrase not in self._alone:
            insort(self._sorted, (fold(phrase), phrase))
        row = self._after_two[before_that, before]
        if phrase not in row:
            texts = (phrase, before, before_that)
            self.memory_bytes += sum(len(text.encode()) for text in texts) + COUNT_BYTES
        self._alone[phrase] += 1
        self._after[before][phrase] += 1
        row[phrase] += 1

    def scores(self, typed: str, before: str, before_that: str) -> dict[str, float]:
        """Of the phrases that begin with `typed`, whatever their case and accents."""
        matching = self._matching(fold(typed))
        scores = _shares({phrase: self._alone[phrase] for phrase in matching})
        contexts = [self._after.get(before) if before else None]
        contexts.append(self._after_two.get((before_that, before)) if before_that else None)
        for uses in contexts:
            shares = _shares(_of(matching, uses or {}))
            if not shares:
                break
            for phrase, share in shares.items():
                scores[phrase] = (scores[phrase] + share) / 2
        return scores

    def _matching(self, folded: str) -> set[str]:
        low = bisect_left(self._sorted, (folded, ""))
        high = bisect_left(self._sorted, (folded + LAST, ""))
        return {phrase for _, phrase in self._sorted[low:high]}


def _of(matching: set[str], uses: dict[str, int]) -> dict[str, int]:
    return {phrase: count for phrase, count in uses.items() if phrase in matching}


def _shares(uses: dict[str, int]) -> dict[str, float]:
    total = sum(uses.values())
    return {phrase: count / total for phrase, count in uses.items()}


def best_first(scores: dict[str, float], *, limit: int) -> list[str]:
    """By score, then the shorter, then by the alphabet."""
    return sorted(scores, key=lambda phrase: (-scores[phrase], len(phrase), phrase))[:limit]


def capitalised(phrases: Iterable[str]) -> list[str]:
    """Each with a capital first letter, each once."""
    return list(dict.fromkeys(phrase[:1].title() + phrase[1:] for phrase in phrases))
