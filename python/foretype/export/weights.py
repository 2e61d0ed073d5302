"""The weights of a container, brought back to float32 one matrix at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from safetensors import safe_open

from foretype.errors import ErrorCode, ModelError
from foretype.model.config import Config
from foretype.model.groups import Dense
from foretype.model.mapped import open_model
from foretype.model.stored import stored_head, stored_matrix
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
        """Open a container whose checksum is right.

        Raises ModelError, also for a model whose attention other runtimes would compute otherwise.
        """
        with open_model(path) as mapped:
            mapped.check_checksum()
        with safe_open(path, framework="numpy") as file:
            metadata = file.metadata()
            config = Config.from_metadata(metadata)
            if any(config.attention_windows):
                raise ModelError(
                    f"{path} cannot be exported: some of its layers see only the newest tokens and "
                    "the first, which these formats cannot say. Export the model it was made from "
                    "(foretype model build --original).",
                    code=ErrorCode.UNSUPPORTED,
                )
            yield cls(
                config,
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
        head = stored_head(self.config.width, set(self._file.keys()), self._read)
        rows: Dense = head[self._read("head.row_of_token")]
        return rows

    def _matrix(self, name: str) -> Dense:
        layer, part = name.rsplit(".ffn.", 1) if ".ffn." in name else (name, "")
        columns = self.config.heads * self.config.head_width if name.endswith("output") else 0
        columns = columns or self.config.width
        if part == "down":  # as narrow as this layer
            columns = len(self._matrix(f"{layer}.ffn.up"))
        return self._stored(name, columns)

    def _stored(self, name: str, columns: int) -> Dense:
        return stored_matrix(name, columns, set(self._file.keys()), self._read).dense()

    def _read(self, name: str) -> npt.NDArray[Any]:
        return np.asarray(self._file.get_tensor(name))
