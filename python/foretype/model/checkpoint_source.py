"""A dense checkpoint as a Source: each matrix in the encoding that the checkpoint asks for."""

import hashlib
from pathlib import Path

from foretype.model.coded import CodedGroups, SparseGroups, kept_blocks, quantize_coded
from foretype.model.dense_model import EMBEDDING, OTHERS, DenseModel, Encoding, read_dense
from foretype.model.groups import Dense, Int4Groups, Int8Groups, quantize_int4, quantize_int8


class CheckpointSource:
    """Reads one file, all of it. A DenseModel in memory may be given instead of reading it."""

    def __init__(self, path: Path, model: DenseModel | None = None) -> None:
        self._path = path
        self._model = model or read_dense(path)
        self.config = self._model.config
        self.vocabulary = self._model.vocabulary
        self.name = self._model.name
        self.licence = self._model.licence
        self.narrows = True
        others = self._model.encodings.get(OTHERS)
        self.others_bits = others.bits if others else None

    def matrix(self, name: str) -> Int4Groups | CodedGroups | SparseGroups:
        """On the levels that compression chose, where it did; else quantised here."""
        encoding = self._model.encoding(name)
        if not encoding.coded:
            return quantize_int4(self._model.weights[name], name=name)
        coded = self._coded(name)
        if encoding is not Encoding.SPARSE_4:
            return coded
        return SparseGroups(coded, kept_blocks(self._model.weights[name]))

    def _coded(self, name: str) -> CodedGroups:
        weights, bits = self._model.weights[name], self._model.encoding(name).bits
        scales = self._model.scales.get(name)
        if scales is None:
            return quantize_coded(weights, bits, name=name)
        q = scales.codes(weights, bits)
        return CodedGroups(bits, q, scales.group_scale, scales.row_scale)

    def dense(self, name: str) -> Dense:
        """As it stands."""
        return self._model.weights[name]

    def embedding(self) -> Int8Groups | CodedGroups:
        """Likewise."""
        if self._model.encoding(EMBEDDING).coded:
            return self._coded(EMBEDDING)
        return quantize_int8(self._model.weights[EMBEDDING], name=EMBEDDING)

    def norm(self, name: str) -> Dense:
        """As it stands."""
        return self._model.weights[name]

    def sha256(self) -> str:
        """Of the whole file."""
        with self._path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
