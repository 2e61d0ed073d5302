"""Worker processes and the tasks they are given."""

import json
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import IO, Any, Self

from foretype.errors import ForetypeError
from foretype.replay.settings import Settings


@dataclass(frozen=True, slots=True)
class Task:
    """One author through one run; `characters` is what progress will add up to."""

    author: int
    run: str
    characters: int


@dataclass(frozen=True, slots=True)
class Ready:
    """A worker has its engine open: the facts about it."""

    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Typed:
    """Some more characters of a run are typed."""

    run: str
    characters: int


@dataclass(frozen=True, slots=True)
class Done:
    """A task's outcome."""

    task: Task
    outcome: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Ended:
    """A worker has no more tasks; `error` is why if it could not do them."""

    error: ForetypeError | None = None


Event = Ready | Typed | Done


class WorkerError(ForetypeError):
    """A worker process failed; the message is what it said."""


def run_tasks(settings: Settings, tasks: Sequence[Task], *, jobs: int) -> Iterator[Event]:
    """Events as they come, until all tasks are done.

    Tasks go to `jobs` processes in the order given. Whatever ends the iteration, an error
    or the caller, ends the processes too. Raises WorkerError.
    """
    waiting: queue.SimpleQueue[Task] = queue.SimpleQueue()
    for task in tasks:
        waiting.put(task)
    events: queue.SimpleQueue[Event | _Ended] = queue.SimpleQueue()
    workers = [_Worker(settings, waiting, events) for _ in range(min(jobs, len(tasks)))]
    try:
        running = len(workers)
        while running:
            event = events.get()
            if not isinstance(event, _Ended):
                yield event
            elif event.error:
                raise event.error
            else:
                running -= 1
    finally:
        for worker in workers:
            worker.stop()


class WorkerProcess:
    """A process that does tasks, one at a time; its answers are waited for.

    As a context it is ended on leaving.
    """

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "foretype.replay.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._to: IO[str] = self._process.stdin
        self._from: IO[str] = self._process.stdout

    def open(self, settings: Settings) -> Ready:
        """Open the engine. Raises WorkerError."""
        self._send(settings.to_json())
        return Ready(self._receive()["ready"])

    def do(self, task: Task) -> Iterator[Typed | Done]:
        """What comes of a task; the last is Done. Raises WorkerError."""
        self._send({"author": task.author, "run": task.run})
        while True:
            answer = self._receive()
            if "outcome" in answer:
                yield Done(task, answer["outcome"])
                return
            yield Typed(task.run, answer["progress"])

    def end(self) -> None:
        """Let it close its engine; wait until it has."""
        self._to.close()
        self._process.wait()

    def stop(self) -> None:
        """End it, whatever it is doing."""
        if self._process.poll() is None:
            self._process.terminate()
        self._process.wait()

    def close(self) -> None:
        """Close the pipes of a process that has ended."""
        for pipe in (self._to, self._from):
            with suppress(OSError):
                pipe.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        self.close()

    def _send(self, message: dict[str, Any]) -> None:
        try:
            self._to.write(json.dumps(message) + "\n")
            self._to.flush()
        except (OSError, ValueError):  # it has ended, or its pipes are closed
            raise WorkerError(_ENDED.format(self._process.poll())) from None

    def _receive(self) -> dict[str, Any]:
        line = self._from.readline()
        if not line:
            raise WorkerError(_ENDED.format(self._process.wait()))
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise WorkerError(answer["error"])
        return answer


_ENDED = "A replay process ended before its work was done (code {})."


class _Worker:
    """One process and the thread that feeds it tasks from the common queue."""

    def __init__(
        self,
        settings: Settings,
        waiting: "queue.SimpleQueue[Task]",
        events: "queue.SimpleQueue[Event | _Ended]",
    ) -> None:
        self._waiting = waiting
        self._events = events
        self._process = WorkerProcess()
        self._thread = threading.Thread(target=self._feed, args=(settings,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the process, whatever it is doing."""
        self._process.stop()
        self._thread.join()
        self._process.close()

    def _feed(self, settings: Settings) -> None:
        try:
            self._events.put(self._process.open(settings))
            for task in self._tasks():
                for event in self._process.do(task):
                    self._events.put(event)
            self._process.end()
        except (WorkerError, OSError, ValueError) as error:
            self._events.put(_Ended(WorkerError(str(error))))
        else:
            self._events.put(_Ended())

    def _tasks(self) -> Iterator[Task]:
        """Until another worker took the last one."""
        while True:
            try:
                yield self._waiting.get_nowait()
            except queue.Empty:
                return
