"""A model in floating point with all that a conversion needs: the *dense checkpoint*.

docs/formats/dense-model.md says what the file holds.
"""

import itertools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError, safe_open

from foretype.errors import ErrorCode, ModelError
from foretype.model.config import GROUP, Config
from foretype.model.container import Array, container_metadata, write_container
from foretype.model.groups import Dense
from foretype.model.layout import COLUMN_BLOCK, ROW_BLOCK, Bytes, SignedBytes, middle
from foretype.model.tensors import tokenizer_tensors
from foretype.model.vocabulary import Vocabulary

FORMAT_NAME = "foretype-dense"
FORMAT_VERSION = 1
EMBEDDING = "embedding"
OTHERS = "embedding.others"  # the rows of tokens that are not common, where they are stored apart
FINAL_NORM = "final_norm"


class Encoding(StrEnum):
    """What becomes of a matrix when the model is converted."""

    Q4_1 = "q4_1"  # 4 bits, a scale and an offset in 16 bits for 32 columns
    CODED_3 = "coded3"  # 3 bits, an 8-bit scale for 32 columns
    CODED_4 = "coded4"
    SPARSE_4 = "sparse4"  # as coded4, of which only blocks of 16 rows and 4 columns are stored
    INT8 = "int8"  # the embedding alone

    @property
    def bits(self) -> int:
        """Of a weight that is kept."""
        return {Encoding.CODED_3: 3, Encoding.INT8: 8}.get(self, 4)

    @property
    def coded(self) -> bool:
        """Whether its levels are given by a `Scales`."""
        return self in {Encoding.CODED_3, Encoding.CODED_4, Encoding.SPARSE_4}


@dataclass(frozen=True)
class Scales:
    """Levels that a coded matrix's weights lie on already: no second rounding when it is converted.

    w = row_scale[row] * group_scale[row, column / 32] * (q - 2^(bits - 1)).
    """

    group_scale: SignedBytes  # [rows, columns / 32], -127..127
    row_scale: Dense  # [rows]

    def steps(self) -> Dense:
        """From one level to the next [rows, columns / 32], 0 where nothing is kept."""
        steps: Dense = self.row_scale[:, None] * self.group_scale.astype(np.float32)
        return steps

    def codes(self, weights: Dense, bits: int) -> Bytes:
        """The q of weights [rows, columns] that lie on the levels."""
        steps = np.repeat(self.steps(), GROUP, axis=1)
        places = weights / np.where(steps == 0, np.float32(1), steps)
        codes = np.rint(places + np.float32(middle(bits)))
        return np.clip(codes, 0, 2**bits - 1).astype(np.uint8)


@dataclass(frozen=True)
class DenseModel:
    """Weights by our names, float32, query and key rows in half-split order."""

    config: Config
    vocabulary: Vocabulary
    weights: Mapping[str, Dense]
    name: str
    licence: str
    source: str
    source_sha256: str
    encodings: Mapping[str, Encoding] = field(default_factory=dict)
    scales: Mapping[str, Scales] = field(default_factory=dict)

    def encoding(self, name: str) -> Encoding:
        """Of a matrix or the embedding; the original's where nothing else is said."""
        return self.encodings.get(name, Encoding.INT8 if name == EMBEDDING else Encoding.Q4_1)

    def with_rows_alike(self) -> Self:
        """The embedding's rows are all stored alike again; none changes."""
        kept = {name: each for name, each in self.encodings.items() if name != OTHERS}
        return replace(self, encodings=kept)

    def pruned(self, name: str) -> npt.NDArray[np.bool_]:
        """Where a matrix has been pruned [rows, columns]: whole blocks where it is sparse."""
        weights = self.weights[name]
        if self.encoding(name) is Encoding.SPARSE_4:
            kept = self.kept_blocks(name).repeat(ROW_BLOCK, 0).repeat(COLUMN_BLOCK, 1)
            return ~kept
        if name in self.scales:  # a 0 is a level, or there is none
            return np.zeros(weights.shape, np.bool_)
        return np.equal(weights, 0)

    def kept_blocks(self, name: str) -> npt.NDArray[np.bool_]:
        """Blocks of 16x4 that hold anything [rows / 16, columns / 4], an even number a group.

        Where it is odd the first empty block is kept too.
        """
        weights = self.weights[name]
        rows, columns = weights.shape[0] // ROW_BLOCK, weights.shape[1] // COLUMN_BLOCK
        blocks = weights.reshape(rows, ROW_BLOCK, columns, COLUMN_BLOCK)
        kept: npt.NDArray[np.bool_] = (blocks != 0).any((1, 3))
        groups = kept.reshape(-1, GROUP // COLUMN_BLOCK)
        odd = np.flatnonzero(groups.sum(1) % 2)
        groups[odd, groups[odd].argmin(1)] = True
        return kept

    def matrices(self) -> list[str]:
        """All matrices of all layers, in the order the forward pass reads them."""
        return [
            f"layers.{layer}.{part}"
            for layer in range(self.config.layers)
            for part in self.config.matrices()
        ]

    def check(self) -> None:
        """Raise ModelError if a tensor is missing or has another shape than its neighbours."""
        self.config.check()
        for name, shape in self._shapes():
            if name not in self.weights:
                raise ModelError(f"The model lacks the tensor {name}; get it again.")
            if self.weights[name].shape != shape:
                raise ModelError(
                    f"Tensor {name} has shape {list(self.weights[name].shape)} where the model's "
                    f"sizes ask for {list(shape)}; the file is damaged, get it again."
                )
        if len(self.vocabulary.tokens) != self.config.vocabulary:
            raise ModelError("The vocabulary and the embedding have different numbers of tokens.")

    def ffn_width(self, layer: int) -> int:
        """Neurons of one layer: layers may have been made narrower than the widest."""
        gate = self.weights.get(f"layers.{layer}.ffn.gate")
        return self.config.ffn_width if gate is None else len(gate)

    def _shapes(self) -> Iterator[tuple[str, tuple[int, ...]]]:
        width = self.config.width
        yield EMBEDDING, (self.config.vocabulary, width)
        yield FINAL_NORM, (width,)
        for layer in range(self.config.layers):
            narrow = self.ffn_width(layer)
            if narrow % GROUP:
                raise ModelError(f"Layer {layer} has {narrow} neurons, no multiple of {GROUP}.")
            for norm in ("attention.norm", "ffn.norm"):
                yield f"layers.{layer}.{norm}", (width,)
            for part, (rows, columns) in self.config.matrices().items():
                if part in ("ffn.gate", "ffn.up"):
                    rows = narrow
                if part == "ffn.down":
                    columns = narrow
                yield f"layers.{layer}.{part}", (rows, columns)


def write_dense(path: Path, model: DenseModel, **notes: str) -> None:
    """Write a checkpoint, whole or not at all; `notes` are strings for its metadata.

    Raises StorageError.
    """
    metadata = {
        **container_metadata(
            model.config,
            name=model.name,
            licence=model.licence,
            source=model.source,
            source_sha256=model.source_sha256,
        ),
        "format": FORMAT_NAME,
        "version": str(FORMAT_VERSION),
        "encodings": json.dumps({name: str(each) for name, each in model.encodings.items()}),
        **notes,
    }
    write_container(path, metadata, list(_tensors(model)))


def _tensors(model: DenseModel) -> Iterator[tuple[str, Array]]:
    for name, weights in model.weights.items():
        yield name, np.asarray(weights, np.float32)
    for name, scales in model.scales.items():
        yield f"{name}.group_scale", scales.group_scale
        yield f"{name}.row_scale", scales.row_scale
    yield from tokenizer_tensors(model.vocabulary)


def is_dense(path: Path) -> bool:
    """Whether a file says that it is such a checkpoint."""
    try:
        with safe_open(path, framework="numpy") as file:
            return bool((file.metadata() or {}).get("format") == FORMAT_NAME)
    except (OSError, SafetensorError):
        return False


def read_dense(path: Path) -> DenseModel:
    """Raises ModelError, in one sentence, if the file is not what it should be."""
    try:
        with safe_open(path, framework="numpy") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (OSError, SafetensorError) as error:
        raise ModelError(
            f"{path} is missing, truncated or damaged; make it again.", code=ErrorCode.TRUNCATED
        ) from error
    if metadata.get("format") != FORMAT_NAME:
        raise ModelError(f"{path} is no dense checkpoint.", code=ErrorCode.WRONG_FORMAT)
    if metadata.get("version") != str(FORMAT_VERSION):
        raise ModelError(
            f"{path} is a dense checkpoint of another version; make it again.",
            code=ErrorCode.WRONG_VERSION,
        )
    try:
        model = _model(metadata, tensors)
    except (KeyError, ValueError) as error:
        raise ModelError(f"{path} is damaged ({error}); make it again.") from error
    model.check()
    return model


def _model(metadata: Mapping[str, str], tensors: dict[str, npt.NDArray[Any]]) -> DenseModel:
    vocabulary = _vocabulary(tensors)
    scaled = [name.removesuffix(".row_scale") for name in tensors if name.endswith(".row_scale")]
    scales = {
        name: Scales(tensors.pop(f"{name}.group_scale"), tensors.pop(f"{name}.row_scale"))
        for name in scaled
    }
    encodings = json.loads(metadata.get("encodings", "{}"))
    return DenseModel(
        config=Config.from_metadata(metadata),
        vocabulary=vocabulary,
        weights={name: each.astype(np.float32, copy=False) for name, each in tensors.items()},
        name=metadata["name"],
        licence=metadata["licence"],
        source=metadata["source"],
        source_sha256=metadata["source_sha256"],
        encodings={name: Encoding(each) for name, each in encodings.items()},
        scales=scales,
    )


def _vocabulary(tensors: dict[str, npt.NDArray[Any]]) -> Vocabulary:
    """Takes its tables out of the tensors."""
    offsets = tensors.pop("tokenizer.token_offsets").tolist()
    data = tensors.pop("tokenizer.token_bytes").tobytes()
    merges = tensors.pop("tokenizer.merges").reshape(-1, 2)
    specials = tensors.pop("tokenizer.specials").tolist()
    tokens = [data[begin:end] for begin, end in itertools.pairwise(offsets)]
    common = tensors.pop("tokenizer.common", np.empty(0, np.uint32)).tolist()
    return Vocabulary(tokens, merges, specials, common)
