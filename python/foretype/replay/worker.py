"""The process in which the engine under test runs: `python -m foretype.replay.worker`.

JSON lines. The first line in is the settings; then each line {"author", "run"} is one task.
Lines out: {"ready": ...} once, {"progress": characters}, {"outcome": ...} for each task, or
{"error": sentence}, after which the process ends. End of input ends it too.
"""

import importlib
import json
import sys
import time
from pathlib import Path
from typing import Any, TextIO

from foretype.errors import ForetypeError
from foretype.replay.author_run import run_author
from foretype.replay.data import read_authors
from foretype.replay.port import System
from foretype.replay.settings import Settings

_PROGRESS_EVERY_S = 0.2


def open_system(settings: Settings) -> System:
    """Import and call the opener that the settings name."""
    module, _, function = settings.opener.partition(":")
    system: System = getattr(importlib.import_module(module), function)(settings)
    return system


def main() -> int:
    """Serve tasks from standard input until it ends."""
    out = sys.stdout
    sys.stdout = sys.stderr  # whatever a library prints must not come between the answers
    try:
        _serve(sys.stdin, out)
    except ForetypeError as error:
        _write(out, {"error": str(error)})
        return 1
    except KeyboardInterrupt:  # the terminal tells the whole group; the parent says it
        return 130
    return 0


def _serve(lines: TextIO, out: TextIO) -> None:
    settings = Settings(**json.loads(lines.readline()))
    authors = read_authors(
        Path(settings.data), score_last=settings.score_last, limit=settings.authors
    )
    system = open_system(settings)
    _write(out, {"ready": _facts(system)})
    for line in lines:
        task = json.loads(line)
        progress = _Progress(out)
        outcome = run_author(
            system, authors[task["author"]], task["run"], settings=settings, progress=progress.add
        )
        progress.flush()
        _write(out, {"outcome": outcome})
    system.close()


def _facts(system: System) -> dict[str, Any]:
    path = system.model_path
    return {
        "system": system.name,
        "kernel": system.kernels,
        "threads": system.threads,
        "model_file_bytes": path.stat().st_size if path else None,
        "system_settings": system.settings(),
    }


class _Progress:
    """Adds up typed characters and tells them a few times a second."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._characters = 0
        self._told = time.monotonic()

    def add(self, characters: int) -> None:
        self._characters += characters
        if time.monotonic() - self._told >= _PROGRESS_EVERY_S:
            self.flush()

    def flush(self) -> None:
        _write(self._out, {"progress": self._characters})
        self._characters = 0
        self._told = time.monotonic()


def _write(out: TextIO, message: dict[str, Any]) -> None:
    out.write(json.dumps(message) + "\n")
    out.flush()


if __name__ == "__main__":
    sys.exit(main())
