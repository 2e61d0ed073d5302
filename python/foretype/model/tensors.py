"""The tensors of a container, made from a Source: quantised, permuted, in blocks."""

from collections.abc import Iterable, Iterator

import numpy as np

from foretype.errors import ModelError
from foretype.model.coded import CodedGroups, SparseGroups
from foretype.model.coded_layout import pack_codes, pack_sparse
from foretype.model.config import GROUP
from foretype.model.container import ALIGNMENT, Array
from foretype.model.groups import Int4Groups, Int8Groups
from foretype.model.layout import HEAD_OTHERS, pack_groups, pack_int8, pack_nibbles, padded
from foretype.model.progress import Progress
from foretype.model.source import Source
from foretype.model.vocabulary import Vocabulary


def container_tensors(source: Source, progress: Progress) -> Iterator[tuple[str, Array]]:
    """Names and arrays in the order the forward pass reads them, tables last."""
    yield from aligned(_all_tensors(source, progress))


def aligned(tensors: Iterable[tuple[str, Array]]) -> Iterator[tuple[str, Array]]:
    """With padding between them, so that each begins at a multiple of 64 bytes."""
    end = 0
    for name, array in tensors:
        if missing := -end % ALIGNMENT:
            yield f"padding.{end}", np.zeros(missing, np.uint8)
        end += missing + array.nbytes
        yield name, array


def _all_tensors(source: Source, progress: Progress) -> Iterator[tuple[str, Array]]:
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
    width = source.config.ffn_width  # of this layer, once its gate was read
    for part, (rows, columns) in source.config.matrices().items():
        if part in norms:
            norm = f"layers.{layer}.{norms[part]}"
            yield norm, _norm(source, norm)
        name = f"layers.{layer}.{part}"
        groups = source.matrix(name)
        if part == "ffn.gate":
            width = _narrow_width(name, len(groups.q), rows) if source.narrows else rows
        shape = (width if part in ("ffn.gate", "ffn.up") else rows, columns)
        if part == "ffn.down":
            shape = (rows, width)
        _checked(name, groups.q, shape)
        yield from matrix_tensors(name, groups)


def _narrow_width(name: str, width: int, widest: int) -> int:
    """Neurons of a layer that may have fewer than the widest."""
    if not 0 < width <= widest or width % GROUP:
        raise ModelError(
            f"Tensor {name} has {width} rows; a layer may have 32 to {widest}, in 32s."
        )
    return width


def matrix_tensors(
    name: str, groups: Int4Groups | CodedGroups | SparseGroups
) -> Iterator[tuple[str, Array]]:
    """The tensors of a layer's matrix in its encoding."""
    if isinstance(groups, Int4Groups):
        yield from int4_tensors(name, groups)
    elif isinstance(groups, CodedGroups):
        yield from coded_tensors(name, groups)
    else:
        yield from sparse_tensors(name, groups)


def coded_tensors(name: str, groups: CodedGroups) -> Iterator[tuple[str, Array]]:
    """The three tensors of a matrix of codes, rows padded with zeros."""
    _check_finite(name, groups.row_scale)
    missing = padded(len(groups.q)) - len(groups.q)
    q = np.pad(groups.q, ((0, missing), (0, 0)))
    yield f"{name}.q{groups.bits}", pack_codes(q, groups.bits)
    yield f"{name}.group_scale", pack_groups(np.pad(groups.group_scale, ((0, missing), (0, 0))))
    yield f"{name}.row_scale", np.pad(groups.row_scale.astype(np.float32), (0, missing))


def sparse_tensors(name: str, groups: SparseGroups) -> Iterator[tuple[str, Array]]:
    """The seven tensors of a matrix of which some blocks are left out."""
    _check_finite(name, groups.coded.row_scale)
    parts = pack_sparse(groups.q, groups.kept, groups.coded.group_scale)
    for part, array in parts.items():
        yield f"{name}.{part}", array
    yield f"{name}.row_scale", groups.coded.row_scale.astype(np.float32)


def _head_tensors(source: Source) -> Iterator[tuple[str, Array]]:
    order = source.vocabulary.in_head_order()
    groups = source.embedding()
    _checked("embedding", groups.q, (len(order), source.config.width))
    if not isinstance(groups, CodedGroups):
        yield from int8_tensors("head", groups.take_rows(order))
    elif source.others_bits is None:
        yield from coded_tensors("head", groups.take_rows(order))
    else:
        split = len(source.vocabulary.common)
        others = groups.take_rows(order[split:]).in_bits(source.others_bits)
        yield from coded_tensors("head", groups.take_rows(order[:split]))
        yield from coded_tensors(HEAD_OTHERS, others)
    row_of_token = np.empty(len(order), np.int32)
    row_of_token[order] = np.arange(len(order), dtype=np.int32)
    yield "head.row_of_token", row_of_token


def tokenizer_tensors(vocabulary: Vocabulary) -> Iterator[tuple[str, Array]]:
    """The tables that a tokenizer is made of."""
    lengths = [0, *(len(token) for token in vocabulary.tokens)]
    yield "tokenizer.token_offsets", np.cumsum(lengths).astype(np.uint32)
    yield "tokenizer.merges", vocabulary.merges
    yield "tokenizer.specials", np.array(vocabulary.specials, np.uint32)
    if len(vocabulary.common) > 0:
        yield "tokenizer.common", np.array(vocabulary.common, np.uint32)
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
