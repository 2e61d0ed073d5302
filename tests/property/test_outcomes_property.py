"""Labels and counts of proposals are those of the slow twin, whatever is typed, taken, erased."""

from __future__ import annotations

import struct
from collections import Counter
from dataclasses import dataclass

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from foretype import Engine, Profile, _core
from foretype.reference.outcomes import (
    DECILES,
    RANKS,
    SOURCES,
    TYPED,
    Outcomes,
    Unit,
)

FEW = settings(max_examples=100)
EARLIER = (
    "The other one is on the other table. The other end is there.",
    "There is an end to the other thing, they think. Then they do.",
    "Don't do the other thing.",
)
PIECES = [
    "t", "th", "the", "e", "n", " ", " ", ". ", "o", "other ", "they ", "there ", "'", "-", "\n",
    "é", "d", "do", "don't ", ",", "the other end ", "(", "T",
]  # fmt: skip

Counts = Counter[tuple[int, int, int, int, int]]


@dataclass(frozen=True)
class Step:
    """What the user does: write, erase, look (and perhaps take or dismiss), send.

    To spell is to write letter by letter, with a look at what each brings.
    """

    kind: str
    text: str = ""
    count: int = 0


writing = st.builds(Step, kind=st.just("write"), text=st.sampled_from(PIECES))
erasing = st.builds(Step, kind=st.just("erase"), count=st.integers(1, 9))
looking = st.builds(Step, kind=st.sampled_from(["look", "look", "take", "take all", "dismiss"]))
spelling = st.builds(Step, kind=st.just("spell"), text=st.sampled_from(PIECES))
sending = st.just(Step("send"))
steps = st.lists(
    st.one_of(spelling, spelling, spelling, writing, looking, looking, erasing, sending),
    min_size=10,
    max_size=60,
)


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine.open(language_model=False)


def known_profile(engine: Engine) -> Profile:
    profile = engine.profile()
    for message in EARLIER:
        profile.learn(message)
    return profile


def units_of(text: bytes) -> list[Unit]:
    found = _core.units(text)
    return [Unit(begin, end, text[begin:end].isalnum() or _is_word(text[begin:end]))
            for begin, end, _ in found]  # fmt: skip


def _is_word(unit: bytes) -> bool:
    return any(letter.isalnum() for letter in unit.decode("utf-8", "replace"))


class Both:
    """The session and its twin, told the same."""

    def __init__(self, engine: Engine, profile: Profile, dial: float | None) -> None:
        self.session = engine.session(
            profile, proposers="trie", wrong_per_100_words=dial, candidates=8, holds_space=0
        )
        self.core = self.session._core
        self.counts: Counts = Counter()
        self.twin = Outcomes(self.counts)
        self.text = b""
        self.shown: tuple[bytes, list[int]] | None = None

    def look(self) -> None:
        shown, text, ends, found = self.core.suggest(-1)
        first = text[: ends[0]] if shown else None
        self.shown = (text, ends) if shown else None
        candidates = [(each[0], each[1], each[2]) for each in found]
        if candidates:
            self.twin.suggest(self._prefix(), candidates, first)

    def take(self, *, words: int) -> None:
        self.look()
        if self.shown is None:
            return
        text, ends = self.shown
        self.twin.take(whole=words < 0 or words >= len(ends))
        taken = self.core.accept(words)
        assert taken == (text if words < 0 else text[: ends[words - 1]])
        self._follow(self.text + taken)

    def dismiss(self) -> None:
        self.look()
        if self.shown is not None:
            self.twin.dismiss()
        self.core.dismiss()

    def write(self, text: bytes) -> None:
        self.core.set_text(text, b"")
        self._follow(text)

    def send(self) -> None:
        self.core.finish()
        units = units_of(self.text)
        labels = self.twin.write(self.text, units, decided=len(units)) + self.twin.finish()
        assert self._labels() == Counter(labels)
        self.text, self.shown = b"", None

    def _follow(self, text: bytes) -> None:
        """Units before the last space are decided, as long as none may turn out a secret."""
        assume(not any(digit in text for digit in b"0123456789"))
        self.text, self.shown = text, None
        units = units_of(text)
        decided = sum(unit.end <= text.rfind(b" ") for unit in units)
        labels = self.twin.write(text, units, decided=decided)
        assert self._labels() == Counter(labels)

    def _labels(self) -> Counter[tuple[object, ...]]:
        return Counter(each[:6] for each in self.core.judged())

    def _prefix(self) -> bytes:
        last = units_of(self.text)[-1:]
        at_end = [unit for unit in last if unit.end == len(self.text) and unit.is_word]
        return self.text[at_end[0].begin :] if at_end else b""

    def do(self, step: Step) -> None:
        match step.kind:
            case "write":
                self.write(self.text + step.text.encode())
            case "spell":
                for letter in step.text:
                    self.write(self.text + letter.encode())
                    self.look()
            case "erase":
                self.write(self.text.decode()[: -step.count].encode())
            case "look":
                self.look()
            case "take":
                self.take(words=1)
            case "take all":
                self.take(words=-1)
            case "dismiss":
                self.dismiss()
            case "send":
                self.send()


def table(profile: Profile) -> Counts:
    counts = struct.unpack("<3000I", profile._core.hit_table())
    found: Counts = Counter()
    for index, count in enumerate(counts):
        if count:
            index, source = divmod(index, SOURCES)
            index, typed = divmod(index, TYPED)
            index, decile = divmod(index, DECILES)
            event, rank = divmod(index, RANKS)
            found[(event, rank, decile, typed, source)] = count
    return found


@FEW
@given(steps, st.sampled_from([None, None, 10.0]))
def test_labels_and_counts_are_those_of_the_twin(
    engine: Engine, these: list[Step], dial: float | None
) -> None:
    profile = known_profile(engine)
    both = Both(engine, profile, dial)
    for step in these:
        both.do(step)
    both.send()
    assert table(profile) == both.counts
