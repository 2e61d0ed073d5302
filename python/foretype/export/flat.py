"""FlatBuffers from plain values: a table is its fields by number, as the schema numbers them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import flatbuffers
import numpy as np
import numpy.typing as npt

Scalar = Literal["Int8", "Uint8", "Int32", "Uint32", "Float32", "Bool"]
DATA_ALIGNMENT = 16  # of weights


@dataclass(frozen=True)
class Ref:
    """Something already written."""

    offset: int


@dataclass(frozen=True)
class Number:
    """A field that is written in place."""

    kind: Scalar
    value: float


Field = Ref | Number


class Writer:
    """Children first: what a table refers to must be written before it."""

    def __init__(self) -> None:
        self._builder: Any = flatbuffers.Builder(1 << 20)

    def table(self, fields: dict[int, Field], *, slots: int = 16) -> Ref:
        """One table."""
        self._builder.StartObject(slots)
        for slot, value in fields.items():
            if isinstance(value, Ref):
                self._builder.PrependUOffsetTRelativeSlot(slot, value.offset, 0)
            else:
                # The default is one that no value equals, so that every field is written.
                getattr(self._builder, f"Prepend{value.kind}Slot")(slot, value.value, None)
        return Ref(self._builder.EndObject())

    def text(self, text: str) -> Ref:
        """A string."""
        return Ref(self._builder.CreateString(text))

    def numbers(self, values: npt.ArrayLike, dtype: npt.DTypeLike) -> Ref:
        """A vector of numbers."""
        return Ref(self._builder.CreateNumpyVector(np.asarray(values, dtype)))

    def data(self, array: npt.NDArray[Any]) -> Ref:
        """A vector of bytes that begins at a multiple of 16."""
        content = np.ascontiguousarray(array).reshape(-1).view(np.uint8)
        self._builder.StartVector(1, len(content), DATA_ALIGNMENT)
        self._builder.head -= len(content)
        head = self._builder.Head()
        self._builder.Bytes[head : head + len(content)] = content.tobytes()
        return Ref(self._builder.EndVector())

    def list(self, parts: Sequence[Ref]) -> Ref:
        """A vector of tables."""
        self._builder.StartVector(4, len(parts), 4)
        for part in reversed(parts):
            self._builder.PrependUOffsetTRelative(part.offset)
        return Ref(self._builder.EndVector())

    def finish(self, root: Ref, identifier: bytes) -> memoryview:
        """The whole file."""
        self._builder.Finish(root.offset, file_identifier=identifier)
        return memoryview(self._builder.Bytes)[self._builder.Head() :]
