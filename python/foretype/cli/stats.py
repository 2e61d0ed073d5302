"""`foretype stats`: what was counted between keystrokes, to see and to export."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from foretype.cli.answer import count, print_json, size
from foretype.cli.profile_open import reading
from foretype.cli.profile_option import add_profile_option

if TYPE_CHECKING:
    from foretype.statistics import Report


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command and its parts."""
    parser = subparsers.add_parser(
        "stats",
        help="hits and misses, stability, vocabulary: what steers the engine",
        description="What was counted between keystrokes. It holds no text and stays on this "
        "machine; `export` shows what a report of it would hold.",
    )
    parts = parser.add_subparsers(title="parts", metavar="PART", required=True)
    show = parts.add_parser("show", parents=[_source()], help="as tables, with explanations")
    show.add_argument("--json", action="store_true", help="answer in JSON, for programs")
    show.add_argument("--file", type=Path, metavar="OUT", help="show an exported file instead")
    show.set_defaults(part=_show)
    export = parts.add_parser("export", parents=[_source()], help="one vector, as a file")
    export.add_argument("out", type=Path, metavar="OUT")
    export.set_defaults(part=_export)


def run(args: argparse.Namespace) -> int:
    """Run the part that was asked for."""
    code: int = args.part(args)
    return code


def _source() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(add_help=False)
    add_profile_option(parser)
    parser.add_argument(
        "--model",
        type=Path,
        metavar="FILE",
        help="the model whose vocabulary is looked at (default: the one that comes with Foretype)",
    )
    return parser


def _show(args: argparse.Namespace) -> int:
    from rich.console import Console

    from foretype.cli.stats_json import report_json
    from foretype.cli.stats_tables import print_report
    from foretype.statistics.vector_file import read_export

    report = read_export(args.file).report() if args.file else _report(args)
    if args.json:
        print_json(report_json(report))
    else:
        print_report(Console(), report)
    return 0


def _export(args: argparse.Namespace) -> int:
    from foretype.statistics.vector_file import write_export

    report = _report(args)
    data = write_export(args.out, report)
    for trouble in report.troubles:
        print(trouble)
    print(
        f"{args.out}: {size(len(data))}, a window of {count(report.word_starts, 'word start')}. "
        "It holds no text and nothing about single words; see it with: "
        f"foretype stats show --file {args.out}"
    )
    return 0


def _report(args: argparse.Namespace) -> "Report":
    from foretype.statistics.extra import require
    from foretype.statistics.of_profile import report_of

    require()
    with reading(args) as profile:
        return report_of(profile, model=args.model)
