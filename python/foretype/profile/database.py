"""The SQLite file of a profile: what is asked of it, and what its failures mean."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from foretype.errors import StorageError
from foretype.profile.place import make_private
from foretype.profile.records import Pending, Row, Saved, Section
from foretype.profile.schema import PAGE_SIZE, migrate

# How long a write waits for a second process that is reading, in seconds: it reads for some 50 ms.
PATIENCE_S = 2.0

# Without these nothing is kept for sure, and nothing forgotten for sure. A temporary table would
# lie in another folder, so it lies in memory. A log that outgrows its limit is cut.
_SETTINGS = (
    f"PRAGMA page_size = {PAGE_SIZE}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cell_size_check = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA wal_autocheckpoint = 128",
    "PRAGMA journal_size_limit = 1048576",
)

_BROKEN = {1, 11, 26}  # SQLITE_ERROR (a table is missing), SQLITE_CORRUPT, SQLITE_NOTADB
_REASONS = {
    5: "another program is using it",  # SQLITE_BUSY
    6: "another program is using it",  # SQLITE_LOCKED
    8: "it, or its disk, is read-only",  # SQLITE_READONLY
    10: "the disk reports an error or is full",  # SQLITE_IOERR
    13: "no space is left on the disk",  # SQLITE_FULL
    14: "its folder cannot be opened for writing",  # SQLITE_CANTOPEN
    23: "the system does not allow it",  # SQLITE_AUTH
}


class Damage(Exception):
    """The database is not whole; the text says what was found."""


class Database:
    """An open profile.db. One thread at a time; who calls holds the store's lock."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection
        self._file = _identity(path)

    @classmethod
    def open(cls, path: Path) -> Database:
        """Open for writing, made if it is not there. Raises StorageError or Damage."""
        try:
            make_private(path)
        except OSError as error:
            raise StorageError(f"Cannot write {path}: {error.strerror or error}.") from error
        with failures(path):
            connection = connect(path)
            try:
                for setting in _SETTINGS:
                    connection.execute(setting).fetchall()
                migrate(connection)
            except BaseException:
                connection.close()
                raise
        return cls(path, connection)

    @classmethod
    def open_to_read(cls, path: Path) -> Database:
        """Open a file that another process may be writing. Raises StorageError or Damage."""
        with failures(path):
            return cls(path, connect(path, "?mode=ro"))

    def is_in_place(self) -> bool:
        """Whether the open file is still the one under its name; a removed one takes writes too."""
        return self._file == _identity(self.path)

    def close(self) -> None:
        """Close; the log is emptied into the file where that can be done."""
        with failures(self.path):
            self._connection.close()

    def read(self) -> Saved:
        """Everything, each record checked. Raises Damage if one fails."""
        with self._transaction("BEGIN"):
            return Saved(tuple(self._sections()), tuple(self._rows()))

    def rows(self, since_ms: int = 0) -> list[Row]:
        """The kept journal rows of that time and later."""
        with failures(self.path):
            return [row for row in self._rows() if row.time_ms >= since_ms]

    def append(self, pending: Pending) -> None:
        """Write what waits, durably and as one."""
        with self._transaction():
            self._add(pending)

    def replace(
        self,
        sections: Iterable[Section],
        pending: Pending,
        *,
        drop: Callable[[Row], bool] | None = None,
        drop_files: bool = False,
    ) -> None:
        """A new snapshot, durably and as one with what waits.

        `drop` chooses rows that must go because they hold something forgotten: then what they
        held is also marked as to be wiped, until `wiped`. `drop_files` forgets what was imported.
        """
        with self._transaction():
            if drop is not None:
                self._drop(drop)
                self._set("wipe", 1)
            if drop_files:
                self._connection.execute("DELETE FROM learned_file")
            self._add(pending)
            self._connection.execute("DELETE FROM section")
            self._connection.executemany(
                "INSERT INTO section VALUES (?, ?, ?, ?, ?)",
                ((n, s.name, s.number, s.crc, s.data) for n, s in enumerate(sections)),
            )

    def refresh(self, sections: Iterable[Section]) -> None:
        """New bytes for some sections of the snapshot."""
        with self._transaction():
            for section in sections:
                self._connection.execute("DELETE FROM section WHERE name = ?", (section.name,))
                self._connection.execute(
                    "INSERT INTO section(name, number, crc, bytes) VALUES (?, ?, ?, ?)",
                    (section.name, section.number, section.crc, section.data),
                )

    def trim(self, *, before_ms: int, most_bytes: int, up_to: int) -> None:
        """Delete old journal rows: of before that time, or more than so many bytes together.

        Never one behind number `up_to`: the snapshot and its copy must both hold it.
        """
        total = 0
        last_dropped: Row | None = None
        with failures(self.path):
            for row in reversed(list(self._rows())):
                total += len(row.ops)
                if row.number <= up_to and (row.time_ms < before_ms or total > most_bytes):
                    last_dropped = row
                    break
        if last_dropped is None:
            return
        with self._transaction():
            self._connection.execute(
                "DELETE FROM journal WHERE number <= ?", (last_dropped.number,)
            )
            self._note_gap(last_dropped)

    @property
    def complete_since_ms(self) -> int:
        """No row of that time or later is missing from the journal."""
        return self._get("complete_since")

    @property
    def wipe_due(self) -> bool:
        """Whether something forgotten may still lie in a file."""
        return self._get("wipe") != 0

    @property
    def backed_up(self) -> int:
        """The snapshot of which the copy was made last."""
        return self._get("backup")

    def set_backed_up(self, number: int) -> None:
        """The copy now holds the snapshot of that number."""
        with self._transaction():
            self._set("backup", number)

    def wipe(self) -> None:
        """Rewrite the file so that no page holds what was deleted, and empty the log."""
        with failures(self.path):
            self._connection.execute("VACUUM")
        self.checkpoint()

    def wiped(self) -> None:
        """No file holds what was forgotten any more."""
        with self._transaction():
            self._set("wipe", 0)
        self.checkpoint()

    def checkpoint(self) -> None:
        """Move the log into the file and cut it to nothing. Raises StorageError."""
        with failures(self.path):
            (busy, _, _) = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise StorageError(f"Cannot finish writing {self.path}: another program is reading it.")

    def check(self) -> None:
        """Look at every page. Raises Damage if the structure is not whole."""
        with failures(self.path):
            found = self._connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise Damage(found)

    def digests(self) -> set[bytes]:
        """Which files of the past have been learned."""
        with failures(self.path):
            found = self._connection.execute("SELECT digest FROM learned_file").fetchall()
        return {digest for (digest,) in found}

    def _sections(self) -> Iterator[Section]:
        query = "SELECT name, number, crc, bytes FROM section ORDER BY place"
        for name, number, crc, data in self._connection.execute(query):
            yield whole_section(name, number, crc, data)

    def _rows(self) -> Iterator[Row]:
        query = "SELECT number, time, crc, ops FROM journal ORDER BY number"
        for number, time_ms, crc, ops in self._connection.execute(query):
            yield whole_row(number, time_ms, crc, ops)

    def _add(self, pending: Pending) -> None:
        self._connection.executemany(
            "INSERT INTO journal VALUES (?, ?, ?, ?)",
            ((row.number, row.time_ms, row.crc, row.ops) for row in pending.rows),
        )
        self._connection.executemany(
            "INSERT OR IGNORE INTO learned_file VALUES (?)",
            ((digest,) for digest in pending.digests),
        )

    def _drop(self, drop: Callable[[Row], bool]) -> None:
        dropped = [row for row in self._rows() if drop(row)]
        self._connection.executemany(
            "DELETE FROM journal WHERE number = ?", ((row.number,) for row in dropped)
        )
        if dropped:
            self._note_gap(dropped[-1])

    def _note_gap(self, dropped: Row) -> None:
        self._set("complete_since", max(self._get("complete_since"), dropped.time_ms + 1))

    def _get(self, name: str) -> int:
        with failures(self.path):
            found = self._connection.execute("SELECT value FROM meta WHERE name = ?", (name,))
            row = found.fetchone()
        return int(row[0]) if row else 0

    def _set(self, name: str, value: int) -> None:
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    @contextmanager
    def _transaction(self, begin: str = "BEGIN IMMEDIATE") -> Iterator[None]:
        with failures(self.path):
            self._connection.execute(begin)
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def connect(path: Path, options: str = "") -> sqlite3.Connection:
    """A connection that any thread may use, one at a time, and that begins nothing by itself."""
    return sqlite3.connect(
        path.absolute().as_uri() + options,
        uri=True,
        timeout=PATIENCE_S,
        isolation_level=None,
        check_same_thread=False,
    )


@contextmanager
def failures(path: Path) -> Iterator[None]:
    """SQLite's errors as ours: Damage, or a StorageError in one sentence."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 1) & 0xFF
        if code in _BROKEN:
            raise Damage(str(error)) from error
        raise StorageError(f"Cannot write {path}: {_REASONS.get(code, str(error))}.") from error


def whole_section(name: object, number: object, crc: object, data: object) -> Section:
    """The record, if it is what was written. Raises Damage."""
    if isinstance(name, str) and isinstance(number, int) and isinstance(data, bytes):
        section = Section(name, number, data)
        if 0 <= number < 1 << 63 and section.crc == crc:
            return section
    raise Damage(f"section {name!r}")


def whole_row(number: object, time_ms: object, crc: object, ops: object) -> Row:
    """The record, if it is what was written. Raises Damage."""
    if isinstance(number, int) and isinstance(time_ms, int) and isinstance(ops, bytes):
        row = Row(number, time_ms, ops)
        if number >= 0 and time_ms >= 0 and row.crc == crc:
            return row
    raise Damage(f"journal row {number!r}")
