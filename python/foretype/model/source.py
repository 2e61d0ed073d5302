"""What a conversion needs to know of a model, whatever kind of file it comes from."""

from typing import Protocol

from foretype.model.coded import CodedGroups, SparseGroups
from foretype.model.config import Config
from foretype.model.groups import Dense, Int4Groups, Int8Groups
from foretype.model.vocabulary import Vocabulary


class Source(Protocol):
    """A foreign model, opened. Matrices are given by our names (docs/formats/model.md).

    Every method raises ModelError if the file does not hold what it announces.
    """

    config: Config
    vocabulary: Vocabulary
    name: str
    licence: str
    narrows: bool  # whether a layer may have fewer FFN neurons than the configuration says
    others_bits: int | None  # of the embedding's rows of tokens that are not common; None: as all

    def matrix(self, name: str) -> Int4Groups | CodedGroups | SparseGroups:
        """A matrix of a layer, e.g. "layers.3.ffn.up"; query and key in half-split order."""
        ...

    def dense(self, name: str) -> Dense:
        """A matrix of a layer, or "embedding", in float32, as exact as the file has it."""
        ...

    def embedding(self) -> Int8Groups | CodedGroups:
        """Input embedding and output head, rows by token id."""
        ...

    def norm(self, name: str) -> Dense:
        """A norm's weights, e.g. "layers.3.ffn.norm" or "final_norm"."""
        ...

    def sha256(self) -> str:
        """Of the bytes the weights were read from."""
        ...
