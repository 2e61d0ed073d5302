"""Which files there are to read, and what is in them."""

import os
import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from foretype.past.mailbox import is_mailbox

_HEAD = 4096


class Kind(StrEnum):
    """What a file holds."""

    MAILBOX = "mbox"
    MAIL = "mail"
    TEXT = "text"
    MARKDOWN = "Markdown"
    JSON_LINES = "JSON lines"


READ = "mbox, eml, maildir, plain text, Markdown, JSON lines"
_BY_SUFFIX = {
    ".mbox": Kind.MAILBOX,
    ".mbx": Kind.MAILBOX,
    ".eml": Kind.MAIL,
    ".emlx": Kind.MAIL,
    ".txt": Kind.TEXT,
    ".text": Kind.TEXT,
    ".md": Kind.MARKDOWN,
    ".markdown": Kind.MARKDOWN,
    ".jsonl": Kind.JSON_LINES,
    ".ndjson": Kind.JSON_LINES,
}
_MAIL_HEAD = re.compile(
    rb"(?:\d+[ \t]*\r?\n)?(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*){2}", re.MULTILINE
)
_MAILDIR_PARTS = {"cur", "new"}


def files_in(path: Path) -> Iterator[tuple[Path, bool]]:
    """Yields (file, whether it lies in a maildir) of a file or folder, in order of name.

    Hidden files and folders are left out, except the folders of a maildir; links to folders are
    not followed.
    """
    if not path.is_dir():
        yield path, _in_maildir(path.parent)
        return
    for folder, folders, files in os.walk(path):
        here = Path(folder)
        folders[:] = sorted(name for name in folders if _is_entered(here / name))
        in_maildir = _in_maildir(here)
        for name in sorted(files):
            if not name.startswith("."):
                yield here / name, in_maildir


def kind_of(path: Path, *, in_maildir: bool) -> Kind | None:
    """What the file holds, by its name, else by how it begins. Raises OSError."""
    if in_maildir:
        return Kind.MAIL
    kind = _BY_SUFFIX.get(path.suffix.lower())
    if kind in {Kind.MARKDOWN, Kind.JSON_LINES} or (kind is None and _is_named(path)):
        return kind
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if is_mailbox(head):
        return Kind.MAILBOX
    if kind is None:
        return Kind.MAIL if _MAIL_HEAD.match(head) else None
    return kind


def _is_named(path: Path) -> bool:
    """Whether the name ends in letters that tell of another kind; mail programs use none."""
    return path.suffix[1:].isalpha()


def _is_entered(folder: Path) -> bool:
    return not folder.name.startswith(".") or (folder / "cur").is_dir()


def _in_maildir(folder: Path) -> bool:
    return folder.name in _MAILDIR_PARTS and all(
        (folder.parent / part).is_dir() for part in _MAILDIR_PARTS
    )
