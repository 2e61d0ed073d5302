"""The decoding graph and its files: they compute what our slow twin computes, token by token."""

import json
import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from foretype.export import export
from foretype.export.decoding import decoding_graph
from foretype.export.eight_bits import quantize_rows
from foretype.export.weights import DenseModel
from foretype.reference.graph import evaluate
from foretype.reference.llama import ReferenceModel
from foretype.reference.tiny_model import write_tiny_model

TOKENS = [0, 75, 104, 104, 100, 261, 35, 270, 290]
CONTEXT = 12
Step = Callable[[Mapping[str, Any]], Mapping[str, Any]]
# One-scale rows and activations of 8 bits are a rough kind of numbers; a random model shows it.
TOLERANCES = {"f32": 1e-5, "int8": 0.05}


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("model") / "tiny.foretype.safetensors"
    return write_tiny_model(path, heads=4, kv_heads=2, merges=50)


@pytest.fixture(scope="module")
def expected(tiny: Path) -> np.ndarray:
    return ReferenceModel.load(tiny).logits(np.array(TOKENS))


def logits_of(step: Step, shapes: Mapping[str, tuple[int, ...]]) -> np.ndarray:
    """Feed TOKENS one by one; the cache holds nonsense where nothing was written yet."""
    arrays: dict[str, Any] = {name: np.full(shape, 9, np.float32) for name, shape in shapes.items()}
    layers = sum(name.startswith("key.") for name in arrays)
    found = []
    for position, token in enumerate(TOKENS):
        arrays["token"] = np.array([token], np.int32)
        arrays["position"] = np.array([position], np.int32)
        answer = step(arrays)
        found.append(answer["logits"][0])
        for kind in ("key", "value"):
            rows = answer[kind + "s"].reshape(layers, -1, 64)
            for layer in range(layers):
                arrays[f"{kind}.{layer}"][:, position] = rows[layer]
    return np.array(found)


def assert_close(found: np.ndarray, expected: np.ndarray, numbers: str) -> None:
    assert np.abs(found - expected).max() < TOLERANCES[numbers] * np.abs(expected).max()


def test_the_graph_is_the_model(tiny: Path, expected: np.ndarray) -> None:
    with DenseModel.open(tiny) as model:
        graph = decoding_graph(model, CONTEXT)
        shapes = {value.name: value.shape for value in graph.inputs}
        assert_close(logits_of(lambda arrays: evaluate(graph, arrays), shapes), expected, "f32")


@pytest.mark.parametrize("numbers", ["f32", "int8"])
def test_an_onnx_file_by_the_standard_s_own_twin(
    tiny: Path, tmp_path: Path, expected: np.ndarray, numbers: str
) -> None:
    onnx = pytest.importorskip("onnx")
    reference = pytest.importorskip("onnx.reference")
    model = onnx.load(export(tiny, tmp_path / "m.onnx", to="onnx", numbers=numbers))
    onnx.checker.check_model(model, full_check=True)
    names = [value.name for value in model.graph.output]
    evaluator = reference.ReferenceEvaluator(model)
    shapes = {
        value.name: tuple(size.dim_value for size in value.type.tensor_type.shape.dim)
        for value in model.graph.input
    }

    def step(arrays: Mapping[str, Any]) -> Mapping[str, Any]:
        return dict(zip(names, evaluator.run(names, dict(arrays)), strict=True))

    assert_close(logits_of(step, shapes), expected, numbers)


PEERS = {"onnx": "onnxruntime", "litert": "ai_edge_litert"}


@pytest.mark.parametrize("numbers", ["f32", "int8"])
@pytest.mark.parametrize("to", sorted(PEERS))
def test_a_file_under_its_runtime(
    tiny: Path, tmp_path: Path, expected: np.ndarray, to: str, numbers: str
) -> None:
    pytest.importorskip({"onnx": "onnx", "litert": "flatbuffers"}[to])
    python = peer_python(PEERS[to])
    suffix = {"onnx": ".onnx", "litert": ".tflite"}[to]
    file = export(tiny, tmp_path / f"m{suffix}", to=to, numbers=numbers)
    import foretype.bench

    program = Path(foretype.bench.__file__).with_name("step_process.py")
    request = json.dumps({"do": "logits", "tokens": TOKENS})
    done = subprocess.run(
        [python, program, file], input=request, capture_output=True, check=True, encoding="utf-8"
    )
    _hello, answer = map(json.loads, done.stdout.splitlines())
    assert_close(np.array(answer["logits"]), expected, numbers)


def peer_python(module: str) -> str:
    python = os.environ.get("FORETYPE_PEER_PYTHON")
    if not python:
        pytest.skip("FORETYPE_PEER_PYTHON names no Python that has the peers")
    if subprocess.run([python, "-c", f"import {module}"], capture_output=True).returncode:
        pytest.skip(f"the Python of the peers has no {module}")
    return python


def test_rows_in_eight_bits() -> None:
    weights = np.random.default_rng(0).standard_normal((5, 64), np.float32)
    weights[3] = 0
    q, scale = quantize_rows(weights)
    assert np.abs(q).max(axis=1).tolist() == [127, 127, 127, 0, 127]
    assert (np.abs(q * scale[:, None] - weights) <= scale[:, None] * 0.5001).all()
