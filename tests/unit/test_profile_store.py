import os
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from profile_files import (
    Clock,
    crash,
    files_holding,
    folder_of_nobody,
    largest_file,
    open_store,
    reopened,
)
from scripted_core import ScriptedCore

from foretype.errors import StorageError
from foretype.profile.forgetting import everything, holding, since
from foretype.profile.keeper import Keeper, open_keeper
from foretype.profile.records import Row, to_ms
from foretype.profile.store import KEEP_MS, LEAST_JOURNAL, Store


def test_what_is_written_survives_a_crash(tmp_path: Path) -> None:
    core = ScriptedCore()
    store = open_store(tmp_path, core)
    core.learn("first message")
    assert store.write()
    core.learn("never written")
    crash(store)
    assert reopened(tmp_path).messages == ["first message"]


def test_closing_writes_the_rest_and_leaves_no_log(tmp_path: Path) -> None:
    core = ScriptedCore()
    store = open_store(tmp_path, core)
    core.learn("first message")
    store.close()
    store.close()
    assert reopened(tmp_path) == core
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"profile.db", "profile.backup.db", "profile.lock"}


def test_files_are_the_owners_alone(tmp_path: Path) -> None:
    core = ScriptedCore()
    store = open_store(tmp_path / "profile", core)
    core.learn("word")
    store.compact()
    core.learn("word")
    store.write()
    modes = {path.stat().st_mode & 0o777 for path in (tmp_path / "profile").iterdir()}
    assert modes == {0o600}
    assert (tmp_path / "profile").stat().st_mode & 0o777 == 0o700
    store.close()


def test_a_compaction_changes_nothing_that_is_read(tmp_path: Path) -> None:
    core = ScriptedCore()
    store = open_store(tmp_path, core)
    for number in range(20):
        core.learn(f"word{number} and")
        store.write()
        if number % 7 == 0:
            store.compact()
    crash(store)
    assert reopened(tmp_path) == core


def test_idleness_compacts_when_the_journal_has_grown(tmp_path: Path) -> None:
    core = ScriptedCore()
    store = open_store(tmp_path, core)
    core.learn("short")
    store.idle()
    assert not store.place.backup.exists()
    core.learn("long " * LEAST_JOURNAL)
    store.idle()
    assert store.place.backup.exists()
    store.close()


def test_a_rest_empties_the_log(tmp_path: Path) -> None:
    core = ScriptedCore()
    store = open_store(tmp_path, core)
    core.learn("message")
    store.write()
    assert store.place.log.stat().st_size
    store.rest()
    assert not store.place.log.stat().st_size
    store.close()


def test_the_journal_is_kept_for_a_day(tmp_path: Path) -> None:
    clock = Clock()
    core = ScriptedCore()
    store = open_store(tmp_path, core, clock)
    core.learn("old")
    store.write()
    clock.now += KEEP_MS / 1000 - 10
    core.learn("young")
    store.compact()
    assert len(store.rows(0)) == 2
    clock.now += 20
    store.compact()
    assert [row.ops for row in store.rows(0)] == [b'{"learn": "young"}']
    assert store.complete_since_ms > to_ms(clock.now) - KEEP_MS - 20_000
    store.close()


def test_room_is_made_at_a_compaction(tmp_path: Path) -> None:
    core = ScriptedCore()
    store = open_store(tmp_path, core)
    core.learn("a a b b c")
    core.most_words = 2
    store.compact()
    crash(store)
    assert set(reopened(tmp_path).words) == {"a", "b"}


def test_forgotten_bytes_lie_in_no_file(tmp_path: Path) -> None:
    core = ScriptedCore()
    store = open_store(tmp_path, core)
    core.learn("keep Quixotically away")
    store.compact()
    core.learn("again QUIXOTICALLY here")
    store.write()
    (tmp_path / "profile.damaged-2026-01-01T00-00-00.db").write_bytes(b"quixotically")
    (tmp_path / ".profile.backup.123.part").write_bytes(b"quixotically")
    core.learn("and quixotically")
    assert len(files_holding(tmp_path, b"quixot")) >= 4
    gone = store.forget(lambda: core.forget("quixotically"), holding("quixotically"))
    assert gone == (3, 3)
    for part in (b"quixot", b"ically"):  # wherever a page's border may cut it
        assert files_holding(tmp_path, part) == []
    crash(store)
    assert reopened(tmp_path) == core


def test_forgetting_keeps_the_rows_of_other_words(tmp_path: Path) -> None:
    core = ScriptedCore()
    store = open_store(tmp_path, core)
    core.learn("one alpha")
    store.write()
    core.learn("two beta")
    store.write()
    store.forget(lambda: core.forget("alpha"), holding("ALPHA"))
    assert [row.ops for row in store.rows(0)] == [b'{"learn": "two beta"}']
    assert store.complete_since_ms == store.rows(0)[0].time_ms + 1
    store.close()


def test_a_phrase_takes_the_rows_with_two_neighbours_of_it() -> None:
    def held(text: str, row: str) -> bool:
        return holding(text)(Row(1, 1, row.encode()))

    assert held("kind regards Anna", "\x03\x05Anna.\x07REGARDS")
    assert held("straße", "STRASSE")
    assert held("Éclair", "éclair")
    assert not held("kind regards Anna", "kind Anna")
    assert not held("alpha", "alphi")


def test_forgetting_everything_forgets_what_was_imported(tmp_path: Path) -> None:
    core = ScriptedCore()
    store = open_store(tmp_path, core)
    core.learn("word")
    store.mark_learned(b"digest")
    store.write()
    assert store.learned_files() == {b"digest"}
    store.forget(lambda: core.forget("word"), everything, files=True)
    assert store.learned_files() == set()
    assert store.rows(0) == []
    store.close()


def test_files_count_as_learned_together_with_what_they_taught(tmp_path: Path) -> None:
    core = ScriptedCore()
    store = open_store(tmp_path, core)
    core.learn("imported")
    store.mark_learned(b"digest")
    crash(store)
    store = open_store(tmp_path, again := ScriptedCore())
    assert (store.learned_files(), again.messages) == (set(), [])
    store.close()


def test_taking_back_a_window_of_time(tmp_path: Path) -> None:
    clock = Clock()
    core = ScriptedCore()
    store = open_store(tmp_path, core, clock)
    core.learn("early word")
    store.write()
    store.compact()
    clock.now += 60
    core.learn("late word")
    start = to_ms(clock.now)
    ops = b"\n".join(row.ops for row in store.rows(start))
    store.forget(lambda: core.take_back(ops), since(start))
    assert files_holding(tmp_path, b"late") == []
    crash(store)
    assert dict(reopened(tmp_path).words) == {"early": 1, "word": 1}


@pytest.mark.parametrize("step", ["compact", "forget"])
def test_what_was_typed_last_does_not_wait_for_a_long_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """The process is killed while the snapshot is written: what came before it is on the disk."""
    store = open_store(tmp_path, core := ScriptedCore())
    core.learn("typed just before")
    with monkeypatch.context() as patch:
        patch.setattr("foretype.profile.database.Database.replace", killed)
        assert not try_step(store, core, step)
    crash(store)
    assert reopened(tmp_path).messages == ["typed just before"]
    store._database.close()


def killed(*_: object, **__: object) -> None:
    raise OSError("killed")


@pytest.mark.parametrize("step", ["write", "compact", "forget"])
def test_a_disk_that_is_full_somewhere_costs_nothing(tmp_path: Path, step: str) -> None:
    """The limit rises page by page, so that each write in turn is the first that fails."""
    failed = 0
    for size in range(0, 90_000, 4096 + 24):
        folder = tmp_path / str(size)
        core = ScriptedCore()
        store = open_store(folder, core)
        core.learn("first quixotic " + "long " * 2000)
        store.compact()
        core.learn("second")
        with largest_file(size):
            well = try_step(store, core, step)
        assert well or store.trouble.sentence
        failed += not well
        core.learn("third")
        assert store.write()
        assert store.trouble.sentence is None
        crash(store)
        assert reopened(folder) == core
        assert step != "forget" or files_holding(folder, b"quixotic") == []
    assert failed >= 2


def try_step(store, core, step: str) -> bool:
    if step == "write":
        return store.write()
    try:
        if step == "compact":
            store.compact()
        else:
            store.forget(lambda: core.forget("quixotic"), holding("quixotic"))
    except StorageError:
        return False
    return True


def test_a_full_disk_is_said_once_in_a_sentence(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    core = ScriptedCore()
    store = open_store(tmp_path, core)
    with largest_file(0):
        for number in range(3):
            core.learn(f"word{number}")
            assert not store.write()
    assert len(caplog.messages) == 1
    assert caplog.messages[0].startswith("Cannot write ")
    assert store.write()
    crash(store)
    assert reopened(tmp_path) == core


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of half a megabyte."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=500k", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a small disk")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_disk_that_is_really_full_and_then_no_longer(small_disk: Path) -> None:
    folder = small_disk / "profile"
    store = open_store(folder, core := ScriptedCore())
    core.learn("quixotic " + "long " * 4000)
    store.compact()
    filler = small_disk / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))
    core.learn("second " * 3000)
    assert not store.write()
    assert "no space is left" in (store.trouble.sentence or "")
    with pytest.raises(StorageError, match="still lies"):
        store.forget(lambda: core.forget("quixotic"), holding("quixotic"))
    filler.unlink()
    assert store.write()
    assert store.trouble.sentence is None
    assert files_holding(folder, b"quixotic") == []
    crash(store)
    assert reopened(folder) == core
    store._database.close()


def test_a_disk_too_full_for_a_snapshot_still_takes_the_journal(tmp_path: Path) -> None:
    store = open_store(tmp_path, core := ScriptedCore())
    core.learn("long " * 10_000)
    assert store.write()
    with largest_file(60_000), pytest.raises(StorageError):
        store.compact()
    core.learn("small")
    with largest_file(90_000):
        assert not store.write()  # the snapshot is still due
    crash(store)
    assert reopened(tmp_path) == core


def test_closing_says_what_could_not_be_written(tmp_path: Path) -> None:
    core = ScriptedCore()
    store = open_store(tmp_path, core)
    core.learn("word")
    with largest_file(0), pytest.raises(StorageError, match="Cannot write"):
        store.close()


def test_a_folder_that_cannot_be_written_is_waited_for() -> None:
    with folder_of_nobody() as folder:
        store = open_store(folder, first := ScriptedCore())
        first.learn("known")
        store.close()
        (folder / "profile.lock").unlink()
        folder.chmod(0o500)
        store = open_store(folder, core := ScriptedCore())
        assert core == first
        assert "cannot be written" in (store.trouble.sentence or "")
        core.learn("new")
        assert not store.write()
        folder.chmod(0o700)
        assert store.write()
        assert store.trouble.sentence is None
        crash(store)
        assert reopened(folder) == core


def test_a_log_on_a_read_only_disk_is_read() -> None:
    with folder_of_nobody() as folder:
        store = open_store(folder, core := ScriptedCore())
        core.learn("in the log")
        store.write()
        copies = {p.name: p.read_bytes() for p in folder.iterdir() if p.name != "profile.db-shm"}
        store.close()
        for path in folder.iterdir():
            path.unlink()
        for name, data in copies.items():
            (folder / name).write_bytes(data)
            (folder / name).chmod(0o400)
        folder.chmod(0o500)
        store = open_store(folder, again := ScriptedCore())
        assert again == core


def test_another_process_that_wrote_meanwhile_is_not_overwritten() -> None:
    with folder_of_nobody() as folder:
        open_store(folder, ScriptedCore()).close()
        (folder / "profile.lock").unlink()
        folder.chmod(0o500)
        waiting = open_store(folder, mine := ScriptedCore())
        mine.learn("mine")
        folder.chmod(0o700)
        other = open_store(folder, theirs := ScriptedCore())
        theirs.learn("theirs")
        assert not waiting.write()
        assert "in use" in (waiting.trouble.sentence or "")
        other.close()
        assert not waiting.write()
        assert "open it again" in (waiting.trouble.sentence or "")
        assert reopened(folder) == theirs


def test_the_second_process_reads_and_says_who_writes(tmp_path: Path) -> None:
    first = open_keeper(core := ScriptedCore(), tmp_path, read_only=False)
    core.learn("seen by both")
    first.flush()
    second = open_keeper(beside := ScriptedCore(), tmp_path, read_only=False)
    assert beside == core
    assert second.read_only
    assert f"process {os.getpid()}" in (second.trouble or "")
    with pytest.raises(StorageError, match="Nothing was changed"):
        second.forget(lambda: beside.forget("seen"), holding("seen"))
    assert beside == core
    beside.learn("lost")
    second.hurry()
    second.close()
    first.close()
    assert reopened(tmp_path) == core


def test_asked_to_read_only_it_leaves_no_trace(tmp_path: Path) -> None:
    folder = tmp_path / "none"
    keeper = open_keeper(ScriptedCore(), folder, read_only=True)
    keeper.close()
    assert (keeper.read_only, keeper.trouble, folder.exists()) == (True, None, False)


def test_a_profile_in_memory_can_take_back_too() -> None:
    core = ScriptedCore()
    keeper = Keeper(core)
    core.learn("one")
    keeper.hurry()
    core.learn("two")
    assert [row.ops for row in keeper.rows(0)] == [b'{"learn": "one"}', b'{"learn": "two"}']
    keeper.forget(lambda: core.forget("one"), holding("one"))
    assert [row.ops for row in keeper.rows(0)] == [b'{"learn": "two"}']
    assert keeper.complete_since_ms > 0


def test_a_profile_in_memory_keeps_only_so_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("foretype.profile.keeper.KEEP_BYTES", 40)
    keeper = Keeper(core := ScriptedCore())
    for text in ("one", "two", "three", "longer than everything that is ever kept"):
        core.learn(text)
        keeper.hurry()
        assert sum(len(row.ops) for row in keeper.rows(0)) <= 40
    assert keeper.rows(0) == []


def test_the_thread_writes_without_being_asked(tmp_path: Path) -> None:
    keeper = open_keeper(core := ScriptedCore(), tmp_path, read_only=False)
    core.learn("word")
    keeper.hurry()
    while not any(b"word" in path.read_bytes() for path in tmp_path.glob("profile.db*")):
        pass
    keeper.close()


def counted_profile(folder: Path) -> tuple[ScriptedCore, Store]:
    """With a snapshot, and counts that changed since."""
    core = ScriptedCore()
    core.counted = b"one"
    store = open_store(folder, core)
    core.learn("first message")
    store.compact()
    core.counted = b"two"
    return core, store


def test_counts_are_kept_while_nobody_types(tmp_path: Path) -> None:
    core, store = counted_profile(tmp_path)
    copy = (tmp_path / "profile.backup.db").read_bytes()
    core.learn("second message")
    assert store.rest()
    core.counted = b"three"
    crash(store)
    again = reopened(tmp_path)
    assert again.counted == b"two"
    assert again.messages == ["first message", "second message"]
    assert (tmp_path / "profile.backup.db").read_bytes() == copy  # no new snapshot was needed


def test_counts_are_kept_at_closing(tmp_path: Path) -> None:
    core, store = counted_profile(tmp_path)
    store.close()
    assert reopened(tmp_path) == core
    assert reopened(tmp_path).counted == b"two"


def test_counts_that_did_not_change_are_not_written(tmp_path: Path) -> None:
    _, store = counted_profile(tmp_path)
    store.rest()
    before = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    assert store.rest()
    assert {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before
    store.close()


def test_forgotten_counts_are_written_anew(tmp_path: Path) -> None:
    core, store = counted_profile(tmp_path)
    core.counted = b"quarkon"
    store.rest()

    def act() -> None:
        core.counted = b""

    store.forget(act, everything)
    assert files_holding(tmp_path, b"quarkon") == []
    store.close()
    assert reopened(tmp_path).counted == b""
