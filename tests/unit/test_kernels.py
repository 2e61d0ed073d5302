"""The core's kernels against their numpy twin, and the kernels of other machines, emulated."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretype import _core
from foretype.model import layout
from foretype.reference import kernels

CORE_TESTS = Path(__file__).parents[2] / "core" / "test"
CANNOT_RUN_HERE = 77  # exit status of the scripts

every_kernel = pytest.mark.parametrize("name", _core.kernels_available())


def random_weights(rows: int, columns: int, low: int, high: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(low, high, (rows, columns), endpoint=True)


def random_halves(rows: int, groups: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 0.1, (rows, groups)).astype(np.float16)


def random_vectors(count: int, columns: int, seed: int) -> kernels.Quantized:
    x = np.random.default_rng(seed).normal(0, 2, (count, columns)).astype(np.float32)
    return kernels.quantize(x)


def packed_bits(halves: np.ndarray) -> np.ndarray:
    return kernels.pack_scales(halves).view(np.uint16)


def test_the_plain_kernels_are_always_there_and_last():
    assert _core.kernels_available()[-1] == "scalar"


@every_kernel
@pytest.mark.parametrize("scale", [1e-36, 1.0, 1e37])
def test_quantize(name: str, scale: float):
    rng = np.random.default_rng(1)
    x = (rng.normal(0, 1, (7, 96)) * scale).astype(np.float32)
    expected = kernels.quantize(x)
    for found, twin in zip(
        _core.quantize(name, x), (expected.q, expected.scale, expected.sum), strict=True
    ):
        np.testing.assert_array_equal(found, twin)


@every_kernel
@pytest.mark.parametrize("value", [0.0, 1e-38, np.nan, np.inf, -np.inf])
def test_a_group_without_a_scale_is_zero(name: str, value: float):
    x = np.zeros((1, 64), np.float32)
    x[0, 5] = value
    x[0, 40] = 1.0
    q, scale, total = _core.quantize(name, x)
    assert not q[0, :32].any()
    assert scale[0, 0] == 0
    assert total[0, 0] == 0
    assert q[0, 40] == 127  # the group beside it is not touched


@every_kernel
@given(count=st.integers(0, 9), blocks=st.integers(1, 3), groups=st.integers(1, 4))
def test_matmul_int4(name: str, count: int, blocks: int, groups: int):
    rows, columns = 16 * blocks, 32 * groups
    q = random_weights(rows, columns, 0, 15, seed=2).astype(np.uint8)
    scale, offset = random_halves(rows, groups, 3), random_halves(rows, groups, 4)
    x = random_vectors(count, columns, 5)
    packed = layout.pack_nibbles(q)
    y = _core.matmul_int4(
        name, packed, packed_bits(scale), packed_bits(offset), x.q, x.scale, x.sum
    )
    np.testing.assert_array_equal(y, kernels.matmul_int4(q, scale, offset, x))


@every_kernel
@given(count=st.integers(0, 9), blocks=st.integers(1, 3), groups=st.integers(1, 4))
def test_matmul_int8(name: str, count: int, blocks: int, groups: int):
    rows, columns = 16 * blocks, 32 * groups
    q = random_weights(rows, columns, -127, 127, seed=6).astype(np.int8)
    scale = random_halves(rows, groups, 7)
    x = random_vectors(count, columns, 8)
    y = _core.matmul_int8(name, layout.pack_int8(q), packed_bits(scale), x.q, x.scale, x.sum)
    np.testing.assert_array_equal(y, kernels.matmul_int8(q, scale, x))


def test_the_converter_packs_as_the_kernels_say():
    nibbles = random_weights(32, 64, 0, 15, seed=9).astype(np.uint8)
    signed = random_weights(32, 64, -127, 127, seed=10).astype(np.int8)
    halves = random_halves(32, 2, 11)
    np.testing.assert_array_equal(layout.pack_nibbles(nibbles), kernels.pack_int4(nibbles))
    np.testing.assert_array_equal(kernels.unpack_int4(kernels.pack_int4(nibbles)), nibbles)
    np.testing.assert_array_equal(layout.pack_int8(signed), kernels.pack_int8(signed))
    np.testing.assert_array_equal(layout.pack_groups(halves), kernels.pack_scales(halves))


def test_shapes_that_do_not_fit_are_refused():
    q = np.zeros((1, 4, 64), np.uint8)
    scale = np.zeros((1, 1, 16), np.uint16)
    x = random_vectors(2, 64, 12)
    with pytest.raises(ValueError, match="differ in columns"):
        _core.matmul_int4("scalar", q, scale, scale, x.q, x.scale, x.sum)
    x = random_vectors(2, 32, 12)
    with pytest.raises(ValueError, match="another shape"):
        _core.matmul_int4("scalar", q, np.zeros((1, 2, 16), np.uint16), scale, x.q, x.scale, x.sum)
    with pytest.raises(ValueError, match="multiple of 32"):
        _core.quantize("scalar", np.zeros((1, 33), np.float32))


def test_unknown_kernels_are_refused():
    with pytest.raises(ValueError, match="no kernels of this name"):
        _core.quantize("abacus", np.zeros((1, 32), np.float32))


@pytest.mark.parametrize("script", ["run_avx512", "run_neon"])
def test_kernels_of_other_machines_agree(script: str):
    """Both are compiled from the sources that ship and run on emulated processors."""
    run = subprocess.run(
        [CORE_TESTS / script],
        env={**os.environ, "PYTHON": sys.executable},
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode == CANNOT_RUN_HERE:
        pytest.skip(run.stderr.strip())
    assert run.returncode == 0, run.stderr
    assert run.stdout.endswith("agree\n")
