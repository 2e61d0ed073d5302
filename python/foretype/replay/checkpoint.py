"""Outcomes kept beside the report while a replay runs, so that it can be resumed."""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

from foretype.model.atomic import atomic_write
from foretype.replay.pool import Task


class Checkpoint:
    """The folder `REPORT.partial`, or with another `suffix`: one file for each task that is done.

    `key` is everything an outcome depends on; outcomes of another key are not used.
    """

    def __init__(
        self, report: Path, key: dict[str, Any], *, system: str = "", suffix: str = ".partial"
    ) -> None:
        self._folder = report.with_name(report.name + suffix)
        canonical = json.dumps(key, sort_keys=True).encode()
        self._system = system.replace(" ", "-")
        self._digest = hashlib.sha256(canonical).hexdigest()[:16]

    def clear(self) -> None:
        """Forget all that is kept."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def keep(self, task: Task, outcome: dict[str, Any]) -> None:
        """Keep the outcome of a task. Raises StorageError."""
        with atomic_write(self._path(task)) as file:
            file.write(json.dumps(outcome).encode())

    def load(self, task: Task) -> dict[str, Any] | None:
        """The outcome of a task done before with the same key, if there is one."""
        try:
            outcome: dict[str, Any] = json.loads(self._path(task).read_bytes())
        except (OSError, ValueError):
            return None
        return outcome

    def _path(self, task: Task) -> Path:
        run = task.run.replace("/", "-")
        return self._folder / f"{self._digest}{self._system}-{run}-{task.author}.json"
