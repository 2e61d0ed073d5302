"""Opens the owner's profile for one command of `foretype profile`, without the language model."""

import argparse
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from foretype import Engine, Profile
from foretype.errors import SettingError, StorageError


@contextmanager
def reading(args: argparse.Namespace) -> Iterator[Profile]:
    """The profile as it is on disk; another process may be using it. Troubles go to stderr."""
    with _open(args, read_only=True) as profile:
        _tell(profile.trouble)
        yield profile


@contextmanager
def writing(args: argparse.Namespace) -> Iterator[Profile]:
    """The profile, to change it; what was changed is on disk at the end.

    Raises:
        SettingError: another process holds the profile.
        StorageError: what was changed could not be written.
    """
    with _open(args, read_only=False) as profile:
        if profile.read_only:
            raise SettingError(f"{profile.trouble} End that one first, or use its page.")
        before = profile.trouble
        _tell(before)
        yield profile
        profile.flush()
        if profile.trouble and profile.trouble != before:
            raise StorageError(profile.trouble)


@contextmanager
def _open(args: argparse.Namespace, *, read_only: bool) -> Iterator[Profile]:
    log = logging.getLogger("foretype.profile")
    was = log.disabled
    log.disabled = True  # what it would write there is told here, once
    try:
        engine = Engine.open(language_model=False)
        with engine.open_profile(args.profile, read_only=read_only) as profile:
            yield profile
    finally:
        log.disabled = was


def _tell(trouble: str | None) -> None:
    if trouble:
        print(f"foretype: {trouble}", file=sys.stderr)
