"""Vocabularies cut to their commonest tokens, of all shapes that hypothesis thinks of."""

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from foretype._core import Tokenizer
from foretype.compress.vocabulary import Trimmed, trim
from foretype.model.vocabulary import Vocabulary

CONTROL = b"<|end|>"
LETTERS = b"ab c"
MANY = settings(max_examples=200)

picks = st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), max_size=30)
often = st.lists(st.integers(0, 5), min_size=1, max_size=40)
sizes = st.integers(0, 300)
words = st.text(st.sampled_from(LETTERS.decode()), max_size=40).map(str.encode)


def vocabulary_of(merges: list[tuple[int, int]]) -> Vocabulary:
    """A control token, all bytes, and a token for every merge; letters merge first."""
    tokens = [CONTROL, *(bytes([byte]) for byte in range(256))]
    growing = [1 + byte for byte in LETTERS]
    pairs: dict[tuple[int, int], None] = {}
    for left, right in merges:
        pair = (growing[left % len(growing)], growing[right % len(growing)])
        joined = tokens[pair[0]] + tokens[pair[1]]
        if len(joined) > 12:
            continue
        pairs[pair] = None
        if joined not in tokens:
            growing.append(len(tokens))
            tokens.append(joined)
    return Vocabulary(tokens, np.array([*pairs], np.uint32).reshape(-1, 2), [0])


def trimmed(
    merges: list[tuple[int, int]], counts: list[int], size: int
) -> tuple[Vocabulary, Trimmed]:
    vocabulary = vocabulary_of(merges)
    return vocabulary, trim(vocabulary, np.resize(counts, len(vocabulary.tokens)), size=size)


def tokenizer(vocabulary: Vocabulary) -> Tokenizer:
    return Tokenizer(vocabulary.tokens, vocabulary.merges, vocabulary.specials)


def merged(word: bytes, vocabulary: Vocabulary, kept: set[int]) -> list[bytes]:
    """Byte pairs by the book: the first pair of the best merge whose tokens are all kept."""
    pieces = [word[i : i + 1] for i in range(len(word))]
    ids = {text: token for token, text in enumerate(vocabulary.tokens)}
    tokens = vocabulary.tokens
    ranks = {
        (tokens[left], tokens[right]): rank
        for rank, (left, right) in enumerate(vocabulary.merges.tolist())
        if {left, right, ids[tokens[left] + tokens[right]]} <= kept
    }
    while True:
        pairs = [
            (ranks.get(pair, len(tokens) ** 2), i)
            for i, pair in enumerate(itertools.pairwise(pieces))
        ]
        if not pairs or min(pairs)[0] == len(tokens) ** 2:
            return pieces
        at = min(pairs)[1]
        pieces[at : at + 2] = [pieces[at] + pieces[at + 1]]


@MANY
@given(picks, often, sizes, st.binary(max_size=60))
def test_any_bytes_come_back(
    merges: list[tuple[int, int]], counts: list[int], size: int, data: bytes
) -> None:
    cut = tokenizer(trimmed(merges, counts, size)[1].vocabulary)
    assert cut.decode(cut.encode(data)) == data


@MANY
@given(picks, often, sizes, words)
def test_text_is_merged_as_with_the_merges_that_are_left(
    merges: list[tuple[int, int]], counts: list[int], size: int, text: bytes
) -> None:
    vocabulary, cut = trimmed(merges, counts, size)
    word = text.replace(b" ", b"")  # one word: how text is split is not the vocabulary's
    pieces = merged(word, vocabulary, set(cut.old_ids.tolist()))
    ours = tokenizer(cut.vocabulary)
    assert [ours.bytes(token) for token in ours.encode(word)] == pieces


@MANY
@given(picks, often, sizes)
def test_every_kept_token_can_be_merged_to(
    merges: list[tuple[int, int]], counts: list[int], size: int
) -> None:
    cut = trimmed(merges, counts, size)[1].vocabulary
    reached = {text for text in cut.tokens if len(text) == 1}
    pairs = {(cut.tokens[left], cut.tokens[right]) for left, right in cut.merges.tolist()}
    while more := {a + b for a, b in pairs if a in reached and b in reached} - reached:
        reached |= more
    assert reached == set(cut.tokens) - {CONTROL}


@MANY
@given(picks, often, sizes)
def test_the_commonest_are_kept_in_their_order(
    merges: list[tuple[int, int]], counts: list[int], size: int
) -> None:
    vocabulary, cut = trimmed(merges, counts, size)
    of_token = np.resize(counts, len(vocabulary.tokens))
    plain = range(1, len(vocabulary.tokens))
    commonest = sorted(plain, key=lambda token: (-of_token[token], token))[:size]
    assert set(commonest) <= set(cut.old_ids.tolist())
    assert (np.diff(cut.old_ids) > 0).all()
    assert cut.vocabulary.tokens == [vocabulary.tokens[old] for old in cut.old_ids]
    assert all(cut.new_id(old) == new for new, old in enumerate(cut.old_ids.tolist()))


@MANY
@given(picks, often, sizes)
def test_trimming_again_changes_nothing(
    merges: list[tuple[int, int]], counts: list[int], size: int
) -> None:
    vocabulary, cut = trimmed(merges, counts, size)
    of_token = np.resize(counts, len(vocabulary.tokens))
    again = trim(cut.vocabulary, of_token[cut.old_ids], size=size)
    assert again.old_ids.tolist() == list(range(len(cut.old_ids)))
    assert again.vocabulary.tokens == cut.vocabulary.tokens
    assert again.vocabulary.merges.tolist() == cut.vocabulary.merges.tolist()
    assert again.vocabulary.specials == cut.vocabulary.specials
