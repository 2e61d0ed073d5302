"""Worker processes and the tasks they are given."""

import json
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Any

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
        self._thread = threading.Thread(target=self._feed, args=(settings,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the process, whatever it is doing."""
        if self._process.poll() is None:
            self._process.terminate()
        self._process.wait()
        self._thread.join()
        for pipe in (self._to, self._from):
            with suppress(OSError):
                pipe.close()

    def _feed(self, settings: Settings) -> None:
        try:
            self._send(settings.to_json())
            self._events.put(Ready(self._receive()["ready"]))
            while not self._waiting.empty():
                self._do(self._waiting.get_nowait())
            self._to.close()
            self._process.wait()
            self._events.put(_Ended())
        except queue.Empty:  # another worker took the last task first
            self._to.close()
            self._events.put(_Ended())
        except (WorkerError, OSError, ValueError) as error:
            self._events.put(_Ended(WorkerError(str(error))))

    def _do(self, task: Task) -> None:
        self._send({"author": task.author, "run": task.run})
        while True:
            answer = self._receive()
            if "outcome" in answer:
                self._events.put(Done(task, answer["outcome"]))
                return
            self._events.put(Typed(task.run, answer["progress"]))

    def _send(self, message: dict[str, Any]) -> None:
        self._to.write(json.dumps(message) + "\n")
        self._to.flush()

    def _receive(self) -> dict[str, Any]:
        line = self._from.readline()
        if not line:
            code = self._process.wait()
            raise WorkerError(f"A replay process ended before its work was done (code {code}).")
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise WorkerError(answer["error"])
        return answer
