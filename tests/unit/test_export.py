"""Export: what other runtimes read is what our integers stand for, and our importer reads it."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from gguf import GGUFReader
from gguf.quants import dequantize
from model_sources import gguf_tensors

from foretype.errors import ModelError, SettingError, StorageError
from foretype.export import FORMATS, export
from foretype.model import convert, read_info
from foretype.model.dense_tensors import DenseTensors
from foretype.model.huggingface_source import EMBEDDING, huggingface_name
from foretype.model.tokenizer import open_tokenizer, read_vocabulary
from foretype.reference.llama import ReferenceModel
from foretype.reference.tiny_model import write_tiny_model

TEXT = "the ratio 1/24, his tale: Ünïcode — no\n\nend  <|im_end|>"


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("model") / "tiny.foretype.safetensors"
    return write_tiny_model(path, heads=4, kv_heads=2, seed=5)


@pytest.mark.parametrize(("numbers", "tolerance"), [("f32", 0), ("f16", 2**-11)])
def test_a_folder_holds_the_weights_by_other_names(
    tiny: Path, tmp_path: Path, numbers: str, tolerance: float
) -> None:
    export(tiny, tmp_path / "hf", to="huggingface", numbers=numbers)
    ours = ReferenceModel.load(tiny)
    theirs = DenseTensors(tmp_path / "hf" / "model.safetensors")
    assert_close(theirs.tensor(EMBEDDING), ours.embedding, tolerance)
    for name, weight in ours.weights.items():
        assert_close(theirs.tensor(huggingface_name(name)), weight, tolerance)


@pytest.mark.parametrize(("numbers", "tolerance"), [("f32", 0), ("f16", 2**-11), ("q8_0", 5e-3)])
def test_a_gguf_holds_the_weights_in_its_order_of_rows(
    tiny: Path, tmp_path: Path, numbers: str, tolerance: float
) -> None:
    export(tiny, tmp_path / "m.gguf", to="gguf", numbers=numbers)
    ours = ReferenceModel.load(tiny)
    expected = gguf_tensors({**ours.weights, "embedding": ours.embedding})
    found = {tensor.name: tensor for tensor in GGUFReader(tmp_path / "m.gguf").tensors}
    assert found.keys() == expected.keys()
    for name, weight in expected.items():
        assert_close(dequantize(found[name].data, found[name].tensor_type), weight, tolerance)


@pytest.mark.parametrize("to", ["huggingface", "gguf"])
def test_our_importer_reads_it_back(tiny: Path, tmp_path: Path, to: str) -> None:
    """Config, vocabulary and norms exactly; matrices as a second quantisation leaves them."""
    output = export(tiny, tmp_path / "out", to=to, numbers="f32")
    back = convert(output, output=tmp_path / "back")
    one, other = ReferenceModel.load(tiny), ReferenceModel.load(back)
    assert one.config == other.config
    assert read_info(tiny).licence.lower() == read_info(back).licence.lower()
    before, after = read_vocabulary(tiny), read_vocabulary(back)
    assert after.tokens == before.tokens
    assert after.specials == before.specials
    assert (after.merges == before.merges).all()
    assert_close(other.embedding, one.embedding, 1e-2)
    for name, weight in one.weights.items():
        exact = weight.ndim == 1
        assert_close(other.weights[name], weight, 0 if exact else 5e-2)


def test_the_folder_s_tokenizer_cuts_text_as_ours_does(tiny: Path, tmp_path: Path) -> None:
    tokenizers = pytest.importorskip("tokenizers")
    export(tiny, tmp_path / "hf", to="huggingface")
    theirs = tokenizers.Tokenizer.from_file(str(tmp_path / "hf" / "tokenizer.json"))
    text = TEXT.removesuffix("<|im_end|>")
    assert theirs.encode(text).ids == open_tokenizer(tiny).encode(text.encode())
    assert theirs.decode(theirs.encode(text).ids) == text
    assert theirs.encode("<|im_end|>").ids == [2]  # names of control tokens are theirs to find


def test_what_is_there_is_replaced_only_when_told(tiny: Path, tmp_path: Path) -> None:
    (tmp_path / "m.gguf").write_text("mine")
    with pytest.raises(StorageError, match="exists already"):
        export(tiny, tmp_path / "m.gguf", to="gguf")
    assert (tmp_path / "m.gguf").read_text() == "mine"
    export(tiny, tmp_path / "m.gguf", to="gguf", force=True)
    assert (tmp_path / "m.gguf").read_bytes()[:4] == b"GGUF"
    assert [path.name for path in tmp_path.iterdir()] == ["m.gguf"]


@pytest.mark.parametrize("to", sorted(FORMATS))
def test_a_place_that_takes_no_file_is_a_sentence(tiny: Path, tmp_path: Path, to: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="Cannot write"):
        export(tiny, tmp_path / "file" / "out", to=to)


def test_types_and_formats_that_are_not_there(tiny: Path, tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="written as f16 or f32, not 'q8_0'"):
        export(tiny, tmp_path / "hf", to="huggingface", numbers="q8_0")
    with pytest.raises(SettingError, match="No format is called"):
        export(tiny, tmp_path / "hf", to="pickle")


@pytest.mark.parametrize(("to", "lacking"), [("onnx", "onnx"), ("litert", "flatbuffers")])
def test_a_missing_extra_is_named(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, to: str, lacking: str
) -> None:
    for module in list(sys.modules):
        if module.startswith("foretype.export."):
            monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, lacking, None)
    with pytest.raises(ModelError, match=rf"needs the package {lacking}.*foretype\[export\]"):
        export(tiny, tmp_path / "out", to=to)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("to", sorted(FORMATS))
def test_a_damaged_model_is_not_exported(tiny: Path, tmp_path: Path, to: str) -> None:
    content = bytearray(tiny.read_bytes())
    content[-1] ^= 1
    (tmp_path / "damaged").write_bytes(content)
    with pytest.raises(ModelError, match="checksum is wrong"):
        export(tmp_path / "damaged", tmp_path / "out", to=to)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("to", FORMATS)
def test_layers_that_see_less_cannot_be_said(tmp_path: Path, to: str) -> None:
    limited = write_tiny_model(tmp_path / "limited", attention_windows=(64, 0))
    with pytest.raises(ModelError, match=r"cannot be exported: some of its layers see only"):
        export(limited, tmp_path / "out", to=to)
    assert not (tmp_path / "out").exists()


def test_common_tokens_change_no_row(tiny: Path, tmp_path: Path) -> None:
    parted = write_tiny_model(
        tmp_path / "parted", heads=4, kv_heads=2, seed=5, common=range(3, 290, 7)
    )
    for path in (tiny, parted):
        export(path, tmp_path / f"{path.name}.gguf", to="gguf", numbers="f32")
    one, other = (GGUFReader(tmp_path / f"{path.name}.gguf").tensors for path in (tiny, parted))
    assert all((a.data == b.data).all() for a, b in zip(one, other, strict=True))


def test_progress_reaches_its_end(tiny: Path, tmp_path: Path) -> None:
    for to in FORMATS:
        told: list[tuple[str, int, int]] = []
        export(tiny, tmp_path / to, to=to, progress=lambda *step, told=told: told.append(step))
        assert told[0][1] == 0
        assert told[-1][1] == told[-1][2] == len(told) - 1


def test_the_command(tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from foretype.cli import main

    output = tmp_path / "hf"
    arguments = ["model", "export", "--format", "huggingface", str(tiny), str(output)]
    assert main([*arguments, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["bytes"] == sum(file.stat().st_size for file in output.iterdir())
    assert main(arguments) == 1
    assert "exists already" in capsys.readouterr().err


def assert_close(found: np.ndarray, expected: np.ndarray, tolerance: float) -> None:
    """Largest error, as a share of the largest weight."""
    assert found.shape == expected.shape
    assert np.abs(found - expected).max() <= tolerance * np.abs(expected).max()
