"""Puts what was read into an empty core."""

from __future__ import annotations

from foretype.errors import ErrorCode, ProfileError
from foretype.profile.core import Core
from foretype.profile.records import Saved, Section

_NEWER = {ErrorCode.WRONG_VERSION, ErrorCode.UNSUPPORTED}


class Refused(Exception):
    """The core does not take something whose checksum is right."""


def fill(core: Core, saved: Saved) -> None:
    """Load the snapshot and do again what came after it.

    Raises Refused, or ProfileError for sections of a newer version.
    """
    try:
        if saved.sections:
            _load(core, saved.sections)
        for row in saved.unsaved:
            core.replay(row.ops)
    except ProfileError as error:
        if error.code in _NEWER:
            raise
        raise Refused(str(error)) from error


def fill_with_what_loads(core: Core, saved: Saved) -> Saved:
    """Load as many sections as the core takes, and do again what it can. Returns those sections."""
    kept: list[Section] = []
    for section in saved.sections:
        try:
            _load(core, (*kept, section))
        except ProfileError:
            continue
        kept.append(section)
    if kept:
        _load(core, tuple(kept))
    for row in saved.unsaved:
        _replay_if_whole(core, row.ops)
    return Saved(tuple(kept), saved.rows)


def _load(core: Core, sections: tuple[Section, ...]) -> None:
    core.load([(section.name, section.data) for section in sections])


def _replay_if_whole(core: Core, ops: bytes) -> None:
    try:
        core.replay(ops)
    except ProfileError:
        return  # what came before in it was done
