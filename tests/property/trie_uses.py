"""What the trie's property tests draw from: words in many case forms, uses of them, days."""

from collections.abc import Sequence

from hypothesis import strategies as st

from foretype import _core

WORDS = [
    "the", "The", "THE", "report", "Report", "rePort", "will", "Will", "iPhone", "iphone", "nato",
    "NATO", "Nato", "a", "A", "é", "É", "élan", "3pm", "3PM", "4A", "I", "x", "x\0y", "Monday",
    "monday", "zebra", ".", ",", "\n", "y" * 70,
]  # fmt: skip
words = st.sampled_from(WORDS)
histories = st.lists(st.one_of(words, st.just("")), max_size=6)
uses = st.lists(st.tuples(histories, words), max_size=25)
Use = tuple[Sequence[str], str]

FIRST_DAY = 20_000
days = st.integers(min_value=FIRST_DAY, max_value=FIRST_DAY + 400)
dated_uses = st.lists(st.tuples(days, histories, words), max_size=25)
DatedUse = tuple[int, Sequence[str], str]
evidence = st.lists(st.tuples(words, st.integers(0, 3), st.integers(0, 3)), max_size=4)
Evidence = tuple[str, int, int]


def use_all(
    trie: _core.Trie, uses: Sequence[DatedUse], evidence: Sequence[Evidence] = ()
) -> _core.Trie:
    """Learn uses, each on its day, and what became of suggestions; returns the trie."""
    for day, history, unit in uses:
        trie.set_today(day)
        trie.learn(history, unit)
    for unit, accepted, rejected in evidence:
        trie.accepted(unit, accepted)
        trie.rejected(unit, rejected)
    return trie


def words_of(trie: _core.Trie) -> set[tuple[object, ...]]:
    """Everything that is counted of units."""
    return {
        (row.unit, row.inside, row.opening, row.accepted, row.rejected, row.first_day, row.last_day)
        for row in trie.words()
    }


def ngram_rows(trie: _core.Trie, *, most: int = 5) -> list[_core.NgramRow]:
    """Every n-gram of order 2 and more, fetched a few at a time."""
    rows: list[_core.NgramRow] = []
    start: int | None = 0
    while start is not None:
        some, start = trie.ngram_rows(start, most)
        rows += some
    return rows


def ngrams_of(trie: _core.Trie) -> dict[tuple[str, ...], tuple[int, int]]:
    """Count and day of each n-gram of order 2 and more, by its units."""
    rows = ngram_rows(trie)
    result = {(*row.context, row.unit): (row.count, row.day) for row in rows}
    assert len(result) == len(rows)
    return result


def assert_sound(trie: _core.Trie) -> None:
    """All that the trie holds is in its rows, and nothing refers to more than they say."""
    copy = _core.Trie()
    for word in trie.words():
        copy.add(word)
    for ngram in ngram_rows(trie):
        copy.add(ngram)
    assert copy == trie
    emptied = _core.Trie.load(trie.save())
    assert emptied == trie
    for word in trie.words():
        emptied.add(word, -1)
    for ngram in ngram_rows(trie):
        emptied.add(ngram, -1)
    assert emptied.save() == _core.Trie().save()
