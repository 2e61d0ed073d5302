"""Distances of rankings by hand and by scipy; neighbourhood permutations with a planted truth."""

import itertools
import math

import numpy as np
import pytest
from scipy.stats import kendalltau

from foretype.statistics.neighbourhood import distances, nearest, neighbourhood
from foretype.statistics.proposals import proposal_variance, reference_ranking, visit_ranks
from foretype.statistics.rankings import NOTHING, fagin, normaliser


def by_hand(a: list[int], b: list[int]) -> int:
    """K^(0) pair by pair, as the paper's cases say."""
    total = 0
    for i, j in itertools.combinations(sorted(set(a) | set(b)), 2):
        in_a, in_b = (i in a, j in a), (i in b, j in b)
        if all(in_a) and all(in_b):
            total += (a.index(i) < a.index(j)) != (b.index(i) < b.index(j))
        elif all(in_a) and any(in_b):
            total += (a.index(i) < a.index(j)) != in_b[0]
        elif all(in_b) and any(in_a):
            total += (b.index(i) < b.index(j)) != in_a[0]
        elif any(in_a) and any(in_b):
            total += 1
    return total


CASES = [
    ([1, 2, 3], [1, 2, 3], 0),
    ([1, 2, 3], [3, 2, 1], 3),
    ([1, 2, 3], [2, 1, 3], 1),
    ([1, 2, 3], [1, 2, 4], 1),  # 3 and 4: each list holds the other one
    ([1, 2, 3], [4, 1, 2], 3),  # 4 is before 1 and 2 here, behind them there; 3 and 4
    ([1, 2, 3], [4, 5, 6], 9),
    ([1, 2], [3, 4], 4),
    ([1], [1], 0),
    ([1], [2], 1),
]


@pytest.mark.parametrize(("a", "b", "expected"), CASES)
def test_fagin_by_hand(a: list[int], b: list[int], expected: int) -> None:
    assert by_hand(a, b) == expected
    assert fagin(np.array(a), np.array(b)) == expected
    assert fagin(np.array(b), np.array(a)) == expected


@pytest.mark.parametrize("seed", range(50))
def test_fagin_is_that_by_hand(seed: int) -> None:
    source = np.random.default_rng(seed)
    places = 5
    a, b = (source.permutation(8)[: int(source.integers(0, places + 1))].tolist() for _ in range(2))
    padded = [np.array(each + [NOTHING] * (places - len(each)), np.int64) for each in (a, b)]
    assert fagin(*padded) == by_hand(a, b)


@pytest.mark.parametrize("seed", range(20))
def test_kendall_is_scipys(seed: int) -> None:
    source = np.random.default_rng(seed)
    places = int(source.integers(2, 12))
    a, b = source.permutation(places), source.permutation(places)
    tau = kendalltau(np.argsort(a), np.argsort(b)).statistic
    assert fagin(a, b) / normaliser(places) == pytest.approx((1 - tau) / 2, abs=1e-12)


def test_distances_are_between_all() -> None:
    rankings = np.array([[1, 2, 3], [2, 1, 3], [4, 5, 6]])
    expected = np.array([[0, 1, 9], [1, 0, 9], [9, 9, 0]]) / 3
    assert distances(rankings) == pytest.approx(expected)


def test_nearest_are_others_and_ties_keep_the_order() -> None:
    states = np.array([[0.0], [1], [1], [5]])
    assert nearest(states, 2).tolist() == [[1, 2], [2, 0], [1, 0], [1, 2]]


def planted(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Two regions: in the first all rank alike, in the second rankings are random."""
    source = np.random.default_rng(seed)
    regions = np.repeat([0, 1], 60)
    states = 10.0 * regions[:, None] + source.standard_normal((120, 8))
    rankings = np.stack(
        [np.arange(5) if region == 0 else source.permutation(5) for region in regions]
    )
    return states, rankings, regions


def test_regions_that_rank_alike_stand_out() -> None:
    states, rankings, regions = planted(1)
    found = neighbourhood(states, rankings, regions=regions, region_count=3)
    assert found is not None
    assert found.regions[0] == 0
    assert found.regions[1] == pytest.approx(0.5, abs=0.05)
    assert math.isnan(found.regions[2])
    assert found.region_contexts.tolist() == [60, 60, 0]
    assert found.permutations == pytest.approx(0.25, abs=0.03)
    assert found.baseline > found.permutations + 0.05
    assert found.chance < 0.01


def test_states_that_tell_nothing_give_the_baseline() -> None:
    source = np.random.default_rng(2)
    rankings = np.stack([source.permutation(5) for _ in range(200)])
    found = neighbourhood(source.standard_normal((200, 8)), rankings)
    assert found is not None
    assert found.permutations == pytest.approx(found.baseline, abs=0.03)
    assert found.chance > 0.02


def test_few_or_constant_contexts_are_no_error() -> None:
    assert neighbourhood(np.zeros((0, 64)), np.zeros((0, 5), int)) is None
    assert neighbourhood(np.zeros((1, 64)), np.zeros((1, 5), int)) is None
    found = neighbourhood(np.zeros((3, 64)), np.tile(np.arange(5), (3, 1)))
    assert found is not None
    assert (found.permutations, found.baseline, found.neighbours) == (0, 0, 2)
    assert found.chance == 1


def test_the_commonest_members_are_the_units() -> None:
    rankings = np.array([[7, 8, 9], [8, 7, 9], [7, 9, 8], [7, 6, NOTHING]])
    assert reference_ranking(rankings).tolist() == [7, 8, 9]


def test_units_that_are_not_proposed_take_the_ranks_that_are_left() -> None:
    rankings = np.array([[1, 2, 3], [1, 2, 3], [1, 2, 3], [4, 1, 5], [2, NOTHING, NOTHING]])
    ranks = visit_ranks(rankings)[1:]
    assert ranks[:3].tolist() == [[0, 1, 2], [0, 1, 2], [1, 0, 2]]  # 2 is at neither place
    assert ranks[3, 1] == 0
    assert sorted(ranks[3]) == [0, 1, 2]


def test_proposals_in_a_fixed_order_have_no_variance() -> None:
    found = proposal_variance(np.tile([3, 1, 2], (10, 1)), np.repeat([0, 1], 5))
    assert found is not None
    assert (found.variance, found.units, found.batches) == (0, 3, 10)


def test_proposals_in_any_order_have_that_of_chance() -> None:
    source = np.random.default_rng(3)
    rankings = np.stack([source.permutation(5) for _ in range(400)])
    found = proposal_variance(rankings, np.zeros(400, np.intp))
    assert found is not None
    assert found.unbiased == pytest.approx(0.8, abs=0.01)


def test_a_region_seen_once_says_nothing() -> None:
    assert proposal_variance(np.array([[1, 2], [3, 4]]), np.array([0, 1])) is None
