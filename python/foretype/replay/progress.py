"""The progress of a replay on the terminal."""

from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn


class ReplayProgress:
    """A bar with the time left: characters typed of those to type, over all runs."""

    def __init__(self, console: Console, *, characters: int, title: str) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.completed:,.0f}/{task.total:,.0f} characters"),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            console=console,
        )
        self._title = title
        self._task = self._progress.add_task(title, total=characters)

    def advance(self, characters: int, *, run: str = "") -> None:
        """Some more characters are done, in `run`."""
        description = f"{self._title} {run}".rstrip()
        self._progress.update(self._task, advance=characters, description=description)

    def __enter__(self) -> "ReplayProgress":
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()
