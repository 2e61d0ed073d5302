"""A vocabulary cut to its commonest tokens."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from foretype._core import Tokenizer
from foretype.compress.vocabulary import commonest, coverage, trim
from foretype.errors import SettingError
from foretype.model.tokenizer import read_vocabulary
from foretype.model.vocabulary import Vocabulary

TEXT = "The committee's decision was unanimous; 1,024 naïve objections — 🙂 — notwithstanding.\n\n"

# Letters, pairs, abc, abcd (merged in two ways), and one that no merge leads to.
SMALL = Vocabulary(
    [b"<|end|>", b"a", b"b", b"c", b"d", b"ab", b"cd", b"abc", b"abcd", b"lost"],
    np.array([[1, 2], [5, 3], [3, 4], [7, 4], [5, 6]], np.uint32),
    [0],
)


def kept(counts: list[float], size: int) -> list[bytes]:
    return list(trim(SMALL, counts, size=size).vocabulary.tokens[5:])


@pytest.mark.parametrize(
    ("counts", "size", "expected"),
    [
        ([0, 0, 0, 0, 0, 9, 8, 7, 6, 5], 0, []),
        ([0, 0, 0, 0, 0, 9, 8, 7, 6, 5], 2, [b"ab", b"cd"]),
        ([0, 0, 0, 0, 0, 1, 1, 9, 1, 1], 1, [b"ab", b"abc"]),  # what it is merged from, too
        ([0, 0, 0, 0, 0, 1, 1, 1, 9, 1], 1, [b"ab", b"abc", b"abcd"]),  # by its first merge
        ([0, 0, 0, 0, 0, 1, 1, 1, 1, 9], 100, [b"ab", b"cd", b"abc", b"abcd"]),
        ([0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 5, [b"ab"]),  # of equal ones the first
    ],
)
def test_commonest_tokens_and_their_parts_are_kept(
    counts: list[float], size: int, expected: list[bytes]
) -> None:
    assert kept(counts, size) == expected


def test_every_merge_between_kept_tokens_is_kept_in_its_order() -> None:
    cut = trim(SMALL, np.ones(10), size=100)
    assert cut.vocabulary.merges.tolist() == [[1, 2], [5, 3], [3, 4], [7, 4], [5, 6]]
    assert trim(SMALL, [0, 0, 0, 0, 0, 0, 9, 0, 0, 0], size=1).vocabulary.merges.tolist() == [
        [3, 4]
    ]


def test_control_tokens_stay_wherever_they_stand() -> None:
    vocabulary = Vocabulary([b"ab", b"a", b"b", b"<x>"], np.array([[1, 2]], np.uint32), [3])
    cut = trim(vocabulary, [0, 1, 1, 1], size=2)
    assert cut.vocabulary.tokens == [b"a", b"b", b"<x>"]
    assert cut.vocabulary.specials == [2]
    assert cut.old_ids.tolist() == [1, 2, 3]
    assert cut.new_id(3) == 2


def test_common_tokens_that_are_kept_stay_common() -> None:
    named = replace(SMALL, common=[1, 5, 7, 9])
    cut = trim(named, [0, 0, 0, 0, 0, 1, 1, 9, 1, 1], size=1).vocabulary
    assert [cut.tokens[token] for token in cut.common] == [b"a", b"ab", b"abc"]


@pytest.mark.parametrize(
    ("counts", "size", "others"),
    [
        ([0, 0, 0, 0, 0, 9, 8, 7, 6, 5], 2, [5, 6]),
        ([99, 0, 0, 0, 0, 1, 2, 0, 9, 3], 2, [8, 9]),  # no control token
        ([0, 9, 9, 9, 9, 1, 2, 0, 0, 0], 3, []),  # bytes are counted too
        ([0, 0, 0, 0, 0, 1, 1, 1, 1, 1], 100, [5, 6, 7, 8, 9]),
    ],
)
def test_bytes_and_the_commonest_tokens_are_common(
    counts: list[int], size: int, others: list[int]
) -> None:
    assert commonest(SMALL, counts, size) == [1, 2, 3, 4, *others]


def test_a_token_left_out_has_no_new_id() -> None:
    cut = trim(SMALL, np.zeros(10), size=0)
    with pytest.raises(KeyError):
        cut.new_id(8)
    with pytest.raises(KeyError):
        cut.new_id(99)


def test_a_negative_size_is_refused() -> None:
    with pytest.raises(SettingError, match="cannot be cut to -1"):
        trim(SMALL, np.zeros(10), size=-1)


def test_counts_must_be_of_these_tokens() -> None:
    with pytest.raises(ValueError, match="10 tokens"):
        trim(SMALL, np.zeros(9), size=1)


@pytest.mark.parametrize(
    ("counts", "size", "share"),
    [([4, 1, 5, 0], 0, 0.0), ([4, 1, 5, 0], 1, 0.5), ([4, 1, 5, 0], 2, 0.9), ([0, 0], 1, 1.0)],
)
def test_coverage_is_the_share_of_the_commonest(counts: list[int], size: int, share: float) -> None:
    assert coverage(counts, size) == pytest.approx(share)


@pytest.fixture(scope="module")
def real(model_path: Path) -> Vocabulary:
    return read_vocabulary(model_path)


@pytest.mark.parametrize("size", [0, 5_000, 20_000])
def test_the_real_vocabulary_still_writes_every_text(real: Vocabulary, size: int) -> None:
    counts = np.arange(len(real.tokens))[::-1]  # early tokens are the common ones
    cut = trim(real, counts, size=size).vocabulary
    tokenizer = Tokenizer(cut.tokens, cut.merges, cut.specials)
    whole = Tokenizer(real.tokens, real.merges, real.specials)
    data = TEXT.encode()
    assert tokenizer.decode(tokenizer.encode(data)) == data
    assert len(tokenizer.encode(data)) > len(whole.encode(data))
    assert size <= len(cut.tokens) < size * 1.1 + 300


def test_the_real_vocabulary_is_whole_at_its_full_size(real: Vocabulary) -> None:
    cut = trim(real, np.zeros(len(real.tokens)), size=len(real.tokens))
    assert cut.old_ids.tolist() == list(range(len(real.tokens)))
    assert (cut.vocabulary.merges == real.merges).all()
