"""A peer that runs a graph of one token: the program that runs in the peer's own Python.

Needs numpy and, by the file's ending, onnxruntime (.onnx) or ai-edge-litert (.tflite), nothing of
Foretype. `python step_process.py FILE` says its version, then answers JSON lines, one for each:
{"do": "logits", "tokens"}, {"do": "next", "tokens"}, {"do": "decode", "read", "tokens"}.

What makes it a fair peer: one thread; the runtime's own optimisations, all of them; keys and
values are written into the runtime's input in place, never copied or grown.
"""

import importlib
import importlib.metadata
import json
import os
import sys
import time
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
KINDS = ("key", "value")


class Runtime(Protocol):
    """Computes one step; its inputs are written in place."""

    version: str

    def input(self, name: str) -> Array:
        """A view of an input, to be let go before the next step."""
        ...

    def names(self) -> list[str]:
        """Of the inputs."""
        ...

    def step(self) -> None:
        """Compute."""
        ...

    def output(self, name: str) -> Array:
        """A view of an output, to be let go before the next step."""
        ...


class OnnxRuntime:
    """onnxruntime, on the processor."""

    def __init__(self, path: str) -> None:
        onnxruntime: Any = importlib.import_module("onnxruntime")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
        self._session = onnxruntime.InferenceSession(
            path, options, providers=["CPUExecutionProvider"]
        )
        self._inputs = {
            each.name: np.zeros(each.shape, np.int32 if "int32" in each.type else np.float32)
            for each in self._session.get_inputs()
        }
        self._names = [each.name for each in self._session.get_outputs()]
        self._outputs: dict[str, Array] = {}
        self.version = f"onnxruntime {onnxruntime.__version__}"

    def names(self) -> list[str]:
        """Of the inputs."""
        return list(self._inputs)

    def input(self, name: str) -> Array:
        """The array that the session reads: numpy's memory is used as it is."""
        return self._inputs[name]

    def step(self) -> None:
        """Compute."""
        found = self._session.run(self._names, self._inputs)
        self._outputs = dict(zip(self._names, found, strict=True))

    def output(self, name: str) -> Array:
        """The array that the session made."""
        return self._outputs[name]


class LiteRt:
    """ai-edge-litert, with XNNPACK as it comes."""

    def __init__(self, path: str) -> None:
        interpreter: Any = importlib.import_module("ai_edge_litert.interpreter")
        self._interpreter = interpreter.Interpreter(model_path=path, num_threads=1)
        self._interpreter.allocate_tensors()
        details = self._interpreter.get_input_details()
        self._inputs = {each["name"]: self._view(each) for each in details}
        self._outputs = {
            each["name"]: self._view(each) for each in self._interpreter.get_output_details()
        }
        self.version = f"ai-edge-litert {importlib.metadata.version('ai-edge-litert')}"

    def _view(self, detail: dict[str, Any]) -> Any:
        """A function: the interpreter refuses to run while an array of its memory is about."""
        return self._interpreter.tensor(detail["index"])

    def names(self) -> list[str]:
        """Of the inputs."""
        return list(self._inputs)

    def input(self, name: str) -> Array:
        """The interpreter's memory."""
        view: Array = self._inputs[name]()
        return view

    def step(self) -> None:
        """Compute."""
        self._interpreter.invoke()

    def output(self, name: str) -> Array:
        """The interpreter's memory."""
        view: Array = self._outputs[name]()
        return view


class Decoder:
    """Feeds tokens one by one and keeps the cache."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._layers = sum(name.startswith("key.") for name in runtime.names())
        for name in runtime.names():
            runtime.input(name)[:] = 0  # what is not there yet must at least be numbers

    def read(self, token: int, position: int) -> int:
        """The likeliest next token; `logits` gives the rest."""
        self._runtime.input("token")[:] = token
        self._runtime.input("position")[:] = position
        self._runtime.step()
        for kind in KINDS:
            self._keep(kind, position)
        return int(self._runtime.output("logits")[0].argmax())

    def logits(self) -> list[float]:
        """After the last token read."""
        found: list[float] = self._runtime.output("logits")[0].tolist()
        return found

    def _keep(self, kind: str, position: int) -> None:
        made = self._runtime.output(kind + "s")
        heads = len(made) // self._layers
        for layer in range(self._layers):
            rows = made[layer * heads : (layer + 1) * heads, 0]
            self._runtime.input(f"{kind}.{layer}")[:, position] = rows


def decode_seconds(decoder: Decoder, read: list[int], tokens: int) -> dict[str, float]:
    """Processor seconds to read some tokens one by one, then to decode `tokens` greedily."""
    start = time.process_time()
    for position, each in enumerate(read):
        token = decoder.read(each, position)
    prompted = time.process_time()
    for position in range(len(read), len(read) + tokens):
        token = decoder.read(token, position)
    return {"prompt_s": prompted - start, "decode_s": time.process_time() - prompted}


def answer(decoder: Decoder, request: dict[str, Any]) -> dict[str, Any]:
    """The answer to one line."""
    if request["do"] == "decode":
        return decode_seconds(decoder, request["read"], request["tokens"])
    following, logits = [], []
    for position, token in enumerate(request["tokens"]):
        following.append(decoder.read(token, position))
        if request["do"] == "logits":
            logits.append(decoder.logits())
    return {"next": following, "logits": logits}


def serve(path: str) -> None:
    """Answer requests until the input ends; nothing else may write to standard output."""
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    runtime: Runtime = OnnxRuntime(path) if path.endswith(".onnx") else LiteRt(path)
    decoder = Decoder(runtime)
    print(json.dumps({"version": runtime.version}), file=out, flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(decoder, json.loads(line))), file=out, flush=True)


if __name__ == "__main__":
    serve(sys.argv[1])
