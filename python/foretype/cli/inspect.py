"""`foretype inspect`: writes the report on what Foretype knows of its owner."""

import argparse
import sys
import webbrowser
from datetime import datetime
from pathlib import Path

from foretype.cli.answer import count, size
from foretype.cli.profile_open import reading
from foretype.cli.profile_option import add_profile_option
from foretype.cli.progress import PATIENCE_SECONDS, progress_bar
from foretype.inspect import (
    Inspected,
    check_place,
    export,
    inspect,
    read_replay,
    sections,
    write_page,
)
from foretype.model import default_path

DEFAULT_OUTPUT = Path("foretype-inspect.html")


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command and its options."""
    parser = subparsers.add_parser(
        "inspect",
        help="write a report with pictures of what is known about you",
        description="Writes one page, for a browser, that works offline: where your words lie in "
        "the model, how much of it you need, how often suggestions are right. It holds words of "
        "yours and is readable by you alone.",
    )
    parser.add_argument(
        "--output",
        type=Path,
        metavar="FILE",
        default=DEFAULT_OUTPUT,
        help="where to write it; an older report is replaced (default: %(default)s here)",
    )
    parser.add_argument("--no-words", action="store_true", help="leave your words out")
    parser.add_argument("--open", action="store_true", help="show it in the browser")
    parser.add_argument(
        "--replay",
        type=Path,
        action="append",
        default=[],
        metavar="REPORT.json",
        help="a report of foretype replay, for the dial's curve; may be repeated",
    )
    parser.add_argument(
        "--export",
        type=Path,
        metavar="FOLDER",
        help="also write the tokens there, for TensorBoard's projector and embedding-atlas",
    )
    parser.add_argument(
        "--model", type=Path, metavar="PATH", help="a converted model (default: Foretype's own)"
    )
    add_profile_option(parser)


def run(args: argparse.Namespace) -> int:
    """Write the page, and the export if asked for."""
    check_place(args.output)
    replays = [read_replay(path) for path in args.replay]
    words = not args.no_words
    with progress_bar(after_seconds=PATIENCE_SECONDS) as progress:
        with reading(args) as profile:
            found = inspect(args.model or default_path(), profile, progress=progress)
        made = sections(found, replays=replays, words=words, progress=progress)
        write_page(args.output, made, about=_about(found), words=words)
        files = export(args.export, found, words=words, progress=progress) if args.export else ()
    for trouble in found.evidence.troubles:
        print(f"foretype: {trouble}", file=sys.stderr)
    _tell(args.output, *files)
    if args.open:
        webbrowser.open(args.output.resolve().as_uri())
    return 0


def _about(found: Inspected) -> str:
    words = count(len({word.text.casefold() for word in found.words}), "word")
    return f"{words} of yours and the model {found.tokens.model}, looked at on {_now()}."


def _now() -> str:
    return f"{datetime.now():%Y-%m-%d at %H:%M}"


def _tell(*files: Path) -> None:
    for path in files:
        print(f"{path}  {size(path.stat().st_size)}")
