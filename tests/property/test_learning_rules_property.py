"""The rules that work when the trie is read, against the slow twin: fading, the ladder, rejections,
a trie on another, phrases."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from trie_uses import (
    FIRST_DAY,
    DatedUse,
    Evidence,
    dated_uses,
    days,
    evidence,
    histories,
    use_all,
    words,
)

from foretype import _core
from foretype.background.counts import count
from foretype.background.estimate import Size, estimate
from foretype.background.layout import encode
from foretype.reference import ngrams

ENGLISH = [
    "The report is ready. The meeting is on Monday. Report to nato.\nPlease read the report.",
    "Monday will do. I will call on Monday, or on Monday. A plan. NATO and nato, nato.",
]
# As a float, a row's mass is known to a part in 16 million.
TOLERANCE = {"rel": 1e-5, "abs": 1e-12}
# More different units than the trie sums anew each time.
CROWD = [(["the"], f"w{number}") for number in range(20)]
BASES = {True: _core.TrieBase.BACKGROUND, False: _core.TrieBase.NOTHING}

prefixes = st.sampled_from(["", "t", "T", "TH", "re", "Re", "n", "N", "NA", "M", "MO", "m", "z"])
half_lives = st.sampled_from([0.0, 7.0, 90.0])
repeats = st.lists(st.tuples(st.integers(0, 4), words), min_size=1, max_size=4)


@pytest.fixture(scope="module")
def background() -> bytes:
    return encode(estimate(count(ENGLISH), Size(words=60, bigrams=50, discount=0.3)))


@dataclass
class Pair:
    """A trie and its twin, which learn the same."""

    trie: _core.Trie
    twin: ngrams.Ngrams

    def learn(self, uses: Sequence[DatedUse], evidence: Sequence[Evidence] = ()) -> None:
        use_all(self.trie, uses, evidence)
        for day, history, unit in uses:
            self.twin.today = day
            self.twin.learn(history, unit)
        for unit, accepted, rejected in evidence:
            if any(use.unit == unit for use in self.twin.uses):
                self.twin.accepted[unit] = self.twin.accepted.get(unit, 0) + accepted
                self.twin.rejected[unit] = self.twin.rejected.get(unit, 0) + rejected

    def unlearn(self, uses: Sequence[DatedUse]) -> None:
        for _, history, unit in reversed(uses):
            self.trie.unlearn(history, unit)
            self.twin.unlearn(history, unit)

    def set_today(self, day: int) -> None:
        self.trie.set_today(day)
        self.twin.today = day


def pair(background: bytes, *, half_life_days: float = 7.0) -> Pair:
    weights = _core.TrieWeights()
    weights.half_life_days = half_life_days
    names = ngrams.Weights.__dataclass_fields__
    twin = ngrams.Ngrams(
        ngrams.read_background(background),
        ngrams.Weights(**{name: getattr(weights, name) for name in names}),
        lambda unit: _core.starts_sentence(unit.encode()),
    )
    return Pair(_core.Trie(_core.Background.parse(background), weights), twin)


def assert_same(both: Pair, history: Sequence[str], prefix: str, *, on_background: bool) -> None:
    base = BASES[on_background]
    for sentence_start in (False, True):
        shown = both.twin.shown(history, sentence_start=sentence_start, on_background=on_background)
        fitting = {unit: p for unit, p in shown.items() if unit.startswith(prefix) and p > 0}
        proposal = both.trie.propose(
            history, prefix, sentence_start=sentence_start, limit=1000, base=base
        )
        found = {each.unit: each.probability for each in proposal.candidates}
        assert found == pytest.approx(fitting, **TOLERANCE)
        mass = both.twin.mass(
            history, prefix, sentence_start=sentence_start, on_background=on_background
        )
        assert proposal.mass == pytest.approx(mass, **TOLERANCE)
        for unit, expected in fitting.items():
            one = both.trie.probability(history, unit, sentence_start=sentence_start, base=base)
            assert one == pytest.approx(expected, **TOLERANCE)


@given(dated_uses, evidence, days, histories, prefixes, half_lives, st.booleans())
@settings(max_examples=150)
def test_what_is_proposed_is_the_twins(
    background: bytes,
    uses: list[DatedUse],
    evidence: list[Evidence],
    today: int,
    history: list[str],
    prefix: str,
    half_life: float,
    on_background: bool,
) -> None:
    both = pair(background, half_life_days=half_life)
    both.learn(uses, evidence)
    both.set_today(today)
    assert_same(both, history, prefix, on_background=on_background)


@given(dated_uses, dated_uses, days, prefixes)
@settings(max_examples=50)
def test_long_lists_keep_their_sums(
    background: bytes, kept: list[DatedUse], taken: list[DatedUse], today: int, prefix: str
) -> None:
    both = pair(background)
    both.learn([(FIRST_DAY, history, unit) for history, unit in CROWD])
    both.set_today(today)
    both.trie.propose(["the"], "", limit=0)  # sums are kept from here on
    both.learn([(today, history, unit) for _, history, unit in [*kept, *taken]])
    both.unlearn([(today, history, unit) for _, history, unit in taken])
    assert_same(both, ["the"], prefix, on_background=True)


@given(dated_uses, evidence, days, histories)
def test_what_a_trie_leaves_to_the_one_below(
    background: bytes,
    uses: list[DatedUse],
    evidence: list[Evidence],
    today: int,
    history: list[str],
) -> None:
    both = pair(background)
    both.learn(uses, evidence)
    both.set_today(today)
    rest = both.trie.rest(history)
    proposal = both.trie.propose(history, "", limit=0, base=_core.TrieBase.NOTHING)
    assert rest == pytest.approx(both.twin.rest(history), **TOLERANCE)
    assert proposal.rest == rest
    assert proposal.mass + rest == pytest.approx(1)
    assert both.trie.propose(history, "", limit=0).rest == 0


@given(repeats, evidence, st.integers(0, 60), histories)
def test_phrases_are_the_twins(
    background: bytes,
    repeats: list[tuple[int, str]],
    evidence: list[Evidence],
    later: int,
    history: list[str],
) -> None:
    both = pair(background)
    for times, word in repeats:
        for _ in range(times):
            message = ["", word, "zebra", ",", "\n", word, "."]
            for place in range(1, len(message)):
                both.learn([(FIRST_DAY, message[max(place - 4, 0) : place], message[place])])
    both.learn([], evidence)
    both.set_today(FIRST_DAY + later)
    for start in ([*history, repeats[0][1]], ["zebra"], [",", "\n"]):
        assert both.trie.phrase(start) == both.twin.phrase(start)
