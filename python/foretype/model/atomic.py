"""Write a file whole or not at all."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from foretype.errors import StorageError

PRIVATE = 0o600


class AtomicFile:
    """The open temporary file of `atomic_write`."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def write(self, data: bytes | memoryview) -> None:
        """Append `data`, all of it."""
        rest = memoryview(data).cast("B")
        while rest:
            rest = rest[os.write(self._descriptor, rest) :]

    def write_at(self, offset: int, data: bytes) -> None:
        """Overwrite bytes written before; the next `write` still goes to the end."""
        os.pwrite(self._descriptor, data, offset)


@contextmanager
def atomic_write(path: Path) -> Iterator[AtomicFile]:
    """Write beside `path`, then rename over it; on any failure `path` stays as it was.

    Raises StorageError if the folder or the disk does not take the file.
    """
    temporary = path.with_name(f".{path.name}.{os.urandom(6).hex()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL, PRIVATE)
        try:
            yield AtomicFile(descriptor)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        temporary.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        raise storage_error(path, error) from error
    finally:
        with suppress(OSError):
            temporary.unlink()


def storage_error(path: Path, error: OSError) -> StorageError:
    """The sentence for a write that failed."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StorageError(f"No space left to write {path}: free some, or choose another place.")
    return StorageError(f"Cannot write {path}: {error.strerror or error}.")


def _sync_folder(folder: Path) -> None:
    """Make the rename itself last through a power cut, where the system lets us."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
