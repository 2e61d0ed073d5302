"""The decoding graph as an ONNX file, of operations of the standard: one token at a time.

With `int8` the large matrices have 8-bit weights with one scale for a row, and what they are
multiplied with is quantised as it runs, as ONNX Runtime's own dynamic quantisation does it. The
weights are stored without a sign, 128 standing for zero: with signed ones ONNX Runtime's sums
overflow on processors that have AVX2 and no VNNI.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from foretype.export.decoding import decoding_graph
from foretype.export.eight_bits import quantize_rows
from foretype.export.graph import Graph, Matrix, Node, Value
from foretype.export.weights import DenseModel
from foretype.model.atomic import atomic_write
from foretype.model.progress import Progress

CONTEXT_TOKENS = 512  # the longest text
OPSET = 23  # the first with RMSNormalization
IR_VERSION = 11
MIDDLE = 128  # what stands for a weight of zero
TYPES = {"float32": TensorProto.FLOAT, "int32": TensorProto.INT32}


def write(
    model: DenseModel,
    output: Path,
    numbers: str,
    progress: Progress,
    *,
    context: int = CONTEXT_TOKENS,
) -> None:
    """The file whole, or `output` as it was."""
    graph = decoding_graph(model, context)
    emitter = Emitter(graph, eight_bits=numbers == "int8")
    for done, node in enumerate(graph.nodes):
        progress("exporting", done, len(graph.nodes))
        emitter.emit(node)
    progress("exporting", len(graph.nodes), len(graph.nodes))
    description = f"exported by Foretype from a container with SHA-256 {model.sha256}"
    with atomic_write(output) as file:
        file.write(emitter.finish(description))


@dataclass
class Emitter:
    """Writes one node after the other."""

    graph: Graph
    eight_bits: bool
    _nodes: list[onnx.NodeProto] = field(default_factory=list)
    _data: dict[str, onnx.TensorProto] = field(default_factory=dict)

    def emit(self, node: Node) -> None:
        """One node, as one operation of ONNX or a few."""
        EMITTERS[node.operation](self, node, *(value.name for value in node.inputs))

    def finish(self, description: str) -> bytes:
        """The whole file."""
        graph = helper.make_graph(
            self._nodes,
            self.graph.name,
            [_declared(value) for value in self.graph.inputs],
            [_declared(value) for value in self.graph.outputs],
            list(self._data.values()),
        )
        model = helper.make_model(
            graph,
            opset_imports=[helper.make_opsetid("", OPSET)],
            ir_version=IR_VERSION,
            producer_name="Foretype",
            doc_string=description,
        )
        return bytes(model.SerializeToString())

    def constant(self, node: Node) -> None:
        """Its data."""
        self._keep(node.output.name, node.attributes["data"])

    def linear(self, node: Node, x: str) -> None:
        """In integers where the weights are."""
        weights, scale = self._matrix(node.attributes["matrix"])
        name = node.output.name
        if scale is None:
            self._add("MatMul", [x, weights], name)
            return
        quantised = [f"{x}.{part}" for part in ("q", "q_scale", "q_zero")]
        if not any(quantised[0] in each.output for each in self._nodes[-8:]):
            self._nodes.append(helper.make_node("DynamicQuantizeLinear", [x], quantised))
        self._keep("middle", np.array(MIDDLE, np.uint8))
        self._add("MatMulInteger", [quantised[0], weights, quantised[2], "middle"], name + ".sum")
        self._add("Cast", [name + ".sum"], name + ".number", to=TensorProto.FLOAT)
        self._add("Mul", [quantised[1], scale], name + ".scale")
        self._add("Mul", [name + ".number", name + ".scale"], name)

    def embedding(self, node: Node, token: str) -> None:
        """Columns of the turned matrix; those of 8 bits are made numbers again."""
        weights, scale = self._matrix(node.attributes["matrix"])
        name = node.output.name
        column = name + ".column"
        self._add("Gather", [weights, token], column, axis=1)
        if scale is None:
            self._add("Transpose", [column], name, perm=[1, 0])
            return
        self._add("Transpose", [column], name + ".row", perm=[1, 0])
        self._add("Cast", [name + ".row"], name + ".level", to=TensorProto.FLOAT)
        self._keep("middle.float", np.array(MIDDLE, np.float32))
        self._add("Sub", [name + ".level", "middle.float"], name + ".number")
        self._add("Gather", [scale, token], name + ".row_scale", axis=1)
        shape = self._integers((-1, 1))
        self._add("Reshape", [name + ".row_scale", shape], name + ".scale")
        self._add("Mul", [name + ".number", name + ".scale"], name)

    def normal(self, node: Node, x: str) -> None:
        """With weights of 1: the model's are elsewhere."""
        width = node.output.shape[-1]
        ones = f"ones.{width}"
        self._keep(ones, np.ones(width, np.float32))
        epsilon = node.attributes["epsilon"]
        self._add("RMSNormalization", [x, ones], node.output.name, axis=-1, epsilon=epsilon)

    def reshape(self, node: Node, x: str) -> None:
        """The shape is an input."""
        self._add("Reshape", [x, self._integers(node.output.shape)], node.output.name)

    def slice(self, node: Node, x: str) -> None:
        """Bounds and axis are inputs."""
        facts = node.attributes
        bounds = [self._integers((facts[each],)) for each in ("begin", "end", "axis")]
        self._add("Slice", [x, *bounds], node.output.name)

    def join(self, node: Node, *parts: str) -> None:
        """Along an axis."""
        self._add("Concat", parts, node.output.name, axis=node.attributes["axis"])

    def matmul(self, node: Node, x: str, y: str) -> None:
        """The second one turned, maybe."""
        if node.attributes["turned"]:
            turned = node.output.name + ".turned"
            self._add("Transpose", [y], turned, perm=[0, 2, 1])
            y = turned
        self._add("MatMul", [x, y], node.output.name)

    def softmax(self, node: Node, x: str) -> None:
        """Along the last axis."""
        self._add("Softmax", [x], node.output.name, axis=-1)

    def to_float(self, node: Node, x: str) -> None:
        """From 32-bit integers."""
        self._add("Cast", [x], node.output.name, to=TensorProto.FLOAT)

    def as_it_is(self, kind: str, node: Node, *inputs: str) -> None:
        """An operation that ONNX has, too."""
        self._add(kind, inputs, node.output.name)

    def _add(self, kind: str, inputs: Any, output: str, **attributes: Any) -> None:
        self._nodes.append(helper.make_node(kind, list(inputs), [output], **attributes))

    def _keep(self, name: str, data: np.ndarray[Any, Any]) -> None:
        if name not in self._data:
            self._data[name] = numpy_helper.from_array(data, name)

    def _integers(self, values: tuple[int, ...]) -> str:
        name = "integers." + "_".join(map(str, values))
        self._keep(name, np.array(values, np.int64))
        return name

    def _matrix(self, matrix: Matrix) -> tuple[str, str | None]:
        """Names of the weights [columns, rows], and of the scale [1, rows] of those of 8 bits."""
        scale = matrix.name + ".scale" if self.eight_bits else None
        if matrix.name not in self._data:
            weights: np.ndarray[Any, Any] = matrix.weights()
            if scale:
                q, row_scale = quantize_rows(weights)
                weights = (q.astype(np.int16) + MIDDLE).astype(np.uint8)
                self._keep(scale, row_scale[None])
            self._keep(matrix.name, np.ascontiguousarray(weights.T))
        return matrix.name, scale


def _declared(value: Value) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(value.name, TYPES[value.type], value.shape)


def _same(kind: str) -> Callable[..., None]:
    return lambda emitter, node, *inputs: emitter.as_it_is(kind, node, *inputs)


EMITTERS: dict[str, Callable[..., None]] = {
    "constant": Emitter.constant,
    "linear": Emitter.linear,
    "embedding": Emitter.embedding,
    "normal": Emitter.normal,
    "reshape": Emitter.reshape,
    "slice": Emitter.slice,
    "join": Emitter.join,
    "matmul": Emitter.matmul,
    "softmax": Emitter.softmax,
    "to_float": Emitter.to_float,
    "add": _same("Add"),
    "multiply": _same("Mul"),
    "minimum": _same("Min"),
    "sigmoid": _same("Sigmoid"),
    "cosine": _same("Cos"),
    "sine": _same("Sin"),
}
