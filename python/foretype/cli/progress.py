"""A progress bar on stderr, and nothing where nobody would see it move."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer

from foretype.model import Progress

# What is done sooner needs no bar.
PATIENCE_SECONDS = 2.0


@contextmanager
def progress_bar(*, after_seconds: float = 0.0) -> Iterator[Progress]:
    """A Progress that draws one bar for each stage, once `after_seconds` have passed.

    A stage of total 0 is one of which nobody knows how long it takes.
    """
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description:<12}"), BarColumn(), TaskProgressColumn())
    bar = Progress(*columns, console=console, disable=not console.is_terminal)
    starter = Timer(after_seconds, bar.start)
    stages: dict[str, TaskID] = {}

    def report(stage: str, done: int, total: int) -> None:
        if stage not in stages:
            stages[stage] = bar.add_task(stage, total=None)
        bar.update(stages[stage], completed=done, total=total or None)

    starter.start()
    try:
        yield report
    finally:
        starter.cancel()
        starter.join()
        bar.stop()


@contextmanager
def working(stage: str) -> Iterator[None]:
    """A bar that only moves, for work that does not say how far it is."""
    with progress_bar(after_seconds=PATIENCE_SECONDS) as progress:
        progress(stage, 0, 0)
        yield
