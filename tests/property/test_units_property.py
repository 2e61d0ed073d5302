"""Cutting text into units: what holds for every text."""

import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from foretype._core import is_word, starts_sentence, units

# The white space of Unicode as the core knows it: \x1c to \x1f are spaces to Python only.
SPACE = re.compile(r"[^\S\x1c-\x1f]*")
MANY = settings(max_examples=500)

words = ["a", "B", "é", "7", "你", "\u0301", "\u200d"]
joints = ["'", "’", "-", "_", ".", "/", "@", "#", ":", "://", ","]
spaces = [" ", "\n", "\r\n", "\t", "\u00a0"]
pieces = st.sampled_from([*words, *joints, *spaces, "(", '"', "!", "🎉", "👍🏽"])
texts = st.one_of(
    st.lists(pieces, max_size=30).map("".join),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
)


def cut(text: bytes) -> list[bytes]:
    return [text[begin:end] for begin, end, _ in units(text)]


@MANY
@given(texts)
def test_only_spaces_stand_between_units(text: str) -> None:
    data = text.encode()
    at = 0
    for begin, end, space_before in units(data):
        assert at <= begin < end
        assert space_before == (begin > at)
        assert SPACE.fullmatch(data[at:begin].decode())
        at = end
    assert SPACE.fullmatch(data[at:].decode())


@MANY
@given(st.binary(max_size=60))
def test_any_bytes_are_cut_in_order(data: bytes) -> None:
    at = 0
    for begin, end, _ in units(data):
        assert at <= begin < end <= len(data)
        at = end
    starts_sentence(data)


@MANY
@given(texts, texts)
@example("a\n ", "\nb")
def test_units_before_the_last_space_are_final(text: str, continuation: str) -> None:
    start = text.encode()
    settled = [unit for unit in units(start) if unit[1] <= start.rfind(b" ")]
    assert units(start + continuation.encode())[: len(settled)] == settled


@MANY
@given(texts)
def test_a_unit_alone_is_that_unit(text: str) -> None:
    for unit in cut(text.encode()):
        assert cut(unit) == [unit]


@MANY
@given(texts)
def test_words_are_what_has_letters_or_digits(text: str) -> None:
    for unit in cut(text.encode()):
        if is_word(unit):
            assert any(c.isalpha() or c.isnumeric() for c in unit.decode())
        elif unit.isascii():
            assert not any(c.isalnum() for c in unit.decode())
