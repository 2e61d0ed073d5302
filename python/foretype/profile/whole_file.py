"""Writes a database of a snapshot in one go: the copy that damage is mended from, or a new file."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from foretype.errors import StorageError
from foretype.profile.database import connect, failures
from foretype.profile.place import make_private, sync_file, sync_folder
from foretype.profile.records import Saved
from foretype.profile.schema import PAGE_SIZE, migrate

# It is written under another name and only then renamed, so that it needs no log of its own.
_SETTINGS = (
    f"PRAGMA page_size = {PAGE_SIZE}",
    "PRAGMA journal_mode = OFF",
    "PRAGMA synchronous = OFF",
    "PRAGMA temp_store = MEMORY",
)


def write_whole(
    path: Path,
    part: Path,
    saved: Saved,
    *,
    meta: dict[str, int],
    digests: Iterable[bytes] = (),
) -> None:
    """Make `part` hold all of `saved`, then rename it to `path`: whole or not at all.

    Raises StorageError; then `path` is as it was.
    """
    try:
        make_private(part)
        _fill(part, saved, meta, digests)
        sync_file(part)
        part.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise StorageError(f"Cannot write {path}: {error.strerror or error}.") from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _fill(part: Path, saved: Saved, meta: dict[str, int], digests: Iterable[bytes]) -> None:
    with failures(part):
        connection = connect(part)
        try:
            for setting in _SETTINGS:
                connection.execute(setting).fetchall()
            migrate(connection)
            connection.execute("BEGIN")
            connection.executemany(
                "INSERT INTO section VALUES (?, ?, ?, ?, ?)",
                ((n, s.name, s.number, s.crc, s.data) for n, s in enumerate(saved.sections)),
            )
            connection.executemany(
                "INSERT INTO journal VALUES (?, ?, ?, ?)",
                ((row.number, row.time_ms, row.crc, row.ops) for row in saved.rows),
            )
            connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", meta.items())
            connection.executemany(
                "INSERT OR IGNORE INTO learned_file VALUES (?)", ((digest,) for digest in digests)
            )
            connection.execute("COMMIT")
        finally:
            connection.close()
