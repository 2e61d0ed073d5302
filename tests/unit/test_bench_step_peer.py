"""Peers that run our exported model: the program in their Python, and the check before timing."""

import os
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from foretype.bench import step_peer as peers
from foretype.bench.language_model import peer_subject
from foretype.bench.step_process import Decoder, answer
from foretype.errors import ForetypeError, SettingError
from foretype.export import export_steps
from foretype.reference.tiny_model import write_tiny_model


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_model(tmp_path_factory.mktemp("model") / "tiny.foretype.safetensors")


class Counting:
    """A runtime of 2 layers and 1 head whose next token is the sum of those in its cache."""

    version = "counting"

    def __init__(self) -> None:
        self.inputs = {
            name: np.full((1, 8, 2), 99.0) for name in ("key.0", "value.0", "key.1", "value.1")
        } | {"token": np.zeros(1, np.int32), "position": np.zeros(1, np.int32)}
        self.outputs: dict[str, Any] = {}

    def names(self) -> list[str]:
        return list(self.inputs)

    def input(self, name: str) -> Any:
        return self.inputs[name]

    def output(self, name: str) -> Any:
        return self.outputs[name]

    def step(self) -> None:
        token = self.inputs["token"][0]
        kept = self.inputs["value.1"][0, : self.inputs["position"][0], 0].sum()
        logits = np.zeros((1, 100))
        logits[0, int(token + kept)] = 1
        rows = np.full((2, 1, 2), float(token))
        self.outputs = {"logits": logits, "keys": -rows, "values": rows}


def test_each_token_is_kept_at_its_place() -> None:
    decoder = Decoder(Counting())
    assert answer(decoder, {"do": "next", "tokens": [3, 4, 5]})["next"] == [3, 7, 12]
    assert answer(decoder, {"do": "next", "tokens": [1, 1]})["next"] == [1, 2]
    assert decoder._runtime.input("key.0")[0, :3, 0].tolist() == [-1, -1, -5]


def test_decoding_goes_on_from_what_it_says() -> None:
    decoder = Decoder(Counting())
    seconds = answer(decoder, {"do": "decode", "read": [1, 2], "tokens": 3})
    assert seconds.keys() == {"prompt_s", "decode_s"}
    assert decoder._runtime.input("value.1")[0, :5, 0].tolist() == [1, 2, 3, 6, 12]


class Saying:
    version = "parrot 1"

    def __init__(self, following: list[int]) -> None:
        self.following = following

    def ask(self, do: str, **values: Any) -> dict[str, Any]:
        return {"next": self.following[: len(values["tokens"])]}


def test_a_peer_that_answers_otherwise_is_not_timed(tiny: Path) -> None:
    begin = peers.read_info(tiny).config.begin_token
    tokens = [begin, *peers.open_tokenizer(tiny).encode(peers.TEXT.encode())]
    right = peers.next_tokens(tiny, tokens)
    assert peers._checked(Saying(right), tiny) == 1
    wrong = [token + 1 for token in right]
    with pytest.raises(ForetypeError, match=r"parrot 1 says another next token .* 100%"):
        peers._checked(Saying(wrong), tiny)


def test_unknown_peers_and_numbers(tiny: Path) -> None:
    with pytest.raises(SettingError, match="No peer is called 'torch'"):
        peer_subject("torch", None, model=tiny)
    with pytest.raises(SettingError, match="int8 or f32, not 'int2'"):
        peer_subject("litert:int2", None, model=tiny)
    with pytest.raises(SettingError, match="ai_edge_litert and numpy: install ai-edge-litert"):
        peer_subject("litert", "/bin/false", model=tiny)


@pytest.mark.parametrize("name", ["onnxruntime", "litert", "litert:f32"])
def test_a_peer_is_timed(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    runtime = peers.RUNTIMES[name.partition(":")[0]]
    python = os.environ.get("FORETYPE_PEER_PYTHON", "/bin/false")
    if subprocess.run([python, "-c", f"import {runtime.module}"], capture_output=True).returncode:
        pytest.skip(f"FORETYPE_PEER_PYTHON names no Python that has {runtime.package}")
    monkeypatch.setenv("FORETYPE_CACHE", str(tmp_path))
    subject = peer_subject(name, python, model=tiny)
    assert min(subject.run(4, 4)) > 0
    assert subject.facts["next_token_as_ours"] > 0.8
    made = modified(tmp_path / "peers")
    peer_subject(name, python, model=tiny)
    assert modified(tmp_path / "peers") == made


def modified(folder: Path) -> dict[str, int]:
    return {file.name: file.stat().st_mtime_ns for file in folder.iterdir()}


def test_the_cache_is_as_long_as_asked_for(tiny: Path, tmp_path: Path) -> None:
    onnx = pytest.importorskip("onnx")
    export_steps(tiny, tmp_path / "m.onnx", to="onnx", numbers="int8", context=24)
    keys = next(each for each in onnx.load(tmp_path / "m.onnx").graph.input if each.name == "key.0")
    assert [size.dim_value for size in keys.type.tensor_type.shape.dim] == [1, 24, 64]
