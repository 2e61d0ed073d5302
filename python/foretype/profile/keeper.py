"""What becomes of what the core learns: it goes to files, or it goes when the program ends."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from foretype.errors import StorageError
from foretype.profile.core import Core
from foretype.profile.forgetting import Drop
from foretype.profile.opening import connect_later, open_place
from foretype.profile.place import Place
from foretype.profile.records import Row, to_ms
from foretype.profile.store import KEEP_BYTES, KEEP_MS, Store
from foretype.profile.trouble import Trouble
from foretype.profile.writer import Writer

Result = TypeVar("Result")


class Keeper:
    """In memory: the operations of the last day are kept, so that they can be taken back.

    The other kinds of keeper differ in where they keep.
    """

    read_only = False
    folder: Path | None = None

    def __init__(self, core: Core) -> None:
        self._core = core
        self._rows: list[Row] = []
        self._bytes = 0
        self._complete_since_ms = 0
        self._files: set[bytes] = set()

    @property
    def trouble(self) -> str | None:
        """One sentence on what cannot be kept, or what was found at opening."""
        return None

    def touch(self) -> None:
        """Something may have been learned. On the typing path: no waiting."""

    def hurry(self) -> None:
        """A message is finished. On the typing path: no waiting."""
        self._take()

    def flush(self) -> None:
        """Wait until what was learned is kept."""
        self._take()

    def compact(self) -> None:
        """Make room."""
        self._core.make_room()

    def forget(self, act: Callable[[], Result], drop: Drop, *, files: bool = False) -> Result:
        """Do `act`, which forgets in the core, and keep no row that holds what it forgot."""
        self._take()
        result = act()
        kept = [row for row in self._rows if not drop(row)]
        if len(kept) < len(self._rows):
            self._complete_since_ms = max(row.time_ms for row in self._rows if drop(row)) + 1
        self._rows = kept
        self._bytes = sum(len(row.ops) for row in kept)
        if files:
            self._files.clear()
        return result

    def change(self, act: Callable[[], Result]) -> Result:
        """Do something that the core's operations do not tell."""
        return act()

    def rows(self, since_ms: int) -> list[Row]:
        """The operations kept from that time on."""
        self._take()
        return [row for row in self._rows if row.time_ms >= since_ms]

    @property
    def complete_since_ms(self) -> int:
        """Every operation of that time or later is kept."""
        return self._complete_since_ms

    def learned_files(self) -> set[bytes]:
        """Digests of the texts that were learned from files."""
        return set(self._files)

    def mark_learned(self, digest: bytes) -> None:
        """Keep that the text of this digest was learned."""
        self._files.add(digest)

    def set_aside(self) -> tuple[str, ...]:
        """Names of damaged files that were set aside."""
        return ()

    def file_bytes(self) -> int:
        """Bytes on disk."""
        return 0

    def close(self) -> None:
        """Nothing is kept behind this."""

    def _take(self) -> None:
        ops = self._core.drain()
        if not ops:
            return
        now = to_ms(time.time())
        self._rows.append(Row(len(self._rows), now, ops))
        self._bytes += len(ops)
        while self._rows and (self._bytes > KEEP_BYTES or self._rows[0].time_ms < now - KEEP_MS):
            gone = self._rows.pop(0)
            self._bytes -= len(gone.ops)
            self._complete_since_ms = gone.time_ms + 1


class ReadingKeeper(Keeper):
    """A profile that another process writes: what is learned here goes when the program ends."""

    read_only = True

    def __init__(self, core: Core, place: Place, trouble: Trouble) -> None:
        super().__init__(core)
        core.keep_journal(False)
        self.folder = place.folder
        self._place = place
        self._trouble = trouble

    @property
    def trouble(self) -> str | None:
        """Who writes it."""
        return self._trouble.sentence

    def forget(self, act: Callable[[], Result], drop: Drop, *, files: bool = False) -> Result:
        """Refused: it would come back."""
        raise self._refusal()

    def change(self, act: Callable[[], Result]) -> Result:
        """Refused, as for `forget`."""
        raise self._refusal()

    def compact(self) -> None:
        """Refused."""
        raise self._refusal()

    def set_aside(self) -> tuple[str, ...]:
        """Names of damaged files that were set aside."""
        return tuple(path.name for path in self._place.set_aside())

    def file_bytes(self) -> int:
        """Bytes on disk."""
        return self._place.file_bytes()

    def _refusal(self) -> StorageError:
        reason = self._trouble.sentence or f"The profile {self.folder} was opened to be read only."
        return StorageError(f"{reason} Nothing was changed.")


class FileKeeper(Keeper):
    """A profile in files, written by a thread of its own."""

    def __init__(self, store: Store) -> None:
        self.folder = store.place.folder
        self._store = store
        self._writer = Writer(store)
        self._writer.start()

    @property
    def trouble(self) -> str | None:
        """What cannot be written, or what was found at opening."""
        return self._store.trouble.sentence

    def touch(self) -> None:
        """Written within two seconds."""
        self._writer.touch()

    def hurry(self) -> None:
        """Written at once, without waiting for it."""
        self._writer.hurry()

    def flush(self) -> None:
        """Wait until everything is on the disk. Raises StorageError if it cannot be."""
        self._store.flush()

    def compact(self) -> None:
        """Make room and the files anew. Raises StorageError."""
        self._store.compact()

    def forget(self, act: Callable[[], Result], drop: Drop, *, files: bool = False) -> Result:
        """See Store.forget."""
        return self._store.forget(act, drop, files=files)

    def change(self, act: Callable[[], Result]) -> Result:
        """See Store.change."""
        return self._store.change(act)

    def rows(self, since_ms: int) -> list[Row]:
        """The operations kept from that time on."""
        return self._store.rows(since_ms)

    @property
    def complete_since_ms(self) -> int:
        """Every operation of that time or later is kept."""
        return self._store.complete_since_ms

    def learned_files(self) -> set[bytes]:
        """Digests of the texts that were learned from files."""
        return self._store.learned_files()

    def mark_learned(self, digest: bytes) -> None:
        """Kept in one step with what was learned until now. Waits for nothing."""
        self._store.mark_learned(digest)
        self._writer.touch()

    def set_aside(self) -> tuple[str, ...]:
        """Names of damaged files that were set aside."""
        return tuple(path.name for path in self._store.place.set_aside())

    def file_bytes(self) -> int:
        """Bytes on disk."""
        return self._store.place.file_bytes()

    def close(self) -> None:
        """Write the rest, give the lock back. Raises StorageError if something was not written."""
        self._writer.stop()
        self._store.close()


def open_keeper(core: Core, folder: Path, *, read_only: bool) -> Keeper:
    """Read the profile in `folder` into an empty core and keep what it learns from here on.

    Raises ProfileError for a profile of a newer version.
    """
    place = Place(folder)
    opened = open_place(place, core, read_only=read_only, now=datetime.now())
    if opened.read_only:
        return ReadingKeeper(core, place, opened.trouble)
    store = Store(
        place,
        core,
        opened.saved,
        opened.trouble,
        connect=lambda last: connect_later(place, last),
        connection=opened.connection,
        rewrite=opened.rewrite,
    )
    keeper = FileKeeper(store)
    if opened.rewrite:
        keeper.hurry()
    return keeper
