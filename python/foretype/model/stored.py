"""Matrices of a container, whatever their encoding, back in plain form."""

from collections.abc import Callable, Container

import numpy as np

from foretype.model.coded import CodedGroups, SparseGroups
from foretype.model.coded_layout import unpack_codes, unpack_sparse
from foretype.model.container import Array
from foretype.model.groups import Dense, Int4Groups, Int8Groups
from foretype.model.layout import HEAD_OTHERS, unpack_groups, unpack_int8, unpack_nibbles

AnyGroups = Int4Groups | Int8Groups | CodedGroups | SparseGroups
SPARSE_PARTS = ("pair_begin", "group_end", "group", "mask", "q4", "group_scale")


def stored_head(width: int, names: Container[str], read: Callable[[str], Array]) -> Dense:
    """The output head in float32 [rows, width], in the order of the file, padding included."""
    head = stored_matrix("head", width, names, read).dense()
    if f"{HEAD_OTHERS}.row_scale" not in names:
        return head
    return np.concatenate([head, stored_matrix(HEAD_OTHERS, width, names, read).dense()])


def stored_matrix(
    name: str, columns: int, names: Container[str], read: Callable[[str], Array]
) -> AnyGroups:
    """The matrix `name` of a file that has the tensors `names`; rows of padding included."""
    if f"{name}.offset" in names:
        scale, offset = (unpack_groups(read(f"{name}.{part}")) for part in ("scale", "offset"))
        return Int4Groups(unpack_nibbles(read(f"{name}.q")), scale, offset)
    if f"{name}.q" in names:
        return Int8Groups(unpack_int8(read(f"{name}.q")), unpack_groups(read(f"{name}.scale")))
    row_scale = read(f"{name}.row_scale")
    if f"{name}.mask" in names:
        parts = {part: read(f"{name}.{part}") for part in SPARSE_PARTS}
        q, kept, group_scale = unpack_sparse(parts, columns)
        return SparseGroups(CodedGroups(4, q, group_scale, row_scale), kept)
    bits = 3 if f"{name}.q3" in names else 4
    q = unpack_codes(read(f"{name}.q{bits}"), bits)
    return CodedGroups(bits, q, unpack_groups(read(f"{name}.group_scale")), row_scale)
