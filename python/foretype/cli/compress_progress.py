"""A compression on the terminal: a bar with speed and time left; lines where nobody watches."""

import sys
import time
from types import TracebackType

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

LINE_SECONDS = 60.0  # between lines, where there is no terminal


class _Speed(ProgressColumn):
    """1,234/5,000 tokens, 145 tokens/s."""

    def render(self, task: Task) -> Text:
        return Text(_speed(task))


class CompressProgress:
    """The Watch of `foretype compress`, on stderr."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True, file=sys.stderr)
        self._bar = Progress(
            TextColumn("{task.description:<12}"),
            BarColumn(),
            _Speed(),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            console=self._console,
            disable=not self._console.is_terminal,
            speed_estimate_period=300,
        )
        self._task: TaskID | None = None
        self._said = 0.0

    def begin(self, title: str, total: int, unit: str, *, done: int = 0) -> None:
        """A new bar in place of the last one."""
        if self._task is not None:
            self._bar.remove_task(self._task)
        # What an earlier run did would spoil the speed: the bar is of what is left.
        self._task = self._bar.add_task(title, total=total - done, unit=unit)
        self._said = time.monotonic()

    def advance(self, amount: int) -> None:
        """Move the bar; where there is none, say so once in a while."""
        if self._task is None:
            return
        self._bar.advance(self._task, amount)
        if self._console.is_terminal or time.monotonic() - self._said < LINE_SECONDS:
            return
        self._said = time.monotonic()
        task = self._bar.tasks[-1]
        left = task.time_remaining
        self.say(
            f"{task.description}: {_speed(task)}"
            + (f", {left / 60:.0f} min left" if left is not None else "")
        )

    def say(self, line: str) -> None:
        """A line above the bar."""
        self._console.print(line, highlight=False, markup=False, soft_wrap=True)

    def __enter__(self) -> "CompressProgress":
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()


def _speed(task: Task) -> str:
    unit = task.fields["unit"]
    speed = f", {task.speed:,.0f} {unit}/s" if task.speed else ""
    return f"{task.completed:,.0f}/{task.total or 0:,.0f} {unit}{speed}"
