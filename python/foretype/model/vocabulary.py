"""A byte-level BPE vocabulary as raw bytes, from the printable form that files keep."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from foretype.errors import ErrorCode, ModelError

TEXT_BOUNDARY = b"<|endoftext|>"  # stood between the documents the models were trained on


@dataclass(frozen=True)
class Vocabulary:
    """tokens[id] is the token's bytes; merges [count, 2] are ids in rank order.

    Where `common` names tokens, the output head is computed for these and for what a user has
    written, not for all.
    """

    tokens: Sequence[bytes]
    merges: npt.NDArray[np.uint32]
    specials: Sequence[int]  # control tokens, rising: text never encodes to them
    common: Sequence[int] = ()  # rising, none of them a control token

    def in_head_order(self) -> npt.NDArray[np.intp]:
        """Token ids: common ones sorted by their bytes, others likewise, control tokens last."""
        control, common = set(self.specials), set(self.common)
        plain = [token for token in range(len(self.tokens)) if token not in control]
        plain.sort(key=lambda token: (token not in common, self.tokens[token]))
        return np.array([*plain, *sorted(control)], np.intp)

    def begin_token(self, otherwise: int) -> int:
        """The control token that stands before a text: the boundary of documents if there is one.

        Instruction-tuned models name a chat marker as their first token; prose needs the other.
        """
        for token in self.specials:
            if self.tokens[token] == TEXT_BOUNDARY:
                return token
        return otherwise


def from_printable(
    texts: Sequence[str], merges: Sequence[Sequence[str]], specials: Collection[int]
) -> Vocabulary:
    """Read GPT-2's printable alphabet, in which every byte is one visible character."""
    control = set(specials)
    tokens = [
        text.encode() if token in control else _raw_bytes(text) for token, text in enumerate(texts)
    ]
    ids = {text: token for token, text in enumerate(texts) if token not in control}
    pairs = [_merge_ids(pair, ids) for pair in merges]
    return Vocabulary(tokens, np.array(pairs, np.uint32).reshape(-1, 2), sorted(control))


def _raw_bytes(text: str) -> bytes:
    try:
        return bytes(BYTE_OF_CHARACTER[character] for character in text)
    except KeyError as error:
        raise ModelError(
            f"Token {text!r} is not written in the byte-level alphabet; "
            "only byte-level BPE tokenizers are supported.",
            code=ErrorCode.UNSUPPORTED,
        ) from error


def _merge_ids(pair: Sequence[str], ids: Mapping[str, int]) -> tuple[int, int]:
    left, right = pair
    if left not in ids or right not in ids or left + right not in ids:
        raise ModelError(
            f"The tokenizer merges {left!r} and {right!r}, but these or their result are no "
            "tokens; the file is damaged, get it again."
        )
    return ids[left], ids[right]


def _printable_alphabet() -> dict[str, int]:
    visible = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    hidden = [byte for byte in range(256) if byte not in visible]
    alphabet = {chr(byte): byte for byte in visible}
    alphabet.update({chr(256 + rank): byte for rank, byte in enumerate(hidden)})
    return alphabet


BYTE_OF_CHARACTER = _printable_alphabet()
