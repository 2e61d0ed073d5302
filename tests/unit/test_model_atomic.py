"""A file is written whole or not at all, whichever step fails."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from foretype.errors import StorageError
from foretype.model.atomic import atomic_write

STEPS = ["open", "write", "fsync", "rename"]


def fail_nth(function: Callable[..., Any], n: int, code: int) -> Callable[..., Any]:
    calls = 0

    def failing(*arguments: Any, **options: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == n:
            raise OSError(code, os.strerror(code))
        return function(*arguments, **options)

    return failing


def break_step(monkeypatch: pytest.MonkeyPatch, step: str, *, n: int = 1, code: int) -> None:
    if step == "rename":
        monkeypatch.setattr(Path, "replace", fail_nth(Path.replace, n, code))
    else:
        monkeypatch.setattr(os, step, fail_nth(getattr(os, step), n, code))


def write_three_pieces(path: Path) -> None:
    with atomic_write(path) as file:
        for piece in (b"one ", b"two ", b"three"):
            file.write(piece)
        file.write_at(4, b"TWO")


def test_writes_all_pieces_and_leaves_nothing_else(tmp_path: Path) -> None:
    write_three_pieces(tmp_path / "new" / "file")
    assert (tmp_path / "new" / "file").read_bytes() == b"one TWO three"
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["file"]


def test_short_writes_are_carried_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda file, data: write(file, data[:2]))
    write_three_pieces(tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == b"one TWO three"


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("before", [None, b"old"])
def test_failure_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, before: bytes | None
) -> None:
    path = tmp_path / "file"
    if before is not None:
        path.write_bytes(before)
    break_step(monkeypatch, step, code=errno.EIO)
    with pytest.raises(StorageError, match=f"Cannot write {path}: Input/output error"):
        write_three_pieces(path)
    assert [child.read_bytes() for child in tmp_path.iterdir()] == ([before] if before else [])


@pytest.mark.parametrize("n", [1, 2, 3])
def test_full_disk_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, n: int) -> None:
    break_step(monkeypatch, "write", n=n, code=errno.ENOSPC)
    with pytest.raises(StorageError, match=r"No space left to write .*: free some"):
        write_three_pieces(tmp_path / "file")
    assert not list(tmp_path.iterdir())


def test_an_error_of_the_writer_passes_through(tmp_path: Path) -> None:
    with pytest.raises(TypeError), atomic_write(tmp_path / "file") as file:
        file.write(memoryview(b"every second byte")[::2])
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").write_bytes(b"a file")
    with pytest.raises(StorageError, match="Cannot write"), atomic_write(tmp_path / "taken" / "f"):
        pass
