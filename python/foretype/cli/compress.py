"""`foretype compress`: a smaller model from a dense one, stage by stage."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from foretype.cli.answer import print_json, size

if TYPE_CHECKING:
    from foretype.compress.run import Done, Options
    from foretype.compress.watch import Watch

DEFAULT_SEED = 1


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "compress",
        help="make a language model smaller: adapt, trim, prune, quantise, recover",
        description="Stages that make a model smaller and heal it, in the order of a recipe. "
        "What is done is kept in the work folder: the same command goes on from there. "
        "docs/howto/compress.md documents recipes. Needs the extra 'compress'.",
    )
    parser.add_argument(
        "model", type=Path, metavar="MODEL", help="a GGUF file, Hugging Face folder or checkpoint"
    )
    parser.add_argument(
        "--text",
        type=Path,
        required=True,
        metavar="MIX.jsonl.gz",
        help="texts to train on, and to measure by",
    )
    parser.add_argument("--output", type=Path, required=True, metavar="FILE")
    parser.add_argument(
        "--work", type=Path, required=True, metavar="FOLDER", help="for checkpoints and the report"
    )
    parser.add_argument("--recipe", type=Path, metavar="FILE", help="the stages, in JSON")
    parser.add_argument(
        "--stages", metavar="NAME,NAME", help="only these of the recipe, in this order"
    )
    parser.add_argument("--seed", type=int, metavar="N", help="of all that is drawn")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument("--force", action="store_true", help="replace the output that is there")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(args: argparse.Namespace) -> int:
    """0 when it is done. Raises ForetypeError, in one sentence, when it cannot be."""
    from foretype.compress.extra import require

    require()
    with _watching() as watch:
        done = _compress(args, watch)
    _report(done, as_json=args.json)
    return 0


def _compress(args: argparse.Namespace, watch: "Watch") -> "Done":
    from foretype.compress.run import compress

    try:
        return compress(_options(args, watch))
    except KeyboardInterrupt:
        watch.say("Interrupted. The same command goes on from here.")
        raise


def _options(args: argparse.Namespace, watch: "Watch") -> "Options":
    from foretype.compress.recipe import DEFAULT, only, read_recipe
    from foretype.compress.run import Options
    from foretype.errors import SettingError

    recipe = read_recipe(args.recipe) if args.recipe else DEFAULT
    if args.stages is not None:
        recipe = only(recipe, [name.strip() for name in args.stages.split(",")])
    seed = next(each for each in (args.seed, recipe.seed, DEFAULT_SEED) if each is not None)
    if seed < 0:
        raise SettingError(f"--seed must be at least 0, not {seed}.")
    return Options(
        model=args.model,
        text=args.text,
        output=args.output,
        work=args.work,
        recipe=recipe,
        seed=seed,
        device=args.device,
        force=args.force,
        watch=watch,
    )


@contextmanager
def _watching() -> Iterator["Watch"]:
    from foretype.cli.compress_progress import CompressProgress

    with CompressProgress() as progress:
        yield progress


def _report(done: "Done", *, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "path": done.path,
                "report": done.report,
                "file_bytes": done.path.stat().st_size,
                "stages": [
                    {"stage": each.stage, "loss": each.after.mean, "seconds": each.seconds}
                    for each in done.stages
                ],
            }
        )
        return
    print(done.summary)
    print(f"{done.path}: {size(done.path.stat().st_size)}; the report is {done.report}")
