"""A model container opened: checked, and mapped into memory without being read."""

import hashlib
import mmap
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from foretype import _core
from foretype.errors import ErrorCode, ModelError
from foretype.model.checksum import UNSET_CHECKSUM, checksum_offset
from foretype.model.pin import SHIPPED
from foretype.model.places import how_to_restore, is_shipped

ADVICE = {
    ErrorCode.WRONG_FORMAT: "GGUF files and Hugging Face folders become one with: "
    "foretype model convert",
    ErrorCode.UNSUPPORTED: "Use the default one, which comes with Foretype, or another: "
    "foretype model convert",
}
MAKE_AGAIN = "Make it again with: foretype model convert"
NAME_ANOTHER = "Name another, or none: the default one comes with Foretype."
COMPLAINT = {
    ErrorCode.TRUNCATED: "is truncated",
    ErrorCode.CORRUPT: "is damaged",
    ErrorCode.WRONG_FORMAT: "is not a Foretype model",
    ErrorCode.WRONG_VERSION: "is of another version",
    ErrorCode.UNSUPPORTED: "cannot be run",
}


@dataclass(frozen=True)
class MappedModel:
    """A valid container. `buffer` is read-only, page-aligned and stays mapped until `close`.

    Closing while the engine still uses the buffer raises BufferError; the pages then stay.
    """

    path: Path
    buffer: mmap.mmap

    def header(self) -> bytes:
        """The safetensors header's JSON."""
        size = int.from_bytes(self.buffer[:8], "little")
        return self.buffer[8 : 8 + size]

    def check_checksum(self) -> None:
        """Read the whole file; ModelError, CORRUPT, if any byte is not what was written.

        The default model must also be the one that this version of Foretype ships.
        """
        start = self.buffer[: 8 + len(self.header())]
        place = checksum_offset(start)
        if place < 0:
            raise model_error(self.path, ErrorCode.CORRUPT, "it has no checksum")
        end = place + len(UNSET_CHECKSUM)
        digest = hashlib.sha256(start[:place] + UNSET_CHECKSUM.encode() + start[end:])
        with memoryview(self.buffer) as view:
            digest.update(view[len(start) :])
        if digest.hexdigest().encode() != start[place:end]:
            raise model_error(self.path, ErrorCode.CORRUPT, "its checksum is wrong")
        if is_shipped(self.path) and digest.hexdigest() != SHIPPED.sha256:
            raise model_error(self.path, ErrorCode.CORRUPT, "it is another version's model")

    def close(self) -> None:
        """Unmap the file."""
        self.buffer.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def open_model(path: Path) -> MappedModel:
    """Open a container whose header, shapes and tables are valid (the weights are not read).

    Raises ModelError if it is not there, not a model, damaged, or of another version.
    """
    model = MappedModel(path, _map(path))
    try:
        _core.parse_model(model.buffer)
    except ModelError as error:
        model.close()
        raise model_error(path, error.code, str(error)) from error
    return model


def model_error(path: Path, code: ErrorCode, detail: str) -> ModelError:
    """The sentence about a container that was refused."""
    advice = how_to_restore(path) or ADVICE.get(code, MAKE_AGAIN)
    return ModelError(f"{path} {COMPLAINT[code]}: {detail}. {advice}", code=code)


def _map(path: Path) -> mmap.mmap:
    try:
        with path.open("rb") as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except FileNotFoundError as error:
        advice = how_to_restore(path) or NAME_ANOTHER
        raise ModelError(
            f"There is no model at {path}. {advice}", code=ErrorCode.WRONG_FORMAT
        ) from error
    except ValueError as error:  # an empty file cannot be mapped
        raise model_error(path, ErrorCode.TRUNCATED, "it is empty") from error
    except OSError as error:
        raise ModelError(f"Cannot read {path}: {error.strerror}.") from error
