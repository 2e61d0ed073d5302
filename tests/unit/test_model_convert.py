"""Conversion: GGUF's 4 and 8 bit weights without loss, everything else close, or refused."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from gguf import GGMLQuantizationType as Kind
from gguf import GGUFReader
from gguf.quants import dequantize
from hypothesis import given
from hypothesis import strategies as st
from model_sources import (
    CONFIG,
    VOCABULARY,
    dense_weights,
    gguf_tensors,
    interleaved,
    write_folder,
    write_gguf,
)

from foretype import _core
from foretype.errors import ErrorCode, ModelError, StorageError
from foretype.model import convert, open_model
from foretype.model.groups import Dense
from foretype.reference.llama import ReferenceModel


def converted(source: Path, tmp_path: Path) -> ReferenceModel:
    path = convert(source, output=tmp_path / "converted.safetensors")
    assert _core.parse_model(path.read_bytes())["config"]["width"] == CONFIG.width
    return ReferenceModel.load(path)


def in_gguf_order(model: ReferenceModel) -> dict[str, Dense]:
    return gguf_tensors({**model.weights, "embedding": model.embedding})


@pytest.mark.parametrize("kind", [Kind.Q4_1, Kind.Q4_0])
def test_four_bit_gguf_loses_nothing(tmp_path: Path, kind: Kind) -> None:
    source = write_gguf(tmp_path / "m.gguf", kind=kind)
    ours = in_gguf_order(converted(source, tmp_path))
    for tensor in GGUFReader(source).tensors:
        theirs = dequantize(tensor.data, tensor.tensor_type)
        assert (ours[tensor.name] == theirs).all(), tensor.name


@pytest.mark.parametrize("kind", [Kind.F32, Kind.F16, Kind.BF16, Kind.Q8_0, Kind.Q5_1])
def test_other_types_are_quantised(tmp_path: Path, kind: Kind) -> None:
    weights = dense_weights()
    source = write_gguf(tmp_path / "m.gguf", weights=weights, kind=kind, embedding_kind=kind)
    ours = converted(source, tmp_path)
    for name, weight in ours.weights.items():
        assert np.square(weight - weights[name]).mean() < 1e-2 * np.square(weights[name]).mean()
    error = np.square(ours.embedding - weights["embedding"]).mean()
    assert error < 2e-3 * np.square(weights["embedding"]).mean()


@pytest.mark.parametrize(("dtype", "shards"), [("F32", 1), ("F32", 3)])
def test_folder_and_gguf_of_one_model_become_the_same(
    tmp_path: Path, dtype: str, shards: int
) -> None:
    weights = dense_weights(seed=7)
    folder = write_folder(tmp_path / "hf", weights=weights, dtype=dtype, shards=shards)
    gguf = write_gguf(tmp_path / "m.gguf", weights=weights, kind=Kind.F32, embedding_kind=Kind.F32)
    one, other = converted(folder, tmp_path / "a"), converted(gguf, tmp_path / "b")
    assert one.config == other.config == CONFIG
    assert (one.embedding == other.embedding).all()
    assert all((one.weights[name] == other.weights[name]).all() for name in other.weights)


@pytest.mark.parametrize("dtype", ["F16", "BF16"])
def test_half_precision_folders(tmp_path: Path, dtype: str) -> None:
    weights = dense_weights()
    ours = converted(write_folder(tmp_path / "hf", weights=weights, dtype=dtype), tmp_path)
    assert np.allclose(ours.weights["final_norm"], weights["final_norm"], rtol=2**-7)


def test_interleaved_rows_turn_as_half_split_ones_do() -> None:
    """GGUF pairs dimensions 2i and 2i+1, we pair i and i+32: dot products must agree."""
    rows = np.arange(64, dtype=np.float32)[:, None]
    pairs = interleaved(rows)[:, 0].reshape(32, 2)
    assert (pairs[:, 0] == np.arange(32)).all()
    assert (pairs[:, 1] == np.arange(32) + 32).all()


def test_head_rows_are_sorted_by_bytes_and_control_tokens_come_last(tmp_path: Path) -> None:
    order = list(VOCABULARY.in_head_order())
    control = len(VOCABULARY.specials)
    plain = [VOCABULARY.tokens[token] for token in order[:-control]]
    assert plain == sorted(plain)
    assert order[-control:] == list(VOCABULARY.specials)


def test_rows_of_common_tokens_come_first_sorted_by_bytes() -> None:
    common = list(range(4, len(VOCABULARY.tokens), 3))
    order = replace(VOCABULARY, common=common).in_head_order().tolist()
    control = len(VOCABULARY.specials)
    parts = order[: len(common)], order[len(common) : -control]
    assert sorted(parts[0]) == common
    for part in parts:
        tokens = [VOCABULARY.tokens[token] for token in part]
        assert tokens == sorted(tokens)
    assert order[-control:] == list(VOCABULARY.specials)
    assert sorted(order) == list(range(len(VOCABULARY.tokens)))


def test_the_boundary_of_documents_begins_a_text(tmp_path: Path) -> None:
    assert converted(write_gguf(tmp_path / "m.gguf"), tmp_path).config.begin_token == 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"architecture": "qwen2"}, "architecture 'qwen2'"),
        ({"split": "llama-bpe"}, "splits text as 'llama-bpe'"),
        ({"head_width": 128}, "heads of width 128"),
        ({"extra": {"output.weight": np.zeros((8, 64), np.float32)}}, "output head of its own"),
        ({"extra": {"rope_freqs.weight": np.ones(32, np.float32)}}, "rotary positions"),
        ({"extra": {"blk.0.attn_q.bias": np.ones(128, np.float32)}}, "a bias"),
    ],
)
def test_unsupported_gguf_is_refused(tmp_path: Path, options, said: str) -> None:
    source = write_gguf(tmp_path / "m.gguf", **options)
    with pytest.raises(ModelError, match=said) as caught:
        convert(source, output=tmp_path / "out")
    assert caught.value.code == ErrorCode.UNSUPPORTED
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"model_type": "gemma"}, "architecture 'gemma'"),
        ({"tie_word_embeddings": False}, "output head of its own"),
        ({"attention_bias": True}, "biases"),
        ({"hidden_act": "gelu"}, "activation"),
        ({"rope_scaling": {"type": "linear", "factor": 2}}, "rotary positions"),
        ({"rope_parameters": {"rope_type": "llama3"}}, "rotary positions"),
        ({"head_dim": 32}, "heads of width 32"),
        ({"rms_norm_eps": float("nan")}, "the number nan"),
        ({"rope_theta": -1}, "the number -1"),
        ({"hidden_size": None}, "does not say its hidden_size"),
        ({"intermediate_size": 128}, "has shape"),
        ({"vocab_size": 5}, "more tokens"),
        ({"num_hidden_layers": 3}, "lacks the tensor"),
    ],
)
def test_unsupported_folders_are_refused(tmp_path: Path, settings, said: str) -> None:
    with pytest.raises(ModelError, match=said):
        convert(write_folder(tmp_path / "hf", **settings), output=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_lacking_tensor_is_named(tmp_path: Path) -> None:
    source = write_gguf(tmp_path / "m.gguf", without="blk.1.ffn_up.weight")
    with pytest.raises(ModelError, match=r"lacks the tensor blk\.1\.ffn_up\.weight"):
        convert(source, output=tmp_path / "out")


@pytest.mark.parametrize("share", [0.001, 0.02, 0.1, 0.5, 0.9, 0.999])
def test_truncated_gguf_is_refused(tmp_path: Path, share: float) -> None:
    source = write_gguf(tmp_path / "m.gguf")
    whole = source.read_bytes()
    source.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(ModelError, match="truncated or damaged"):
        convert(source, output=tmp_path / "out")


@given(st.lists(st.tuples(st.integers(0, 9000), st.integers(0, 255)), min_size=1, max_size=3))
def test_a_damaged_gguf_is_converted_to_a_valid_model_or_refused(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[int, int]]
) -> None:
    folder = tmp_path_factory.getbasetemp()
    content = bytearray(write_gguf(folder / "whole.gguf").read_bytes())
    for place, value in edits:
        content[place] = value
    (folder / "damaged.gguf").write_bytes(content)
    try:
        output = convert(folder / "damaged.gguf", output=folder / "damaged", force=True)
    except ModelError:
        return
    open_model(output).close()


@pytest.mark.parametrize("name", ["final_norm", "layers.1.ffn.norm", "layers.0.ffn.up"])
@pytest.mark.filterwarnings("ignore:invalid value")
def test_weights_that_are_no_numbers_are_refused(tmp_path: Path, name: str) -> None:
    weights = dense_weights()
    weights[name].flat[7] = np.nan
    with pytest.raises(ModelError, match="not finite numbers"):
        convert(write_gguf(tmp_path / "m.gguf", weights=weights), output=tmp_path / "out")


def test_truncated_folder_is_refused(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "hf")
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1])
    with pytest.raises(ModelError, match="truncated or damaged"):
        convert(folder, output=tmp_path / "out")


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", "model.safetensors"])
def test_a_lacking_file_is_named(tmp_path: Path, name: str) -> None:
    folder = write_folder(tmp_path / "hf")
    (folder / name).unlink()
    with pytest.raises(ModelError, match=name):
        convert(folder, output=tmp_path / "out")


@pytest.mark.parametrize("content", ["5", "{}", '{"model": {"type": "BPE", "vocab": 3}}'])
def test_a_damaged_tokenizer_is_refused(tmp_path: Path, content: str) -> None:
    folder = write_folder(tmp_path / "hf")
    (folder / "tokenizer.json").write_text(content)
    with pytest.raises(ModelError):
        convert(folder, output=tmp_path / "out")


@pytest.mark.parametrize("content", ["", "[1, 2]", '{"hidden_size"', '{"model_type": {}}'])
def test_a_damaged_config_is_refused(tmp_path: Path, content: str) -> None:
    folder = write_folder(tmp_path / "hf")
    (folder / "config.json").write_text(content)
    with pytest.raises(ModelError):
        convert(folder, output=tmp_path / "out")


def test_another_tokenizer_is_refused(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "hf")
    tokenizer = json.loads((folder / "tokenizer.json").read_bytes())
    tokenizer["pre_tokenizer"]["pretokenizers"][0]["individual_digits"] = False
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer))
    with pytest.raises(ModelError, match="tokenizer other than"):
        convert(folder, output=tmp_path / "out")


def test_what_is_no_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("Dear all,")
    with pytest.raises(ModelError, match="is not a GGUF file"):
        convert(tmp_path / "text", output=tmp_path / "out")
    with pytest.raises(ModelError, match="no model at"):
        convert(tmp_path / "nowhere", output=tmp_path / "out")


def test_an_existing_file_is_replaced_only_when_told(tmp_path: Path) -> None:
    source, output = write_gguf(tmp_path / "m.gguf"), tmp_path / "out"
    output.write_text("mine")
    with pytest.raises(StorageError, match="exists already"):
        convert(source, output=output)
    assert output.read_text() == "mine"
    convert(source, output=output, force=True)
    assert output.stat().st_size > 10_000


def test_progress_reaches_its_end(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    convert(
        write_gguf(tmp_path / "m.gguf"),
        output=tmp_path / "out",
        progress=lambda *step: told.append(step),
    )
    ends = {stage: (done, total) for stage, done, total in told}
    assert ends == {"converting": (3, 3), "writing": (1, 1)}
