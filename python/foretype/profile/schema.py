"""The tables, and how a file of an older version becomes one of this version."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from foretype.errors import ErrorCode, ProfileError

APPLICATION_ID = 0x46545052  # "FTPR": what `file` shows, and how we know a database of ours
PAGE_SIZE = 4096

# One entry for each version, never changed once released: a file of version n has run the first n.
# No index and no text key but where rows are many: the fewer pages, the less can be damaged.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        "CREATE TABLE meta(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID",
        "CREATE TABLE section(place INTEGER PRIMARY KEY, name TEXT NOT NULL, "
        "number INTEGER NOT NULL, crc INTEGER NOT NULL, bytes BLOB NOT NULL)",
        "CREATE TABLE journal(number INTEGER PRIMARY KEY, time INTEGER NOT NULL, "
        "crc INTEGER NOT NULL, ops BLOB NOT NULL)",
    ),
    ("CREATE TABLE learned_file(digest BLOB PRIMARY KEY) WITHOUT ROWID",),
)
VERSION = len(MIGRATIONS)

_USER_VERSION = slice(60, 64)  # places in the file's header: SQLite's file format, section 1.3
_APPLICATION_ID = slice(68, 72)
_HEADER_BYTES = 100


def migrate(connection: sqlite3.Connection) -> bool:
    """Bring the tables to VERSION in one transaction. True if anything was to do."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version == VERSION:
        return False
    connection.execute("BEGIN IMMEDIATE")
    try:
        for statements in MIGRATIONS[version:]:
            for statement in statements:
                connection.execute(statement)
        connection.execute("INSERT OR REPLACE INTO meta VALUES ('version', ?)", (VERSION,))
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return True


def claimed_version(path: Path) -> int:
    """The version in the header of a file of ours, before SQLite opens it; 0 if it is not ours."""
    with path.open("rb") as file:
        header = file.read(_HEADER_BYTES)
    ours = int.from_bytes(header[_APPLICATION_ID], "big") == APPLICATION_ID
    return int.from_bytes(header[_USER_VERSION], "big") if ours else 0


def newer(path: Path, version: int) -> ProfileError:
    """The refusal of a file that this version must not touch."""
    return ProfileError(
        f"{path} was written by a newer Foretype (format {version}, this one reads up to "
        f"{VERSION}): update Foretype, or name another folder with FORETYPE_PROFILE.",
        code=ErrorCode.WRONG_VERSION,
    )


def first_page() -> bytes:
    """The first page of a database of this version: its header and the tables' places."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")
        migrate(connection)
        return connection.serialize()[:PAGE_SIZE]
    finally:
        connection.close()
