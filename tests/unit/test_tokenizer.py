"""The core's tokenizer against the `tokenizers` library."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tokenizers

from foretype._core import Tokenizer
from foretype.errors import ModelError
from foretype.model.tokenizer import read_vocabulary
from foretype.model.vocabulary import Vocabulary
from foretype.reference.byte_level import library_tokenizer

COMPARED_BYTES = 10_000_000
PER_LINE = 2048  # code points in one text


def is_compared(code_point: int) -> bool:
    """All but surrogates; of planes with nothing in them (4 to 13, private 15 and 16) a sample."""
    empty_plane = 0x40000 <= code_point < 0xE0000 or code_point >= 0xF0000
    return not 0xD800 <= code_point < 0xE000 and (not empty_plane or code_point % 64 == 0)


def made(vocabulary: Vocabulary) -> Tokenizer:
    return Tokenizer(vocabulary.tokens, vocabulary.merges, vocabulary.specials)


@pytest.fixture(scope="module")
def real(model_path: Path) -> Vocabulary:
    return read_vocabulary(model_path)


def telltale_vocabulary() -> Vocabulary:
    """Merges of "!" with any byte after it and of any byte with an "x" after it: so the tokens of
    "!?x" show on which sides of the character in the middle the text was split."""
    all_bytes = [bytes([byte]) for byte in range(256)]
    after_mark = [b"!" + byte for byte in all_bytes if byte != b"x"]
    before_letter = [byte + b"x" for byte in all_bytes]
    joined = after_mark + before_letter
    merges = np.array([list(pair) for pair in joined], np.uint32)
    return Vocabulary(all_bytes + joined, merges, [])


def lines(path: Path, size: int) -> Iterator[str]:
    """Lines of the texts in `path`, until `size` bytes were given."""
    with gzip.open(path, "rt", encoding="utf-8") as rows:
        for row in rows:
            for line in json.loads(row)["text"].splitlines(keepends=True):
                yield line
                size -= len(line.encode())
            if size <= 0:
                return


def same(ours: Tokenizer, library: tokenizers.Tokenizer, text: str) -> bool:
    return ours.encode(text.encode()) == library.encode(text).ids


def test_every_code_point_is_split_as_the_library_does() -> None:
    vocabulary = telltale_vocabulary()
    ours, library = made(vocabulary), library_tokenizer(vocabulary)
    compared = [chr(c) for c in range(0x110000) if is_compared(c)]
    for start in range(0, len(compared), PER_LINE):
        characters = compared[start : start + PER_LINE]
        text = "".join(f"!{c}x {c}{c}\n" for c in characters)
        if not same(ours, library, text):
            wrong = [ascii(c) for c in characters if not same(ours, library, f"!{c}x {c}{c}\n")]
            pytest.fail(f"split differently: {wrong}")


def test_ten_megabytes_of_lines_equal_the_library(real: Vocabulary, calibration_data: Path) -> None:
    ours, library = made(real), library_tokenizer(real)
    different = sum(
        not same(ours, library, line) for line in lines(calibration_data, COMPARED_BYTES)
    )
    assert different == 0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Hello there, it's 10:30 already.",
        "we're they'll I'd 'tis ''s 'S",
        " leading,  double \n\n\n line ends\t\ttabs \n ",
        "a \n\r\n 5  6   7",
        "<|endoftext|> is text here",
        "na\u00efve \u4f60\u597d \u0645\u0631\u062d\u0628\u0627 \u0967\u0968 \u00bd",
        "\U0001f469\u200d\U0001f467 \u2764\ufe0f e\u0301\u00a0\u2003x",
        "\x00\x04\x06 \x13 control characters",
        "\U0005fffe\U000e0041 far planes",
        "x" * 3000 + " " * 3000 + "!" * 3000,
    ],
)
def test_hard_texts_equal_the_library(real: Vocabulary, text: str) -> None:
    assert same(made(real), library_tokenizer(real), text)


def test_the_real_vocabulary_is_sorted_by_bytes(real: Vocabulary) -> None:
    ours = made(real)
    plain = len(real.tokens) - len(real.specials)
    by_bytes = replace(real, common=()).in_head_order()
    assert ours.sorted() == by_bytes[:plain].tolist()


def test_the_real_vocabulary_lacks_few_bytes(real: Vocabulary) -> None:
    ours = made(real)
    missing = [byte for byte in range(256) if not ours.encode(bytes([byte]))]
    assert missing == [4, 6, 0x13, 0x14, 0x16, 0x1D, 0xC0, 0xC1, 0xF1, 0xF2, *range(0xF5, 0x100)]


def test_tokens_that_begin_with_what_was_typed(real: Vocabulary) -> None:
    ours = made(real)
    first, last = ours.with_prefix(b" meet")
    found = {ours.bytes(token) for token in ours.sorted()[first:last]}
    assert found == {token for token in real.tokens if token.startswith(b" meet")}


def test_contradictions_raise() -> None:
    with pytest.raises(ModelError, match="tokens 0 and 1 have the same bytes"):
        Tokenizer([b"a", b"a"], np.zeros((0, 2), np.uint32), [])
