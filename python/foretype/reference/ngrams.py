"""The trie's probability, slow and readable: core/src/propose/trie must give the same numbers.

Nothing is kept but the uses of units in the order they were learned; every count is made anew by
looking through all of them.
"""

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

MAX_ORDER = 5
MAX_UNIT_BYTES = 64

# The capitals whose small letter has as many bytes in UTF-8: ASCII, Latin-1, Latin Extended-A,
# Greek, Cyrillic.
_BLOCKS = ((0x41, 0x5A), (0xC0, 0x17F), (0x386, 0x3AB), (0x400, 0x42F))
_SMALL = {
    capital: capital.lower()
    for first, last in _BLOCKS
    for capital in map(chr, range(first, last + 1))
    if len(capital.lower()) == 1
    and capital.lower() != capital
    and len(capital.lower().encode()) == len(capital.encode())
}
_CAPITAL = {small: capital for capital, small in _SMALL.items()}


def fold(text: str) -> str:
    """Every letter small."""
    return "".join(_SMALL.get(letter, letter) for letter in text)


def upper(text: str) -> str:
    """Every letter capital."""
    return "".join(_CAPITAL.get(letter, letter) for letter in text)


def title(text: str) -> str:
    """The first letter capital."""
    return upper(text[:1]) + text[1:]


def casing(text: str) -> str:
    """How a unit uses capitals: other, lower, title, upper or mixed."""
    capitals = sum(letter in _SMALL for letter in text)
    small = any(letter in _CAPITAL for letter in text)
    if capitals == 0:
        return "lower" if text[:1] in _CAPITAL else "other"
    if capitals == 1 and text[0] in _SMALL:
        return "title"
    return "mixed" if small else "upper"


@dataclass(frozen=True)
class Weights:
    """The numbers of the probability; the same names as in core/src/propose/trie/weights.h."""

    discount: Sequence[float]
    strength: Sequence[float]
    background_bigrams: float
    recent: float
    recent_units: int
    to_title: float
    to_upper: float
    to_lower: float
    opening_capitals: float
    opening_smalls: float


@dataclass(frozen=True)
class Background:
    """What a background file says, in dictionaries. Rows are found by folded form."""

    unigrams: dict[str, float] = field(default_factory=dict)
    rows: dict[str, dict[str, float]] = field(default_factory=dict)


def read_background(content: bytes) -> Background:
    """Read a file that is known to be good; docs/formats/background.md describes it."""
    words, bigrams, _, _ = struct.unpack_from("<4I", content, 16)
    at = 32

    def take(kind: str, count: int) -> tuple[float, ...]:
        nonlocal at
        values = struct.unpack_from(f"<{count}{kind}", content, at)
        at += struct.calcsize(f"<{count}{kind}")
        return values

    levels = take("f", 256)
    text_ends = [int(end) for end in take("I", words + 1)]
    row_ends = [int(end) for end in take("I", words + 1)]
    followers = [int(word) for word in take("H", bigrams)]
    unigrams = [levels[int(level)] for level in take("B", words)]
    probabilities = [levels[int(level)] for level in take("B", bigrams)]
    texts = [content[at + begin : at + end].decode() for begin, end in pairwise(text_ends)]
    rows: dict[str, dict[str, float]] = {}
    for word, (begin, end) in zip(texts, pairwise(row_ends), strict=True):
        row = {texts[followers[i]]: probabilities[i] for i in range(begin, end)}
        rows.setdefault(fold(word), row)
    return Background(dict(zip(texts, unigrams, strict=True)), rows)


@dataclass(frozen=True)
class Use:
    """One learned use of a unit."""

    context: tuple[str, ...]  # folded, the last four units, oldest first
    unit: str
    opening: bool  # whether it opened a sentence


class Ngrams:
    """The user's uses of units on a background.

    `opens(unit)` says whether a unit after `unit` opens a sentence.
    """

    def __init__(
        self, background: Background, weights: Weights, opens: Callable[[str], bool]
    ) -> None:
        self.background = background
        self.weights = weights
        self.uses: list[Use] = []
        self._opens = opens

    def learn(self, history: Sequence[str], unit: str) -> None:
        """One more use of `unit`."""
        if 0 < len(unit.encode()) <= MAX_UNIT_BYTES:
            self.uses.append(self._use(history, unit))

    def unlearn(self, history: Sequence[str], unit: str) -> None:
        """Take the latest equal use back, if there is one."""
        use = self._use(history, unit)
        if use in self.uses:
            del self.uses[len(self.uses) - 1 - self.uses[::-1].index(use)]

    def _use(self, history: Sequence[str], unit: str) -> Use:
        context = tuple(fold(before) for before in history[-(MAX_ORDER - 1) :])
        for place in reversed(range(len(context))):
            if len(context[place].encode()) > MAX_UNIT_BYTES:
                context = context[place + 1 :]
                break
        return Use(context, unit, bool(history) and self._opens(history[-1]))

    def followers(self, context: tuple[str, ...]) -> dict[str, int]:
        """How often each unit followed a context of one to four folded units."""
        counts: dict[str, int] = {}
        for use in self.uses:
            if use.context[-len(context) :] == context:
                counts[use.unit] = counts.get(use.unit, 0) + 1
        return counts

    def unigrams(self) -> dict[str, int]:
        """Uses of each unit, a capital that only opens a sentence taken off."""
        counts: dict[str, int] = {}
        for use in self.uses:
            small = use.opening and self._prefers_small(use.unit)
            unit = fold(use.unit) if small else use.unit
            counts[unit] = counts.get(unit, 0) + 1
        return counts

    def _prefers_small(self, unit: str) -> bool:
        if casing(unit) != "title":
            return False
        inside = self._inside(unit), self._inside(fold(unit))
        if inside[0] != inside[1]:
            return inside[1] > inside[0]
        known = self.background.unigrams
        return fold(unit) in known and known[fold(unit)] > known.get(unit, -1.0)

    def _inside(self, unit: str) -> int:
        return sum(use.unit == unit and not use.opening for use in self.uses)

    def recent(self) -> dict[str, int]:
        """Uses in the window of the latest ones that tell the unit's case."""
        telling = [
            use.unit for use in self.uses if not (use.opening and casing(use.unit) == "title")
        ]
        counts: dict[str, int] = {}
        for unit in telling[max(len(telling) - self.weights.recent_units, 0) :]:
            counts[unit] = counts.get(unit, 0) + 1
        return counts

    def shown(self, history: Sequence[str], *, sentence_start: bool) -> dict[str, float]:
        """P(unit | history) of everything that can be shown."""
        shown: dict[str, float] = {}
        left = 1.0
        for order in range(min(len(history), MAX_ORDER - 1) + 1, 1, -1):
            context = tuple(fold(before) for before in history[len(history) - order + 1 :])
            parts, left = self._take(self.followers(context), order, left)
            self._show(shown, parts, sentence_start=False)
        for parts in self._base(history, left):
            self._show(shown, parts, sentence_start=sentence_start)
        return shown

    def _base(self, history: Sequence[str], left: float) -> list[dict[str, float]]:
        """The terms below the contexts: background row, recent units, unigrams, background."""
        weights = self.weights
        row = self.background.rows.get(fold(history[-1]), {}) if history else {}
        terms = [{unit: left * weights.background_bigrams * p for unit, p in row.items()}]
        left *= 1 - weights.background_bigrams * sum(row.values())
        recent = self.recent()
        if recent:
            scale = left * weights.recent / sum(recent.values())
            terms.append({unit: scale * count for unit, count in recent.items()})
            left *= 1 - weights.recent
        parts, left = self._take(self.unigrams(), 1, left)
        return [*terms, parts, {unit: left * p for unit, p in self.background.unigrams.items()}]

    def _take(
        self, counts: dict[str, int], order: int, left: float
    ) -> tuple[dict[str, float], float]:
        """What one order gives each unit of the probability left, and what is left below it."""
        if not counts and order > 1:
            return {}, left
        discount, strength = self.weights.discount[order - 1], self.weights.strength[order - 1]
        total = sum(counts.values()) + strength
        parts = {unit: left * (count - discount) / total for unit, count in counts.items()}
        return parts, left * (strength + discount * len(counts)) / total

    def _show(
        self, shown: dict[str, float], parts: dict[str, float], *, sentence_start: bool
    ) -> None:
        for unit, part in parts.items():
            for form, share in self._shares(unit, sentence_start=sentence_start).items():
                shown[form] = shown.get(form, 0.0) + part * share

    def _shares(self, unit: str, *, sentence_start: bool) -> dict[str, float]:
        """The forms in which a unit is shown, and each one's share."""
        weights = self.weights
        small, to_lower, to_upper = fold(unit), weights.to_lower, weights.to_upper
        match casing(unit):
            case "lower":
                titled = self._titled() if sentence_start else weights.to_title
                forms = [
                    (unit, 1 - titled - to_upper),
                    (title(unit), titled),
                    (upper(unit), to_upper),
                ]
            case "title":
                forms = [
                    (unit, 1 - to_lower - to_upper),
                    (small, to_lower),
                    (upper(unit), to_upper),
                ]
            case "upper" | "mixed":
                forms = [(unit, 1 - to_lower), (small, to_lower)]
            case _:
                forms = [(unit, 1.0)]
        shares: dict[str, float] = {}
        for form, share in forms:
            shares[form] = shares.get(form, 0.0) + share
        return shares

    def _titled(self) -> float:
        """The share of small units that a sentence start gives a capital."""
        opening = [casing(use.unit) for use in self.uses if use.opening]
        capitals = opening.count("title") + self.weights.opening_capitals
        smalls = opening.count("lower") + self.weights.opening_smalls
        return (1 - self.weights.to_upper) * capitals / (capitals + smalls)
