"""Everything Foretype raises on purpose, in one tree.

    ForetypeError
    ├── FileError             a file is not what it should be (see `code`)
    │   ├── ModelError        a model file, or what one is made from
    │   ├── BackgroundError   the shipped word statistics
    │   ├── ProfileError      what is kept about a user
    │   └── DataError         input of a command: replay data, text to count
    ├── StorageError          a file could not be written: disk full, no permission
    ├── DownloadError         something needed from the network did not arrive
    └── SettingError          an option or environment variable asks for what cannot be had

A message is one sentence or two: what is wrong, with what, and what to do next.
What a user types never raises: no suggestion is a normal answer.
"""

from enum import StrEnum


class ErrorCode(StrEnum):
    """Why a file was refused; the names of `foretype::ErrorCode` in the core."""

    TRUNCATED = "truncated"
    CORRUPT = "corrupt"
    WRONG_FORMAT = "wrong_format"
    WRONG_VERSION = "wrong_version"
    UNSUPPORTED = "unsupported"


class ForetypeError(Exception):
    """The root: catch this to catch everything Foretype raises on purpose."""


class FileError(ForetypeError):
    """A file is not what it should be. `code` says in which way, for programs."""

    def __init__(self, message: str, *, code: ErrorCode = ErrorCode.CORRUPT) -> None:
        super().__init__(message)
        self.code = code


class ModelError(FileError):
    """A model file, or a file a model was to be made from, was refused."""


class BackgroundError(FileError):
    """A file of background word statistics was refused."""


class ProfileError(FileError):
    """A file of a user's profile was refused; it is left as it was."""


class DataError(FileError):
    """A file given to a command holds something else than the command reads."""


class StorageError(ForetypeError):
    """A file could not be written. Nothing half-written is left behind."""


class DownloadError(ForetypeError):
    """Something needed from the network did not arrive, or was not what was asked for."""


class SettingError(ForetypeError):
    """An option or environment variable asks for what cannot be had here."""


CORE_CODES = (
    ErrorCode.TRUNCATED,
    ErrorCode.CORRUPT,
    ErrorCode.WRONG_FORMAT,
    ErrorCode.WRONG_VERSION,
    ErrorCode.UNSUPPORTED,
)


def from_core(kind: str, code: int, offset: int, detail: str) -> ForetypeError:
    """The exception for an error of the core, which calls this (python/bindings/errors.h).

    `kind` names a class of this module; `code` is the position in `foretype::ErrorCode`.
    """
    where = f" (at byte {offset})" if offset else ""
    exception: type[ForetypeError] = globals()[kind]
    if issubclass(exception, FileError):
        return exception(detail + where, code=CORE_CODES[code])
    return exception(detail + where)
