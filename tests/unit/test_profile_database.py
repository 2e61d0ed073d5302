import sqlite3
from pathlib import Path

import pytest
from scripted_core import ScriptedCore

from foretype.errors import ErrorCode, ProfileError
from foretype.profile import schema
from foretype.profile.database import Damage, Database
from foretype.profile.forgetting import holding
from foretype.profile.keeper import open_keeper
from foretype.profile.records import Pending, Row, Saved, Section

SECTIONS = (Section("profile", 2, b'["a b"]'), Section("trie/0", 2, b'{"a": 1, "b": 1}'))


def rows(*times_ms: int) -> tuple[Row, ...]:
    return tuple(Row(n, time, b'{"learn": "word%d"}' % n) for n, time in enumerate(times_ms, 1))


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database.open(tmp_path / "profile.db")


def test_what_was_written_is_read(database: Database) -> None:
    database.append(Pending(rows(10, 20, 30), (b"digest",)))
    database.replace(SECTIONS, Pending())
    database.close()
    again = Database.open(database.path)
    assert again.read() == Saved(SECTIONS, rows(10, 20, 30))
    assert again.digests() == {b"digest"}


def test_only_rows_behind_the_snapshot_are_done_again() -> None:
    saved = Saved(SECTIONS, rows(10, 20, 30, 40))
    assert [row.number for row in saved.unsaved] == [3, 4]
    assert (saved.reached, saved.last, saved.has_gap) == (4, 4, False)


def test_a_missing_row_is_a_gap() -> None:
    kept = [row for row in rows(10, 20, 30, 40) if row.number != 3]
    assert Saved(SECTIONS, tuple(kept)).has_gap


def test_old_rows_go_and_it_is_known_since_when_all_are_kept(database: Database) -> None:
    database.append(Pending(rows(10, 20, 30, 40)))
    database.trim(before_ms=25, most_bytes=10_000, up_to=4)
    assert [row.number for row in database.rows()] == [3, 4]
    assert database.complete_since_ms == 21


def test_rows_that_no_snapshot_holds_stay(database: Database) -> None:
    database.append(Pending(rows(10, 20, 30, 40)))
    database.trim(before_ms=1000, most_bytes=0, up_to=1)
    assert [row.number for row in database.rows()] == [2, 3, 4]


def test_the_oldest_rows_go_when_all_are_too_many(database: Database) -> None:
    database.append(Pending(rows(10, 20, 30, 40)))
    size = len(rows(10)[0].ops)
    database.trim(before_ms=0, most_bytes=2 * size, up_to=4)
    assert [row.number for row in database.rows()] == [3, 4]


def test_forgetting_drops_rows_and_marks_the_file(database: Database) -> None:
    database.append(Pending(rows(10, 20, 30)))
    database.replace(SECTIONS, Pending(), drop=holding("WORD2"))
    assert [row.number for row in database.rows()] == [1, 3]
    assert database.wipe_due
    database.wipe()
    database.wiped()
    assert not database.wipe_due
    assert b"word2" not in database.path.read_bytes()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE section SET bytes = 'x' WHERE place = 0",
        "UPDATE section SET number = 3 WHERE place = 1",
        "UPDATE section SET name = 'trie/1' WHERE place = 1",
        "UPDATE journal SET ops = x'00' WHERE number = 2",
        "UPDATE journal SET time = 11 WHERE number = 1",
        "UPDATE journal SET number = 9 WHERE number = 3",
        "DROP TABLE journal",
    ],
)
def test_a_record_that_is_not_what_was_written_is_damage(
    database: Database, statement: str
) -> None:
    database.append(Pending(rows(10, 20, 30)))
    database.replace(SECTIONS, Pending())
    database.close()
    with sqlite3.connect(database.path) as connection:
        connection.execute(statement)
    with pytest.raises(Damage):
        Database.open(database.path).read()


def write_version_1(path: Path) -> None:
    """A file as version 1 left it: its tables, one message in the snapshot and one behind it."""
    connection = sqlite3.connect(path, isolation_level=None)
    for statement in schema.MIGRATIONS[0]:
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
    connection.execute("PRAGMA user_version = 1")
    connection.execute("INSERT INTO meta VALUES ('version', 1)")
    for place, (name, data) in enumerate(
        [("profile", b'["old one"]'), ("trie/0", b'{"old": 1, "one": 1}')]
    ):
        section = Section(name, 1, data)
        connection.execute(
            "INSERT INTO section VALUES (?, ?, ?, ?, ?)", (place, name, 1, section.crc, data)
        )
    row = Row(2, 1_700_000_000_000, b'{"learn": "new one"}')
    connection.execute(
        "INSERT INTO journal VALUES (?, ?, ?, ?)", (2, row.time_ms, row.crc, row.ops)
    )
    connection.close()


def test_version_1_becomes_this_version_and_keeps_what_it_knew(tmp_path: Path) -> None:
    write_version_1(tmp_path / "profile.db")
    core = ScriptedCore()
    keeper = open_keeper(core, tmp_path, read_only=False)
    assert (keeper.trouble, core.messages) == (None, ["old one", "new one"])
    keeper.mark_learned(b"digest")
    keeper.close()
    connection = sqlite3.connect(tmp_path / "profile.db")
    assert connection.execute("PRAGMA user_version").fetchone() == (schema.VERSION,)
    assert connection.execute("SELECT value FROM meta WHERE name = 'version'").fetchone() == (
        schema.VERSION,
    )


def test_every_version_leads_to_this_one(tmp_path: Path) -> None:
    for version in range(schema.VERSION + 1):
        connection = sqlite3.connect(tmp_path / f"{version}.db", isolation_level=None)
        for statements in schema.MIGRATIONS[:version]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {version}")
        assert schema.migrate(connection) == (version < schema.VERSION)
        assert connection.serialize()[:20] == schema.first_page()[:20]


def test_a_newer_file_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "profile.db"
    write_version_1(path)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE meta SET value = 9")
        connection.execute("PRAGMA user_version = 9")
    before = path.read_bytes()
    with pytest.raises(ProfileError, match="newer Foretype") as refusal:
        open_keeper(ScriptedCore(), tmp_path, read_only=False)
    assert refusal.value.code is ErrorCode.WRONG_VERSION
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["profile.db"]


@pytest.mark.parametrize("bit", [0x40, 0x02, 0x01])
def test_a_damaged_version_is_mended(tmp_path: Path, bit: int) -> None:
    path = tmp_path / "profile.db"
    core = ScriptedCore()
    keeper = open_keeper(core, tmp_path, read_only=False)
    core.learn("kept word")
    keeper.close()
    data = bytearray(path.read_bytes())
    data[63] ^= bit
    path.write_bytes(data)
    again = ScriptedCore()
    open_keeper(again, tmp_path, read_only=False).close()
    assert again == core
    assert schema.claimed_version(path) == schema.VERSION
