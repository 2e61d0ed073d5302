"""How much of a text the k most used tokens cover, and what dropping the others costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from foretype.inspect.model_tokens import ModelTokens
from foretype.inspect.usage import Floats, Ints, WordUse

Kept = npt.NDArray[np.bool_]

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
    needed = uses @ _pieces(rank[:, None] < tried, tokens.parts)
    word_uses = max(sum(word.uses for word in words), 1)
    return Coverage(running / max(int(running[-1]), 1), tried, 100 * needed / word_uses)


def _pieces(kept: Kept, parts: Mapping[int, tuple[int, int]]) -> Ints:
    """[tokens, sizes] how many kept tokens each becomes; `parts` in the order of their merges."""
    pieces = np.ones(kept.shape, np.int64)
    for token, (left, right) in parts.items():
        pieces[token] = np.where(kept[token], 1, pieces[left] + pieces[right])
    return pieces
