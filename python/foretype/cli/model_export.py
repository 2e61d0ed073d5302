"""`foretype model export`: a model file as other runtimes read it."""

import argparse
import time
from pathlib import Path

from foretype.cli.answer import print_json, size, visible
from foretype.cli.progress import progress_bar
from foretype.export import FORMATS, export


def add_export(parts: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the part to `foretype model`."""
    parser = parts.add_parser(
        "export",
        help="write a model as other runtimes read it",
        description="Write a model file, dense, as a Hugging Face folder, a GGUF, ONNX or LiteRT "
        "file, so that other runtimes can check its numbers.",
    )
    parser.add_argument("model", type=Path, metavar="MODEL", help="a .foretype.safetensors file")
    parser.add_argument("output", type=Path, metavar="OUT", help="the file or folder to write")
    parser.add_argument("--format", choices=sorted(FORMATS), required=True, help="whose")
    parser.add_argument(
        "--type",
        metavar="TYPE",
        help="of the weights: "
        + "; ".join(f"{name}: {', '.join(each.types)}" for name, each in FORMATS.items()),
    )
    parser.add_argument("--force", action="store_true", help="replace what is there")
    parser.add_argument("--json", action="store_true", help="say what was done as JSON")
    parser.set_defaults(part=run)


def run(args: argparse.Namespace) -> int:
    """0 when it is written. Raises ForetypeError."""
    started = time.monotonic()
    with progress_bar() as progress:
        output = export(
            args.model,
            args.output,
            to=args.format,
            numbers=args.type,
            force=args.force,
            progress=progress,
        )
    seconds, written = time.monotonic() - started, _bytes(output)
    if args.json:
        print_json({"path": output, "bytes": written, "seconds": round(seconds, 2)})
    else:
        print(visible(f"{output} is written ({size(written)}, in {seconds:.1f} s)."))
    return 0


def _bytes(path: Path) -> int:
    files = path.iterdir() if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files)
