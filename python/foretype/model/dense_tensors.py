"""Dense tensors of a safetensors file, mapped, as float32. Bfloat16 too, which numpy lacks."""

import json
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError, safe_open

from foretype.errors import ErrorCode, ModelError
from foretype.model.config import unsupported
from foretype.model.groups import Dense
from foretype.model.layout import Bytes

STORED_AS: dict[str, npt.DTypeLike] = {"F32": "<f4", "F16": "<f2", "BF16": "<u2"}
BFLOAT16_SHIFT = 16  # a bfloat16 is the upper half of a float32


class DenseTensors:
    """One file, checked by the safetensors library, then read in place."""

    def __init__(self, path: Path) -> None:
        self.bytes = _map_checked(path)
        header_size = int(self.bytes[:8].view("<u8")[0])
        self._data = self.bytes[8 + header_size :]
        self._entries = json.loads(self.bytes[8 : 8 + header_size].tobytes())

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def tensor(self, name: str) -> Dense:
        """In float32, in the shape the file gives."""
        entry = self._entries[name]
        if entry["dtype"] not in STORED_AS:
            raise unsupported(f"weights of type {entry['dtype']}, which is not supported")
        begin, end = entry["data_offsets"]
        stored = self._data[begin:end].view(STORED_AS[entry["dtype"]]).reshape(entry["shape"])
        if entry["dtype"] == "BF16":
            return (stored.astype(np.uint32) << BFLOAT16_SHIFT).view(np.float32)
        return stored.astype(np.float32)


def _map_checked(path: Path) -> Bytes:
    try:
        with safe_open(path, framework="numpy"):
            return np.memmap(path, np.uint8, mode="r")
    except (FileNotFoundError, SafetensorError, ValueError) as error:
        raise ModelError(
            f"{path} is missing, truncated or damaged; get it again.", code=ErrorCode.TRUNCATED
        ) from error
