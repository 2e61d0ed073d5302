"""What the trie counts, slow and readable: every use is kept, and counted anew when asked.

The rows of core/src/propose/trie/rows.h must be the same.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from foretype.reference.ngrams import MAX_ORDER, MAX_UNIT_BYTES, fold

Ngram = tuple[str, ...]
Row = tuple[int, int]  # count, last day


@dataclass(frozen=True)
class DatedUse:
    """One use of a unit: what stood before it (folded, oldest first), and on which day."""

    context: Ngram
    unit: str
    opening: bool
    day: int


class Counts:
    """Uses of units, each with its day. `opens(unit)`: what follows `unit` opens a sentence."""

    def __init__(self, opens: Callable[[str], bool]) -> None:
        self.uses: list[DatedUse] = []
        self._opens = opens

    def learn(self, history: Sequence[str], unit: str, *, day: int) -> None:
        """One more use of `unit`, unless it is empty or too long."""
        if 0 < len(unit.encode()) <= MAX_UNIT_BYTES:
            opening = bool(history) and self._opens(history[-1])
            self.uses.append(DatedUse(_context(history), unit, opening, day))

    def ngram_rows(self) -> dict[Ngram, Row]:
        """Count and last day of each n-gram of order 2 and more."""
        rows: dict[Ngram, Row] = {}
        for use in self.uses:
            for start in range(len(use.context)):
                ngram = (*use.context[start:], use.unit)
                count, day = rows.get(ngram, (0, 0))
                rows[ngram] = count + 1, max(day, use.day)
        return rows

    def word_rows(self) -> dict[str, tuple[tuple[int, int], tuple[int, int]]]:
        """Uses inside and at the opening of sentences, first and last day, of each unit."""
        rows = {}
        for unit in {use.unit for use in self.uses}:
            uses = [use for use in self.uses if use.unit == unit]
            opening = sum(use.opening for use in uses)
            days = [use.day for use in uses]
            rows[unit] = (len(uses) - opening, opening), (min(days), max(days))
        return rows


def without_word(rows: Mapping[Ngram, Row], word: str) -> dict[Ngram, Row]:
    """The n-grams in which no form of a word stands."""
    return {
        ngram: row
        for ngram, row in rows.items()
        if fold(word) not in [fold(unit) for unit in ngram]
    }


def without_phrase(rows: Mapping[Ngram, Row], phrase: Sequence[str]) -> dict[Ngram, Row]:
    """The n-grams in which no two neighbours of a phrase are neighbours, in any case."""
    pairs = set(pairwise(fold(unit) for unit in phrase))
    return {
        ngram: row
        for ngram, row in rows.items()
        if pairs.isdisjoint(pairwise(fold(unit) for unit in ngram))
    }


def usefulness(ngram: Ngram, count: int, day: int) -> tuple[int, int, int]:
    """What is least goes first when room is needed and nothing fades."""
    return count, -len(ngram), day


def _context(history: Sequence[str]) -> Ngram:
    """The last units, folded, from behind the last one that is too long."""
    context: Ngram = ()
    for unit in reversed(history[-(MAX_ORDER - 1) :]):
        if len(unit.encode()) > MAX_UNIT_BYTES:
            break
        context = (fold(unit), *context)
    return context
