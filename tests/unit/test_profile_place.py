import os
from datetime import datetime
from pathlib import Path

import pytest

from foretype.profile.lock import Held, Lock, holder
from foretype.profile.place import PROFILE_VARIABLE, Place, default_folder, make_private

NOW = datetime(2026, 11, 24, 12, 0, 52)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_the_variable_names_the_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(PROFILE_VARIABLE, str(tmp_path))
    assert default_folder() == tmp_path


def test_the_folder_is_the_owners_alone(tmp_path: Path) -> None:
    Place(tmp_path / "a" / "b").prepare()
    assert mode(tmp_path / "a" / "b") == 0o700


def test_a_file_that_others_could_read_is_narrowed(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"kept")
    path.chmod(0o644)
    make_private(path)
    assert (mode(path), path.read_bytes()) == (0o600, b"kept")


def test_names_aside_are_free(tmp_path: Path) -> None:
    place = Place(tmp_path)
    first = place.aside(NOW)
    first.with_suffix(".db-wal").touch()
    second = place.aside(NOW)
    assert first.name == "profile.damaged-2026-11-24T12-00-52.db"
    assert second.name == "profile.damaged-2026-11-24T12-00-52-2.db"
    assert list(place.set_aside()) == [first.with_suffix(".db-wal")]


def test_parts_are_cleared(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.part("backup").touch()
    place.database.touch()
    place.clear_parts()
    assert [path.name for path in tmp_path.iterdir()] == ["profile.db"]


def test_the_lock_has_one_holder_and_says_who(tmp_path: Path) -> None:
    path = tmp_path / "profile.lock"
    lock = Lock.acquire(path)
    assert holder(path) == os.getpid()
    with pytest.raises(Held):
        Lock.acquire(path)
    lock.release()
    assert holder(path) is None
    Lock.acquire(path).release()


def test_a_lock_is_given_back_once(tmp_path: Path) -> None:
    lock = Lock.acquire(tmp_path / "profile.lock")
    lock.release()
    other = os.open(tmp_path / "other", os.O_CREAT | os.O_RDWR)  # takes the free descriptor
    lock.release()
    os.fstat(other)
    os.close(other)
