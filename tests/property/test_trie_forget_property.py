"""Forgetting and pruning: exactly what should go is gone, and nothing else changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from trie_uses import (
    WORDS,
    DatedUse,
    Evidence,
    assert_sound,
    dated_uses,
    days,
    evidence,
    histories,
    ngrams_of,
    use_all,
    words,
    words_of,
)

from foretype import _core
from foretype.reference import counts
from foretype.reference.ngrams import fold

LONG = ["report", "RePORT", "zebra", "Monday", "iPhone", "unheard"]
phrases = st.lists(words, max_size=4)


def fading(*, half_life_days: float) -> _core.TrieWeights:
    weights = _core.TrieWeights()
    weights.half_life_days = half_life_days
    weights.faded = 0
    return weights


def learned(uses: list[DatedUse], evidence: list[Evidence]) -> _core.Trie:
    return use_all(_core.Trie(), uses, evidence)


@given(dated_uses, evidence, words)
def test_forgetting_a_word_leaves_every_other_count(
    uses: list[DatedUse], evidence: list[Evidence], word: str
) -> None:
    trie = learned(uses, evidence)
    before, words_before, ngrams = trie.ngrams, words_of(trie), ngrams_of(trie)
    gone = trie.forget_word(word)
    assert ngrams_of(trie) == counts.without_word(ngrams, word)
    assert words_of(trie) == {row for row in words_before if fold(str(row[0])) != fold(word)}
    assert gone == before - trie.ngrams
    assert_sound(trie)


@given(dated_uses, evidence, st.sampled_from(LONG), histories)
def test_a_forgotten_word_is_neither_stored_nor_offered(
    uses: list[DatedUse], evidence: list[Evidence], word: str, history: list[str]
) -> None:
    trie = learned(uses, evidence)
    trie.forget_word(word)
    assert fold(word).encode() not in fold(trie.save().decode("latin-1")).encode()
    for each in (history, [*history, word]):
        offered = trie.propose(each, "", limit=1000).candidates
        assert fold(word) not in {fold(candidate.unit) for candidate in offered}
        assert fold(word) not in map(fold, trie.phrase(each))
    assert trie.describe(word) == []


@given(dated_uses, evidence, words)
def test_a_forgotten_word_is_learned_anew(
    uses: list[DatedUse], evidence: list[Evidence], word: str
) -> None:
    trie = learned(uses, evidence)
    trie.forget_word(word)
    trie.learn(["", "the"], word)
    forms = {form.unit: form.inside + form.opening for form in trie.describe(word)}
    assert forms == ({word: 1} if len(word) <= 64 else {})
    assert_sound(trie)


@given(dated_uses, evidence, phrases)
def test_forgetting_a_phrase_leaves_every_other_count(
    uses: list[DatedUse], evidence: list[Evidence], phrase: list[str]
) -> None:
    trie = learned(uses, evidence)
    words_before, ngrams = words_of(trie), ngrams_of(trie)
    gone = trie.forget_phrase(phrase)
    assert ngrams_of(trie) == counts.without_phrase(ngrams, phrase)
    assert gone == len(ngrams) - len(ngrams_of(trie))
    assert words_of(trie) == words_before
    assert_sound(trie)


@given(dated_uses, st.lists(words, min_size=2, max_size=2))
def test_what_was_forgotten_can_be_unlearned_without_harm(
    uses: list[DatedUse], phrase: list[str]
) -> None:
    trie = learned(uses, [])
    trie.forget_phrase(phrase)
    trie.forget_word(phrase[0])
    for _, history, unit in uses:
        trie.unlearn(history, unit)
    assert (trie.ngrams, trie.words()) == (0, [])
    assert_sound(trie)


@given(dated_uses, evidence, days, st.integers(0, 200))
def test_pruning_drops_the_least_useful(
    uses: list[DatedUse], evidence: list[Evidence], day: int, most: int
) -> None:
    trie = use_all(_core.Trie(None, fading(half_life_days=0)), uses, evidence)
    trie.set_today(day)
    before, words_before, ngrams = trie.ngrams, words_of(trie), ngrams_of(trie)
    gone = trie.prune(most)
    kept = ngrams_of(trie)
    assert gone == before - trie.ngrams
    assert trie.ngrams <= most or before <= most
    assert kept.items() <= ngrams.items()
    useful = sorted(counts.usefulness(ngram, *row) for ngram, row in ngrams.items())
    assert (
        sorted(counts.usefulness(ngram, *row) for ngram, row in kept.items())
        == (useful[max(before - most, 0) :])
    )
    if before <= most:
        assert words_of(trie) == words_before
    assert words_of(trie) <= words_before
    assert_sound(trie)


@given(dated_uses, evidence)
def test_pruning_drops_words_used_once_of_which_nothing_is_left(
    uses: list[DatedUse], evidence: list[Evidence]
) -> None:
    trie = learned(uses, evidence)
    more_than_once = {
        row.unit
        for row in trie.words()
        if row.inside + row.opening + row.accepted - 2 * row.rejected >= 2
    }
    longer = len(ngrams_of(trie))
    trie.prune(trie.ngrams - longer)
    if longer > 0:
        assert {row.unit for row in trie.words()} == more_than_once


def test_what_faded_goes_before_what_is_new() -> None:
    trie = _core.Trie(None, fading(half_life_days=30))
    trie.set_today(1000)
    for _ in range(3):
        trie.learn(["the"], "old")
    trie.set_today(1100)
    trie.learn(["the"], "new")
    assert trie.ngrams == 4
    trie.prune(3)
    assert ngrams_of(trie) == {("the", "new"): (1, 1100)}


def test_every_form_of_every_word_can_be_forgotten() -> None:
    trie = use_all(_core.Trie(), [(1, [before], unit) for before in WORDS for unit in WORDS])
    for word in WORDS:
        trie.forget_word(word.swapcase())
    assert trie.save() == _core.Trie().save()


@pytest.mark.parametrize("word", ["", "unheard of", "\0"])
def test_forgetting_what_is_not_known_does_nothing(word: str) -> None:
    trie = use_all(_core.Trie(), [(1, ["the"], "report")])
    assert trie.forget_word(word) == 0
    assert trie.forget_phrase([word, "report"]) == 0
    assert trie.ngrams == 2
