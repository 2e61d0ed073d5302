"""Takes the capital of a sentence's first word off, where it is only that."""

import numpy as np

from foretype import _core
from foretype.background.counts import Counts, Ints


def small_forms(counts: Counts) -> Ints:
    """[units] The id that stands for each unit where it opens a sentence.

    That of the small form, if within sentences the small form is the more usual one; otherwise
    the unit's own. The core applies the same rule to what a user writes.
    """
    ids = {unit: number for number, unit in enumerate(counts.units)}
    result = np.arange(len(counts.units))
    for number, unit in enumerate(counts.units):
        small = ids.get(unit[:1].lower() + unit[1:], number)
        if (
            small != number
            and _core.fold_case(unit) == counts.units[small]
            and counts.inside[small] > counts.inside[number]
        ):
            result[number] = small
    return result


def truecased_pairs(counts: Counts) -> Ints:
    """[pairs, 2] The pairs with small forms where a sentence opens."""
    small = small_forms(counts)
    pairs = counts.pairs.copy()
    pairs[counts.pair_opening, 1] = small[pairs[counts.pair_opening, 1]]
    return pairs
