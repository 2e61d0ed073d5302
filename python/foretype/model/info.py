"""What a model file says of itself, for people and programs."""

import json
import math
from dataclasses import dataclass
from pathlib import Path

from foretype.model.config import Config
from foretype.model.mapped import MappedModel, open_model

TABLES = ("tokenizer.", "head.row_of_token")  # tensors that hold no weights


@dataclass(frozen=True)
class TensorInfo:
    """One tensor, in the order of the file."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    file_offset: int  # of its first byte
    byte_count: int


@dataclass(frozen=True)
class ModelInfo:
    """A container's metadata and sizes."""

    path: Path
    name: str
    licence: str
    source: str
    source_sha256: str
    sha256: str
    format_version: int
    architecture: str
    config: Config
    parameters: int
    bits_per_weight: float
    file_bytes: int
    tensors: tuple[TensorInfo, ...]


def read_info(path: Path) -> ModelInfo:
    """Describe a container; ModelError if it is damaged, its checksum included."""
    with open_model(path) as model:
        model.check_checksum()
        return _describe(model)


def _describe(model: MappedModel) -> ModelInfo:
    header = model.header()
    entries = json.loads(header)
    metadata: dict[str, str] = entries.pop("__metadata__")
    config = Config.from_metadata(metadata)
    tensors = tuple(
        TensorInfo(
            name=name,
            dtype=entry["dtype"],
            shape=tuple(entry["shape"]),
            file_offset=8 + len(header) + entry["data_offsets"][0],
            byte_count=entry["data_offsets"][1] - entry["data_offsets"][0],
        )
        for name, entry in entries.items()
    )
    parameters = count_parameters(config)
    weight_bytes = sum(each.byte_count for each in tensors if not each.name.startswith(TABLES))
    return ModelInfo(
        path=model.path,
        name=metadata["name"],
        licence=metadata["licence"],
        source=metadata["source"],
        source_sha256=metadata["source_sha256"],
        sha256=metadata["sha256"],
        format_version=int(metadata["version"]),
        architecture=metadata["architecture"],
        config=config,
        parameters=parameters,
        bits_per_weight=8 * weight_bytes / parameters,
        file_bytes=len(model.buffer),
        tensors=tensors,
    )


def count_parameters(config: Config) -> int:
    """Weights of the model as its makers count them: the head is the embedding."""
    layer = sum(math.prod(shape) for shape in config.matrices().values()) + 2 * config.width
    return config.layers * layer + config.width + config.vocabulary * config.width
