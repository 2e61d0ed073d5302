"""One writer for each profile: a lock that the system gives back when its holder dies."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

from foretype.profile.place import PRIVATE_FILE

_PID_BYTES = 20  # what the file holds: digits; the locked byte on Windows lies behind them


class Held(Exception):
    """Somebody else has the lock."""


class Lock:
    """The right to write one profile, until `release` or the end of the process."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor

    @classmethod
    def acquire(cls, path: Path) -> Lock:
        """Take the lock at once. Raises Held, or OSError where no file can be made."""
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
        try:
            _lock(descriptor)
            os.ftruncate(descriptor, 0)
            os.write(descriptor, str(os.getpid()).encode())
        except BaseException:
            os.close(descriptor)
            raise
        return cls(descriptor)

    def release(self) -> None:
        """Give it back, once; the file stays, as removing it could race with who comes next."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is None:
            return
        with suppress(OSError):
            os.ftruncate(descriptor, 0)
        os.close(descriptor)


def holder(path: Path) -> int | None:
    """Process number of who holds the lock, as far as it has said so."""
    try:
        return int(path.read_bytes()[:_PID_BYTES])
    except (OSError, ValueError):
        return None


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        os.lseek(descriptor, _PID_BYTES, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            raise Held from None
        os.lseek(descriptor, 0, os.SEEK_SET)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Held from None
