"""The trie against its slow twin: every probability, every mass, and learning undone exactly."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from trie_uses import Use, histories, uses, words

from foretype import _core
from foretype.background.counts import count
from foretype.background.estimate import Size, estimate
from foretype.background.layout import encode
from foretype.reference import ngrams

ENGLISH = [
    "The report is ready. The meeting is on Monday.\nPlease read the report, and call me.",
    "the report of the NATO meeting. I will call. A plan.",
    "Élan and élan. iPhone or phone? Report to me on monday.",
    "will Will call? 3pm or 3PM. The the THE.",
]
# As a float, a row's mass is known to a part in 16 million.
TOLERANCE = {"rel": 1e-5, "abs": 1e-12}

PREFIXES = [
    "", "t", "T", "TH", "tH", "re", "Re", "rE", "i", "iP", "w", "W", "n", "N", "NA", "Na", "a", "A",
    "é", "É", "3", "3p", "3P", "x", "x\0", ".", "\n", "M", "m", "4", "q", "the", "thes",
]  # fmt: skip
prefixes = st.sampled_from(PREFIXES)


@pytest.fixture(scope="module")
def background() -> bytes:
    return encode(estimate(count(ENGLISH), Size(words=60, bigrams=50, discount=0.3)))


def opens(unit: str) -> bool:
    return _core.starts_sentence(unit.encode())


def weights(*, recent_units: int = 64) -> _core.TrieWeights:
    result = _core.TrieWeights()
    result.recent_units = recent_units
    return result


def twin_weights(core: _core.TrieWeights) -> ngrams.Weights:
    names = ngrams.Weights.__dataclass_fields__
    return ngrams.Weights(**{name: getattr(core, name) for name in names})


def learned(background: bytes, uses: Sequence[Use], *, recent_units: int = 64) -> _core.Trie:
    trie = _core.Trie(_core.Background.parse(background), weights(recent_units=recent_units))
    for history, unit in uses:
        trie.learn(history, unit)
    return trie


def twin_of(background: bytes, uses: Sequence[Use], *, recent_units: int = 64) -> ngrams.Ngrams:
    settings = twin_weights(weights(recent_units=recent_units))
    twin = ngrams.Ngrams(ngrams.read_background(background), settings, opens)
    for history, unit in uses:
        twin.learn(history, unit)
    return twin


@given(uses, histories, st.booleans(), st.sampled_from([0, 3, 64]))
@settings(max_examples=150)
def test_every_probability_is_the_twins(
    background: bytes, uses: list[Use], history: list[str], sentence_start: bool, window: int
) -> None:
    trie = learned(background, uses, recent_units=window)
    twin = twin_of(background, uses, recent_units=window)
    for unit, expected in twin.shown(history, sentence_start=sentence_start).items():
        found = trie.probability(history, unit, sentence_start=sentence_start)
        assert found == pytest.approx(expected, **TOLERANCE), unit


@given(uses, histories, prefixes, st.booleans())
@settings(max_examples=300)
def test_all_that_fits_is_proposed_and_summed(
    background: bytes, uses: list[Use], history: list[str], prefix: str, sentence_start: bool
) -> None:
    twin = twin_of(background, uses)
    shown = twin.shown(history, sentence_start=sentence_start)
    fitting = {unit: p for unit, p in shown.items() if unit.startswith(prefix) and p > 0}
    mass = twin.mass(history, prefix, sentence_start=sentence_start)
    trie = learned(background, uses)
    proposal = trie.propose(history, prefix, sentence_start=sentence_start, limit=1000)
    found = {each.unit: each.probability for each in proposal.candidates}
    assert found == pytest.approx(fitting, **TOLERANCE)
    assert proposal.mass == pytest.approx(mass, **TOLERANCE)
    assert list(found.values()) == sorted(found.values(), reverse=True)
    assert len(found) == len(proposal.candidates)


@given(uses, histories, prefixes)
def test_a_short_list_is_the_head_of_the_long_one(
    background: bytes, uses: list[Use], history: list[str], prefix: str
) -> None:
    trie = learned(background, uses)
    long = trie.propose(history, prefix, limit=1000)
    short = trie.propose(history, prefix, limit=2)
    best = [each.probability for each in long.candidates[:2]]
    assert [each.probability for each in short.candidates] == pytest.approx(best)
    assert short.mass == long.mass


@given(uses, uses, st.permutations(range(25)))
def test_unlearning_is_the_exact_inverse(
    background: bytes, kept: list[Use], taken: list[Use], order: list[int]
) -> None:
    trie = learned(background, [*kept, *taken])
    for place in order:
        if place < len(taken):
            trie.unlearn(*taken[place])
    assert trie == learned(background, kept)
    assert trie.ngrams == learned(background, kept).ngrams


@given(uses, uses)
def test_unlearning_backwards_restores_every_proposal(
    background: bytes, kept: list[Use], taken: list[Use]
) -> None:
    trie = learned(background, [*kept, *taken], recent_units=25)
    for history, unit in reversed(taken):
        trie.unlearn(history, unit)
    fresh = learned(background, kept, recent_units=25)
    for history, _ in [*kept, *taken]:
        expected = fresh.propose(history, "", limit=20)
        found = trie.propose(history, "", limit=20)
        assert found.mass == pytest.approx(expected.mass)
        assert [each.probability for each in found.candidates] == pytest.approx(
            [each.probability for each in expected.candidates]
        )


@given(uses, st.permutations(range(25)))
def test_the_order_of_learning_does_not_matter(
    background: bytes, uses: list[Use], order: list[int]
) -> None:
    shuffled = [uses[place] for place in order if place < len(uses)]
    assert learned(background, shuffled) == learned(background, uses)


@given(uses, histories)
def test_a_unit_never_learned_cannot_be_unlearned(
    background: bytes, uses: list[Use], history: list[str]
) -> None:
    trie = learned(background, uses)
    trie.unlearn(history, "never seen")
    assert trie == learned(background, uses)


@given(uses, st.permutations(range(25)))
def test_unlearning_everything_twice_leaves_nothing(
    background: bytes, uses: list[Use], order: list[int]
) -> None:
    trie = learned(background, uses)
    for history, unit in [*uses, *(uses[place] for place in order if place < len(uses))]:
        trie.unlearn(history, unit)
    assert trie == learned(background, [])
    assert trie.ngrams == 0


@given(uses, words)
def test_evidence_is_kept_of_units_in_use_and_never_negative(
    background: bytes, uses: list[Use], unit: str
) -> None:
    trie = learned(background, uses)
    trie.accepted(unit, -1)
    trie.rejected(unit, 2)
    trie.rejected(unit, -5)
    assert trie == learned(background, uses)
    trie.accepted(unit)
    used = 0 < len(unit) <= ngrams.MAX_UNIT_BYTES and any(each == unit for _, each in uses)
    assert (trie == learned(background, uses)) == (not used)
