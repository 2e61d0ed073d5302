"""Error-compensating pruning and rounding of one matrix, against what does not compensate."""

import numpy as np
import pytest
from compress_samples import TORCH_MISSING

torch = pytest.importorskip("torch", reason=TORCH_MISSING)

from foretype.compress.blocks import (  # noqa: E402
    block_sums,
    choose,
    kept_share,
    shape_of,
    spread,
)
from foretype.compress.sensitivity import allot  # noqa: E402
from foretype.compress.settings import BLOCKS  # noqa: E402
from foretype.compress.solver import (  # noqa: E402
    best_steps,
    inverse_factor,
    round_plainly,
    round_to,
    saliency,
    solve,
)

ROWS, COLUMNS = 32, 96


def problem(seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    """A matrix, and inputs of which some follow from others."""
    random = np.random.default_rng(seed)
    mixing = random.standard_normal((40, COLUMNS))
    inputs = random.standard_normal((600, 40)) @ mixing + random.standard_normal((600, COLUMNS))
    weights = random.standard_normal((ROWS, COLUMNS)) * random.uniform(0.2, 3, (ROWS, 1))
    return torch.tensor(weights, dtype=torch.float32), torch.tensor(inputs, dtype=torch.float32)


def lost(inputs: torch.Tensor, before: torch.Tensor, after: torch.Tensor) -> float:
    return float((inputs @ (before - after).T).square().mean())


@pytest.mark.parametrize("bits", [3, 4])
def test_rounding_lies_on_its_levels_and_beats_plain_rounding(bits: int) -> None:
    weights, inputs = problem()
    hessian = inputs.T @ inputs
    solved = solve(weights, inverse_factor(hessian, 0.01), bits=bits)
    plain = round_plainly(weights, torch.ones(COLUMNS), bits)
    assert lost(inputs, weights, solved.weights) < 0.7 * lost(inputs, weights, plain.weights)
    for found in (solved, plain):
        assert found.scales is not None
        codes = found.scales.codes(found.weights.numpy(), bits)
        levels = codes.astype(np.float32) - np.float32(2 ** (bits - 1))
        again = np.repeat(found.scales.steps(), 32, axis=1) * levels
        assert np.array_equal(again, found.weights.numpy())


@pytest.mark.parametrize("bits", [None, 4])
def test_pruning_keeps_what_it_was_told_and_compensates(bits: int | None) -> None:
    weights, inputs = problem(1)
    factor = inverse_factor(inputs.T @ inputs, 0.01)
    kept = choose(saliency(weights, factor), "16x4", 0.5)
    solved = solve(weights, factor, bits=bits, kept=kept)
    assert not solved.weights[~kept].any()
    assert lost(inputs, weights, solved.weights) < 0.8 * lost(inputs, weights, weights * kept)


def test_nothing_pruned_and_nothing_rounded_changes_nothing() -> None:
    weights, inputs = problem(2)
    assert torch.equal(solve(weights, inverse_factor(inputs.T @ inputs, 0.01)).weights, weights)


def test_a_column_that_is_never_used_and_an_empty_group_are_no_trouble() -> None:
    weights, inputs = problem(3)
    inputs[:, 5] = 0
    factor = inverse_factor(inputs.T @ inputs, 0.01)
    kept = torch.ones_like(weights, dtype=torch.bool)
    kept[:16, :32] = False
    kept[3] = False
    solved = solve(weights, factor, bits=3, kept=kept)
    assert torch.isfinite(solved.weights).all()
    assert solved.scales is not None
    assert not solved.scales.group_scale[:16, 0].any()
    assert not solved.weights[~kept].any()


def test_zero_is_a_level_and_one_side_has_one_more() -> None:
    values = torch.tensor([[-9.0, -0.1, 0.1, 1.4, 9.0]])
    assert round_to(values, torch.ones(1, 1), 3).tolist() == [[-4.0, 0.0, 0.0, 1.0, 3.0]]


def test_the_step_fits_what_matters() -> None:
    values = torch.full((1, 32), 1.0)
    values[0, 0] = 100
    importance = torch.ones(32)
    importance[0] = 0
    assert float(best_steps(values, importance.expand(1, 32), 4)) < 3


@pytest.mark.parametrize("blocks", BLOCKS)
@pytest.mark.parametrize("density", [0.25, 0.5, 0.8])
def test_blocks_are_kept_whole(blocks: str, density: float) -> None:
    values = torch.rand(64, 96, generator=torch.Generator().manual_seed(4))
    kept = choose(values, blocks, density)
    shape = shape_of(blocks)
    counts = block_sums(kept.float(), shape)
    assert torch.equal(spread(counts > 0, shape), kept)
    assert float(kept.float().mean()) == pytest.approx(density, abs=0.02)
    if blocks == "16x4":
        assert not (counts.reshape(4, 3, 8) > 0).sum(-1).remainder(2).any()
    assert kept_share(values, blocks, density) >= density


def test_of_all_even_choices_the_best_is_made() -> None:
    sums = torch.rand(1, 8, generator=torch.Generator().manual_seed(6))
    values = spread(sums, (16, 4)) / 64
    kept = choose(values, "16x4", 0.5)
    best = sums.flatten().topk(4).values.sum()
    assert float((values * kept).sum()) == pytest.approx(float(best))


def test_densities_go_by_cost_and_reach_their_mean() -> None:
    sizes = {"a": 100, "b": 100, "c": 200}
    found = allot({"a": 1.0, "b": 0.01, "c": 0.1}, sizes, mean=0.6, least=0.25)
    assert sum(found[name] * sizes[name] for name in sizes) / 400 == pytest.approx(0.6)
    assert found["a"] > found["c"] > found["b"] >= 0.25
    assert allot(None, sizes, mean=0.6, least=0.25) == dict.fromkeys(sizes, 0.6)
    assert min(allot({"a": 1, "b": 1, "c": 1}, sizes, mean=0.0, least=0.25).values()) == 0.25
