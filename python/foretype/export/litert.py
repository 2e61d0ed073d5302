"""The decoding graph as a .tflite file for LiteRT (TensorFlow Lite): one token at a time.

With `int8` the large matrices have 8-bit weights with one scale for a row, and LiteRT quantises
what it multiplies them with as it runs ("dynamic range"): XNNPACK then computes in integers.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from foretype.export import litert_schema as schema
from foretype.export.decoding import decoding_graph
from foretype.export.eight_bits import quantize_rows
from foretype.export.flat import Number
from foretype.export.graph import Graph, Matrix, Node, Value
from foretype.export.litert_file import TfliteFile
from foretype.export.litert_schema import Operation
from foretype.export.weights import DenseModel
from foretype.model.atomic import atomic_write
from foretype.model.progress import Progress

CONTEXT_TOKENS = 512  # the longest text

Options = dict[int, Number]


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


@dataclass(frozen=True)
class _Stored:
    """A matrix in the file: its tensor, and for 8 bits what it takes to read single rows."""

    tensor: int
    buffer: int
    scale: int | None


@dataclass
class Emitter:
    """Writes one node after the other."""

    graph: Graph
    eight_bits: bool
    _file: TfliteFile = field(init=False)
    _tensors: dict[Value, int] = field(default_factory=dict)
    _matrices: dict[str, _Stored] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._file = TfliteFile(self.graph.name)
        for value in self.graph.inputs:
            self._output(value)

    def emit(self, node: Node) -> None:
        """One node, as one operation of LiteRT or a few."""
        inputs = [self._tensors[value] for value in node.inputs]
        EMITTERS[node.operation](self, node, inputs)

    def finish(self, description: str) -> memoryview:
        """The whole file."""
        inputs = [self._tensors[value] for value in self.graph.inputs]
        outputs = [self._tensors[value] for value in self.graph.outputs]
        return self._file.finish(inputs, outputs, description)

    def constant(self, node: Node, inputs: list[int]) -> None:
        """Its data."""
        name, data = node.output.name, node.attributes["data"]
        self._tensors[node.output] = self._file.constant(name, data)

    def linear(self, node: Node, inputs: list[int]) -> None:
        """Without a bias."""
        stored = self._matrix(node.attributes["matrix"])
        options = {2: Number("Bool", 1)}  # keep the number of axes
        self._single(schema.FULLY_CONNECTED, node, [*inputs, stored.tensor, -1], options)

    def embedding(self, node: Node, inputs: list[int]) -> None:
        """Rows; those of 8 bits are made numbers again."""
        matrix: Matrix = node.attributes["matrix"]
        stored, output = self._matrix(matrix), node.output
        if stored.scale is None:
            self._single(schema.GATHER, node, [stored.tensor, *inputs])
            return
        plain = self._file.tensor(matrix.name + ".q", matrix.shape, "int8", buffer=stored.buffer)
        rows = self._part(output, "rows", "int8")
        self._file.operation(schema.GATHER, [plain, *inputs], rows)
        as_floats = self._part(output, "floats")
        self._file.operation(schema.CAST, [rows], as_floats, _cast("int8"))
        scale = self._file.tensor(output.name + ".scale", (output.shape[0], 1), "float32")
        self._file.operation(schema.GATHER, [stored.scale, *inputs], scale)
        self._single(schema.MUL, node, [as_floats, scale])

    def normal(self, node: Node, inputs: list[int]) -> None:
        """X * rsqrt(mean(x * x) + epsilon)."""
        (x,), value = inputs, node.output
        mean_shape = (*value.shape[:-1], 1)
        square = self._part(value, "square")
        self._file.operation(schema.MUL, [x, x], square)
        mean, shifted, factor = (
            self._file.tensor(f"{value.name}.{part}", mean_shape, "float32")
            for part in ("mean", "shifted", "factor")
        )
        axis = self._integers([len(value.shape) - 1])
        self._file.operation(schema.MEAN, [square, axis], mean, {0: Number("Bool", 1)})
        epsilon = np.array([node.attributes["epsilon"]], np.float32)
        self._file.operation(
            schema.ADD, [mean, self._file.constant(value.name + ".epsilon", epsilon)], shifted
        )
        self._file.operation(schema.RSQRT, [shifted], factor)
        self._single(schema.MUL, node, [x, factor])

    def reshape(self, node: Node, inputs: list[int]) -> None:
        """The shape is an input."""
        self._single(schema.RESHAPE, node, [*inputs, self._integers(node.output.shape)])

    def slice(self, node: Node, inputs: list[int]) -> None:
        """Begin and size of each axis are inputs."""
        begin = [0] * len(node.output.shape)
        begin[node.attributes["axis"]] = node.attributes["begin"]
        sizes = self._integers(node.output.shape)
        self._single(schema.SLICE, node, [*inputs, self._integers(begin), sizes])

    def join(self, node: Node, inputs: list[int]) -> None:
        """Along an axis."""
        options = {0: Number("Int32", node.attributes["axis"])}
        self._single(schema.CONCATENATION, node, inputs, options)

    def matmul(self, node: Node, inputs: list[int]) -> None:
        """The second one turned, maybe."""
        options = {1: Number("Bool", node.attributes["turned"])}
        self._single(schema.BATCH_MATMUL, node, inputs, options)

    def softmax(self, node: Node, inputs: list[int]) -> None:
        """With a factor of 1."""
        self._single(schema.SOFTMAX, node, inputs, {0: Number("Float32", 1.0)})

    def to_float(self, node: Node, inputs: list[int]) -> None:
        """From 32-bit integers."""
        self._single(schema.CAST, node, inputs, _cast("int32"))

    def _single(
        self, operation: Operation, node: Node, inputs: list[int], options: Options | None = None
    ) -> None:
        self._file.operation(operation, inputs, self._output(node.output), options)

    def _output(self, value: Value) -> int:
        self._tensors[value] = self._file.tensor(value.name, value.shape, value.type)
        return self._tensors[value]

    def _part(self, value: Value, name: str, dtype: str = "float32") -> int:
        return self._file.tensor(f"{value.name}.{name}", value.shape, dtype)

    def _integers(self, values: Any) -> int:
        data = np.array(values, np.int32)
        return self._file.constant("integers", data)

    def _matrix(self, matrix: Matrix) -> _Stored:
        """Written when it is met first."""
        if matrix.name not in self._matrices:
            self._matrices[matrix.name] = self._written(matrix)
        return self._matrices[matrix.name]

    def _written(self, matrix: Matrix) -> _Stored:
        weights = matrix.weights()
        if not self.eight_bits:
            buffer = self._file.buffer(weights)
            tensor = self._file.tensor(matrix.name, matrix.shape, "float32", buffer=buffer)
            return _Stored(tensor, buffer, None)
        q, scale = quantize_rows(weights)
        buffer = self._file.buffer(q)
        tensor = self._file.tensor(
            matrix.name, matrix.shape, "int8", buffer=buffer, row_scale=scale
        )
        return _Stored(tensor, buffer, self._file.constant(matrix.name + ".scale", scale[:, None]))


def _cast(source: str) -> Options:
    types = {"int8": schema.INT8, "int32": schema.INT32}
    return {0: Number("Int8", types[source]), 1: Number("Int8", schema.FLOAT32)}


def _as_it_is(operation: Operation) -> Callable[[Emitter, Node, list[int]], None]:
    return lambda emitter, node, inputs: emitter._single(operation, node, inputs)


EMITTERS: dict[str, Callable[[Emitter, Node, list[int]], None]] = {
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
    "add": _as_it_is(schema.ADD),
    "multiply": _as_it_is(schema.MUL),
    "minimum": _as_it_is(schema.MINIMUM),
    "sigmoid": _as_it_is(schema.LOGISTIC),
    "cosine": _as_it_is(schema.COS),
    "sine": _as_it_is(schema.SIN),
}
