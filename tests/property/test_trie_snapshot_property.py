"""A trie's snapshot: what is saved and loaded is the same trie, to its last proposal."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from trie_uses import (
    DatedUse,
    Evidence,
    dated_uses,
    days,
    evidence,
    histories,
    ngrams_of,
    use_all,
    words_of,
)

from foretype import _core
from foretype.background.counts import count
from foretype.background.estimate import Size, estimate
from foretype.background.layout import encode
from foretype.errors import ProfileError

TEXT = ["The report of the NATO meeting. Élan and élan. iPhone or a phone? will Will call? The x."]


@pytest.fixture(scope="module")
def background() -> _core.Background:
    words = estimate(count(TEXT), Size(words=60, bigrams=50, discount=0.3))
    return _core.Background.parse(encode(words))


@given(dated_uses, evidence)
def test_saved_and_loaded_is_equal(
    background: _core.Background, uses: list[DatedUse], evidence: list[Evidence]
) -> None:
    trie = use_all(_core.Trie(background), uses, evidence)
    saved = trie.save()
    loaded = _core.Trie.load(saved, background)
    assert loaded == trie
    assert loaded.ngrams == trie.ngrams
    assert (words_of(loaded), ngrams_of(loaded)) == (words_of(trie), ngrams_of(trie))
    assert loaded.save() == saved


@given(dated_uses, evidence, dated_uses, dated_uses, histories, days)
@settings(max_examples=50)
def test_a_loaded_trie_goes_on_like_the_first(
    background: _core.Background,
    uses: list[DatedUse],
    evidence: list[Evidence],
    later: list[DatedUse],
    taken: list[DatedUse],
    history: list[str],
    day: int,
) -> None:
    trie = use_all(_core.Trie(background), uses, evidence)
    for _, before, unit in taken:
        trie.unlearn(before, unit)
    loaded = _core.Trie.load(trie.save(), background)
    for each in (trie, loaded):
        use_all(each, later)
        each.set_today(day)
    assert loaded == trie
    for prefix in ("", "r", "N"):
        found = loaded.propose(history, prefix, limit=100)
        expected = trie.propose(history, prefix, limit=100)
        assert found.mass == pytest.approx(expected.mass, rel=1e-12)
        assert {each.unit: each.probability for each in found.candidates} == pytest.approx(
            {each.unit: each.probability for each in expected.candidates}, rel=1e-9
        )


@given(dated_uses, st.data())
def test_no_byte_can_change_unnoticed(
    background: _core.Background, uses: list[DatedUse], data: st.DataObject
) -> None:
    saved = bytearray(use_all(_core.Trie(background), uses).save())
    place = data.draw(st.integers(0, len(saved) - 1))
    saved[place] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(ProfileError):
        _core.Trie.load(saved, background)
    with pytest.raises(ProfileError):
        _core.Trie.load(saved[:place], background)
