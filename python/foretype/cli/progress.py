"""A progress bar on stderr, and nothing where nobody would see it move."""

from collections.abc import Iterator
from contextlib import contextmanager

from foretype.model import Progress


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A Progress that draws one bar for each stage."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description:<12}"), BarColumn(), TaskProgressColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        stages: dict[str, TaskID] = {}

        def report(stage: str, done: int, total: int) -> None:
            if stage not in stages:
                stages[stage] = bar.add_task(stage)
            bar.update(stages[stage], completed=done, total=total)

        yield report
