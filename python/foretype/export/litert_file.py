"""Builds a .tflite file: tensors, their data, and operations in order."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from foretype.export import litert_schema as schema
from foretype.export.flat import Field, Number, Ref, Writer
from foretype.export.graph import Shape
from foretype.export.litert_schema import Operation

TENSOR_TYPES = {"float32": schema.FLOAT32, "int32": schema.INT32, "int8": schema.INT8}
LARGEST_LEGACY_CODE = 127  # older readers know operators by one byte


@dataclass
class TfliteFile:
    """One subgraph. Tensors are numbers; data are written as they come, since they are large."""

    name: str
    _writer: Writer = field(default_factory=Writer)
    _buffers: list[Ref] = field(default_factory=list)
    _tensors: list[Ref] = field(default_factory=list)
    _operators: list[Ref] = field(default_factory=list)
    _codes: dict[int, int] = field(default_factory=dict)  # operator -> its place in the list

    def __post_init__(self) -> None:
        self._buffers.append(self._writer.table({}))  # 0: of tensors that have no data

    def buffer(self, data: npt.NDArray[Any]) -> int:
        """Data for tensors; several may share them."""
        self._buffers.append(self._writer.table({0: self._writer.data(data)}))
        return len(self._buffers) - 1

    def tensor(
        self,
        name: str,
        shape: Shape,
        dtype: str,
        *,
        buffer: int = 0,
        row_scale: npt.NDArray[np.float32] | None = None,
        sparsity: Ref | None = None,
    ) -> int:
        """A tensor; `row_scale` is of 8-bit weights, one for each index of the first axis."""
        fields: dict[int, Field] = {
            0: self._writer.numbers(shape, np.int32),
            1: Number("Int8", TENSOR_TYPES[dtype]),
            2: Number("Uint32", buffer),
            3: self._writer.text(name),
        }
        if row_scale is not None:
            fields[4] = self._writer.table(
                {
                    2: self._writer.numbers(row_scale, np.float32),
                    3: self._writer.numbers(np.zeros(len(row_scale)), np.int64),
                    6: Number("Int32", 0),
                }
            )
        if sparsity is not None:
            fields[6] = sparsity
        self._tensors.append(self._writer.table(fields))
        return len(self._tensors) - 1

    def constant(self, name: str, data: npt.NDArray[Any]) -> int:
        """A tensor with its data."""
        return self.tensor(name, data.shape, data.dtype.name, buffer=self.buffer(data))

    def operation(
        self,
        operation: Operation,
        inputs: list[int],
        output: int,
        options: dict[int, Number] | None = None,
    ) -> None:
        """One operation; -1 is an input left out."""
        code, options_type = operation
        place = self._codes.setdefault(code, len(self._codes))
        fields: dict[int, Field] = {
            0: Number("Uint32", place),
            1: self._writer.numbers(inputs, np.int32),
            2: self._writer.numbers([output], np.int32),
        }
        if options_type:
            fields[3] = Number("Uint8", options_type)
            fields[4] = self._writer.table(dict(options or {}))
        self._operators.append(self._writer.table(fields))

    def sparse_rows(self, shape: Shape, starts: npt.ArrayLike, columns: npt.ArrayLike) -> Ref:
        """Weights [rows, 1, 1, columns] of which only some are in the data, row after row."""
        writer = self._writer
        dense = [writer.table({0: Number("Int8", 0), 1: Number("Int32", n)}) for n in shape[:-1]]
        segments = writer.table({0: writer.numbers(starts, np.int32)})
        indices = writer.table({0: writer.numbers(columns, np.int32)})
        sparse = writer.table(
            {
                0: Number("Int8", schema.SPARSE_COLUMNS),
                2: Number("Uint8", schema.INT32_VECTOR),
                3: segments,
                4: Number("Uint8", schema.INT32_VECTOR),
                5: indices,
            }
        )
        order = writer.numbers(np.arange(len(shape)), np.int32)
        return writer.table({0: order, 2: writer.list([*dense, sparse])})

    def finish(self, inputs: list[int], outputs: list[int], description: str) -> memoryview:
        """The whole file."""
        writer = self._writer
        subgraph = writer.table(
            {
                0: writer.list(self._tensors),
                1: writer.numbers(inputs, np.int32),
                2: writer.numbers(outputs, np.int32),
                3: writer.list(self._operators),
                4: writer.text(self.name),
            }
        )
        codes = [self._operator_code(code) for code in self._codes]
        model: dict[int, Field] = {
            0: Number("Uint32", schema.SCHEMA_VERSION),
            1: writer.list(codes),
            2: writer.list([subgraph]),
            3: writer.text(description),
            4: writer.list(self._buffers),
        }
        return writer.finish(writer.table(model), schema.FILE_IDENTIFIER)

    def _operator_code(self, code: int) -> Ref:
        return self._writer.table(
            {
                0: Number("Int8", min(code, LARGEST_LEGACY_CODE)),
                2: Number("Int32", 1),
                3: Number("Int32", code),
            }
        )
