"""One open profile on disk: what is kept of the core, when it is written, what is wiped."""

from __future__ import annotations

import os
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime
from typing import TypeVar

from foretype.errors import StorageError
from foretype.profile import minibatches, weeks
from foretype.profile.core import Core, Sections
from foretype.profile.database import Damage, Database
from foretype.profile.forgetting import Drop
from foretype.profile.image import read_image
from foretype.profile.lock import Lock
from foretype.profile.minibatches import MiniBatch
from foretype.profile.place import Place
from foretype.profile.queue import Queue
from foretype.profile.records import Pending, Row, Saved, Section, to_ms
from foretype.profile.recover import Recovered, rebuild, recover
from foretype.profile.trouble import Trouble
from foretype.profile.whole_file import write_whole

KEEP_MS = 24 * 3600 * 1000  # how long the journal is kept for taking back what was learned
KEEP_BYTES = 2 << 20  # and how much of it: a few bytes for each n-gram of a large profile

# The snapshot is made anew when the journal behind it is a sixteenth of it, within these bounds:
# doing so much again takes ten of the opening's hundred milliseconds.
LEAST_JOURNAL = 4 << 10
MOST_JOURNAL = 64 << 10

Result = TypeVar("Result")


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
        self._found_last = saved.last
        self._queue = Queue(core, saved.last, clock)
        self._tally = core.tally()
        self._snapshot = saved.snapshot
        self._snapshot_bytes = sum(len(section.data) for section in saved.sections)
        self._journal_bytes = sum(len(row.ops) for row in saved.unsaved)
        self._written = _checksums((s.name, s.data) for s in saved.sections)
        self._drops: list[Drop] = []
        self._drop_files = False
        self._compaction_due = rewrite
        self._log_used = False
        self._verified = False
        self._closed = False

    def write(self) -> bool:
        """Write what was learned since the last time. False if it has to be tried again."""
        with self._disk:
            self._queue.drain()
            if self._compaction_due and self._attempt(self._compact):
                return True
            # A disk too full for a snapshot may have room for a second of typing; but where rows
            # were dropped, those behind them would stand behind a gap.
            written = not self._queue or (not self._drops and self._attempt(self._append))
            return written and not self._compaction_due

    def rest(self) -> bool:
        """Empty the write-ahead log; keep what was counted meanwhile."""
        with self._disk:
            well = self.write() and self._keep_counts()
            self._keep_statistics()
            return well and (not self._log_used or self._attempt(self._checkpoint))

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
            self._must(self._attempt(self._compact))

    def forget(self, act: Callable[[], Result], drop: Drop, *, files: bool = False) -> Result:
        """Do `act` in the core, then rewrite every file so that none holds what it removed.

        `drop` chooses the journal rows that hold it; `files` forgets which texts were learned.
        Raises StorageError if that is not done yet: the core has forgotten, the disk is tried
        again.
        """
        with self._disk:
            self.write()  # the rest takes longer than what was typed last should wait
            result = act()
            self._queue.forget(drop, digests=files)
            self._drops.append(drop)
            self._drop_files |= files
            self._must(
                self._attempt(self._compact),
                "It is forgotten, but still lies in the profile's files. ",
            )
            return result

    def change(self, act: Callable[[], Result]) -> Result:
        """Do something in the core that its operations do not tell, and write everything anew."""
        with self._disk:
            self.write()
            result = act()
            self._must(self._attempt(self._compact))
            return result

    def rows(self, since_ms: int) -> list[Row]:
        """The operations kept from that time on."""
        with self._disk:
            self._queue.drain()
            kept = self._database.rows(since_ms) if self._database else []
            return kept + [row for row in self._queue.peek().rows if row.time_ms >= since_ms]

    @property
    def complete_since_ms(self) -> int:
        """Every operation of that time or later is kept."""
        with self._disk:
            return self._database.complete_since_ms if self._database else 0

    def learned_files(self) -> set[bytes]:
        """Digests of the texts that were learned from files."""
        with self._disk:
            kept = self._database.digests() if self._database else set()
            return kept | set(self._queue.peek().digests)

    def mark_learned(self, digest: bytes) -> None:
        """Keep, together with what was learned until now, that this text was. Does not wait."""
        self._queue.mark(digest)

    def close(self) -> None:
        """Write everything and give the profile back. Raises StorageError if that failed."""
        with self._disk:
            if self._closed or os.getpid() != self._owner:
                return
            try:
                self._must(self.write())
                self._keep_statistics()
                if self._wants_compaction() or self._snapshot == 0 < self._queue.last:
                    self._attempt(self._compact)  # without it the next opening replays more
                else:
                    self._keep_counts()
            finally:
                self._closed = True
                self._disconnect()

    def _keep_counts(self) -> bool:
        """The snapshot's sections that no operation tells of, if they changed."""
        if self._snapshot == 0 or self._compaction_due:
            return True
        new = self._core.save_counts()
        return _checksums(new) <= self._written or self._attempt(
            lambda database: self._refresh(database, new)
        )

    def _refresh(self, database: Database, counts: Sections) -> None:
        database.refresh(Section(name, self._snapshot, data) for name, data in counts)
        names = {name for name, _ in counts}
        kept = {each for each in self._written if each[0] not in names}
        self._written = kept | _checksums(counts)
        self._log_used = True

    def _keep_statistics(self) -> None:
        """Statistics are no reason to trouble anybody: what cannot be written is lost."""
        if self._lock is None:
            return
        batches = [MiniBatch(*each) for each in self._core.take_signatures()]
        with suppress(OSError):
            minibatches.keep(self.place, batches, now_ms=to_ms(self._clock()))
        with suppress(OSError):
            self._keep_week()

    def _keep_week(self) -> None:
        totals = self._core.tally()
        if totals == self._tally:
            return
        weeks.keep(self.place, totals, today=date.fromtimestamp(self._clock()))
        self._tally = totals

    def _append_new(self, database: Database) -> None:
        """Between the long steps of a compaction: what is typed meanwhile must not wait for all."""
        self._queue.drain()
        if self._queue:
            self._append(database)

    def _append(self, database: Database) -> None:
        with self._taken() as waiting:
            database.append(waiting)
        self._journal_bytes += sum(len(row.ops) for row in waiting.rows)
        self._log_used = True

    @contextmanager
    def _taken(self) -> Iterator[Pending]:
        """What waits, which waits again if writing it fails."""
        waiting = self._queue.take()
        try:
            yield waiting
        except BaseException:
            self._queue.put_back(waiting)
            raise

    def _checkpoint(self, database: Database) -> None:
        database.checkpoint()
        self._log_used = False

    def _compact(self, database: Database) -> None:
        self._compaction_due = True
        if not self._drops:
            self._append_new(database)
        wiping = bool(self._drops) or database.wipe_due
        if wiping:
            self._remove_copies()
        self._core.make_room()
        sections = self._snapshot_now()
        with self._taken() as waiting:
            database.replace(
                sections,
                waiting,
                drop=self._is_forgotten if self._drops else None,
                drop_files=self._drop_files,
            )
        self._drops.clear()
        self._drop_files = False
        self._append_new(database)
        if wiping:
            database.wipe()
        database.checkpoint()
        self._append_new(database)
        self._back_up(database, sections)
        if wiping:
            database.wiped()
        self._trim(database)
        self._compaction_due = self._log_used = False

    def _is_forgotten(self, row: Row) -> bool:
        return any(drop(row) for drop in self._drops)

    def _snapshot_now(self) -> tuple[Section, ...]:
        number, parts = self._queue.drain_with_snapshot()
        self._snapshot = number
        self._snapshot_bytes = sum(len(data) for _, data in parts)
        self._journal_bytes = 0
        self._written = _checksums(parts)
        return tuple(Section(name, number, data) for name, data in parts)

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
        if self._drop_files:
            self.place.remove_statistics()
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
            if self._closed:
                raise StorageError(f"The profile {self.place.folder} is closed.")
            try:
                step(self._open_database())
            except Damage:
                self._heal()
        except Exception as error:  # whatever it is, typing goes on and the next attempt is made
            self.trouble.failing(_sentence(error))
            return False
        self.trouble.mended()
        return True

    def _open_database(self) -> Database:
        if self._lock is None:
            self._lock, self._database = self._connect(self._found_last)
        if self._database is None:  # after a failed attempt to write damaged files anew
            self._database = Database.open(self.place.database)
        if not self._database.is_in_place():
            raise Damage("the file was removed")
        return self._database

    def _heal(self) -> None:
        """The files turn out to be damaged or gone while the core is whole: write them anew."""
        if self._database is not None:
            with suppress(Damage, StorageError):
                self._database.close()
            self._database = None
        found = recover(self.place)
        sections = self._snapshot_now()
        with self._taken() as waiting:
            rows = {row.number: row for row in (*found.saved.rows, *waiting.rows)}
            kept = [row for _, row in sorted(rows.items()) if not self._is_forgotten(row)]
            whole = Recovered(
                Saved(sections, tuple(kept)),
                found.meta,
                [*found.digests, *waiting.digests],
                lost="",
                backup_damaged=found.backup_damaged,
            )
            aside = rebuild(self.place, whole, datetime.fromtimestamp(self._clock()))
        self.trouble.found(whole.sentence(self.place.database, aside))
        self._database = Database.open(self.place.database)
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


def _checksums(sections: Iterable[tuple[str, bytes]]) -> set[tuple[str, int]]:
    return {(name, zlib.crc32(data)) for name, data in sections}


def _sentence(error: Exception) -> str:
    if isinstance(error, StorageError):
        return str(error)
    if isinstance(error, OSError):
        return f"Cannot write {error.filename or 'the profile'}: {error.strerror or error}."
    return f"Cannot write the profile: {error or type(error).__name__}."
