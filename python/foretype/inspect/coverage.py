"""How much of a text the k most used tokens cover, and what dropping the others costs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from foretype.inspect.model_tokens import ModelTokens
from foretype.inspect.usage import Floats, Ints, WordUse

POINTS_PER_DOUBLING = 2
ROUNDING = 1e-12  # of a sum of shares


@dataclass(frozen=True)
class Coverage:
    """What the first tokens of a ranking can do for a text.

    `covered` [tokens]: the share of the text's token uses that the first 1, 2, ... tokens cover.
    `tokens_per_100_words` [sizes]: how many tokens the words need with the first `sizes` of them,
    when a dropped token is written with the kept ones it is made of, or with bytes, of which all
    are always kept.
    """

    covered: Floats
    sizes: Ints
    tokens_per_100_words: Floats

    def kept_for(self, share: float) -> int:
        """The fewest tokens that cover this share."""
        return int(np.searchsorted(self.covered, share - ROUNDING)) + 1

    def extra(self, size: int) -> float:
        """More tokens in 100 words than with all, at the largest size tried up to this one."""
        place = int(np.searchsorted(self.sizes, size, side="right")) - 1
        return float(self.tokens_per_100_words[place] - self.tokens_per_100_words[-1])


def sizes(tokens: int) -> Ints:
    """Vocabulary sizes to try: evenly by logarithm from 1 to all."""
    steps = np.arange(0, np.log2(tokens), 1 / POINTS_PER_DOUBLING)
    return np.unique([*np.rint(2**steps).astype(np.int64).tolist(), tokens])


def coverage(words: Sequence[WordUse], uses: Ints, ranking: Ints, tokens: ModelTokens) -> Coverage:
    """The curve for tokens kept in the order of `ranking`; `uses` is that of `words`."""
    tried = sizes(len(tokens))
    running = np.cumsum(uses[ranking])
    rank = np.empty(len(tokens), np.int64)
    rank[ranking] = np.arange(len(tokens))
    parts = tokens.parts()
    used = np.flatnonzero(uses)
    word_uses = max(sum(word.uses for word in words), 1)
    needed = [
        100 * float(uses[used] @ _pieces(used, rank < size, parts)) / word_uses for size in tried
    ]
    return Coverage(running / max(int(running[-1]), 1), tried, np.array(needed))


def _pieces(used: Ints, kept: np.ndarray, parts: dict[int, tuple[int, int]]) -> Ints:
    """[used] how many kept tokens each of these becomes."""
    known: dict[int, int] = {}

    def pieces(token: int) -> int:
        if token not in known:
            whole = kept[token] or token not in parts
            known[token] = 1 if whole else sum(pieces(part) for part in parts[token])
        return known[token]

    return np.array([pieces(int(token)) for token in used], np.int64)
