"""The forward pass of one token as a graph, for runtimes that run graphs.

Inputs: `token` [1], `position` [1] (how many tokens stand before it), and for each layer i
`key.i` and `value.i` [K, C, 64]: what was answered for the tokens before, at their positions; what
stands at later positions is not looked at. Outputs: `logits` [1, V], and of all layers, one under
the other, `keys` and `values` [layers * K, 1, 64], for the caller to write at `position`. So the
cache is neither copied nor grown.

Query, key and value are one matrix, gate and up another; a norm's weights are multiplied into the
columns of the matrix behind it, and 1/8 into the query's rows. K = key/value heads, C = the longest
text in tokens, V = vocabulary.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from foretype.export.graph import Graph, Matrix, Value
from foretype.export.weights import DenseModel
from foretype.model.groups import Dense

FAR = 1e5  # what a score loses for each position that is not there yet


@dataclass(frozen=True)
class _Rotation:
    """[1, 64] each, for positions in half-split order."""

    cosine: Value
    sine: Value  # negative in the first half


def decoding_graph(model: DenseModel, context: int) -> Graph:
    """Reads nothing of the weights but norms; `model` must stay open while the graph is used."""
    config, graph = model.config, Graph(model.name)
    token, position = graph.input("token", (1,), "int32"), graph.input("position", (1,), "int32")
    table = _matrix(model, "embedding")
    x = graph.embedding(token, table)
    place = graph.to_float(position)
    rotation, absent = _rotation(graph, model, place), _absent(graph, place, context)
    keys, values = [], []
    for layer in range(config.layers):
        attended, key, value = _attention(graph, model, layer, x, rotation, absent)
        x = graph.add(x, attended)
        x = graph.add(x, _ffn(graph, model, layer, x))
        keys.append(key)
        values.append(value)
    x = graph.normal(x, config.norm_epsilon)
    x = graph.multiply(x, graph.constant(model.tensor("final_norm")[None]))
    graph.answer("logits", graph.linear(x, table))
    graph.answer("keys", graph.join(*keys))
    graph.answer("values", graph.join(*values))
    return graph


def _rotation(graph: Graph, model: DenseModel, place: Value) -> _Rotation:
    half = model.config.head_width // 2
    frequency = model.config.rope_base ** (-np.arange(half) / half)
    angle = graph.multiply(graph.reshape(place, 1, 1), graph.constant(np.tile(frequency, 2)[None]))
    sign = graph.constant(np.repeat([-1.0, 1.0], half)[None])
    return _Rotation(graph.cosine(angle), graph.multiply(graph.sine(angle), sign))


def _absent(graph: Graph, place: Value, context: int) -> Value:
    """[1, 1, C]: 0 at positions before `place`, far below at the others."""
    before = graph.constant(-np.arange(context) - 0.5)
    there = graph.minimum(graph.add(place, before), graph.constant(np.zeros(1)))
    return graph.reshape(graph.multiply(there, graph.constant([FAR])), 1, 1, context)


def _attention(
    graph: Graph, model: DenseModel, layer: int, x: Value, rotation: _Rotation, absent: Value
) -> tuple[Value, Value, Value]:
    """[1, D] of one layer, and the token's key and value [K, 1, 64]."""
    config, prefix = model.config, f"layers.{layer}.attention."
    heads, shared, width, context = (
        config.heads,
        config.kv_heads,
        config.head_width,
        absent.shape[2],
    )
    x = graph.normal(x, config.norm_epsilon)
    all_heads = graph.linear(x, _query_key_value(model, prefix))
    all_heads = graph.reshape(all_heads, heads + 2 * shared, width)
    turned = _rotate(graph, graph.slice(all_heads, 0, heads + shared), rotation)
    query = graph.reshape(graph.slice(turned, 0, heads), shared, heads // shared, width)
    key = graph.reshape(graph.slice(turned, heads, heads + shared), shared, 1, width)
    value = graph.slice(all_heads, heads + shared, heads + 2 * shared)
    value = graph.reshape(value, shared, 1, width)
    past_keys = graph.input(f"key.{layer}", (shared, context, width))
    past_values = graph.input(f"value.{layer}", (shared, context, width))
    before = graph.add(graph.matmul(query, past_keys, turned=True), absent)
    shares = graph.softmax(graph.join(before, graph.matmul(query, key, turned=True), axis=2))
    mixed = graph.add(
        graph.matmul(graph.slice(shares, 0, context, axis=2), past_values),
        graph.multiply(graph.slice(shares, context, context + 1, axis=2), value),
    )
    mixed = graph.reshape(mixed, 1, heads * width)
    return graph.linear(mixed, _matrix(model, prefix + "output")), key, value


def _rotate(graph: Graph, heads: Value, rotation: _Rotation) -> Value:
    """[H, 64]: dimensions i and i + 32 turn together."""
    width = heads.shape[1]
    first = graph.slice(heads, 0, width // 2, axis=1)
    second = graph.slice(heads, width // 2, width, axis=1)
    swapped = graph.join(second, first, axis=1)
    return graph.add(graph.multiply(heads, rotation.cosine), graph.multiply(swapped, rotation.sine))


def _ffn(graph: Graph, model: DenseModel, layer: int, x: Value) -> Value:
    prefix = f"layers.{layer}.ffn."
    x = graph.normal(x, model.config.norm_epsilon)
    both = graph.linear(x, _gate_up(model, prefix))
    width = both.shape[1] // 2
    gate = graph.slice(both, 0, width, axis=1)
    up = graph.slice(both, width, 2 * width, axis=1)
    gated = graph.multiply(graph.multiply(gate, graph.sigmoid(gate)), up)
    return graph.linear(gated, _matrix(model, prefix + "down"))


def _query_key_value(model: DenseModel, prefix: str) -> Matrix:
    def weights() -> Dense:
        query = model.tensor(prefix + "query") / np.float32(np.sqrt(model.config.head_width))
        rows = np.vstack([query, model.tensor(prefix + "key"), model.tensor(prefix + "value")])
        return _scaled_columns(rows, model.tensor(prefix + "norm"))

    config = model.config
    rows = (config.heads + 2 * config.kv_heads) * config.head_width
    return Matrix(prefix + "query_key_value", (rows, config.width), weights)


def _gate_up(model: DenseModel, prefix: str) -> Matrix:
    def weights() -> Dense:
        rows = np.vstack([model.tensor(prefix + "gate"), model.tensor(prefix + "up")])
        return _scaled_columns(rows, model.tensor(prefix + "norm"))

    rows, columns = model.shapes()[prefix + "gate"]
    return Matrix(prefix + "gate_up", (2 * rows, columns), weights)


def _scaled_columns(rows: Dense, norm: Dense) -> Dense:
    return np.asarray(rows * norm, np.float32)


def _matrix(model: DenseModel, name: str) -> Matrix:
    rows, columns = model.shapes()[name]
    weights: Callable[[], Dense] = lambda: model.tensor(name)  # noqa: E731
    return Matrix(name, (rows, columns), weights)
