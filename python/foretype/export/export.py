"""From our container to another runtime's file."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from foretype.errors import ErrorCode, ModelError, SettingError
from foretype.model.convert import refuse_existing
from foretype.model.progress import Progress, no_progress

if TYPE_CHECKING:
    from foretype.export.weights import DenseModel

Writer = Callable[["DenseModel", Path, str, Progress], None]
"""Writes (model, output, type of numbers); `output` is whole or as it was, or StorageError."""


@dataclass(frozen=True)
class Format:
    """A format, the types its weights can have (the first is the default), and its writer."""

    types: tuple[str, ...]
    module: str  # has `write`, a Writer
    needs: str = ""  # the extra that brings what its writer imports


FORMATS = {
    "huggingface": Format(("f16", "f32"), "foretype.export.huggingface"),
    "gguf": Format(("f16", "f32", "q8_0"), "foretype.export.gguf_file"),
    "onnx": Format(("int8", "f32"), "foretype.export.onnx_file", needs="export"),
    "litert": Format(("int8", "f32"), "foretype.export.litert", needs="export"),
}


def export(
    model: Path,
    output: Path,
    *,
    to: str,
    numbers: str | None = None,
    force: bool = False,
    progress: Progress = no_progress,
) -> Path:
    """Write the container `model` as `to` (a key of FORMATS) at `output`, and return `output`.

    `numbers` is the type of the weights there, one of the format's. What stands at `output` is
    replaced only by `force`. Raises ModelError, SettingError or StorageError, before anything is
    written where that can be known.
    """
    if to not in FORMATS:
        raise SettingError(f"No format is called {to!r}; there are {', '.join(FORMATS)}.")
    target = FORMATS[to]
    numbers = numbers or target.types[0]
    if numbers not in target.types:
        raise SettingError(f"{to} is written as {' or '.join(target.types)}, not {numbers!r}.")
    if not force:
        refuse_existing(output)
    from foretype.export.weights import DenseModel

    write = _writer(to, target)
    with DenseModel.open(model) as opened:
        write(opened, output, numbers, progress)
    return output


def export_steps(model: Path, output: Path, *, to: str, numbers: str, context: int) -> None:
    """Write a graph of one token, "onnx" or "litert", with a cache of `context` tokens."""
    from foretype.export.weights import DenseModel

    write: Any = _writer(to, FORMATS[to])
    with DenseModel.open(model) as opened:
        write(opened, output, numbers, no_progress, context=context)


def _writer(name: str, target: Format) -> Writer:
    try:
        write: Writer = importlib.import_module(target.module).write
    except ModuleNotFoundError as error:
        if not target.needs or (error.name or "").startswith("foretype"):
            raise
        raise ModelError(
            f"Writing {name} needs the package {error.name}; install foretype[{target.needs}].",
            code=ErrorCode.UNSUPPORTED,
        ) from error
    return write
