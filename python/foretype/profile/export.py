"""A profile as a plain file, and back: all of it or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from foretype.errors import DataError, ErrorCode
from foretype.model.atomic import atomic_write
from foretype.profile import operations
from foretype.profile.export_lines import VERSION, BadLine, Line, bytes_of, decode, encode, lines_of
from foretype.profile.known import to_day

if TYPE_CHECKING:
    from foretype._core import Profile as Core
    from foretype._profile import Profile

_CHUNK = 1 << 20  # bytes written at once


def export_profile(profile: Profile, path: Path) -> int:
    """Write everything that the profile knows to `path`, as JSON lines. Returns how many lines.

    A program that types meanwhile changes nothing in the file. Raises StorageError; what stood
    at `path` then still does.
    """
    still = profile._copy_of_core()
    count = 0
    with atomic_write(path) as file:
        chunk = bytearray()
        for line in lines_of(still):
            count += 1
            chunk += encode(line)
            if len(chunk) > _CHUNK:
                file.write(bytes(chunk))
                chunk.clear()
        file.write(bytes(chunk) + encode({"end": count}))
    return count + 1


def import_profile(profile: Profile, path: Path) -> int:
    """Add everything that was exported to `path` to what the profile knows. Returns the lines.

    Raises DataError for a damaged file, with the line, or StorageError; then nothing is imported.
    """
    digest = _check(path)
    core = profile._core
    keeper = profile._keeper

    def act() -> int:
        before = core.save()
        try:
            return _add(core, path, digest)
        except BaseException:
            core.load(before)
            raise

    return keeper.change(act)


def _check(path: Path) -> bytes:
    """Read all lines once without using them. Returns the digest of the file's bytes."""
    contexts: set[str] = set()
    count = 0
    ended = False
    for count, kind, line in _lines(path):
        if ended:
            raise _bad(path, count, "stands behind the end")
        if (count == 1) != (kind == "format"):
            raise _bad(path, count, "is not where it belongs")
        if kind == "format" and line["version"] != VERSION:
            raise _version(path, line["version"])
        if kind == "context":
            contexts.add(line["context"])
        elif line.get("in", "") not in contexts | {""}:
            raise _bad(path, count, "is in a context that no line before it names")
        ended = kind == "end"
        if ended and line["end"] != count - 1:
            raise _bad(path, count, f"counts {line['end']} lines before it")
    if not ended:
        raise DataError(
            f"{path} is cut off after line {count}. Nothing was imported.",
            code=ErrorCode.TRUNCATED,
        )
    return _digest(path)


def _add(core: Core, path: Path, digest: bytes) -> int:
    private = {name for name, is_private, _ in core.contexts() if is_private}
    count = 0
    for _, kind, line in _lines(path):
        count += 1
        if kind == "context":
            # As it was where it was counted; what was private here becomes so again below.
            core.replay(operations.private(bytes_of(line["context"]), line["private"]))
        else:
            _ADD[kind](core, line)
    for name in private:
        core.replay(operations.private(name, True))
    if _digest(path) != digest:
        raise DataError(f"{path} was changed while it was read. Nothing was imported.")
    return count


def _add_word(core: Core, line: Line) -> None:
    core.add_word_row(
        bytes_of(line.get("in", "")),
        bytes_of(line["word"]),
        line["inside"],
        line["opening"],
        line["accepted"],
        line["rejected"],
        _day(line["first_day"]),
        _day(line["last_day"]),
    )


def _add_ngram(core: Core, line: Line) -> None:
    core.add_ngram_row(
        bytes_of(line.get("in", "")),
        [bytes_of(each) for each in line["after"]],
        bytes_of(line["unit"]),
        line["count"],
        _day(line["day"]),
    )


def _add_message(core: Core, line: Line) -> None:
    text = bytes_of(line["message"])
    core.replay(operations.message(bytes_of(line.get("in", "")), _day(line["day"]), text))


def _add_blocked(core: Core, line: Line) -> None:
    core.replay(operations.block([bytes_of(line["blocked"])]))


def _add_habit(core: Core, line: Line) -> None:
    core.replay(operations.habit(line["seen"], line["overlooked"]))


def _add_paused(core: Core, line: Line) -> None:
    if line["paused"]:
        core.replay(operations.paused(True))


def _nothing(core: Core, line: Line) -> None:
    """A line about the file itself."""


_ADD = {
    "format": _nothing,
    "word": _add_word,
    "after": _add_ngram,
    "message": _add_message,
    "blocked": _add_blocked,
    "seen": _add_habit,
    "paused": _add_paused,
    "end": _nothing,
}


def _day(text: str) -> int:
    return to_day(date.fromisoformat(text))


def _lines(path: Path) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """(number from 1, kind, fields) of each line. Raises DataError."""
    try:
        with path.open("rb") as file:
            for number, data in enumerate(file, 1):
                try:
                    yield number, *decode(data)
                except BadLine as bad:
                    raise _bad(path, number, str(bad)) from None
    except OSError as error:
        raise DataError(f"Cannot read {path}: {error.strerror or error}.") from error


def _digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def _bad(path: Path, number: int, what: str) -> DataError:
    return DataError(f"{path}, line {number} {what}. Nothing was imported.")


def _version(path: Path, version: int) -> DataError:
    return DataError(
        f"{path} has version {version}, this Foretype reads {VERSION}: update it. Nothing was "
        "imported.",
        code=ErrorCode.WRONG_VERSION,
    )
