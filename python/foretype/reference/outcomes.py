"""What becomes of proposals, worked out slowly: the twin of core/src/outcome/rounds.cpp.

A script of one message is told step by step; each step answers with the labels it gave. Text is
bytes, as in the core. There is no clock: what was taken and erased again was erased soon, and only
a finished message retains.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

MOST_PROPOSALS = 8  # kept of a round
RANKS, DECILES, TYPED, SOURCES = 5, 10, 4, 3  # of the hit table
SHOWN, ACCEPTED, TYPED_THROUGH, MISSED, RETAINED = range(5)
UNSEEN, PASSED, DISMISSED, TAKEN, TAKEN_IN_PART, ERASED = range(6)
_BLANKS = b" \n\t"

Label = tuple[bool, int, int, int, int, float]
"""Right, rank, letters typed, source, reaction, probability."""


@dataclass(frozen=True)
class Unit:
    """A unit of the text: where it lies, and whether it is a word."""

    begin: int
    end: int
    is_word: bool


@dataclass
class Proposal:
    """One candidate of one round."""

    caret: int
    prefix: bytes
    text: bytes
    probability: float
    source: int
    rank: int
    reaction: int = UNSEEN
    taken: bool = False
    cut: bool = False  # erased, at least its end, after it was taken

    @property
    def end(self) -> int:
        """Where its word would end."""
        return self.caret + len(self.text)

    @property
    def is_rest(self) -> bool:
        """Whether it goes on with the word at the caret."""
        return bool(self.prefix) and self.text[:1] not in _BLANKS

    @property
    def word(self) -> tuple[int, bytes]:
        """The whole word, and where it begins."""
        if self.is_rest:
            return self.caret - len(self.prefix), self.prefix + self.text
        word = self.text.lstrip(_BLANKS)
        return self.end - len(word), word

    @property
    def typed(self) -> int:
        """Letters of its word that stood there."""
        return len(self.prefix.decode("utf-8", "replace")) if self.is_rest else 0

    def label(self, *, right: bool) -> Label:
        """What the core says of it."""
        return right, self.rank, self.typed, self.source, self.reaction, self.probability

    @property
    def cell(self) -> tuple[int, int, int, int]:
        """Where the hit table counts it."""
        decile = min(int(self.probability * DECILES), DECILES - 1)
        return self.rank - 1, decile, min(self.typed, TYPED - 1), self.source - 1


class Outcomes:
    """The proposals of one message that is being written."""

    def __init__(self, counts: Counter[tuple[int, int, int, int, int]]) -> None:
        self._text = b""
        self._open: list[Proposal] = []
        self._kept: list[Proposal] = []  # taken, and finished as they were taken
        self._counts = counts

    def suggest(
        self, prefix: bytes, candidates: list[tuple[bytes, int, float]], shown: bytes | None
    ) -> None:
        """The candidates, best first: text, source, probability; and which is on screen."""
        caret = len(self._text)
        before = [each for each in self._open if each.caret == caret]
        self._open = [each for each in self._open if each.caret < caret]
        seen = {each.text: each for each in before if each.reaction != UNSEEN}
        for rank, (text, source, probability) in enumerate(candidates[:MOST_PROPOSALS], 1):
            new = Proposal(caret, prefix, text, probability, source, rank)
            self._open.append(seen.pop(text, new))
        self._open += seen.values()
        for each in self._open:
            if each.caret == caret and each.text == shown and each.reaction == UNSEEN:
                each.reaction = PASSED
        self._on_screen = shown

    def take(self, *, whole: bool) -> None:
        """The user took what is on screen, with or without the words shown behind it."""
        for each in self._seen_now():
            each.reaction = TAKEN if whole else TAKEN_IN_PART
            each.taken = True

    def dismiss(self) -> None:
        """The user wants nothing shown here."""
        for each in self._seen_now():
            each.reaction = DISMISSED

    def _seen_now(self) -> Iterator[Proposal]:
        caret = len(self._text)
        return (e for e in self._open if e.caret == caret and e.text == self._on_screen)

    def write(self, text: bytes, units: list[Unit], *, decided: int) -> list[Label]:
        """The text is now this, of which so many of its units cannot change by typing on."""
        same = _common(self._text, text)
        labels = self._erase_from(same) if same < len(self._text) else []
        self._text = text
        for unit in units[:decided]:
            if unit.is_word:
                labels += self._decide(unit)
        return labels

    def finish(self) -> list[Label]:
        """The message, all units of which were decided, is sent."""
        labels = self._label(self._open, end=-1)
        for each in self._kept:
            self._count(RETAINED, each)
        self._open, self._kept, self._text = [], [], b""
        return labels

    def _erase_from(self, begin: int) -> list[Label]:
        self._kept = [each for each in self._kept if each.end <= begin]
        labels = []
        for each in self._open:
            if each.taken and each.end > begin:
                each.cut = True
                each.reaction = ERASED
            if each.caret > begin and each.taken:
                self._count(SHOWN, each)
                self._count(ACCEPTED, each)
                labels.append(each.label(right=False))
        self._open = [each for each in self._open if each.caret <= begin]
        return labels

    def _decide(self, unit: Unit) -> list[Label]:
        """Label all that the word decides: what was proposed before its end."""

        def concerned(each: Proposal) -> bool:
            return each.caret <= unit.end if each.is_rest else each.caret < unit.end

        decided = [each for each in self._open if concerned(each)]
        self._open = [each for each in self._open if not concerned(each)]
        return self._label(decided, end=unit.end)

    def _label(self, decided: list[Proposal], *, end: int) -> list[Label]:
        def is_right(each: Proposal) -> bool:
            word_end = each.caret + len(each.text.removesuffix(b" "))  # a space may be held
            return word_end == end and self._text[each.caret : each.end] == each.text

        words: dict[tuple[int, bytes, bool], list[Proposal]] = {}
        for each in decided:
            begin, word = each.word
            # Behind a line end stands another word than behind the space that was proposed.
            placed = self._text[each.caret : begin] == each.text[: max(0, begin - each.caret)]
            words.setdefault((begin, word, placed), []).append(each)
        for same in words.values():
            self._count_word(same, right=is_right(same[0]))
        return [each.label(right=is_right(each)) for each in decided]

    def _count_word(self, rounds: list[Proposal], *, right: bool) -> None:
        """One word at one place, in all the rounds where it was in the list."""
        shown = [each for each in rounds if each.reaction != UNSEEN]
        taken = [each for each in rounds if each.taken]
        if shown:
            first = shown[0]
            self._count(SHOWN, first)
            if taken:
                self._count(ACCEPTED, first)
                if right and not taken[-1].cut:
                    self._kept.append(first)
            elif right:
                self._count(TYPED_THROUGH, first)
        elif right:
            listed = [each for each in rounds if each.rank <= RANKS]
            if listed:
                self._count(MISSED, listed[0])

    def _count(self, event: int, proposal: Proposal) -> None:
        if proposal.rank <= RANKS:
            self._counts[(event, *proposal.cell)] += 1


def _common(one: bytes, two: bytes) -> int:
    length = 0
    while length < min(len(one), len(two)) and one[length] == two[length]:
        length += 1
    return length
