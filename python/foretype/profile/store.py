"""One open profile on disk: what is kept of the core, when it is written, what is wiped."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from typing import TypeVar

from foretype.errors import StorageError
from foretype.profile.core import Core, Sections
from foretype.profile.database import Damage, Database
from foretype.profile.image import read_image
from foretype.profile.lock import Lock
from foretype.profile.place import Place
from foretype.profile.records import Pending, Row, Saved, Section, to_ms
from foretype.profile.recover import Recovered, rebuild, recover
from foretype.profile.trouble import Trouble
from foretype.profile.whole_file import write_whole

KEEP_MS = 24 * 3600 * 1000  # how long the journal is kept for taking back what was learned
KEEP_BYTES = 2 << 20  # and how much of it: a few bytes for each n-gram of a large profile

# The snapshot is made anew when the journal behind it is a sixteenth of it, within these bounds:
# reading so much more takes a few milliseconds of the opening's hundred.
LEAST_JOURNAL = 4 << 10
MOST_JOURNAL = 256 << 10

Result = TypeVar("Result")
Drop = Callable[[Row], bool]


class Store:
    """Writes one core's profile. Whoever is not the typing thread may wait here for the disk.

    `lock` and `database` are None while the folder cannot be written: then everything waits in
    memory, and each write tries `connect` first.
    """

    def __init__(
        self,
        place: Place,
        core: Core,
        saved: Saved,
        trouble: Trouble,
        *,
        connect: Callable[[int], tuple[Lock, Database]],
        connection: tuple[Lock, Database] | None,
        rewrite: bool = False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.place = place
        self.trouble = trouble
        self._core = core
        self._connect = connect
        self._lock: Lock | None = None
        self._database: Database | None = None
        if connection is not None:
            self._lock, self._database = connection
        self._clock = clock
        self._disk = threading.RLock()
        self._owner = os.getpid()
        self._last = self._found_last = saved.last
        self._snapshot = saved.snapshot
        self._snapshot_bytes = sum(len(section.data) for section in saved.sections)
        self._journal_bytes = sum(len(row.ops) for row in saved.unsaved)
        self._pending = Pending()
        self._drops: list[Drop] = []
        self._drop_files = False
        self._compaction_due = rewrite
        self._log_used = False
        self._verified = False
        self._closed = False

    def write(self) -> bool:
        """Write what was learned since the last time. False if it has to be tried again."""
        with self._disk:
            self._take()
            if self._compaction_due:
                return self._attempt(self._compact)
            return not self._pending or self._attempt(self._append)

    def rest(self) -> bool:
        """Empty the write-ahead log."""
        with self._disk:
            if not self.write() or not self._log_used:
                return not self._pending
            return self._attempt(self._checkpoint)

    def idle(self) -> bool:
        """Make the snapshot anew if the journal has grown; once, look whether all is whole."""
        with self._disk:
            well = self.write()
            if well and not self._verified:
                well = self._attempt(self._verify)
            if well and self._wants_compaction():
                well = self._attempt(self._compact)
            return well

    def flush(self) -> None:
        """Wait until all is written. Raises StorageError if it cannot be."""
        with self._disk:
            self._must(self.write())

    def compact(self) -> None:
        """Make room, and the snapshot anew, and its copy. Raises StorageError."""
        with self._disk:
            self._take()
            self._must(self._attempt(self._compact))

    def forget(self, act: Callable[[], Result], drop: Drop, *, files: bool = False) -> Result:
        """Do `act` in the core, then rewrite every file so that none holds what it removed.

        `drop` chooses the journal rows that hold it; `files` forgets which files were learned.
        Raises StorageError if that is not done yet: the core has forgotten, the disk is tried
        again.
        """
        with self._disk:
            self._take()
            result = act()
            self._drops.append(drop)
            self._drop_files |= files
            if files:
                self._pending.digests.clear()
            self._pending.rows[:] = [row for row in self._pending.rows if not drop(row)]
            self._must(
                self._attempt(self._compact),
                "It is forgotten, but still lies in the profile's files. ",
            )
            return result

    def change(self, act: Callable[[], Result]) -> Result:
        """Do something in the core that its operations do not tell, and write everything anew."""
        with self._disk:
            self._take()
            result = act()
            self._must(self._attempt(self._compact))
            return result

    def rows(self, since_ms: int) -> list[Row]:
        """The operations kept from that time on."""
        with self._disk:
            self._take()
            kept = self._database.rows(since_ms) if self._database else []
            return kept + [row for row in self._pending.rows if row.time_ms >= since_ms]

    @property
    def complete_since_ms(self) -> int:
        """Every operation of that time or later is kept."""
        with self._disk:
            return self._database.complete_since_ms if self._database else 0

    def learned_files(self) -> set[bytes]:
        """Digests of the files that were learned."""
        with self._disk:
            kept = self._database.digests() if self._database else set()
            return kept | set(self._pending.digests)

    def mark_learned(self, digests: Iterable[bytes]) -> None:
        """Keep, together with what was learned until now, that these files were."""
        with self._disk:
            self._take()
            self._pending.digests.extend(digests)

    def close(self) -> None:
        """Write everything and give the profile back. Raises StorageError if that failed."""
        with self._disk:
            if self._closed or os.getpid() != self._owner:
                return
            self._closed = True
            try:
                well = self.write()
                if well and (self._wants_compaction() or self._snapshot == 0 < self._last):
                    well = self._attempt(self._compact)
                self._must(well)
            finally:
                self._disconnect()

    def _take(self) -> None:
        """Make a journal row of what the core has learned."""
        self._push(self._core.drain())

    def _push(self, ops: bytes) -> None:
        if ops:
            self._last += 1
            self._pending.rows.append(Row(self._last, to_ms(self._clock()), ops))

    def _append(self, database: Database) -> None:
        database.append(self._pending)
        self._journal_bytes += sum(len(row.ops) for row in self._pending.rows)
        self._pending.clear()
        self._log_used = True

    def _checkpoint(self, database: Database) -> None:
        database.checkpoint()
        self._log_used = False

    def _compact(self, database: Database) -> None:
        self._compaction_due = True
        wiping = bool(self._drops) or database.wipe_due
        if wiping:
            self._remove_copies()
        self._core.make_room()
        sections = self._snapshot_now()
        drops, files = tuple(self._drops), self._drop_files
        database.replace(
            sections,
            self._pending,
            drop=(lambda row: any(drop(row) for drop in drops)) if drops else None,
            drop_files=files,
        )
        self._pending.clear()
        self._drops.clear()
        self._drop_files = False
        if wiping:
            database.wipe()
        database.checkpoint()
        self._back_up(database, sections)
        if wiping:
            database.wiped()
        self._trim(database)
        self._compaction_due = self._log_used = False

    def _snapshot_now(self) -> tuple[Section, ...]:
        ops, parts = self._core.checkpoint()
        self._push(ops)
        self._snapshot = self._last
        self._snapshot_bytes = sum(len(data) for _, data in parts)
        self._journal_bytes = 0
        return _numbered(parts, self._last)

    def _back_up(self, database: Database, sections: tuple[Section, ...]) -> None:
        place = self.place
        write_whole(place.backup, place.part("backup"), Saved(sections), meta={})
        database.set_backed_up(sections[0].number if sections else 0)

    def _trim(self, database: Database) -> None:
        database.trim(
            before_ms=to_ms(self._clock()) - KEEP_MS,
            most_bytes=KEEP_BYTES,
            up_to=min(self._snapshot, database.backed_up),
        )
        database.checkpoint()

    def _remove_copies(self) -> None:
        """Delete every file that may hold what was forgotten and cannot be rewritten."""
        for path in (self.place.backup, *self.place.set_aside()):
            path.unlink(missing_ok=True)
        self.place.clear_parts()

    def _verify(self, database: Database) -> None:
        """Look at what opening had no time for: unused pages, and the copy."""
        database.check()
        self._verified = True
        copy = read_image(self.place.backup)
        if self._snapshot and (copy.damaged or copy.saved().snapshot != self._snapshot):
            self._back_up(database, database.read().sections)

    def _wants_compaction(self) -> bool:
        limit = min(max(self._snapshot_bytes // 16, LEAST_JOURNAL), MOST_JOURNAL)
        return self._journal_bytes > limit

    def _attempt(self, step: Callable[[Database], None]) -> bool:
        """Do a step on the database; what fails is said once and left to the next attempt."""
        try:
            if self._database is None:
                self._lock, self._database = self._connect(self._found_last)
            try:
                step(self._database)
            except Damage:
                self._heal()
        except Exception as error:  # whatever it is, typing goes on and the next attempt is made
            self.trouble.failing(_sentence(error))
            return False
        self.trouble.mended()
        return True

    def _heal(self) -> None:
        """The files turn out to be damaged while the core is whole: write them anew from it."""
        if self._database is not None:
            with suppress(Damage, StorageError):
                self._database.close()
            self._database = None
        found = recover(self.place)
        sections = self._snapshot_now()
        rows = {row.number: row for row in (*found.saved.rows, *self._pending.rows)}
        kept = [row for _, row in sorted(rows.items()) if not any(d(row) for d in self._drops)]
        whole = Recovered(
            Saved(sections, tuple(kept)), found.meta, found.digests, "", found.backup_damaged
        )
        aside = rebuild(self.place, whole, datetime.fromtimestamp(self._clock()))
        self.trouble.found(whole.sentence(self.place.database, aside))
        self._database = Database.open(self.place.database)
        self._pending.rows.clear()
        self._compact(self._database)

    def _must(self, well: bool, before: str = "") -> None:
        if not well:
            raise StorageError(before + (self.trouble.sentence or ""))

    def _disconnect(self) -> None:
        if self._database is not None:
            with suppress(Damage, StorageError):
                self._database.close()
        if self._lock is not None:
            self._lock.release()
        self._database = self._lock = None


def _numbered(parts: Sections, number: int) -> tuple[Section, ...]:
    return tuple(Section(name, number, data) for name, data in parts)


def _sentence(error: Exception) -> str:
    if isinstance(error, StorageError):
        return str(error)
    if isinstance(error, OSError):
        return f"Cannot write {error.filename or 'the profile'}: {error.strerror or error}."
    return f"Cannot write the profile: {error or type(error).__name__}."
