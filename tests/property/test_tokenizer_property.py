"""The core's tokenizer on texts and vocabularies that hypothesis thinks of."""

import functools
from pathlib import Path

import numpy as np
import pytest
import tokenizers
from hypothesis import example, given, settings
from hypothesis import strategies as st

from foretype._core import Tokenizer
from foretype.model.tokenizer import read_vocabulary
from foretype.model.vocabulary import Vocabulary
from foretype.reference.byte_level import library_tokenizer

SPACES = " \n\t\r\x0b\x85\u00a0\u1680\u2003\u2028\u3000"
TELLING = "'strevmdlLxé0१½.!\u0301\u200d" + SPACES
MANY = settings(max_examples=400)

characters = st.characters(exclude_categories=["Cs"])
telling = st.sampled_from(TELLING)
texts = st.text(st.one_of(telling, characters), max_size=60)
# Tokens of a vocabulary are made of these; é is two bytes.
syllables = st.text(st.sampled_from("abé '1"), min_size=1, max_size=80)
choices = st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), max_size=40)


@functools.cache
def real_pair(model: Path) -> tuple[Tokenizer, tokenizers.Tokenizer]:
    vocabulary = read_vocabulary(model)
    ours = Tokenizer(vocabulary.tokens, vocabulary.merges, vocabulary.specials)
    return ours, library_tokenizer(vocabulary)


@pytest.fixture(scope="module")
def ours(model_path: Path) -> Tokenizer:
    return real_pair(model_path)[0]


@pytest.fixture(scope="module")
def library(model_path: Path) -> tokenizers.Tokenizer:
    return real_pair(model_path)[1]


def made_vocabulary(known: bytes, picks: list[tuple[int, int]]) -> Vocabulary:
    """The bytes of `known`, and a merge of two tokens for every pick of two that is new."""
    tokens = [bytes([byte]) for byte in sorted(set(known))]
    merges: dict[tuple[int, int], None] = {}
    for left, right in picks:
        pair = (left % len(tokens), right % len(tokens))
        joined = tokens[pair[0]] + tokens[pair[1]]
        if len(joined) > 16:
            continue
        merges[pair] = None
        if joined not in tokens:
            tokens.append(joined)
    return Vocabulary(tokens, np.array([*merges], np.uint32).reshape(-1, 2), [])


@MANY
@given(texts)
def test_any_text_equals_the_library(
    ours: Tokenizer, library: tokenizers.Tokenizer, text: str
) -> None:
    assert ours.encode(text.encode()) == library.encode(text).ids


@MANY
@given(
    picks=choices, words=st.lists(syllables, max_size=4), known=st.sampled_from(["abé '1", "ab "])
)
def test_any_vocabulary_equals_the_library(
    picks: list[tuple[int, int]], words: list[str], known: str
) -> None:
    vocabulary = made_vocabulary(known.encode(), picks)
    ours = Tokenizer(vocabulary.tokens, vocabulary.merges, vocabulary.specials)
    text = "".join(words)
    assert ours.encode(text.encode()) == library_tokenizer(vocabulary).encode(text).ids


@MANY
@given(st.binary(max_size=200))
def test_any_bytes_come_back_but_for_those_without_a_token(ours: Tokenizer, data: bytes) -> None:
    lacking = bytes(byte for byte in range(256) if not ours.encode(bytes([byte])))
    assert ours.decode(ours.encode(data)) == data.translate(None, lacking)


@MANY
@given(texts, texts)
@example("x \n'", "s")
@example("it'r", "e")
@example("a  ", "1")
def test_stable_tokens_stay_whatever_is_typed(
    ours: Tokenizer, text: str, continuation: str
) -> None:
    stable = Tokenizer.stable_prefix(text.encode())
    kept = ours.encode(text.encode()[:stable])
    assert ours.encode((text + continuation).encode())[: len(kept)] == kept


@MANY
@given(st.text(max_size=8).map(str.encode), st.integers(0, 6), st.binary(max_size=6))
def test_stable_tokens_stay_when_a_character_was_cut(
    ours: Tokenizer, data: bytes, cut: int, continuation: bytes
) -> None:
    start = data[: max(len(data) - cut, 0)]
    kept = ours.encode(start[: Tokenizer.stable_prefix(start)])
    for whole in (data, start + continuation):
        assert ours.encode(whole)[: len(kept)] == kept
