"""`foretype profile learn`: learns what the owner wrote before, from files."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from foretype.cli.answer import count, visible
from foretype.cli.profile_open import writing
from foretype.cli.progress import PATIENCE_SECONDS, progress_bar
from foretype.past import Learned, Learner, Skip, learn_reading, read_past

INTERRUPTED = 130  # 128 + SIGINT, as shells count


def add_parts(
    parts: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser
) -> None:
    """Add the part."""
    parser = parts.add_parser(
        "learn",
        parents=[common],
        help="learn what you wrote before, from files",
        description="Learns what you wrote before: mbox, eml, emlx, maildir, plain text, Markdown "
        "and JSON lines, or folders of them. Quoted and forwarded words, signature blocks, "
        "footers, code and messages of others are left out. Ctrl-C stops it; the same command "
        "goes on, and learns nothing twice.",
    )
    add = parser.add_argument
    add("paths", nargs="+", type=Path, metavar="FILE", help="a file or a folder")
    add(
        "--me",
        action="append",
        default=[],
        metavar="ADDRESS",
        help="an address you write from, or your author name in JSON lines; may be repeated "
        "(default: guessed from the files)",
    )
    add("--context", default="", metavar="NAME", help="learn it under this context")
    add("--dry-run", action="store_true", help="read and count, but learn nothing")
    parser.set_defaults(part=run)


def run(args: argparse.Namespace) -> int:
    """Learn; say what was learned, what was not, and why."""
    if args.dry_run:
        learned = _learn(args, None)
    else:
        with writing(args) as profile:
            learned = _learn(args, profile)
    if args.json:
        print(json.dumps(_as_json(learned, dry_run=args.dry_run), ensure_ascii=False))
    else:
        _print(learned, dry_run=args.dry_run)
    return INTERRUPTED if learned.interrupted else 0


def _learn(args: argparse.Namespace, profile: Learner | None) -> Learned:
    with progress_bar(after_seconds=PATIENCE_SECONDS) as progress:
        reading = read_past(args.paths, me=args.me, progress=progress)
        with interruptible() as stop:
            return learn_reading(
                profile, reading, context=args.context, progress=progress, stop=stop
            )


@contextmanager
def interruptible() -> Iterator[Callable[[], bool]]:
    """Yields whether Ctrl-C was pressed: it ends the work between two texts.

    A second one ends it at once.
    """
    pressed = False

    def press(number: int, frame: Any) -> None:
        nonlocal pressed
        pressed = True
        signal.signal(signal.SIGINT, before)

    before = signal.signal(signal.SIGINT, press)
    try:
        yield lambda: pressed
    finally:
        signal.signal(signal.SIGINT, before)


def _print(learned: Learned, *, dry_run: bool) -> None:
    for guess in learned.guesses:
        print(f"Taken to be you: {visible(str(guess))}. To name another: --me ADDRESS.")
    did = "Would learn" if dry_run else "Learned"
    texts, words = count(learned.texts, "text"), count(learned.words, "word")
    print(f"{did} {texts}, {words}{_span(learned)}.")
    skipped = learned.counts.skipped
    if skipped:
        reasons = (f"{number:,} {why.value}" for why, number in skipped.most_common())
        print(f"Left out {skipped.total():,}: {', '.join(reasons)}.")
    for trouble in learned.counts.troubles:
        print(f"  {visible(str(trouble))}", file=sys.stderr)
    if learned.interrupted:
        print("Interrupted. The same command goes on from here.")


def _span(learned: Learned) -> str:
    if learned.first_day is None or learned.last_day is None:
        return ""
    if learned.first_day == learned.last_day:
        return f", of {learned.first_day}"
    return f", from {learned.first_day} to {learned.last_day}"


def _as_json(learned: Learned, *, dry_run: bool) -> dict[str, Any]:
    counts = learned.counts
    return {
        "learned": learned.texts,
        "words": learned.words,
        "first_day": str(learned.first_day) if learned.first_day else None,
        "last_day": str(learned.last_day) if learned.last_day else None,
        "me": list(learned.owners),
        "guessed": bool(learned.guesses),
        "files": counts.files,
        "found": counts.found,
        "left_out": {why.name.lower(): counts.skipped[why] for why in Skip if counts.skipped[why]},
        "troubles": [str(trouble) for trouble in counts.troubles],
        "dry_run": dry_run,
        "interrupted": learned.interrupted,
    }
