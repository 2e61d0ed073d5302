"""Hungarian matching and its margin; permutation variance against planted truth."""

import itertools
import math

import numpy as np
import pytest

from foretype.statistics.matching import match, second_best, squared_distances
from foretype.statistics.permutation import ABSENT, permutation_variance
from foretype.statistics.prototypes import Prototypes, prototype_stability


def all_costs(costs: np.ndarray) -> list[float]:
    """Of every assignment, the cheapest first: what the Hungarian method must find."""
    rows = np.arange(len(costs))
    return sorted(
        float(costs[rows, list(columns)].sum())
        for columns in itertools.permutations(range(len(costs)))
    )


@pytest.mark.parametrize("seed", range(30))
def test_match_is_the_cheapest_assignment_and_the_margin_leads_to_the_next(seed: int) -> None:
    source = np.random.default_rng(seed)
    units, width = int(source.integers(2, 7)), int(source.integers(1, 4))
    signatures, reference = source.standard_normal((2, units, width))
    found = match(signatures, reference)
    best, second, *_ = all_costs(squared_distances(signatures, reference))
    assert sorted(found.targets) == list(range(units))
    assert found.cost == pytest.approx(best, abs=1e-9)
    assert found.margin == pytest.approx(second - best, abs=1e-9)


def test_equal_units_leave_no_margin() -> None:
    assert match(np.ones((5, 3)), np.ones((5, 3))).margin == pytest.approx(0, abs=1e-9)


def test_one_unit_has_no_second_matching() -> None:
    assert match(np.ones((1, 3)), np.zeros((1, 3))).margin == math.inf


def test_margin_of_a_cycle_of_three_is_found() -> None:
    # Swapping any two costs much, passing all three on costs little.
    costs = np.array([[0.0, 1, 9], [9, 0, 1], [1, 9, 0]])
    assert second_best(costs, np.arange(3)) == pytest.approx(3)


def test_the_margin_may_be_left_out() -> None:
    assert math.isnan(match(np.eye(3), np.eye(3), margin=False).margin)


def test_units_find_their_reference_whatever_their_order() -> None:
    source = np.random.default_rng(1)
    reference = source.standard_normal((200, 64))
    order = source.permutation(200)
    noisy = reference[order] + 0.1 * source.standard_normal((200, 64))
    assert (match(noisy, reference).targets == order).all()


def variance_by_matrices(matches: np.ndarray) -> float:
    """The definition, word by word."""
    batches, units = matches.shape
    mean = np.zeros((units, units))
    for targets in matches:
        mean[np.arange(units), targets] += 1 / batches
    return 1 - float((mean**2).sum()) / units


def test_identity_has_no_variance() -> None:
    found = permutation_variance(np.tile(np.arange(50), (9, 1)))
    assert found is not None
    assert (found.variance, found.unbiased) == (0, 0)
    assert (found.per_unit == 0).all()


def test_random_matching_gives_the_baseline() -> None:
    source = np.random.default_rng(2)
    units, batches = 40, 400
    found = permutation_variance(np.stack([source.permutation(units) for _ in range(batches)]))
    assert found is not None
    # Two random permutations agree in one unit on the average, with variance one.
    error = 1 / units / math.sqrt(batches * (batches - 1) / 2)
    assert abs(found.unbiased - found.baseline) < 5 * error
    assert abs(found.variance - found.baseline_here) < 5 * error
    assert found.baseline == 1 - 1 / units


@pytest.mark.parametrize("seed", range(10))
def test_variance_is_that_of_the_matrices(seed: int) -> None:
    source = np.random.default_rng(seed)
    units, batches = int(source.integers(1, 30)), int(source.integers(1, 12))
    matches = np.stack([source.permutation(units) for _ in range(batches)])
    found = permutation_variance(matches)
    assert found is not None
    assert found.variance == pytest.approx(variance_by_matrices(matches), abs=1e-12)
    assert 0 <= found.variance <= found.baseline + 1e-12


@pytest.mark.parametrize("seed", range(10))
def test_variance_is_the_expected_share_matched_differently(seed: int) -> None:
    """Of two independent mini-batches, each one of these permutations with its probability."""
    source = np.random.default_rng(seed)
    units = int(source.integers(2, 20))
    process = [source.permutation(units) for _ in range(4)]
    times = source.integers(1, 9, len(process))  # in units of 1 / times.sum()
    expected = sum(
        int(a) * int(b) * float((one != other).mean())
        for (one, a), (other, b) in itertools.product(zip(process, times, strict=True), repeat=2)
    ) / int(times.sum() ** 2)
    found = permutation_variance(np.repeat(np.stack(process), times, axis=0))
    assert found is not None
    assert abs(found.variance - expected) < 1e-12


def test_variance_of_a_swap_with_a_known_probability() -> None:
    """Units 0 and 1 change places in a quarter of the mini-batches: 2 p (1 - p) of them."""
    straight, swapped = [0, 1, 2, 3], [1, 0, 2, 3]
    found = permutation_variance(np.array([straight, straight, straight, swapped] * 5))
    assert found is not None
    assert found.per_unit == pytest.approx([0.375, 0.375, 0, 0], abs=1e-12)
    assert found.variance == pytest.approx(0.1875, abs=1e-12)


def test_absent_units_are_judged_by_where_they_were() -> None:
    found = permutation_variance(
        np.array([[0, 1, ABSENT, ABSENT], [0, 2, 1, ABSENT], [0, 1, ABSENT, ABSENT]])
    )
    assert found is not None
    assert found.per_unit[:3] == pytest.approx([0, 1 - (4 + 1) / 9, 0])
    assert math.isnan(found.per_unit[3])
    assert found.units == 3


def test_one_minibatch_says_nothing_about_others() -> None:
    found = permutation_variance(np.array([[1, 0, 2]]))
    assert found is not None
    assert found.variance == 0
    assert math.isnan(found.unbiased)
    assert found.baseline_here == 0


def test_nothing_matched_is_no_variance() -> None:
    assert permutation_variance(np.full((3, 4), ABSENT)) is None
    assert permutation_variance(np.zeros((0, 4), int)) is None


def planted_clusters(seed: int, count: int, each: int) -> tuple[np.ndarray, np.ndarray]:
    """Centres [count, 64] far apart, and states around them in random order."""
    source = np.random.default_rng(seed)
    centres = 5 * source.standard_normal((count, 64))
    of = source.permutation(np.repeat(np.arange(count), each))
    return centres, centres[of] + 0.3 * source.standard_normal((len(of), 64))


def prototypes_at(centres: np.ndarray) -> Prototypes:
    ones = np.ones(len(centres), np.int64)
    return Prototypes(centres, ones, ones)


def test_separate_clusters_are_stable() -> None:
    centres, states = planted_clusters(3, count=8, each=32)
    found = prototype_stability(prototypes_at(centres), states)
    assert found is not None
    assert found.variance.variance == 0
    assert found.variance.batches == 4
    assert found.margin > 0.5


def test_states_without_clusters_are_matched_as_by_chance() -> None:
    source = np.random.default_rng(4)
    crowded = 0.01 * source.standard_normal((8, 64))
    found = prototype_stability(prototypes_at(crowded), source.standard_normal((64 * 50, 64)))
    assert found is not None
    assert found.variance.unbiased == pytest.approx(1 - 1 / 8, abs=0.05)


def test_few_or_constant_states_are_no_error() -> None:
    centres, states = planted_clusters(5, count=4, each=10)
    assert prototype_stability(prototypes_at(centres), states) is None
    assert prototype_stability(prototypes_at(centres[:1]), np.zeros((256, 64))) is None
    assert prototype_stability(prototypes_at(centres), np.ones((256, 64))) is None
    assert prototype_stability(prototypes_at(np.ones((4, 64))), np.ones((256, 64))) is None
