"""The file of an exported vector: docs/formats/statistics.md."""

import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from foretype.errors import DataError, ErrorCode
from foretype.model.atomic import atomic_write
from foretype.statistics.report import Report
from foretype.statistics.vector import LENGTH, Vector, from_vector, to_vector

MAGIC = b"FTSTATV\n"
VERSION = 1
_HEADER = struct.Struct("<8sIIII")  # magic, version, word starts, vocabulary, numbers
SIZE_BYTES = _HEADER.size + 4 * LENGTH + 4
_MOST_VOCABULARY = 1 << 24


@dataclass(frozen=True)
class Exported:
    """One window as it would leave the machine."""

    word_starts: int
    """How long the window is (Report.word_starts)."""
    vocabulary: int
    """Tokens of the model, which the buckets divide; 0 where no model was there."""
    vector: Vector
    """[LENGTH], finite."""

    @classmethod
    def of(cls, report: Report) -> "Exported":
        """What leaves of a report."""
        size = report.vocabulary.size if report.vocabulary else 0
        return cls(min(report.word_starts, 2**32 - 1), size, to_vector(report))

    def report(self) -> Report:
        """What a reader can tell from it."""
        return from_vector(self.vector, vocabulary=self.vocabulary)


def to_bytes(exported: Exported) -> bytes:
    """SIZE_BYTES bytes."""
    header = _HEADER.pack(MAGIC, VERSION, exported.word_starts, exported.vocabulary, LENGTH)
    body = header + exported.vector.astype("<f4").tobytes()
    return body + zlib.crc32(body).to_bytes(4, "little")


def from_bytes(data: bytes) -> Exported:
    """The inverse. Raises DataError, in one sentence, for anything else."""
    if data[:8] != MAGIC:
        raise DataError("It does not begin as exported statistics do.", code=ErrorCode.WRONG_FORMAT)
    if len(data) < _HEADER.size:
        raise DataError("It ends within its header.", code=ErrorCode.TRUNCATED)
    _, version, word_starts, vocabulary, length = _HEADER.unpack_from(data)
    if version != VERSION:
        raise DataError(
            f"Its version is {version}; this program reads version {VERSION}.",
            code=ErrorCode.WRONG_VERSION,
        )
    if length != LENGTH or len(data) != SIZE_BYTES:
        code = ErrorCode.TRUNCATED if len(data) < SIZE_BYTES else ErrorCode.CORRUPT
        raise DataError(f"It has {len(data)} bytes and not {SIZE_BYTES}.", code=code)
    if zlib.crc32(data[:-4]) != int.from_bytes(data[-4:], "little"):
        raise DataError("Its checksum is wrong.")
    vector = np.frombuffer(data[_HEADER.size : -4], "<f4").astype(np.float32)
    if not np.isfinite(vector).all() or vocabulary > _MOST_VOCABULARY:
        raise DataError("It holds numbers that are none.")
    return Exported(word_starts, vocabulary, vector)


def write_export(path: Path, report: Report) -> bytes:
    """Write the file and return its bytes. Raises StorageError."""
    data = to_bytes(Exported.of(report))
    with atomic_write(path) as file:
        file.write(data)
    return data


def read_export(path: Path) -> Exported:
    """Read the file. Raises DataError in one sentence."""
    try:
        with path.open("rb") as file:
            data = file.read(SIZE_BYTES + 1)
    except OSError as error:
        reason = error.strerror or str(error)
        raise DataError(f"Cannot read {path}: {reason}.", code=ErrorCode.WRONG_FORMAT) from None
    try:
        return from_bytes(data)
    except DataError as error:
        raise DataError(f"{path} cannot be used: {error}", code=error.code) from None
