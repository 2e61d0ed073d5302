"""Quantising dense weights: what is exact stays exact, the rest is close."""

import gguf
import numpy as np
import pytest
from gguf import GGMLQuantizationType as Kind
from hypothesis import given
from hypothesis import strategies as st

from foretype.errors import ModelError
from foretype.model.groups import Dense, quantize_int4, quantize_int8


def normal(seed: int, rows: int = 16, columns: int = 64) -> Dense:
    return np.random.default_rng(seed).standard_normal((rows, columns), np.float32)


def squared_error(found: Dense, weights: Dense) -> float:
    return float(np.square(found - weights).mean())


@given(st.integers(0, 2**32 - 1), st.sampled_from([1e-6, 1e-2, 1.0, 1e3]))
def test_int4_is_no_worse_than_the_whole_range_in_16_levels(seed: int, size: float) -> None:
    weights = normal(seed) * np.float32(size)
    plain = gguf.quants.dequantize(gguf.quants.quantize(weights, Kind.Q4_1), Kind.Q4_1)
    groups = quantize_int4(weights, name="w")
    assert groups.q.max() <= 15
    assert squared_error(groups.dense(), weights) <= squared_error(plain, weights) * 1.0001


def test_int4_beats_the_whole_range_clearly_on_normal_weights() -> None:
    weights = normal(1, 128, 576)
    plain = gguf.quants.dequantize(gguf.quants.quantize(weights, Kind.Q4_1), Kind.Q4_1)
    found = quantize_int4(weights, name="w").dense()
    assert squared_error(found, weights) < 0.9 * squared_error(plain, weights)


def test_sixteen_levels_are_kept_exactly() -> None:
    q = np.random.default_rng(2).permuted(np.tile(np.arange(16), (16, 2)), axis=1)
    weights = (q * 0.25 - 2).astype(np.float32)
    assert (quantize_int4(weights, name="w").dense() == weights).all()


@pytest.mark.parametrize("value", [0.0, 1.5, -0.375])
def test_constant_groups_are_kept_exactly(value: float) -> None:
    weights = np.full((16, 32), value, np.float32)
    assert (quantize_int4(weights, name="w").dense() == weights).all()


def test_int8_error_is_at_most_half_a_step() -> None:
    weights = normal(3)
    groups = quantize_int8(weights, name="w")
    step = np.repeat(groups.scale.astype(np.float32), 32, axis=1)
    assert np.abs(groups.q).max() == 127
    assert (np.abs(groups.dense() - weights) <= step * 0.51 + 1e-4 * np.abs(weights)).all()


def test_int8_zeros_stay_zeros() -> None:
    assert not quantize_int8(np.zeros((16, 32), np.float32), name="w").dense().any()


@pytest.mark.parametrize("quantize", [quantize_int4, quantize_int8])
@pytest.mark.parametrize(
    ("value", "said"), [(np.nan, "not finite"), (np.inf, "not finite"), (3e38, "too large")]
)
def test_what_binary16_cannot_hold_is_refused(quantize, value: float, said: str) -> None:
    weights = normal(4)
    weights[3, 5] = value
    with pytest.raises(ModelError, match=f"Tensor blk.0 holds .*{said}"):
        quantize(weights, name="blk.0")
