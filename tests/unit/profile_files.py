"""What tests of a profile's files share."""

from __future__ import annotations

import os
import resource
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from scripted_core import ScriptedCore

from foretype.profile.opening import connect_later, open_place
from foretype.profile.place import Place
from foretype.profile.store import Store

NOBODY = 65534


class Clock:
    """Seconds since 1970, as a test wants them."""

    def __init__(self, now: float = 1_790_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def date(self) -> datetime:
        return datetime.fromtimestamp(self.now)


def open_store(folder: Path, core: ScriptedCore, clock: Clock | None = None) -> Store:
    """A store without a thread: the test says when it writes."""
    clock = clock or Clock()
    place = Place(folder)
    opened = open_place(place, core, read_only=False, now=datetime.fromtimestamp(clock()))
    assert not opened.read_only
    return Store(
        place,
        core,
        opened.saved,
        opened.trouble,
        connect=lambda last: connect_later(place, last),
        connection=opened.connection,
        rewrite=opened.rewrite,
        clock=clock,
    )


def reopened(folder: Path) -> ScriptedCore:
    """What a program that starts now would know."""
    core = ScriptedCore()
    open_store(folder, core).close()
    return core


def crash(store: Store) -> None:
    """The process is gone: nothing is written any more, and the system gives back the lock."""
    assert store._lock is not None
    os.close(store._lock._descriptor or -1)
    store._lock._descriptor = None
    store._closed = True


def files_holding(folder: Path, part: bytes) -> list[str]:
    """The files in which these bytes stand, in any case form of ASCII."""
    return [p.name for p in sorted(folder.iterdir()) if part.lower() in p.read_bytes().lower()]


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """No file of this process can be written beyond `size` bytes: a disk that is full there."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@contextmanager
def folder_of_nobody() -> Iterator[Path]:
    """A folder, and this process as a user whom file modes bind; root would not be bound."""
    folder = Path(tempfile.mkdtemp())
    try:
        if os.geteuid() == 0:
            os.chown(folder, NOBODY, NOBODY)
            os.seteuid(NOBODY)
        yield folder
    finally:
        if os.getuid() == 0:
            os.seteuid(0)
        folder.chmod(0o700)
        shutil.rmtree(folder)
