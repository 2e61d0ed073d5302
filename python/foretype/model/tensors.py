"""The tensors of a container, made from a Source: quantised, permuted, in blocks."""

from collections.abc import Iterator

import numpy as np

from foretype.errors import ModelError
from foretype.model.container import Array
from foretype.model.groups import Int4Groups, Int8Groups
from foretype.model.layout import pack_groups, pack_int8, pack_nibbles, padded
from foretype.model.progress import Progress
from foretype.model.source import Source
from foretype.model.vocabulary import Vocabulary


def container_tensors(source: Source, progress: Progress) -> Iterator[tuple[str, Array]]:
    """Names and arrays in the order the forward pass reads them, tables last."""
    config = source.config
    for layer in range(config.layers):
        progress("converting", layer, config.layers + 1)
        yield from _layer_tensors(source, layer)
    yield "final_norm", _norm(source, "final_norm")
    progress("converting", config.layers, config.layers + 1)
    yield from _head_tensors(source)
    yield from tokenizer_tensors(source.vocabulary)
    progress("converting", config.layers + 1, config.layers + 1)


def _layer_tensors(source: Source, layer: int) -> Iterator[tuple[str, Array]]:
    norms = {"attention.query": "attention.norm", "ffn.gate": "ffn.norm"}
    for part, shape in source.config.matrices().items():
        if part in norms:
            norm = f"layers.{layer}.{norms[part]}"
            yield norm, _norm(source, norm)
        name = f"layers.{layer}.{part}"
        groups = source.matrix(name)
        _checked(name, groups.q, shape)
        yield from int4_tensors(name, groups)


def _head_tensors(source: Source) -> Iterator[tuple[str, Array]]:
    order = source.vocabulary.in_byte_order()
    groups = source.embedding()
    _checked("embedding", groups.q, (len(order), source.config.width))
    yield from int8_tensors("head", groups.take_rows(order))
    row_of_token = np.empty(len(order), np.int32)
    row_of_token[order] = np.arange(len(order), dtype=np.int32)
    yield "head.row_of_token", row_of_token


def tokenizer_tensors(vocabulary: Vocabulary) -> Iterator[tuple[str, Array]]:
    """The tables that a tokenizer is made of."""
    lengths = [0, *(len(token) for token in vocabulary.tokens)]
    yield "tokenizer.token_offsets", np.cumsum(lengths).astype(np.uint32)
    yield "tokenizer.merges", vocabulary.merges
    yield "tokenizer.specials", np.array(vocabulary.specials, np.uint32)
    yield "tokenizer.token_bytes", np.frombuffer(b"".join(vocabulary.tokens), np.uint8)


def int4_tensors(name: str, groups: Int4Groups) -> Iterator[tuple[str, Array]]:
    """The three tensors of a 4-bit matrix."""
    _check_finite(name, groups.scale, groups.offset)
    yield f"{name}.q", pack_nibbles(groups.q)
    yield f"{name}.scale", pack_groups(groups.scale)
    yield f"{name}.offset", pack_groups(groups.offset)


def int8_tensors(name: str, groups: Int8Groups) -> Iterator[tuple[str, Array]]:
    """The two tensors of an 8-bit matrix, rows padded with zeros."""
    _check_finite(name, groups.scale)
    missing = padded(len(groups.q)) - len(groups.q)
    yield f"{name}.q", pack_int8(np.pad(groups.q, ((0, missing), (0, 0))))
    yield f"{name}.scale", pack_groups(np.pad(groups.scale, ((0, missing), (0, 0))))


def _norm(source: Source, name: str) -> Array:
    weights = _checked(name, source.norm(name), (source.config.width,))
    _check_finite(name, weights)
    return weights


def _check_finite(name: str, *arrays: Array) -> None:
    if not all(np.isfinite(array).all() for array in arrays):
        raise ModelError(
            f"Tensor {name} holds values that are not finite numbers; get the model again."
        )


def _checked(name: str, array: Array, shape: tuple[int, ...]) -> Array:
    if array.shape != shape:
        raise ModelError(
            f"Tensor {name} has shape {list(array.shape)} where the model's sizes ask for "
            f"{list(shape)}; the file is damaged, get it again."
        )
    return array
