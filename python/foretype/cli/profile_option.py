"""The option that names a profile's folder, for every command that opens one."""

import argparse
from pathlib import Path


def add_profile_option(to: argparse._ActionsContainer) -> None:
    """Add `--profile FOLDER`."""
    to.add_argument(
        "--profile",
        type=Path,
        metavar="FOLDER",
        help="the profile's folder (default: $FORETYPE_PROFILE, or the user's data folder)",
    )
