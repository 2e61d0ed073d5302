"""A trie's rows: all that it counted, given out and taken in again."""

from collections import Counter

from hypothesis import given
from trie_uses import (
    DatedUse,
    Evidence,
    dated_uses,
    days,
    evidence,
    ngram_rows,
    ngrams_of,
    use_all,
    words,
    words_of,
)

from foretype import _core
from foretype.reference import counts, ngrams


def learned(uses: list[DatedUse], evidence: list[Evidence]) -> _core.Trie:
    return use_all(_core.Trie(), uses, evidence)


@given(dated_uses)
def test_rows_are_the_twins(uses: list[DatedUse]) -> None:
    twin = counts.Counts(lambda unit: _core.starts_sentence(unit.encode()))
    for day, history, unit in uses:
        twin.learn(history, unit, day=day)
    trie = learned(uses, [])
    assert ngrams_of(trie) == twin.ngram_rows()
    assert words_of(trie) == {
        (unit, *counts, 0, 0, *days) for unit, (counts, days) in twin.word_rows().items()
    }


@given(dated_uses, evidence)
def test_rows_out_and_in_give_an_equal_trie(uses: list[DatedUse], evidence: list[Evidence]) -> None:
    trie = learned(uses, evidence)
    copy = _core.Trie()
    for word in trie.words():
        copy.add(word)
    for ngram in ngram_rows(trie, most=3):
        copy.add(ngram)
    assert copy == trie
    assert copy.ngrams == trie.ngrams
    assert (words_of(copy), ngrams_of(copy)) == (words_of(trie), ngrams_of(trie))


@given(dated_uses, evidence)
def test_rows_in_and_out_leave_nothing(uses: list[DatedUse], evidence: list[Evidence]) -> None:
    trie = learned(uses, evidence)
    rows = ngram_rows(trie)
    for word in trie.words():
        trie.add(word, -1)
    for ngram in rows:
        trie.add(ngram, -1)
    assert trie == _core.Trie()
    assert (trie.ngrams, trie.words(), ngram_rows(trie)) == (0, [], [])


@given(dated_uses, evidence, dated_uses, evidence)
def test_adding_a_trie_is_learning_its_texts_too(
    uses: list[DatedUse],
    evidence: list[Evidence],
    others: list[DatedUse],
    other_evidence: list[Evidence],
) -> None:
    trie = learned(uses, evidence)
    other = learned(others, other_evidence)
    trie.add_all(other)
    both = learned(sorted([*uses, *others], key=lambda use: use[0]), [])
    assert ngrams_of(trie) == ngrams_of(both)
    assert {row[:3] for row in words_of(trie)} == {row[:3] for row in words_of(both)}
    assert {row[5:] for row in words_of(trie)} == {row[5:] for row in words_of(both)}
    backwards = learned(others, other_evidence)
    backwards.add_all(learned(uses, evidence))
    assert backwards == trie
    assert words_of(backwards) == words_of(trie)


@given(dated_uses, evidence, dated_uses, evidence)
def test_adding_and_taking_away_is_the_identity(
    uses: list[DatedUse],
    evidence: list[Evidence],
    others: list[DatedUse],
    other_evidence: list[Evidence],
) -> None:
    trie = learned(uses, evidence)
    other = learned(others, other_evidence)
    trie.add_all(other)
    trie.add_all(other, -1)
    assert trie == learned(uses, evidence)
    assert trie.ngrams == learned(uses, evidence).ngrams
    trie.add_all(other, -1)
    trie.add_all(trie)
    assert all(count > 0 for count, _ in ngrams_of(trie).values())


@given(dated_uses, evidence, words)
def test_every_form_of_a_word_is_described(
    uses: list[DatedUse], evidence: list[Evidence], word: str
) -> None:
    trie = learned(uses, evidence)
    expected = Counter(
        row.unit for row in trie.words() if ngrams.fold(row.unit) == ngrams.fold(word)
    )
    assert Counter(form.unit for form in trie.describe(word)) == expected


@given(dated_uses, days)
def test_learning_and_unlearning_keeps_rows(uses: list[DatedUse], day: int) -> None:
    trie = learned(uses, [])
    trie.set_today(day)
    for _, history, unit in uses:
        trie.learn(history, unit)
    for _, history, unit in uses:
        trie.unlearn(history, unit)
    assert trie == learned(uses, [])
    assert {row: count for row, (count, _) in ngrams_of(trie).items()} == {
        row: count for row, (count, _) in ngrams_of(learned(uses, [])).items()
    }
