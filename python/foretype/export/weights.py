"""The weights of a container, brought back to float32 one matrix at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from safetensors import safe_open

from foretype.model.config import Config
from foretype.model.groups import Dense, Int4Groups, Int8Groups
from foretype.model.layout import unpack_groups, unpack_int8, unpack_nibbles
from foretype.model.mapped import open_model
from foretype.model.tokenizer import read_vocabulary
from foretype.model.vocabulary import Vocabulary


@dataclass(frozen=True)
class DenseModel:
    """One container. Names are ours, `embedding` among them; query and key rows half-split."""

    config: Config
    vocabulary: Vocabulary
    name: str
    licence: str
    source: str
    sha256: str
    _file: Any  # of the safetensors library

    @classmethod
    @contextmanager
    def open(cls, path: Path) -> Iterator[Self]:
        """Open a container whose checksum is right. Raises ModelError."""
        with open_model(path) as mapped:
            mapped.check_checksum()
        with safe_open(path, framework="numpy") as file:
            metadata = file.metadata()
            yield cls(
                Config.from_metadata(metadata),
                read_vocabulary(path),
                metadata["name"],
                metadata["licence"],
                metadata["source"],
                metadata["sha256"],
                file,
            )

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Every name `tensor` takes, in the order in which the forward pass reads them."""
        config = self.config
        shapes: dict[str, tuple[int, ...]] = {"embedding": (config.vocabulary, config.width)}
        for layer in range(config.layers):
            prefix = f"layers.{layer}."
            shapes[prefix + "attention.norm"] = (config.width,)
            shapes[prefix + "ffn.norm"] = (config.width,)
            shapes |= {prefix + part: shape for part, shape in config.matrices().items()}
        return {**shapes, "final_norm": (config.width,)}

    def tensor(self, name: str) -> Dense:
        """In float32, exactly what the engine's integers and scales stand for."""
        if name == "embedding":
            return self._embedding()
        if name.endswith("norm"):
            return self._read(name)
        return self._matrix(name)

    def _embedding(self) -> Dense:
        """[V, D], rows by token id."""
        q, scale = unpack_int8(self._read("head.q")), unpack_groups(self._read("head.scale"))
        row_of_token = self._read("head.row_of_token")
        rows: Dense = Int8Groups(q, scale).dense()[row_of_token]
        return rows

    def _matrix(self, name: str) -> Dense:
        q = unpack_nibbles(self._read(name + ".q"))
        scale, offset = (
            unpack_groups(self._read(f"{name}.{part}")) for part in ("scale", "offset")
        )
        return Int4Groups(q, scale, offset).dense()

    def _read(self, name: str) -> npt.NDArray[Any]:
        return np.asarray(self._file.get_tensor(name))
