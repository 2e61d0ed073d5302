"""What a model file says of itself, for people and programs."""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from foretype.model.config import Config
from foretype.model.mapped import MappedModel, open_model

ROW_BLOCK = 16
COMMON = "tokenizer.common"
TABLES = ("tokenizer.", "head.row_of_token", "padding.")  # tensors that hold no weights


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
    common_tokens: int  # that the output head is always computed for; 0: no such distinction
    parameters: int
    bits_per_weight: float
    density: float  # of the layers' matrices: the share of weights that is stored
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
    sizes = {each.name: each for each in tensors}
    parameters = count_parameters(config, lambda layer: _ffn_width(sizes, config, layer))
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
        common_tokens=math.prod(sizes[COMMON].shape) if COMMON in sizes else 0,
        parameters=parameters,
        bits_per_weight=8 * weight_bytes / parameters,
        density=_density(sizes, config),
        file_bytes=len(model.buffer),
        tensors=tensors,
    )


def count_parameters(config: Config, ffn_width: Callable[[int], int] | None = None) -> int:
    """Weights of the model as its makers count them: the head is the embedding.

    `ffn_width` gives a layer's, where some are narrower than the widest.
    """
    total = config.width + config.vocabulary * config.width
    for layer in range(config.layers):
        width = config.ffn_width if ffn_width is None else ffn_width(layer)
        shapes = replace(config, ffn_width=width).matrices()
        total += sum(math.prod(shape) for shape in shapes.values()) + 2 * config.width
    return total


def _ffn_width(tensors: dict[str, TensorInfo], config: Config, layer: int) -> int:
    row_scale = tensors.get(f"layers.{layer}.ffn.gate.row_scale")
    codes = tensors.get(f"layers.{layer}.ffn.gate.q")
    if row_scale is not None:
        return row_scale.shape[0]
    return config.ffn_width if codes is None else ROW_BLOCK * codes.shape[0]


def _density(tensors: dict[str, TensorInfo], config: Config) -> float:
    stored = total = 0
    for layer in range(config.layers):
        width = _ffn_width(tensors, config, layer)
        for part, shape in replace(config, ffn_width=width).matrices().items():
            name = f"layers.{layer}.{part}"
            weights = math.prod(shape)
            total += weights
            sparse = f"{name}.mask" in tensors
            stored += 2 * tensors[f"{name}.q4"].byte_count if sparse else weights
    return stored / total
