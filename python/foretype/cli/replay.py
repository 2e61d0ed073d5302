"""`foretype replay`: measure quality and speed on people's messages, typed again."""

import argparse
import math
from pathlib import Path

from foretype.replay.plan import RUNS, runs_of
from foretype.replay.settings import THINK_STEPS


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `replay`, and within it `replay compare`, to the command line."""
    parser = subparsers.add_parser(
        "replay",
        help="measure quality and speed on messages typed again",
        description="Types people's messages again, one key at a time, as simulated users; "
        "docs/replay.md says what is counted.",
    )
    _add_options(parser)
    _add_peer_options(parser)
    actions = parser.add_subparsers(dest="action", title="instead of a replay", metavar="")
    compare = actions.add_parser("compare", help="the difference of two reports, A minus B")
    compare.add_argument("one", type=Path, metavar="A.json")
    compare.add_argument("other", type=Path, metavar="B.json")
    parser.set_defaults(usage_error=parser.error)


def run(args: argparse.Namespace) -> int:
    """0 when it is done. Raises ForetypeError, in one sentence, when it cannot be."""
    if args.action == "compare":
        return _compare(args)
    if args.data is None or args.report is None:
        args.usage_error("the following arguments are required: --data, --report")
    return _replay(args)


def _replay(args: argparse.Namespace) -> int:
    from rich.console import Console

    from foretype.replay.command import ReplayCommand, run_command

    console = Console(stderr=True)
    command = ReplayCommand(
        data=args.data,
        report=args.report,
        runs=runs_of(args.only, menu=args.menu, dials=args.dials),
        authors=args.authors,
        score_last=args.score_last,
        peers=args.peer,
        peer_python=args.peer_python,
        peer_messages=args.peer_messages,
        seed=args.seed,
        jobs=args.jobs,
        proposers=args.proposers,
        budget_ms=-1 if args.quality else args.budget_ms,
        think_steps=_think_steps(args),
        timed=not args.quality,
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


def _think_steps(args: argparse.Namespace) -> int:
    if args.think is not None:
        return int(args.think)
    return 0 if args.quality else THINK_STEPS


def _compare(args: argparse.Namespace) -> int:
    from rich.console import Console

    from foretype.replay.compare import compare_reports
    from foretype.replay.table import print_differences

    title = f"{args.one.name} minus {args.other.name}"
    print_differences(Console(), compare_reports(args.one, args.other), title=title)
    return 0


def _add_options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--data", type=Path, metavar="FILE", help="JSON lines of author, date, text")
    add("--report", type=Path, metavar="OUT.json", help="the file to write")
    add("--authors", type=_positive, metavar="N", help="the first N only")
    add(
        "--score-last",
        type=_positive,
        default=6000,
        metavar="N",
        help="characters of each author; what is before is history (default: %(default)s)",
    )
    add("--seed", type=int, default=1, metavar="N", help="(default: %(default)s)")
    add("--jobs", type=_positive, default=1, metavar="N", help="processes (default: %(default)s)")
    add("--proposers", choices=("both", "trie", "lm"), default="both")
    add("--only", metavar="RUN,...", help=f"some of: {', '.join(RUNS)}")
    add(
        "--dials",
        type=_dials,
        default=[],
        metavar="N,...",
        help="the attentive word user with the dial at each N too, such as 2,5,10,20,40",
    )
    add(
        "--quality",
        action="store_true",
        help="no speed: --budget-ms=-1, --think 0 if not given, and every run shares the processes",
    )
    add("--menu", action="store_true", help="with --only: the menu of three too")
    add("--budget-ms", type=float, default=30.0, metavar="MS", help="(default: %(default)s)")
    add(
        "--think",
        type=int,
        metavar="STEPS",
        help="steps of the engine's work between two keys"
        f" (default: {THINK_STEPS}, with --quality 0); 0 leaves all of it to the keys",
    )
    add("--model", metavar="FILE", help="instead of the default one")
    add(
        "--set",
        action="append",
        default=[],
        type=_setting,
        metavar="NAME=NUMBER",
        help="tune the engine for an experiment",
    )
    add("--resume", action="store_true", help="go on with an interrupted replay")


def _add_peer_options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "--peer",
        action="append",
        default=[],
        metavar="NAME",
        help="run beside it: presage, ibus-typing-booster, llama.cpp; of a kind: llama.cpp:Q8_0",
    )
    add("--peer-python", metavar="PROGRAM", help="a Python that has the peer's package")
    add("--peer-messages", type=_positive, metavar="N", help="the first N of each author only")


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def _dials(text: str) -> list[float]:
    numbers = [float(part) for part in text.split(",")]
    if not all(0 < number < math.inf for number in numbers):
        raise argparse.ArgumentTypeError("must be above 0")
    return numbers


def _setting(text: str) -> tuple[str, float]:
    name, _, number = text.partition("=")
    return name, float(number)
