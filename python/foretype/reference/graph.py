"""What a graph of `foretype.export.graph` means, in numpy."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from foretype.export.graph import Graph, Node

Array = npt.NDArray[Any]


def evaluate(graph: Graph, inputs: Mapping[str, npt.ArrayLike]) -> dict[str, Array]:
    """The outputs by name."""
    found = {value.name: np.asarray(inputs[value.name], value.type) for value in graph.inputs}
    for node in graph.nodes:
        arrays = [found[value.name] for value in node.inputs]
        result = OPERATIONS[node.operation](node, *arrays)
        assert result.shape == node.output.shape, node.output.name
        found[node.output.name] = result
    return {value.name: found[value.name] for value in graph.outputs}


def _normal(node: Node, x: Array) -> Array:
    mean_square = np.mean(x * x, axis=-1, keepdims=True)
    return np.asarray(x / np.sqrt(mean_square + np.float32(node.attributes["epsilon"])))


def _softmax(node: Node, x: Array) -> Array:
    weights = np.exp(x - x.max(axis=-1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True))


def _slice(node: Node, x: Array) -> Array:
    facts = node.attributes
    return x.take(range(facts["begin"], facts["end"]), axis=facts["axis"])


def _matmul(node: Node, x: Array, y: Array) -> Array:
    return np.asarray(x @ (y.swapaxes(1, 2) if node.attributes["turned"] else y))


OPERATIONS: dict[str, Callable[..., Array]] = {
    "constant": lambda node: node.attributes["data"],
    "linear": lambda node, x: x @ node.attributes["matrix"].weights().T,
    "embedding": lambda node, token: node.attributes["matrix"].weights()[token],
    "normal": _normal,
    "add": lambda node, x, y: x + y,
    "multiply": lambda node, x, y: x * y,
    "minimum": lambda node, x, y: np.minimum(x, y),
    "sigmoid": lambda node, x: 1 / (1 + np.exp(-x)),
    "cosine": lambda node, x: np.cos(x),
    "sine": lambda node, x: np.sin(x),
    "softmax": _softmax,
    "to_float": lambda node, x: x.astype(np.float32),
    "reshape": lambda node, x: x.reshape(node.output.shape),
    "slice": _slice,
    "join": lambda node, *parts: np.concatenate(parts, axis=node.attributes["axis"]),
    "matmul": _matmul,
}
