"""Writes our container: docs/formats/model.md, byte by byte.

The safetensors library opens the file; it is written here because that library
neither keeps the order of tensors nor aligns them.
"""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from foretype.model.atomic import atomic_write
from foretype.model.checksum import CHECKSUM_KEY, UNSET_CHECKSUM, checksum_offset
from foretype.model.config import Config

ALIGNMENT = 64  # of the data's start, and of every tensor a kernel reads
DTYPES = {"uint8": "U8", "int8": "I8", "float16": "F16", "float32": "F32"} | {
    "int32": "I32",
    "uint16": "U16",
    "uint32": "U32",
}
FORMAT_NAME = "foretype-model"
FORMAT_VERSION = 2

Array = npt.NDArray[Any]


def write_container(
    path: Path, metadata: dict[str, str], tensors: Sequence[tuple[str, Array]]
) -> None:
    """Write `tensors` in this order. Raises StorageError; `path` is whole or untouched."""
    header = _header({**metadata, CHECKSUM_KEY: UNSET_CHECKSUM}, tensors)
    digest = hashlib.sha256(header)
    with atomic_write(path) as file:
        file.write(header)
        for _, array in tensors:
            data = np.ascontiguousarray(array).reshape(-1).view(np.uint8).data
            digest.update(data)
            file.write(data)
        file.write_at(checksum_offset(header), digest.hexdigest().encode())


def container_metadata(config: Config, **for_people: str) -> dict[str, str]:
    """The `__metadata__` of a container, all strings."""
    return {
        "format": FORMAT_NAME,
        "version": str(FORMAT_VERSION),
        "architecture": "llama",
        **config.to_metadata(),
        **for_people,
    }


def _header(metadata: dict[str, str], tensors: Sequence[tuple[str, Array]]) -> bytes:
    """Length, JSON, and spaces up to the alignment of the data."""
    entries: dict[str, Any] = {"__metadata__": metadata}
    end = 0
    for name, array in tensors:
        begin, end = end, end + array.nbytes
        entries[name] = {
            "dtype": DTYPES[array.dtype.name],
            "shape": list(array.shape),
            "data_offsets": [begin, end],
        }
    text = json.dumps(entries, separators=(",", ":"), ensure_ascii=True).encode()
    text += b" " * (-(len(text) + 8) % ALIGNMENT)
    return len(text).to_bytes(8, "little") + text
