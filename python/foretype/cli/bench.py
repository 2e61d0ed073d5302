"""`foretype bench`: the speed of the parts, and the page of all figures."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `bench lm`, `frontier`, `trie`, `profile`, `keystroke`, `statistics` and `report`."""
    parser = subparsers.add_parser("bench", help="measure the speed of the parts")
    parts = parser.add_subparsers(dest="part", title="parts", metavar="PART", required=True)
    _add_language_model(parts)
    _add_frontier(parts)
    trie = parts.add_parser("trie", help="suggestions and learning of the trie alone")
    trie.add_argument(
        "--words",
        type=_positive,
        action="append",
        metavar="N",
        help="so many learned words (may be given several times)",
    )
    trie.add_argument(
        "--ngrams",
        type=_positive,
        action="append",
        metavar="N",
        help="a store of so many n-grams (may be given several times)",
    )
    profile = parts.add_parser("profile", help="opening, writing and forgetting on the disk")
    profile.add_argument(
        "--ngrams", type=_positive, default=1_000_000, help="at least so many (default: 1 million)"
    )
    keystroke = parts.add_parser("keystroke", help="a key to a suggestion, with everything")
    keystroke.add_argument("--model", type=Path, metavar="FILE", help="instead of the default one")
    keystroke.add_argument("--no-language-model", action="store_true", help="the trie alone")
    keystroke.add_argument("--budget-ms", type=float, default=30.0, help="(default: %(default)s)")
    gathering = parts.add_parser("statistics", help="what gathering them costs a keystroke")
    gathering.add_argument("--model", type=Path, metavar="FILE", help="instead of the default one")
    gathering.add_argument(
        "--passes", type=_positive, default=3, help="letters typed (default: %(default)s)"
    )
    for name, part in parts.choices.items():
        part.add_argument("--json", action="store_true", help="figures with units, for programs")
        part.add_argument(
            "--save",
            type=Path,
            metavar="FILE",
            required=name == "frontier",
            help="write the JSON there too",
        )
    report = parts.add_parser("report", help="make the page of figures from saved JSON")
    report.add_argument("folder", type=Path, help="holds replay.json, lm.json, trie.json, ...")
    report.add_argument("--output", type=Path, required=True, metavar="FILE.md")


def run(args: argparse.Namespace) -> int:
    """0 when it is done. Raises ForetypeError."""
    if args.part == "report":
        from foretype.bench.page import write_page

        write_page(args.folder, args.output)
        return 0
    figures = {"part": args.part} | _MEASURES[args.part](args)
    if args.save:
        from foretype.model.atomic import atomic_write

        with atomic_write(args.save) as file:
            file.write(json.dumps(figures, indent=1).encode() + b"\n")
    if args.json:
        print(json.dumps(figures, indent=1))
    else:
        from rich.console import Console
        from rich.markdown import Markdown

        from foretype.bench.page import section

        Console().print(Markdown(section(args.part, figures)))
    return 0


def _add_language_model(parts: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = parts.add_parser("lm", help="decoding and prompt rate of the language model")
    parser.add_argument("--model", type=Path, metavar="FILE", help="instead of the default one")
    parser.add_argument(
        "--kernels",
        action="append",
        default=[],
        metavar="NAME",
        help="these only (default: each that can run here)",
    )
    parser.add_argument(
        "--peer",
        action="append",
        default=[],
        metavar="NAME",
        help="llama.cpp, llama.cpp:Q8_0, onnxruntime, litert",
    )
    parser.add_argument("--peer-python", metavar="PROGRAM", help="a Python that has the peer")
    parser.add_argument("--runs", type=_positive, default=8, help="(default: %(default)s)")


def _add_frontier(parts: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = parts.add_parser(
        "frontier",
        help="model files beside each other: what each saves and what it costs",
        description="Types the same messages with each model in turns. What is measured is kept "
        "beside --save, so the same command goes on after an interruption, and another "
        "candidate costs no more than itself.",
    )
    add = parser.add_argument
    add("--baseline", type=_named, metavar="NAME=FILE", help="(default: the first candidate)")
    add(
        "--candidate",
        action="append",
        default=[],
        type=_named,
        metavar="NAME=FILE",
        help="a model file (may be given several times); `original` and `default` alone are known",
    )
    add("--data", type=Path, required=True, metavar="FILE", help="JSON lines, as for a replay")
    add("--authors", type=_positive, metavar="N", help="the first N only")
    add("--score-last", type=_positive, default=6000, metavar="N", help="(default: %(default)s)")
    add(
        "--against",
        action="append",
        default=[],
        metavar="NAME",
        help="set all beside this candidate too, not the baseline alone",
    )
    add(
        "--peer",
        action="append",
        default=[],
        metavar="NAME",
        help="llama.cpp, llama.cpp:Q8_0",
    )
    add("--peer-python", metavar="PROGRAM", help="a Python that has the peer")
    add("--others", type=Path, metavar="FILE", help="figures measured elsewhere, as JSON")
    add("--jobs", type=_positive, default=1, metavar="N", help="processes for what is not timed")
    add("--budget-ms", type=float, default=30.0, metavar="MS", help="(default: %(default)s)")
    add("--seed", type=int, default=1, metavar="N", help="(default: %(default)s)")
    add("--runs", type=_positive, default=8, help="of decoding (default: %(default)s)")
    parser.set_defaults(usage_error=parser.error)


def _frontier(args: argparse.Namespace) -> dict[str, Any]:
    from rich.console import Console

    from foretype.bench.frontier.command import FrontierCommand, run_frontier

    files = ([args.baseline] if args.baseline else []) + args.candidate
    if not files:
        args.usage_error("at least one model is needed: --candidate NAME=FILE")
    command = FrontierCommand(
        files=files,
        data=args.data,
        save=args.save,
        authors=args.authors,
        score_last=args.score_last,
        against=args.against,
        peers=args.peer,
        peer_python=args.peer_python,
        others=args.others,
        seed=args.seed,
        jobs=args.jobs,
        budget_ms=args.budget_ms,
        decoding_runs=args.runs,
    )
    console = Console(stderr=True)
    try:
        return run_frontier(command, console=console)
    except KeyboardInterrupt:
        console.print("Interrupted. The same command goes on from here.")
        raise


def _language_model(args: argparse.Namespace) -> dict[str, Any]:
    from foretype.bench.language_model import measure

    return measure(
        model=args.model,
        kernels=args.kernels,
        peers=args.peer,
        python=args.peer_python,
        runs=args.runs,
        tell=lambda text: print(text, file=sys.stderr),
    )


def _trie(args: argparse.Namespace) -> dict[str, Any]:
    from foretype.bench.trie import measure

    if args.words or args.ngrams:
        return measure(words=args.words or (), ngrams=args.ngrams or ())
    return measure()


def _profile(args: argparse.Namespace) -> dict[str, Any]:
    from foretype.bench.profile import measure

    return measure(ngrams=args.ngrams)


def _keystroke(args: argparse.Namespace) -> dict[str, Any]:
    from foretype.bench.keystroke import measure

    return measure(
        model=args.model,
        language_model=not args.no_language_model,
        budget_ms=args.budget_ms,
    )


def _statistics(args: argparse.Namespace) -> dict[str, Any]:
    from foretype.bench.gathering import measure

    return measure(model=args.model, passes=args.passes)


_MEASURES = {
    "lm": _language_model,
    "frontier": _frontier,
    "trie": _trie,
    "profile": _profile,
    "keystroke": _keystroke,
    "statistics": _statistics,
}


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def _named(text: str) -> tuple[str, Path]:
    from foretype.model import default_path, original_path

    known = {"original": original_path, "default": default_path}
    if text in known:
        return text, known[text]()
    name, equals, file = text.partition("=")
    if not name or not equals or not file:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=FILE")
    return name, Path(file)
