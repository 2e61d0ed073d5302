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
MAX_PHRASE_UNITS = 24
OLDEST_DAYS = 1023  # whatever is older weighs like this

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
    shout_uses: int
    opening_capitals: float
    opening_smalls: float
    context_unigrams: float
    half_life_days: float
    faded: float
    offered: float
    phrase_uses: int
    phrase_share: float


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

    def contexts(self) -> list[tuple[str, ...]]:
        """The contexts it is counted in: the whole one and all its shorter ends, but the empty."""
        return [self.context[start:] for start in range(len(self.context))]


@dataclass(frozen=True)
class Part:
    """What one term gives to a unit, which was used `count` times there."""

    unit: str
    probability: float
    count: int = 0


class Ngrams:
    """The user's uses of units on a background.

    `opens(unit)` says whether a unit after `unit` opens a sentence. `today` is a day number.
    """

    def __init__(
        self, background: Background, weights: Weights, opens: Callable[[str], bool]
    ) -> None:
        self.background = background
        self.weights = weights
        self.today = 0
        self.uses: list[Use] = []
        self.accepted: dict[str, int] = {}
        self.rejected: dict[str, int] = {}
        self._opens = opens
        self._last: dict[tuple[tuple[str, ...], str], int] = {}  # day of a context's unit
        self._last_use: dict[str, int] = {}  # day of a unit

    def learn(self, history: Sequence[str], unit: str) -> None:
        """One more use of `unit`."""
        if not 0 < len(unit.encode()) <= MAX_UNIT_BYTES:
            return
        use = self._use(history, unit)
        self.uses.append(use)
        for context in use.contexts():
            key = context, unit
            self._last[key] = max(self._last.get(key, 0), self.today)
        self._last_use[unit] = max(self._last_use.get(unit, 0), self.today)

    def unlearn(self, history: Sequence[str], unit: str) -> None:
        """Take the latest equal use back, if there is one."""
        use = self._use(history, unit)
        if use not in self.uses:
            return
        del self.uses[len(self.uses) - 1 - self.uses[::-1].index(use)]
        for context in use.contexts():
            if unit not in self.followers(context):
                del self._last[context, unit]
        if all(use.unit != unit for use in self.uses):
            del self._last_use[unit]
            self.accepted.pop(unit, 0)
            self.rejected.pop(unit, 0)

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
            unit = self._canonical(use)
            counts[unit] = counts.get(unit, 0) + 1
        return counts

    def _canonical(self, use: Use) -> str:
        return fold(use.unit) if use.opening and self._prefers_small(use.unit) else use.unit

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

    def ladder(self, unit: str) -> float:
        """Factor for a unit that the background does not know and hardly one use vouches for."""
        known = any(fold(word) == fold(unit) for word in self.background.unigrams)
        return 1.0 if known or self._evidence(unit) > 1 else self.weights.offered

    def kept_share(self, unit: str) -> float:
        """The share of accepted suggestions that were not erased again, from 2 of 2 on."""
        accepted = self._of_all_forms(self.accepted, unit)
        return (accepted + 2) / (accepted + self._of_all_forms(self.rejected, unit) + 2)

    def _evidence(self, unit: str) -> int:
        uses = sum(fold(use.unit) == fold(unit) for use in self.uses)
        accepted = self._of_all_forms(self.accepted, unit)
        return uses + accepted - 2 * self._of_all_forms(self.rejected, unit)

    def _of_all_forms(self, counts: dict[str, int], unit: str) -> int:
        return sum(count for form, count in counts.items() if fold(form) == fold(unit))

    def shown(
        self, history: Sequence[str], *, sentence_start: bool, on_background: bool = True
    ) -> dict[str, float]:
        """P(unit | history) of everything that can be shown.

        `on_background`: whether the background stands below, or another trie (see `rest`).
        """
        return self._shown(
            history,
            lambda unit: self.ladder(unit) * self.kept_share(unit),
            sentence_start=sentence_start,
            on_background=on_background,
        )

    def mass(
        self,
        history: Sequence[str],
        prefix: str,
        *,
        sentence_start: bool,
        on_background: bool = True,
    ) -> float:
        """Sum over what fits the prefix, rejections left out; without a prefix also the ladder."""
        shown = self._shown(
            history,
            self.ladder if prefix else lambda unit: 1.0,
            sentence_start=sentence_start,
            on_background=on_background,
        )
        return sum(p for unit, p in shown.items() if unit.startswith(prefix))

    def _shown(
        self,
        history: Sequence[str],
        factor: Callable[[str], float],
        *,
        sentence_start: bool,
        on_background: bool,
    ) -> dict[str, float]:
        shown: dict[str, float] = {}
        contexts, base, _ = self._terms(history, on_background=on_background)
        for parts, opens in [(contexts, False), (base, sentence_start)]:
            for part in parts:
                probability = part.probability * factor(part.unit)
                shares = self._shares(self._meant(part), part.unit, sentence_start=opens)
                for form, share in shares.items():
                    shown[form] = shown.get(form, 0.0) + probability * share
        return shown

    def rest(self, history: Sequence[str]) -> float:
        """What a trie that stands on another one leaves to that one."""
        return self._terms(history, on_background=False)[2]

    def _terms(
        self, history: Sequence[str], *, on_background: bool
    ) -> tuple[list[Part], list[Part], float]:
        """The parts of the contexts, the parts below them, and what is left then."""
        contexts: list[Part] = []
        left = 1.0
        for order in range(min(len(history), MAX_ORDER - 1) + 1, 1, -1):
            context = tuple(fold(before) for before in history[len(history) - order + 1 :])
            counts = self.followers(context)
            if counts:
                days = {unit: self._last[context, unit] for unit in counts}
                parts, left = self._take(counts, days, order, left)
                contexts += parts
        if on_background:
            return contexts, self._on_background(history, left), 0.0
        own = left * self.weights.context_unigrams
        parts, remaining = self._own_base(own)
        return contexts, parts, left - own + remaining

    def _on_background(self, history: Sequence[str], left: float) -> list[Part]:
        row = self.background.rows.get(fold(history[-1]), {}) if history else {}
        believed = self.weights.background_bigrams
        parts = [Part(unit, left * believed * p) for unit, p in row.items()]
        own, left = self._own_base(left * (1 - believed * sum(row.values())))
        known = self.background.unigrams
        return [*parts, *own, *(Part(unit, left * p) for unit, p in known.items())]

    def _own_base(self, left: float) -> tuple[list[Part], float]:
        """The recent units and the user's unigrams; what they leave."""
        parts: list[Part] = []
        recent = self.recent()
        if recent:
            scale = left * self.weights.recent / sum(recent.values())
            parts = [Part(unit, scale * count, count) for unit, count in recent.items()]
            left *= 1 - self.weights.recent
        unigrams, left = self._take(self.unigrams(), self._unigram_days(), 1, left)
        return parts + unigrams, left

    def _unigram_days(self) -> dict[str, int]:
        days: dict[str, int] = {}
        for use in self.uses:
            unit = self._canonical(use)
            days[unit] = max(days.get(unit, 0), self._last_use[use.unit])
        return days

    def _take(
        self, counts: dict[str, int], days: dict[str, int], order: int, left: float
    ) -> tuple[list[Part], float]:
        """What one order gives each unit of the probability left, and what is left below it."""
        discount, strength = self.weights.discount[order - 1], self.weights.strength[order - 1]
        factors = {unit: self._factor(days[unit]) for unit in counts}
        total = sum(counts[unit] * factor for unit, factor in factors.items()) + strength
        parts = [
            Part(unit, left * (counts[unit] - discount) * factor / total, counts[unit])
            for unit, factor in factors.items()
        ]
        return parts, left * (strength + discount * sum(factors.values())) / total

    def _factor(self, day: int) -> float:
        """How much a use of that day still weighs."""
        half_life, faded = self.weights.half_life_days, self.weights.faded
        age = min(max(self.today - day, 0), OLDEST_DAYS)
        return faded + (1 - faded) * 0.5 ** (age / half_life) if half_life > 0 else 1.0

    def _meant(self, part: Part) -> str:
        """The casing that counts: a few all-capital uses of a usual word count as that word's."""
        case = casing(part.unit)
        capitals = sum(letter in _SMALL for letter in part.unit)
        if case != "upper" or capitals < 2 or not 0 < part.count < self.weights.shout_uses:
            return case
        usual, most = case, 0.0
        for word, probability in sorted(self.background.unigrams.items()):
            if fold(word) == fold(part.unit) and probability > most:
                usual, most = casing(word), probability
        return usual if usual in ("lower", "title") else case

    def _shares(self, case: str, unit: str, *, sentence_start: bool) -> dict[str, float]:
        """The forms in which a unit of that casing is shown, and each one's share."""
        weights = self.weights
        small, to_lower, to_upper = fold(unit), weights.to_lower, weights.to_upper
        match case:
            case "lower":
                titled = self._titled() if sentence_start else weights.to_title
                forms = [
                    (small, 1 - titled - to_upper),
                    (title(small), titled),
                    (upper(unit), to_upper),
                ]
            case "title":
                forms = [
                    (title(small), 1 - to_lower - to_upper),
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

    def phrase(self, history: Sequence[str]) -> list[str]:
        """The units that nearly always followed, one after the other."""
        units = list(history)
        while len(units) - len(history) < MAX_PHRASE_UNITS:
            following = self._certain_follower(units)
            if following is None:
                break
            units.append(following)
        return units[len(history) :]

    def _certain_follower(self, history: Sequence[str]) -> str | None:
        weights = self.weights
        for size in range(min(len(history), MAX_ORDER - 1), 0, -1):
            context = tuple(fold(before) for before in history[len(history) - size :])
            counts = self.followers(context)
            uses = sum(counts.values())
            if uses < weights.phrase_uses:
                continue
            if uses < weights.phrase_share * (self._times_written(context) - 1):
                return None  # messages often end there
            weight = {
                unit: count * self._factor(self._last[context, unit])
                for unit, count in counts.items()
            }
            least = weights.phrase_share * sum(weight.values())
            for unit, count in counts.items():
                if count >= weights.phrase_uses and weight[unit] >= least:
                    return unit if self._evidence(unit) > 1 else None
            return None
        return None

    def _times_written(self, units: tuple[str, ...]) -> int:
        before, last = units[:-1], units[-1]
        return sum(
            fold(use.unit) == last and use.context[len(use.context) - len(before) :] == before
            for use in self.uses
        )
