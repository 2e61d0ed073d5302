"""Figures of systems that were measured elsewhere, given as JSON."""

import json
from pathlib import Path
from typing import Any

from foretype.errors import DataError, ErrorCode

FIGURES = (
    "ks_free",
    "ks_quiet",
    "lm_ms_per_keystroke",
    "decoded_tokens_per_s",
    "file_mb",
    "resident_mb",
    "bits_per_byte",
)


def read_others(path: Path | None) -> dict[str, dict[str, Any]]:
    """`{NAME: {"note": how it was measured, some of FIGURES: number}}`. Raises DataError."""
    if path is None:
        return {}
    try:
        read: Any = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DataError(f"Cannot read {path}: {error.strerror}.") from None
    except ValueError:
        raise DataError(f"{path} is not JSON.", code=ErrorCode.WRONG_FORMAT) from None
    if not isinstance(read, dict):
        raise _refused(path, "it holds no object of names")
    for name, figures in read.items():
        if not isinstance(figures, dict) or not isinstance(figures.get("note"), str):
            raise _refused(path, f'{name} has no "note" that says how it was measured')
        for key, value in figures.items():
            if key != "note" and (key not in FIGURES or not isinstance(value, int | float)):
                raise _refused(path, f"{name} has {key!r}, and known numbers are {FIGURES}")
    return read


def _refused(path: Path, why: str) -> DataError:
    return DataError(f"{path} holds no figures of others: {why}.", code=ErrorCode.WRONG_FORMAT)
