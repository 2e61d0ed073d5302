"""Does it matter that a user only reacts to what stood on the screen?

    python benchmarks/position_bias/run.py --data mails.jsonl                     # all of it
    python benchmarks/position_bias/run.py --data mails.jsonl --proposers trie    # minutes
    python benchmarks/position_bias/run.py --data mails.jsonl --authors 4 --score-last 3000

A system that sees only reactions learns from what it showed, and takes what was not accepted for
wrong: what stands lower in the list is never learned from, and what a user did not look at counts
against itself. Here the user goes on to type the true text, so every candidate gets a true label.
The replay is run three times, with ranking and calibration learned from all labels (as shipped),
from shown-and-accepted-or-not, and not at all (the shipped prior); the user types along half of
the time without looking, which is where reactions say least. The first table holds each run's
figures (docs/replay.md), the second the paired differences of learning from all labels.

The gate's count of wrong shows is the same in all three: it rests on what was typed.
"""

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from foretype.replay.command import ReplayCommand, run_command
from foretype.replay.compare import compare_reports
from foretype.replay.plan import runs_of
from foretype.replay.table import print_differences

RUNS = "half_attentive/word/free,half_attentive/word/quiet"
LEARNING = {
    "all labels": {},
    "shown, accepted or not": {"learns_from_shown": 1.0},
    "nothing": {"learns_judgement": 0.0},
}
FIGURES = {
    "ks": 3,
    "wrong_per_100_words": 1,
    "precision": 3,
    "ece": 3,
}


def replay(args: argparse.Namespace, tuning: dict[str, float], report: Path) -> dict[str, Any]:
    """One replay, for quality only; returns its report."""
    command = ReplayCommand(
        data=args.data,
        report=report,
        runs=runs_of(args.only),
        authors=args.authors,
        score_last=args.score_last,
        jobs=args.jobs,
        proposers=args.proposers,
        budget_ms=-1,
        think_steps=0,
        timed=False,
        tuning=tuning,
    )
    run_command(command, console=Console(stderr=True), tables=Console(quiet=True))
    written: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    return written


def figures_table(reports: dict[str, dict[str, Any]]) -> Table:
    """A row for each run and way of learning, with intervals."""
    table = Table(title="half-attentive word user", title_justify="left")
    for column in ("point", "learned from", *(name.replace("_", " ") for name in FIGURES)):
        table.add_column(column, overflow="fold")
    for learned, report in reports.items():
        for users in report["results"].values():
            for point, figures in users["word"].items():
                table.add_row(point, learned, *(cell(figures, name) for name in FIGURES))
    return table


def cell(figures: dict[str, Any], name: str) -> str:
    """A figure with its interval."""
    if figures[name] is None:
        return "-"
    value, low, high = (figures[name + end] for end in ("", "_low", "_high"))
    digits = FIGURES[name]
    return f"{value:.{digits}f} ({low:.{digits}f}-{high:.{digits}f})"


def main() -> None:
    """Run all three and print what came out."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, metavar="FILE")
    parser.add_argument("--only", default=RUNS, help="runs of the replay (default: %(default)s)")
    parser.add_argument("--authors", type=int, metavar="N")
    parser.add_argument("--score-last", type=int, default=6000, metavar="N")
    parser.add_argument("--proposers", choices=("both", "trie", "lm"), default="both")
    parser.add_argument("--jobs", type=int, default=1, metavar="N")
    args = parser.parse_args()
    console = Console()
    with tempfile.TemporaryDirectory() as folder:
        paths = {learned: Path(folder) / f"{n}.json" for n, learned in enumerate(LEARNING)}
        reports = {
            learned: replay(args, tuning, paths[learned]) for learned, tuning in LEARNING.items()
        }
        console.print(figures_table(reports))
        every, *others = LEARNING
        for other in others:
            differences = compare_reports(paths[every], paths[other])
            print_differences(console, differences, title=f"learned from {every} minus {other}")


if __name__ == "__main__":
    main()
