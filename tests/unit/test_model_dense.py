"""Dense checkpoints: written, read back, converted, and refused where they are damaged."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from compress_samples import dense_model
from model_sources import write_folder, write_gguf
from safetensors import safe_open

from foretype.compress.open import open_dense
from foretype.errors import ModelError
from foretype.model import convert, read_info
from foretype.model.dense_model import (
    DenseModel,
    Encoding,
    Scales,
    is_dense,
    read_dense,
    write_dense,
)


def assert_equal(one: DenseModel, other: DenseModel) -> None:
    assert one.config == other.config
    assert one.encodings == other.encodings
    assert one.vocabulary.tokens == other.vocabulary.tokens
    assert np.array_equal(one.vocabulary.merges, other.vocabulary.merges)
    assert list(one.vocabulary.specials) == list(other.vocabulary.specials)
    assert list(one.vocabulary.common) == list(other.vocabulary.common)
    assert one.weights.keys() == other.weights.keys()
    for name, weights in one.weights.items():
        assert np.array_equal(weights, other.weights[name]), name
    for name, scales in one.scales.items():
        assert np.array_equal(scales.steps(), other.scales[name].steps()), name


def scaled(model: DenseModel, name: str, bits: int) -> DenseModel:
    """One matrix put on levels of its own."""
    random = np.random.default_rng(2)
    rows, columns = model.weights[name].shape
    scales = Scales(
        (random.integers(1, 128, (rows, columns // 32)) * random.choice((-1, 1))).astype(np.int8),
        random.uniform(1e-4, 1e-3, rows).astype(np.float32),
    )
    codes = random.integers(0, 2**bits, (rows, columns))
    levels = codes.astype(np.float32) - np.float32(2 ** (bits - 1))
    weights = np.repeat(scales.steps(), 32, axis=1) * levels
    assert np.array_equal(scales.codes(weights, bits), codes)
    encoding = {3: Encoding.CODED_3, 4: Encoding.CODED_4}[bits]
    return replace(
        model,
        weights={**model.weights, name: weights},
        scales={**model.scales, name: scales},
        encodings={**model.encodings, name: encoding},
    )


def test_a_checkpoint_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    model = scaled(scaled(dense_model(), "layers.0.ffn.up", 3), "layers.1.ffn.down", 4)
    model = replace(model, vocabulary=replace(model.vocabulary, common=[3, 7, 270]))
    write_dense(path, model, key="x")
    assert is_dense(path)
    assert_equal(read_dense(path), model)
    with safe_open(path, framework="numpy") as file:
        assert file.metadata()["key"] == "x"


def test_it_is_converted_as_its_weights_would_be(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    write_dense(path, dense_model())
    container = convert(path, output=tmp_path / "a.foretype.safetensors")
    folder = convert(write_folder(tmp_path / "tiny"), output=tmp_path / "b.foretype.safetensors")
    assert not is_dense(container)
    assert read_info(container).name == "tiny"
    with safe_open(container, framework="numpy") as one, safe_open(folder, framework="numpy") as b:
        for name in b.keys():  # noqa: SIM118
            assert np.array_equal(one.get_tensor(name), b.get_tensor(name)), name


def test_foreign_models_open_as_they_are(tmp_path: Path) -> None:
    weights = dense_model().weights
    folder = open_dense(write_folder(tmp_path / "tiny"))
    for name, expected in weights.items():
        assert np.array_equal(folder.weights[name], expected), name
    gguf = open_dense(write_gguf(tmp_path / "tiny.gguf"))
    for name, expected in weights.items():
        step = np.abs(expected).max() / 7
        assert np.abs(gguf.weights[name] - expected).max() <= step, name


def test_layers_may_differ_in_width(tmp_path: Path) -> None:
    model = dense_model()
    weights = dict(model.weights)
    for part, cut in (("gate", np.s_[:64]), ("up", np.s_[:64]), ("down", np.s_[:, :64])):
        weights[f"layers.1.ffn.{part}"] = weights[f"layers.1.ffn.{part}"][cut]
    narrow = replace(model, weights=weights)
    narrow.check()
    assert (narrow.ffn_width(0), narrow.ffn_width(1)) == (96, 64)


def test_what_does_not_fit_is_refused() -> None:
    model = dense_model()
    lacking = {name: each for name, each in model.weights.items() if name != "final_norm"}
    with pytest.raises(ModelError, match="lacks the tensor final_norm"):
        replace(model, weights=lacking).check()
    crooked = {**model.weights, "layers.0.ffn.up": model.weights["layers.0.ffn.up"][:64]}
    with pytest.raises(ModelError, match=r"layers\.0\.ffn\.up has shape \[64, 64\]"):
        replace(model, weights=crooked).check()


def test_damaged_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    write_dense(path, dense_model())
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(ModelError, match="truncated or damaged"):
        read_dense(path)
    assert not is_dense(tmp_path / "none")
    write_dense(path, dense_model(), version="2")
    with pytest.raises(ModelError, match="another version"):
        read_dense(path)
