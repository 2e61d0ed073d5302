"""Our container: what others read in it, and what is refused."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors import safe_open

from foretype import _core
from foretype.errors import ErrorCode, ModelError
from foretype.model import open_model, read_info
from foretype.reference.tiny_model import write_tiny_model


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_model(tmp_path_factory.mktemp("model") / "tiny.safetensors")


def test_the_safetensors_library_opens_it(tiny: Path) -> None:
    with safe_open(tiny, framework="numpy") as file:
        assert file.metadata()["format"] == "foretype-model"
        assert file.get_tensor("layers.1.ffn.down.q").shape == (4, 12, 64)
        assert file.get_tensor("head.q").shape == (19, 16, 16, 4)
        assert file.get_tensor("head.row_of_token").dtype == np.int32


def test_the_same_seed_gives_the_same_bytes(tiny: Path, tmp_path: Path) -> None:
    assert write_tiny_model(tmp_path / "a").read_bytes() == tiny.read_bytes()
    assert write_tiny_model(tmp_path / "b", seed=1).read_bytes() != tiny.read_bytes()


@pytest.mark.parametrize("width", [32, 64, 96])
@pytest.mark.parametrize("merges", [0, 3, 41])
def test_what_kernels_read_is_aligned(tmp_path: Path, width: int, merges: int) -> None:
    info = read_info(write_tiny_model(tmp_path / "m", width=width, ffn_width=160, merges=merges))
    for tensor in info.tensors:
        table = tensor.name.startswith(("tokenizer.", "padding.", "head.row_of_token"))
        assert tensor.file_offset % (4 if table else 64) == 0, tensor.name


def test_tensors_stand_in_the_order_they_are_read(tiny: Path) -> None:
    names = [tensor.name for tensor in read_info(tiny).tensors]
    assert names[:5] == [
        "layers.0.attention.norm",
        "layers.0.attention.query.q",
        "layers.0.attention.query.scale",
        "layers.0.attention.query.offset",
        "layers.0.attention.key.q",
    ]
    assert names.index("final_norm") < names.index("head.q")
    assert names[-1] == "tokenizer.token_bytes"


def test_info_counts_parameters_and_bits(tiny: Path) -> None:
    info = read_info(tiny)
    matrices = 2 * (128 * 64 * 2 + 64 * 64 * 2 + 96 * 64 * 3)
    assert info.parameters == matrices + 5 * 64 + 300 * 64
    assert info.file_bytes == tiny.stat().st_size
    assert 5 < info.bits_per_weight < 7
    assert (info.name, info.licence, info.architecture) == ("tiny", "Apache-2.0", "llama")


def test_core_and_python_agree_on_the_configuration(tiny: Path) -> None:
    config = _core.parse_model(tiny.read_bytes())["config"]
    for key, value in vars(read_info(tiny).config).items():
        if key != "attention_windows":
            assert config[key] == pytest.approx(value, rel=1e-7)


def test_info_counts_common_tokens(tiny: Path, tmp_path: Path) -> None:
    parted = write_tiny_model(tmp_path / "m", common=[3, 5, 270])
    assert (read_info(tiny).common_tokens, read_info(parted).common_tokens) == (0, 3)


@pytest.mark.parametrize("count", [0, 17, 31])
def test_a_part_of_the_head_begins_with_a_block(tmp_path: Path, count: int) -> None:
    whole = write_tiny_model(tmp_path / "whole", common=range(3, 35), others_bits=3)
    assert _core.parse_model(whole.read_bytes())["attention_windows"] == [0, 0]
    path = write_tiny_model(tmp_path / "m", common=range(3, 3 + count), others_bits=3)
    with pytest.raises(ModelError, match=r"head\.others begins within a block") as caught:
        _core.parse_model(path.read_bytes())
    assert caught.value.code == ErrorCode.CORRUPT


@pytest.mark.parametrize("common", [[4, 3], [4, 4], [3, 300]])
def test_wrong_common_tokens_are_refused(tmp_path: Path, common: list[int]) -> None:
    path = write_tiny_model(tmp_path / "m", common=common)
    with pytest.raises(ModelError, match=r"tokenizer\.common.*rising") as caught:
        _core.parse_model(path.read_bytes())
    assert caught.value.code == ErrorCode.CORRUPT


@pytest.mark.parametrize("windows", [(), (64, 0), (0, 1 << 20)])
def test_attention_windows_are_read(tmp_path: Path, windows: tuple[int, ...]) -> None:
    path = write_tiny_model(tmp_path / "m", attention_windows=windows)
    read = read_info(path).config
    assert read.attention_windows == windows
    found = _core.parse_model(path.read_bytes())["attention_windows"]
    assert found == [read.attention_window(layer) for layer in range(2)]


@pytest.mark.parametrize("windows", [(64,), (64, 0, 0), (63, 0), (64, -1), (64, 1 << 21)])
def test_wrong_windows_are_refused(tmp_path: Path, windows: tuple[int, ...]) -> None:
    path = write_tiny_model(tmp_path / "m", attention_windows=windows)
    with pytest.raises(ModelError, match="attention_windows"):
        _core.parse_model(path.read_bytes())


def test_an_open_model_is_closed_after_its_block(tiny: Path) -> None:
    with open_model(tiny) as model:
        assert len(model.buffer) == tiny.stat().st_size
    with pytest.raises(ValueError, match="closed"):
        len(model.buffer)


@given(st.data())
def test_every_changed_byte_is_noticed(tiny: Path, data: st.DataObject) -> None:
    content = bytearray(tiny.read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    spoiled = tiny.with_name("spoiled")
    spoiled.write_bytes(content)
    with pytest.raises(ModelError, match="spoiled"):
        read_info(spoiled)


@given(st.data())
def test_every_shorter_file_is_truncated(tiny: Path, data: st.DataObject) -> None:
    content = tiny.read_bytes()
    shorter = tiny.with_name("shorter")
    shorter.write_bytes(content[: data.draw(st.integers(0, len(content) - 1))])
    with pytest.raises(ModelError, match="is truncated") as caught:
        open_model(shorter)
    assert caught.value.code == ErrorCode.TRUNCATED


@pytest.mark.parametrize(
    ("before", "after", "said", "code"),
    [
        (b'"version":"2"', b'"version":"9"', "is of another version", ErrorCode.WRONG_VERSION),
        (b'"architecture":"llama"', b'"architecture":"mamba"', "cannot be", ErrorCode.UNSUPPORTED),
        (b"foretype-model", b"somebody-elses", "is not a Foretype", ErrorCode.WRONG_FORMAT),
        (b'"heads":"2"', b'"heads":"3"', "is damaged", ErrorCode.CORRUPT),
        (b'"sha256":"', b'"sha257":"', "has no checksum", ErrorCode.CORRUPT),
    ],
)
def test_refusals_say_what_is_wrong_and_what_to_do(
    tiny: Path, tmp_path: Path, before: bytes, after: bytes, said: str, code: ErrorCode
) -> None:
    path = tmp_path / "other"
    path.write_bytes(tiny.read_bytes().replace(before, after, 1))
    with pytest.raises(ModelError, match=said) as caught:
        read_info(path)
    assert caught.value.code == code
    assert str(caught.value).startswith(str(path))
    assert "foretype model" in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no model at .*nowhere"):
        open_model(tmp_path / "nowhere")
    with pytest.raises(ModelError, match=r"Cannot read .*: Is a directory"):
        open_model(tmp_path)


def test_bytes_at_an_odd_address_are_refused(tiny: Path) -> None:
    content = b"?" + tiny.read_bytes()
    with pytest.raises(ModelError, match="odd address"):
        _core.parse_model(memoryview(content)[1:])


def test_opening_loads_no_converter() -> None:
    code = "import sys, foretype.model; print({'numpy', 'gguf', 'safetensors'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
