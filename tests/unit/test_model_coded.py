"""Matrices of codes: packing, quantising, and a whole model of them through the core."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors import safe_open

from foretype.model import open_model, read_info
from foretype.model.coded import CodedGroups, SparseGroups, kept_blocks, quantize_coded
from foretype.model.coded_layout import pack_codes, pack_sparse, unpack_codes, unpack_sparse
from foretype.model.config import Config
from foretype.model.container import container_metadata, write_container
from foretype.model.groups import Dense
from foretype.model.progress import no_progress
from foretype.model.tensors import container_tensors
from foretype.reference.llama import ReferenceModel
from foretype.reference.tiny_model import RandomModel, random_vocabulary

row_blocks, groups, seeds = st.integers(1, 3), st.integers(1, 3), st.integers(0, 2**32 - 1)
bits = st.sampled_from([3, 4])


@given(row_blocks, groups, seeds, bits)
def test_codes_come_back(row_blocks: int, groups: int, seed: int, bits: int) -> None:
    shape = (16 * row_blocks, 32 * groups)
    q = np.random.default_rng(seed).integers(0, 2**bits, shape, np.uint8)
    packed = pack_codes(q, bits)
    assert packed.shape == (row_blocks, groups, 64 * bits)
    assert (unpack_codes(packed, bits) == q).all()


def test_three_bits_stand_where_the_header_says() -> None:
    q = np.random.default_rng(1).integers(0, 8, (16, 32), np.uint8)
    planes = pack_codes(q, 3).reshape(3, 64)
    for row in range(16):
        for column in range(32):
            block, byte = column // 4, 4 * row + column % 4
            if block < 6:
                found = planes[block // 2, byte] >> 3 * (block % 2) & 7
            else:
                found = planes[block - 6, byte] >> 6 | (planes[2, byte] >> block & 1) << 2
            assert found == q[row, column]


@given(row_blocks, groups, seeds)
def test_kept_blocks_come_back(row_blocks: int, groups: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    pairs = random.integers(0, 5, (row_blocks, groups))
    kept = random.permuted(np.arange(8) < 2 * pairs[..., None], axis=2)
    kept = kept.reshape(row_blocks, -1)
    spread = np.repeat(np.repeat(kept, 16, axis=0), 4, axis=1)
    q = random.integers(0, 16, spread.shape, np.uint8) * spread
    scale = random.integers(-127, 128, (16 * row_blocks, groups), np.int8)
    parts = pack_sparse(q, kept, scale)
    found_q, found_kept, found_scale = unpack_sparse(parts, 32 * groups)
    assert (found_q == q).all()
    assert (found_kept == kept).all()
    empty = np.repeat(pairs == 0, 16, axis=0)
    assert (found_scale == np.where(empty, 0, scale)).all()


@given(seeds, bits, st.sampled_from([1e-6, 1.0, 1e3]))
def test_quantising_is_no_worse_than_the_whole_range(seed: int, bits: int, size: float) -> None:
    weights = np.random.default_rng(seed).standard_normal((16, 64), np.float32) * np.float32(size)
    found = quantize_coded(weights, bits, name="w")
    assert found.q.max() < 2**bits
    by_group = weights.reshape(16, 2, 32)
    middle = 2 ** (bits - 1)
    largest = np.take_along_axis(by_group, np.abs(by_group).argmax(axis=2)[..., None], 2)
    step = largest / -middle
    plain = (np.clip(np.rint(by_group / step + middle), 0, 2**bits - 1) - middle) * step
    worst = float(np.square(plain - by_group).sum())
    assert float(np.square(found.dense() - weights).sum()) <= 1.02 * worst


def test_importance_moves_the_error_to_where_it_matters_less() -> None:
    weights = np.random.default_rng(2).standard_normal((64, 128), np.float32)
    importance = np.where(np.arange(128) % 32 < 4, np.float32(100), np.float32(1))
    plain = quantize_coded(weights, 3, name="w").dense() - weights
    moved = quantize_coded(weights, 3, name="w", importance=importance).dense() - weights
    assert np.square(moved[:, importance > 1]).sum() < np.square(plain[:, importance > 1]).sum()


def test_zeros_stay_out_in_even_numbers() -> None:
    weights = np.zeros((16, 32), np.float32)
    weights[3, 17] = 1
    assert kept_blocks(weights).sum() == 2
    assert kept_blocks(weights)[0, 4]


class CodedModel(RandomModel):
    """A random model in all encodings, its second layer narrower than its first."""

    def matrix(self, name: str) -> CodedGroups | SparseGroups:  # type: ignore[override]
        rows, columns = self.config.matrices()[name.split(".", 2)[2]]
        narrow = name.startswith("layers.1.ffn.")
        if narrow:
            rows, columns = (each - 32 if each == 96 else each for each in (rows, columns))
        weights = self._normal(rows, columns) / np.sqrt(np.float32(columns))
        if name.endswith(("value", "up", "down")):
            weights[:, 4:12] = 0
            weights[:16] = 0
            return SparseGroups(quantize_coded(weights, 4, name=name), kept_blocks(weights))
        return quantize_coded(weights, 3 if name.endswith("gate") else 4, name=name)

    def embedding(self) -> CodedGroups:  # type: ignore[override]
        weights: Dense = self._normal(self.config.vocabulary, self.config.width)
        return quantize_coded(weights, 4, name="embedding")


@pytest.fixture(scope="module")
def coded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("model") / "coded.safetensors"
    vocabulary = random_vocabulary(41, seed=0)
    config = Config(
        layers=2,
        width=64,
        heads=2,
        kv_heads=1,
        head_width=64,
        ffn_width=96,
        vocabulary=len(vocabulary.tokens),
        rope_base=10000.0,
        norm_epsilon=1e-5,
        begin_token=vocabulary.begin_token(otherwise=0),
    )
    source = CodedModel(config, vocabulary, 0)
    people = {"name": "coded", "licence": "Apache-2.0", "source": "a test"}
    metadata = container_metadata(config, **people, source_sha256=source.sha256())
    write_container(path, metadata, list(container_tensors(source, no_progress)))
    return path


def test_the_core_opens_every_encoding(coded: Path) -> None:
    with open_model(coded):
        info = read_info(coded)
    assert info.format_version == 2
    assert 0.6 < info.density < 0.9
    assert 3 < info.bits_per_weight < 5.5
    assert info.parameters == sum(
        (128 * 64 * 2 + 64 * 64 * 2 + ffn * 64 * 3 + 2 * 64) for ffn in (96, 64)
    ) + 64 * (1 + info.config.vocabulary)
    for tensor in info.tensors:
        padding = tensor.name.startswith("padding.")
        assert padding or tensor.file_offset % 64 == 0, tensor.name


def test_the_reference_reads_what_was_written(coded: Path) -> None:
    model = ReferenceModel.load(coded)
    assert model.weights["layers.1.ffn.down"].shape == (64, 64)
    assert not model.weights["layers.0.ffn.up"][:16].any()
    assert model.weights["layers.0.attention.query"].any()
    with safe_open(coded, framework="numpy") as file:
        assert file.get_tensor("head.q4").shape == (19, 2, 256)
    assert np.isfinite(model.logits(np.array([0, 5, 70]))).all()
