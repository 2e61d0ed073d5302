"""`foretype replay`: measure quality and speed on people's messages, typed again."""

import argparse
from pathlib import Path

from foretype.replay.plan import RUNS, runs_of

Subparsers = argparse._SubParsersAction  # the class has no public name


def add_parser(subparsers: "Subparsers[argparse.ArgumentParser]") -> None:
    """Add `replay` to the command line."""
    parser = subparsers.add_parser("replay", help=__doc__, description=__doc__)
    parser.add_argument("--data", type=Path, required=True, metavar="FILE", help="JSON lines")
    parser.add_argument("--report", type=Path, required=True, metavar="OUT.json")
    parser.add_argument("--authors", type=_positive, metavar="N", help="the first N only")
    parser.add_argument(
        "--score-last",
        type=_positive,
        default=6000,
        metavar="CHARACTERS",
        help="of each author; everything before is history (default: %(default)s)",
    )
    parser.add_argument("--peer", action="append", default=[], metavar="NAME", help="llama.cpp")
    parser.add_argument("--peer-python", metavar="PROGRAM", help="a Python that has the peer")
    parser.add_argument("--peer-messages", type=_positive, metavar="N", help="of each author")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=_positive, default=1, metavar="N", help="processes")
    parser.add_argument("--proposers", choices=("both", "trie", "lm"), default="both")
    parser.add_argument("--only", metavar="RUNS", help=f"some of: {', '.join(RUNS)}")
    parser.add_argument("--menu", action="store_true", help="with --only: the menu of three too")
    parser.add_argument("--budget-ms", type=float, default=30.0, help="(default: %(default)s)")
    parser.add_argument("--model", metavar="FILE", help="instead of the cached one")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        type=_setting,
        metavar="NAME=NUMBER",
        help="tune the engine for an experiment",
    )
    parser.add_argument("--resume", action="store_true", help="go on with an interrupted replay")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 when the report is written. Raises ForetypeError, in one sentence, when it cannot be."""
    from rich.console import Console

    from foretype.replay.command import ReplayCommand, run_command

    console = Console(stderr=True)
    command = ReplayCommand(
        data=args.data,
        report=args.report,
        runs=runs_of(args.only, menu=args.menu),
        authors=args.authors,
        score_last=args.score_last,
        peers=args.peer,
        peer_python=args.peer_python,
        peer_messages=args.peer_messages,
        seed=args.seed,
        jobs=args.jobs,
        proposers=args.proposers,
        budget_ms=args.budget_ms,
        model=args.model,
        tuning=dict(args.set),
        resume=args.resume,
    )
    try:
        run_command(command, console=console, tables=Console())
    except KeyboardInterrupt:
        console.print("Interrupted. The same command with --resume goes on from here.")
        raise
    return 0


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def _setting(text: str) -> tuple[str, float]:
    name, _, number = text.partition("=")
    return name, float(number)
