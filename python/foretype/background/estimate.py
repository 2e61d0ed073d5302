"""From counts to the probabilities that are kept: which words, which pairs, how probable."""

from dataclasses import dataclass

import numpy as np

from foretype import _core
from foretype.background.casing import truecased_pairs
from foretype.background.counts import Counts, Floats, Ints, summed

MAX_WORDS = 65_535
MAX_WORD_BYTES = 64


@dataclass(frozen=True)
class Size:
    """How much is kept; see docs/decisions/0004-trie.md for the choice."""

    words: int = 60_000
    bigrams: int = 660_000
    discount: float = 0.6  # taken from each pair's count for pairs never seen


@dataclass(frozen=True)
class Model:
    """Words in file order (by folded form, then exact form), and the pairs kept.

    Rows belong to folded forms: the row of a form group stands at its first word.
    """

    words: list[str]
    unigrams: Floats  # [words] P(word); 0 for a word that is only a context
    rows: Ints  # [pairs] first word of the form group before, rising
    followers: Ints  # [pairs] word, rising within a row
    bigrams: Floats  # [pairs] discounted P(follower | row)


def estimate(counts: Counts, size: Size) -> Model:
    """Keep the most frequent words, and the pairs that tell most beyond their words."""
    pairs = truecased_pairs(counts)
    totals = _sums(pairs[:, 1], counts.pair_counts, len(counts.units))
    kept = _kept_units(counts.units, totals, size.words)
    words = [counts.units[number] for number in kept]
    unigrams = totals[kept] / max(totals.sum(), 1)

    place = np.full(len(counts.units), -1)
    place[kept] = np.arange(len(kept))
    group = _groups(counts.units, words)
    rows, followers, weights = _merged(group[pairs[:, 0]], place[pairs[:, 1]], counts.pair_counts)
    row_totals = _sums(group[pairs[:, 0]] + 1, counts.pair_counts, len(words) + 1)[1:]
    bigrams, gain = _discounted(rows, followers, weights, row_totals, unigrams, size.discount)
    best = np.sort(np.argsort(-gain, kind="stable")[: size.bigrams])
    best = best[gain[best] > 0]
    return Model(words, unigrams, rows[best], followers[best], bigrams[best])


def _sums(keys: Ints, weights: Floats, size: int) -> Floats:
    """[size] The sum of the weights of each key."""
    return np.bincount(keys, weights, minlength=size).astype(np.float64)


def _kept_units(units: list[str], totals: Floats, most: int) -> list[int]:
    """Ids of the words to keep, in file order: the start of a message and the most frequent."""
    frequent = [
        int(number)
        for number in np.argsort(-totals, kind="stable")[: most + 1000]
        if totals[number] > 0 and _can_stand(units[number])
    ]
    kept = [0, *frequent[: most - 1]]
    return sorted(
        kept,
        key=lambda number: (
            _core.fold_case(units[number]).encode(),
            units[number].encode(),
        ),
    )


def _can_stand(unit: str) -> bool:
    return "\0" not in unit and 0 < len(unit.encode()) <= MAX_WORD_BYTES


def _groups(units: list[str], words: list[str]) -> Ints:
    """[units] Number of the first word with the same folded form, -1 if none is kept."""
    first: dict[str, int] = {}
    for number, word in enumerate(words):
        first.setdefault(_core.fold_case(word), number)
    return np.array([first.get(_core.fold_case(unit), -1) for unit in units], np.int64)


def _merged(rows: Ints, followers: Ints, weights: Floats) -> tuple[Ints, Ints, Floats]:
    """The pairs of kept words, each once, sorted by row and follower."""
    known = (rows >= 0) & (followers >= 0)
    keys, sums = summed((rows[known] << 32) | followers[known], weights[known])
    return keys >> 32, keys & 0xFFFFFFFF, sums


def _discounted(
    rows: Ints,
    followers: Ints,
    weights: Floats,
    row_totals: Floats,
    unigrams: Floats,
    discount: float,
) -> tuple[Floats, Floats]:
    """P(follower | row) less the discount, and how much keeping each pair gains.

    The gain is the pair's count times the logarithm by which the pair raises the probability
    that its follower would have without it (as in entropy pruning, Stolcke 1998, with the other
    pairs of the row held fixed).
    """
    probability = np.maximum(weights - discount, 0) / row_totals[rows]
    left = 1 - _sums(rows, probability, len(row_totals))[rows]
    without = (left + probability) * unigrams[followers]
    with_it = probability + left * unigrams[followers]
    gain = weights * np.log(np.maximum(with_it, 1e-300) / np.maximum(without, 1e-300))
    return probability, gain
