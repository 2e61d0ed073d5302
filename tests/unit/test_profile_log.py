"""Our reader of SQLite's write-ahead log, beside SQLite itself."""

import sqlite3
from pathlib import Path

import pytest

from foretype.profile.log import read_log

PAGE = 4096
HEADER = 32
FRAME = 24 + PAGE


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A database whose log holds ten commits; it stays open, so that the log stays."""
    return tmp_path / "a.db"


def write(path: Path, commits: int) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(f"PRAGMA page_size = {PAGE}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE TABLE t(x)")
    for number in range(commits):
        connection.execute("INSERT INTO t VALUES (?)", (f"{number}" * 500,))
    return connection


def log_of(path: Path) -> bytearray:
    return bytearray(path.with_name("a.db-wal").read_bytes())


def test_its_pages_are_those_that_sqlite_reads(database: Path) -> None:
    connection = write(database, 10)
    log = read_log(bytes(log_of(database)), PAGE)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = database.read_bytes()
    assert not log.damaged
    for number, page in log.pages.items():
        assert data[(number - 1) * PAGE : number * PAGE] == page
    connection.close()


def test_no_log_is_whole() -> None:
    assert read_log(b"", PAGE).pages == {}
    assert not read_log(b"", PAGE).damaged


def test_a_write_that_was_cut_off_is_no_damage(database: Path) -> None:
    connection = write(database, 10)
    data = log_of(database)
    whole = read_log(bytes(data), PAGE)
    for cut in (1, PAGE // 2, PAGE + 23):
        rest = read_log(bytes(data[:-cut]), PAGE)
        assert not rest.damaged
    assert not whole.damaged
    connection.close()


def test_a_run_after_a_checkpoint_leaves_old_frames_behind(database: Path) -> None:
    connection = write(database, 10)
    connection.execute("PRAGMA wal_checkpoint(RESTART)").fetchall()
    connection.execute("INSERT INTO t VALUES ('new')")
    log = read_log(bytes(log_of(database)), PAGE)
    assert not log.damaged
    assert any(b"new" in page for page in log.pages.values())
    connection.close()


@pytest.mark.parametrize("place", [0, 17, 24, HEADER + 5, HEADER + 9, HEADER + 20, HEADER + 2000])
def test_a_flipped_byte_is_damage(database: Path, place: int) -> None:
    connection = write(database, 10)
    data = log_of(database)
    data[place] ^= 0x40
    assert read_log(bytes(data), PAGE).damaged
    connection.close()


def test_pages_behind_the_damage_are_still_read(database: Path) -> None:
    connection = write(database, 10)
    data = log_of(database)
    data[HEADER + 3 * FRAME + 100] ^= 1
    log = read_log(bytes(data), PAGE)
    assert log.damaged
    assert any(b"9" * 500 in page for page in log.pages.values())
    connection.close()
