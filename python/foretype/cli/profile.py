"""`foretype profile`: what Foretype knows about its owner, open to them and theirs to change."""

import argparse

from foretype.cli import profile_change, profile_files, profile_forget, profile_learn, profile_show
from foretype.cli.profile_option import add_profile_option


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command and its parts; each takes --profile and --json."""
    parser = subparsers.add_parser(
        "profile",
        help="see, change, forget, carry away what is known about you",
        description="What Foretype learned from you: see it, change it, forget it, carry it away. "
        "All of it lies in one folder on this machine.",
    )
    parts = parser.add_subparsers(title="parts", metavar="PART", required=True)
    common = _common_options()
    for module in (profile_show, profile_forget, profile_change, profile_learn, profile_files):
        module.add_parts(parts, common)


def run(args: argparse.Namespace) -> int:
    """Run the part that was asked for."""
    code: int = args.part(args)
    return code


def _common_options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(add_help=False)
    add_profile_option(parser)
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")
    return parser
