"""Vocabulary range: how much of the model's vocabulary the user's words need."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]

BUCKETS = 64
CURVE = (16, 64, 256, 1024, 4096, 8192, 16384, 32768)  # tokens kept


@dataclass(frozen=True)
class VocabularyRange:
    """Uses of each token [V] by the words of a profile. Stays on the device; export sums it."""

    uses: Counts

    @property
    def total(self) -> int:
        """Tokens used, each as often as it was."""
        return int(self.uses.sum())

    @property
    def distinct(self) -> int:
        """Different tokens used."""
        return int((self.uses > 0).sum())

    def coverage(self, kept: Sequence[int] = CURVE) -> Numbers:
        """Share of uses that the user's own so many commonest tokens cover; nan without a use."""
        return _shares(np.sort(self.uses)[::-1], kept)

    def coverage_in_order(self, kept: Sequence[int] = CURVE) -> Numbers:
        """The same of the so many first tokens of the model, which were merged first: commonest."""
        return _shares(self.uses, kept)

    def buckets(self) -> tuple[Counts, Counts]:
        """Uses and different tokens [BUCKETS] in each public bucket."""
        of = bucket_of(np.arange(len(self.uses)), len(self.uses))
        uses = np.bincount(of, self.uses, minlength=BUCKETS).astype(np.int64)
        distinct = np.bincount(of, self.uses > 0, minlength=BUCKETS).astype(np.int64)
        return uses, distinct


def bucket_of(tokens: npt.NDArray[np.integer], vocabulary: int) -> npt.NDArray[np.int64]:
    """The public bucket of token ids: BUCKETS runs of equal length, in the order of the model.

    A byte-pair vocabulary is numbered in the order of its merges, so that the first buckets hold
    what is common in English and the last what is rare: for a vocabulary of 49,152 each has 768.
    """
    return tokens.astype(np.int64) * BUCKETS // vocabulary


def vocabulary_range(
    words: Iterable[tuple[str, int]], encode: Callable[[bytes], Sequence[int]], vocabulary: int
) -> VocabularyRange:
    """Count the tokens of words, each with the space before it.

    Args:
        words: written forms with how often each was used.
        encode: the model's tokenizer.
        vocabulary: how many tokens the model has.
    """
    counted: Counter[int] = Counter()
    for word, uses in words:
        for token in encode(f" {word}".encode("utf-8", "surrogateescape")):
            counted[token] += uses
    uses_of = np.zeros(vocabulary, np.int64)
    for token, uses in counted.items():
        uses_of[token] += uses
    return VocabularyRange(uses_of)


def _shares(uses: Counts, kept: Sequence[int]) -> Numbers:
    reached = np.concatenate(([0], np.cumsum(uses)))
    at = np.minimum(np.asarray(kept), len(uses))
    if not reached[-1]:
        return np.full(len(at), np.nan)
    shares: Numbers = reached[at] / reached[-1]
    return shares
