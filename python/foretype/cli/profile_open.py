"""Opens the owner's profile for one command of `foretype profile`, without the language model."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from foretype import Engine, Profile
from foretype.errors import SettingError, StorageError


@contextmanager
def reading(args: argparse.Namespace) -> Iterator[Profile]:
    """The profile as it is on disk; another process may be using it. Troubles go to stderr."""
    with Engine.open(language_model=False).open_profile(args.profile, read_only=True) as profile:
        if profile.trouble:
            print(f"foretype: {profile.trouble}", file=sys.stderr)
        yield profile


@contextmanager
def writing(args: argparse.Namespace) -> Iterator[Profile]:
    """The profile, to change it; what was changed is on disk at the end.

    Raises:
        SettingError: another process holds the profile.
        StorageError: what was changed could not be written.
    """
    with Engine.open(language_model=False).open_profile(args.profile) as profile:
        if profile.read_only:
            raise SettingError(f"{profile.trouble} End that one first, or use its page.")
        before = profile.trouble
        if before:
            print(f"foretype: {before}", file=sys.stderr)
        yield profile
        profile.flush()
        if profile.trouble and profile.trouble != before:
            raise StorageError(profile.trouble)
