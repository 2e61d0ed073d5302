"""Puts what was read into an empty core."""

from __future__ import annotations

import re
from contextlib import suppress

from foretype.errors import ErrorCode, ProfileError
from foretype.profile.core import Core
from foretype.profile.records import Saved

_NEWER = {ErrorCode.WRONG_VERSION, ErrorCode.UNSUPPORTED}
_NAMED = re.compile(
    r"\bsection ([a-z]+(?:/\d+)?)\b"
)  # the core's errors name the section they refuse


class Refused(Exception):
    """The core does not take something whose checksum is right, or misses something."""


def fill(core: Core, saved: Saved) -> None:
    """Load the snapshot and do again what came after it.

    Raises Refused, or ProfileError for sections of a newer version.
    """
    try:
        if saved.sections:
            core.load([(section.name, section.data) for section in saved.sections])
        for row in saved.unsaved:
            core.replay(row.ops)
    except ProfileError as error:
        if error.code in _NEWER:
            raise
        raise Refused(str(error)) from error


def fill_with_what_loads(core: Core, saved: Saved) -> int:
    """Load what the core takes, empty sections for the rest, and do again what it can.

    Returns how many sections were refused or missing.
    """
    sections = {section.name: section.data for section in saved.sections}
    emptied = 0
    while sections:
        try:
            core.load(list(sections.items()))
            break
        except ProfileError as error:
            name = _refused(error, sections)
            if name is None:
                return len(sections)
            sections[name] = b""
            emptied += 1
    for row in saved.unsaved:
        with suppress(ProfileError):  # what comes before the damage in it is done
            core.replay(row.ops)
    return emptied


def _refused(error: ProfileError, sections: dict[str, bytes]) -> str | None:
    """The section to leave out next; None if leaving out does not help."""
    named = _NAMED.search(str(error))
    return named[1] if named and sections.get(named[1]) != b"" else None
