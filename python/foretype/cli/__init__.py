"""The `foretype` command: one module of this package for each of its commands."""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

from foretype.errors import ForetypeError

COMMANDS = (
    "play",
    "profile",
    "stats",
    "inspect",
    "model",
    "compress",
    "replay",
    "bench",
    "background",
)
FAILED = 1
USAGE = 2  # what argparse exits with
INTERRUPTED = 130  # 128 + SIGINT, as shells count


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code. An error of ours is one sentence on stderr."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    parser = _parser(_commands_named(words))
    args = parser.parse_args(words)
    try:
        code: int = args.run(args)
        sys.stdout.flush()
        return code
    except ForetypeError as error:
        print(f"foretype: {error}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader of our output, such as `head`, has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED


def _commands_named(words: Sequence[str]) -> Sequence[str]:
    """The command asked for, whose module alone is imported; all of them for the help."""
    return words[:1] if words and words[0] in COMMANDS else COMMANDS


def _parser(commands: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="foretype", description="Autocomplete that runs on your own device."
    )
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name in commands:
        command = importlib.import_module(f"foretype.cli.{name}")
        command.add_parser(subparsers)
        subparsers.choices[name].set_defaults(run=command.run)
    return parser
