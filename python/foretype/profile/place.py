"""Where a profile's files lie, and that nobody else can read them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import platformdirs

PROFILE_VARIABLE = "FORETYPE_PROFILE"
PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600

_ASIDE = "profile.damaged-"
_PART = ".profile."
_MINIBATCH = "statistics.minibatch."


def default_folder() -> Path:
    """The user's own profile folder; FORETYPE_PROFILE overrides it."""
    named = os.environ.get(PROFILE_VARIABLE)
    return Path(named) if named else Path(platformdirs.user_data_dir("foretype")) / "profile"


class Place:
    """The names of the files in one profile folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = folder / "profile.db"
        self.log = folder / "profile.db-wal"
        self.index = folder / "profile.db-shm"
        self.backup = folder / "profile.backup.db"
        self.lock = folder / "profile.lock"
        self.neurons = folder / "statistics.neurons"
        self.weeks = folder / "statistics.weeks"
        self.neurons_lock = folder / "statistics.lock"

    def prepare(self) -> None:
        """Make the folder, readable by its owner only. Raises OSError."""
        if not self.folder.is_dir():
            self.folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)

    def part(self, what: str) -> Path:
        """A new name for a file that is still being written; a crash leaves it to `clear_parts`."""
        return self.folder / f"{_PART}{what}.{os.urandom(6).hex()}.part"

    def clear_parts(self) -> None:
        """Remove what a crash left half-written. Only for who holds the lock."""
        for path in self.folder.glob(f"{_PART}*.part*"):
            path.unlink(missing_ok=True)

    def aside(self, now: datetime) -> Path:
        """A free name under which damaged files are set aside."""
        stem = f"{_ASIDE}{now:%Y-%m-%dT%H-%M-%S}"
        path = self.folder / f"{stem}.db"
        count = 1
        while any(self.folder.glob(f"{path.stem}.*")):
            count += 1
            path = self.folder / f"{stem}-{count}.db"
        return path

    def set_aside(self) -> Iterator[Path]:
        """The files that were set aside, oldest first."""
        yield from sorted(self.folder.glob(f"{_ASIDE}*"))

    def minibatch(self, number: int) -> Path:
        """A mini-batch that waits to be looked at; numbers rise with time."""
        return self.folder / f"{_MINIBATCH}{number:015d}"

    def minibatches(self) -> list[Path]:
        """The mini-batches that wait, oldest first."""
        found = self.folder.glob(f"{_MINIBATCH}*")
        return sorted(path for path in found if path.suffix[1:].isdecimal())

    def write(self, path: Path, data: bytes) -> None:
        """Make `path` hold `data`, whole or not at all. Raises OSError.

        Not synced: for what is no loss when a power cut takes it.
        """
        part = self.part(path.name)
        try:
            make_private(part)
            part.write_bytes(data)
            part.replace(path)
        except OSError:
            part.unlink(missing_ok=True)
            raise

    def remove_statistics(self) -> None:
        """Delete what was kept of the language model's units, and of weeks.

        The mini-batches go first: who sums them up looks afterwards whether they still stand.
        """
        for path in (*self.minibatches(), self.neurons, self.weeks):
            path.unlink(missing_ok=True)

    def file_bytes(self) -> int:
        """Bytes of all files of the profile."""
        total = 0
        kept = (self.database, self.log, self.index, self.backup, self.neurons, self.weeks)
        for path in (*kept, *self.minibatches(), *self.set_aside()):
            with suppress(OSError):
                total += path.stat().st_size
        return total


def make_private(path: Path) -> None:
    """Create `path` empty, or narrow its mode, so that its owner alone can read it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
    try:
        if os.name == "posix" and os.fstat(descriptor).st_mode & 0o077:
            os.fchmod(descriptor, PRIVATE_FILE)
    finally:
        os.close(descriptor)


def sync_file(path: Path) -> None:
    """Wait until the file's bytes are on the disk."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Make renames last through a power cut, where the system lets us."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
