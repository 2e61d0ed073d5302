"""Operations on arrays of fixed shapes, written down once for every format that is a graph.

A `Graph` is a list of nodes in an order in which they can be computed. What each operation means
is said by its method; `foretype.reference.graph` computes it.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from foretype.model.groups import Dense

Array = npt.NDArray[Any]
Type = Literal["float32", "int32"]
Shape = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Value:
    """An array that flows through the graph."""

    name: str
    shape: Shape
    type: Type = "float32"


@dataclass(frozen=True, eq=False)
class Matrix:
    """Weights [rows, columns], computed when asked for, since all of them fill much memory."""

    name: str
    shape: tuple[int, int]
    weights: Callable[[], Dense]


@dataclass(frozen=True)
class Node:
    """One operation."""

    operation: str
    inputs: tuple[Value, ...]
    output: Value
    attributes: dict[str, Any]


@dataclass
class Graph:
    """What goes in, what comes out, and the nodes between."""

    name: str
    inputs: list[Value] = field(default_factory=list)
    outputs: list[Value] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)

    def input(self, name: str, shape: Shape, type: Type = "float32") -> Value:  # noqa: A002
        """An array that the caller gives."""
        self.inputs.append(Value(name, shape, type))
        return self.inputs[-1]

    def answer(self, name: str, value: Value) -> None:
        """`value`, under this name, for the caller."""
        self.outputs.append(self._add("reshape", (value,), value.shape, name=name))

    def constant(self, data: npt.ArrayLike) -> Value:
        """An array that is always the same."""
        array = np.asarray(data, np.float32)
        return self._add("constant", (), array.shape, data=array)

    def linear(self, x: Value, matrix: Matrix) -> Value:
        """[T, columns] -> [T, rows]: x times the matrix transposed."""
        return self._add("linear", (x,), (x.shape[0], matrix.shape[0]), matrix=matrix)

    def embedding(self, token: Value, matrix: Matrix) -> Value:
        """[T] of row numbers -> [T, columns]."""
        return self._add("embedding", (token,), (*token.shape, matrix.shape[1]), matrix=matrix)

    def normal(self, x: Value, epsilon: float) -> Value:
        """X over the root of its mean square, which `epsilon` is added to; last axis."""
        return self._add("normal", (x,), x.shape, epsilon=epsilon)

    def add(self, x: Value, y: Value) -> Value:
        """X + y; the shapes are broadcast."""
        return self._binary("add", x, y)

    def multiply(self, x: Value, y: Value) -> Value:
        """X * y."""
        return self._binary("multiply", x, y)

    def minimum(self, x: Value, y: Value) -> Value:
        """The smaller of both, element by element."""
        return self._binary("minimum", x, y)

    def sigmoid(self, x: Value) -> Value:
        """1 / (1 + e^-x)."""
        return self._add("sigmoid", (x,), x.shape)

    def cosine(self, x: Value) -> Value:
        """Of angles in radians."""
        return self._add("cosine", (x,), x.shape)

    def sine(self, x: Value) -> Value:
        """Of angles in radians."""
        return self._add("sine", (x,), x.shape)

    def softmax(self, x: Value) -> Value:
        """Along the last axis."""
        return self._add("softmax", (x,), x.shape)

    def to_float(self, x: Value) -> Value:
        """Integers as numbers."""
        return self._add("to_float", (x,), x.shape)

    def reshape(self, x: Value, *shape: int) -> Value:
        """The same numbers in the same order."""
        assert math.prod(shape) == math.prod(x.shape)
        return self._add("reshape", (x,), shape)

    def slice(self, x: Value, begin: int, end: int, *, axis: int = 0) -> Value:
        """From `begin` to before `end` along one axis."""
        shape = (*x.shape[:axis], end - begin, *x.shape[axis + 1 :])
        return self._add("slice", (x,), shape, axis=axis, begin=begin, end=end)

    def join(self, *parts: Value, axis: int = 0) -> Value:
        """One after the other along one axis."""
        first = parts[0].shape
        size = sum(part.shape[axis] for part in parts)
        return self._add("join", parts, (*first[:axis], size, *first[axis + 1 :]), axis=axis)

    def matmul(self, x: Value, y: Value, *, turned: bool = False) -> Value:
        """[B, M, K] times [B, K, N], or [B, N, K] where `turned`, -> [B, M, N]."""
        columns = y.shape[1] if turned else y.shape[2]
        return self._add("matmul", (x, y), (*x.shape[:2], columns), turned=turned)

    def _binary(self, operation: str, x: Value, y: Value) -> Value:
        return self._add(operation, (x, y), np.broadcast_shapes(x.shape, y.shape))

    def _add(
        self,
        operation: str,
        inputs: tuple[Value, ...],
        shape: Shape,
        *,
        name: str = "",
        **facts: Any,
    ) -> Value:
        output = Value(name or f"{operation}_{len(self.nodes)}", shape)
        self.nodes.append(Node(operation, inputs, output, facts))
        return output
