"""How far two rankings are apart, in swaps of neighbours."""

import math

import numpy as np
import numpy.typing as npt

Rankings = npt.NDArray[np.integer]
Distances = npt.NDArray[np.float64]

NOTHING = -1  # fills a list that is shorter than the others, at its end


def fagin(a: Rankings, b: Rankings) -> Distances:
    """K^(0) of top lists [..., m], best first: Kendall's tau distance where members differ.

    A pair counts one if the lists order it differently, also where a list tells the order only by
    leaving one of the two out; a pair of which each list holds another one counts one; a pair
    that only one list holds counts nothing. Fagin, Kumar, Sivakumar: Comparing top k lists
    (2003), section 3.1, with p = 0. The members of a list differ; it may end in NOTHING.
    """
    a, b = np.broadcast_arrays(a, b)
    in_a, in_b = a != NOTHING, b != NOTHING
    same = (a[..., :, None] == b[..., None, :]) & in_a[..., :, None] & in_b[..., None, :]
    places = a.shape[-1]
    of_a = np.where(same.any(-1), same.argmax(-1), places)  # where b has a's members
    of_b = np.where(same.any(-2), same.argmax(-2), places)
    swapped_a, swapped_both = _swapped(of_a, in_a, places)
    swapped_b, _ = _swapped(of_b, in_b, places)
    only_a = (in_a & (of_a == places)).sum(-1)
    only_b = (in_b & (of_b == places)).sum(-1)
    distances: Distances = (swapped_a + swapped_b - swapped_both + only_a * only_b) * 1.0
    return distances


def normaliser(places: int) -> int:
    """C(m, 2): by so much a distance of lists of m places is divided.

    So 1 is a list turned round; lists without a common member come to 2m / (m - 1).
    """
    return max(1, math.comb(places, 2))


def _swapped(
    place: npt.NDArray[np.integer], valid: npt.NDArray[np.bool_], absent: int
) -> tuple[Distances, Distances]:
    """Pairs of one list that the other turns round: all, and those that both lists hold."""
    first, second = np.triu_indices(place.shape[-1], 1)
    pairs = valid[..., first] & valid[..., second]
    turned = pairs & (place[..., first] > place[..., second])
    both = turned & (place[..., first] < absent) & (place[..., second] < absent)
    return turned.sum(-1) * 1.0, both.sum(-1) * 1.0
