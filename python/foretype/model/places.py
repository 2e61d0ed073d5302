"""Where models are: the default one in this package, the original in the user's cache folder."""

import os
from pathlib import Path

import platformdirs

from foretype.model.pin import SHIPPED, SMOLLM2

FILE_SUFFIX = ".foretype.safetensors"
SHIPPED_FOLDER = Path(__file__).with_name("shipped")
CACHE_VARIABLE = "FORETYPE_CACHE"

RESTORE = (
    "It is a part of Foretype: get that file again with git checkout, or install Foretype again."
)
BUILD = "It is made with: foretype model build --original --force"


def default_path() -> Path:
    """Where the default model is, which is part of the package."""
    return SHIPPED_FOLDER / SHIPPED.file_name


def cache_folder() -> Path:
    """Where things that can be made again are kept; FORETYPE_CACHE overrides it."""
    named = os.environ.get(CACHE_VARIABLE)
    return Path(named) if named else Path(platformdirs.user_cache_dir("foretype"))


def original_path() -> Path:
    """Where the model is that the default one was made from, once it has been built."""
    return cache_folder() / (SMOLLM2.model_name + FILE_SUFFIX)


def is_shipped(path: Path) -> bool:
    """Whether this is the file that is part of the package."""
    return path == SHIPPED_FOLDER / SHIPPED.file_name


def how_to_restore(path: Path) -> str | None:
    """For a file that should be whole and is not; None for files that are not ours."""
    if is_shipped(path):
        return RESTORE
    return BUILD if path == original_path() else None
