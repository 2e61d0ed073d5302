"""`foretype background`: builds the word statistics that ship with the package."""

import argparse
from pathlib import Path

from foretype.background import MAX_BYTES, Size, build
from foretype.cli.progress import progress_bar


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command and its one part."""
    parser = subparsers.add_parser("background", help="build the background of English")
    parts = parser.add_subparsers(title="parts", metavar="PART", required=True)
    part = parts.add_parser("build", help="count a file of texts and write the background file")
    part.add_argument(
        "--data", type=Path, required=True, help="JSON lines with `source` and `text`, or .gz"
    )
    part.add_argument("--output", type=Path, required=True, help="the file to write")
    part.add_argument("--words", type=int, default=Size.words, help="words to keep")
    part.add_argument("--bigrams", type=int, default=Size.bigrams, help="pairs of words to keep")


def run(args: argparse.Namespace) -> int:
    """Build; say what was written."""
    size = Size(words=args.words, bigrams=args.bigrams)
    with progress_bar() as progress:
        built = build(args.data, args.output, size=size, progress=progress)
    print(
        f"{built.path}: {built.words} words, {built.bigrams} bigrams, "
        f"{built.size_bytes / 1e6:.2f} MB (at most {MAX_BYTES / 1e6:.1f} MB ship)"
    )
    return 0
