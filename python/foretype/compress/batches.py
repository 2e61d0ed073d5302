"""Token sequences from the texts: each a function of the seed and its number alone."""

import random
from collections.abc import Iterable

import torch
from torch import Tensor

from foretype import _core
from foretype.compress.texts import Mix
from foretype.model.vocabulary import Vocabulary

BYTES_A_TOKEN = 6  # more than text has, so that a piece fills its sequence
SEARCHED = 300  # characters in which a piece looks for a line or a sentence to begin with
SPARE = 50  # characters


def tokenizer_of(vocabulary: Vocabulary) -> _core.Tokenizer:
    """The core's, over a vocabulary that may be in no file yet."""
    return _core.Tokenizer(list(vocabulary.tokens), vocabulary.merges, list(vocabulary.specials))


class Batches:
    """Sequences of `length` + 1 tokens, the first of which begins a text.

    A sequence is as many pieces of one kind as it takes; kinds come by their weights.
    """

    def __init__(
        self, mix: Mix, vocabulary: Vocabulary, begin_token: int, *, length: int, seed: str
    ) -> None:
        self.length = length
        self._mix = mix
        self._kinds = [kind for kind in mix.kinds if mix.kinds[kind]]
        self._weights = [mix.weights[kind] for kind in self._kinds]
        self._tokenizer = tokenizer_of(vocabulary)
        self._begin = begin_token
        self._seed = seed

    def batch(self, numbers: Iterable[int]) -> Tensor:
        """[count, length + 1]."""
        return torch.tensor([self.sequence(number) for number in numbers])

    def sequence(self, number: int) -> list[int]:
        """One sequence: `length` + 1 token ids."""
        draw = random.Random(f"{self._seed}/{number}")
        texts = self._mix.kinds[draw.choices(self._kinds, self._weights)[0]]
        tokens = [self._begin]
        while len(tokens) <= self.length:
            wanted = (self.length + 1 - len(tokens)) * BYTES_A_TOKEN
            piece = _piece(draw.choice(texts), wanted, draw)
            tokens += self._tokenizer.encode((piece.strip() + "\n\n").encode())
        return tokens[: self.length + 1]


def _piece(text: str, wanted: int, draw: random.Random) -> str:
    """About so many characters, from the beginning of a line, a sentence or a word."""
    if len(text) <= wanted:
        return text
    start = draw.randrange(len(text) - wanted + 1)
    ends = (
        text.find("\n", start, start + SEARCHED),
        text.find(". ", start, start + SEARCHED) + 1,
    )
    found = max(ends)
    start = found + 1 if found > 0 else text.find(" ", start) + 1
    return text[start : start + wanted + SPARE]
