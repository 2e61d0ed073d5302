"""Damage of every kind, anywhere: set aside, named in one sentence, and the good part kept."""

import random
import shutil
from pathlib import Path

import pytest
from profile_files import Clock, crash, largest_file, open_store, reopened
from scripted_core import ScriptedCore

from foretype.profile.opening import open_place
from foretype.profile.place import Place

SNAPSHOT_WORDS = 60  # learned before the snapshot and its copy
LATER_ROWS = 12  # written since, the last four of them only in the log


def make_profile(folder: Path) -> ScriptedCore:
    """A profile as a crash leaves it: snapshot, copy, journal in the file, journal in the log."""
    core = ScriptedCore()
    store = open_store(folder, core)
    for number in range(SNAPSHOT_WORDS):
        core.learn(f"snapshot{number} " * 20)
        store.write()
    store.compact()
    for number in range(LATER_ROWS):
        if number == LATER_ROWS - 4:
            store.rest()
        core.learn(f"later{number} " * 20)
        store.write()
    crash_now = {path.name: path.read_bytes() for path in folder.iterdir()}
    crash(store)
    store._database.close()  # only to give back its memory: the files are put back as they were
    for name, data in crash_now.items():
        (folder / name).write_bytes(data)
    (folder / "profile.db-shm").unlink()
    return core


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ScriptedCore]:
    folder = tmp_path_factory.mktemp("whole")
    return folder, make_profile(folder)


def damaged(data: bytes, source: random.Random) -> bytes:
    """One damage: bits flipped, a range of zeros or noise or of the file's own bytes, or a cut."""
    out = bytearray(data)
    begin = source.randrange(len(out))
    size = min(len(out) - begin, source.choice([1, 8, 100, 512, 4096, 40_000, len(out)]))
    kind = source.randrange(5)
    if kind == 0:
        out[begin] ^= 1 << source.randrange(8)
    elif kind == 1:
        out[begin : begin + size] = bytes(size)
    elif kind == 2:
        out[begin : begin + size] = source.randbytes(size)
    elif kind == 3:
        other = source.randrange(len(out) - size + 1)
        out[begin : begin + size] = data[other : other + size]
    else:
        del out[begin:]
    return bytes(out)


def copy_of(whole: Path, folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(whole, folder)
    return folder


def open_once(folder: Path) -> tuple[ScriptedCore, str | None]:
    core = ScriptedCore()
    store = open_store(folder, core)
    trouble = store.trouble.sentence
    store.close()
    return core, trouble


def check_is_part_of(core: ScriptedCore, all_of_it: ScriptedCore) -> None:
    assert not core.words - all_of_it.words
    assert set(core.messages) <= set(all_of_it.messages)


def test_without_damage_all_of_it_is_there(
    whole: tuple[Path, ScriptedCore], tmp_path: Path
) -> None:
    assert open_once(copy_of(whole[0], tmp_path / "copy")) == (whole[1], None)


@pytest.mark.parametrize("names", [["profile.db"], ["profile.db-wal"], ["profile.backup.db"]])
@pytest.mark.parametrize("round_", range(4))
def test_one_damaged_file(
    whole: tuple[Path, ScriptedCore], tmp_path: Path, names: list[str], round_: int
) -> None:
    """The snapshot survives any damage to one file, as its copy is in another."""
    for seed in range(round_ * 15, round_ * 15 + 15):
        folder = copy_of(whole[0], tmp_path / "copy")
        source = random.Random(f"{names}{seed}")
        for name in names:
            (folder / name).write_bytes(damaged((folder / name).read_bytes(), source))
        core, trouble = open_once(folder)
        check_is_part_of(core, whole[1])
        assert all(core.words[f"snapshot{n}"] == 20 for n in range(SNAPSHOT_WORDS)), seed
        check_told(folder, core, trouble, whole[1], cut=names == ["profile.db-wal"])
        assert open_once(folder) == (core, None), seed


def check_told(
    folder: Path, core: ScriptedCore, trouble: str | None, all_of_it: ScriptedCore, *, cut: bool
) -> None:
    """What is missing was said, unless the log just ended early, which nobody can know."""
    aside = [path.name for path in Place(folder).set_aside()]
    if trouble is None:
        assert core == all_of_it or cut
        assert aside == []
        return
    assert trouble.count(".") >= 2
    assert "set aside as profile.damaged-" in trouble
    assert aside
    assert core == all_of_it or "missing" in trouble


def test_every_file_damaged_at_once(whole: tuple[Path, ScriptedCore], tmp_path: Path) -> None:
    for seed in range(30):
        folder = copy_of(whole[0], tmp_path / "copy")
        source = random.Random(seed)
        for name in ("profile.db", "profile.db-wal", "profile.backup.db"):
            (folder / name).write_bytes(damaged((folder / name).read_bytes(), source))
        core, _ = open_once(folder)
        check_is_part_of(core, whole[1])
        assert open_once(folder) == (core, None), seed


def test_a_lost_header_costs_nothing(whole: tuple[Path, ScriptedCore], tmp_path: Path) -> None:
    folder = copy_of(whole[0], tmp_path / "copy")
    path = folder / "profile.db"
    path.write_bytes(bytes(4096) + path.read_bytes()[4096:])
    (folder / "profile.backup.db").unlink()
    core, trouble = open_once(folder)
    assert core == whole[1]
    assert "set aside" in (trouble or "")


def test_damage_within_the_log_costs_what_stood_there_only(
    whole: tuple[Path, ScriptedCore], tmp_path: Path
) -> None:
    folder = copy_of(whole[0], tmp_path / "copy")
    path = folder / "profile.db-wal"
    data = bytearray(path.read_bytes())
    data[32 + 24 + 2000] ^= 1
    path.write_bytes(data)
    core, trouble = open_once(folder)
    assert core == whole[1]  # a later frame holds the same page
    assert "may be missing" in (trouble or "")
    assert {path.suffix for path in Place(folder).set_aside()} == {".db", ".db-wal"}


def test_a_missing_database_comes_back_from_its_copy(
    whole: tuple[Path, ScriptedCore], tmp_path: Path
) -> None:
    folder = copy_of(whole[0], tmp_path / "copy")
    for name in ("profile.db", "profile.db-wal"):
        (folder / name).unlink()
    core, trouble = open_once(folder)
    assert all(core.words[f"snapshot{n}"] == 20 for n in range(SNAPSHOT_WORDS))
    assert trouble is not None
    assert "was gone: what was learned since its last copy may be missing" in trouble


def test_a_section_that_the_core_refuses_comes_from_the_copy(tmp_path: Path) -> None:
    core = ScriptedCore()
    store = open_store(tmp_path, core)
    core.learn("word")
    store.close()
    again = ScriptedCore()
    again.refuses.add("trie/0")
    opened = open_place(Place(tmp_path), again, read_only=False, now=Clock().date())
    assert again.messages == ["word"]
    assert "part of it could not be read" in (opened.trouble.sentence or "")
    assert opened.rewrite
    opened.connection[1].close()
    opened.connection[0].release()


def test_damage_found_while_it_is_open_is_mended_from_memory(tmp_path: Path) -> None:
    core = ScriptedCore()
    store = open_store(tmp_path, core)
    core.learn("word " * 3000)
    store.compact()
    core.learn("another")
    path = tmp_path / "profile.db"
    data = bytearray(path.read_bytes())
    data[4096:] = bytes(len(data) - 4096)
    path.write_bytes(data)
    store._database._connection.execute("PRAGMA shrink_memory")
    assert store.idle()
    store.close()
    assert "set aside" in (store.trouble.sentence or "")
    assert reopened(tmp_path) == core


def test_files_removed_while_it_is_open_are_written_anew(tmp_path: Path) -> None:
    folder = tmp_path / "profile"
    store = open_store(folder, core := ScriptedCore())
    core.learn("word")
    store.compact()
    shutil.rmtree(folder)
    core.learn("another")
    assert store.write()
    assert "was gone: all of it was recovered" in (store.trouble.sentence or "")
    store.close()
    assert reopened(folder) == core


def test_damage_that_cannot_be_mended_at_once_is_mended_later(tmp_path: Path) -> None:
    store = open_store(tmp_path, core := ScriptedCore())
    core.learn("word")
    store.compact()
    (tmp_path / "profile.db").unlink()
    core.learn("another")
    with largest_file(0):
        assert not store.write()
    core.learn("third")
    assert store.write()
    store.close()
    assert reopened(tmp_path) == core


def test_a_damaged_copy_is_made_anew_when_idle(tmp_path: Path) -> None:
    core = ScriptedCore()
    store = open_store(tmp_path, core)
    core.learn("word")
    store.compact()
    before = store.place.backup.read_bytes()
    store.place.backup.write_bytes(before[:5000])
    assert store.idle()
    assert store.place.backup.read_bytes() == before
    store.close()
