"""Contenders through the replay: in turns where time is taken, one after the other elsewhere.

Every outcome is kept beside the file of figures under what it depends on, so that it is measured
once: after an interruption, and when another contender joins.
"""

import os
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

from foretype import _core
from foretype.bench.frontier.contenders import Contender
from foretype.errors import ForetypeError
from foretype.replay.checkpoint import Checkpoint
from foretype.replay.data import Author, sha256_of
from foretype.replay.figures import Outcomes
from foretype.replay.machine import commit
from foretype.replay.peers import SHOWS_NOTHING, quiet_threshold
from foretype.replay.plan import BITS, HEADLINE, QUIET
from foretype.replay.pool import Done, Event, Ready, Task, Typed, WorkerProcess, run_tasks
from foretype.replay.progress import ReplayProgress
from foretype.replay.settings import DEFINITIONS_VERSION, Settings

RUNS = (HEADLINE, QUIET, BITS)
KEPT = ".outcomes"
"""What the folder beside the figures ends in."""

_NOT_IN_THE_KEY = ("data", "model", "authors", "opener_options")


class Measuring:
    """Every contender's outcomes by run; those that are kept are not measured again."""

    def __init__(
        self,
        contenders: Sequence[Contender],
        authors: Sequence[Author],
        settings: Settings,
        *,
        save: Path,
    ) -> None:
        self._contenders = contenders
        self._authors = authors
        self._settings = settings
        self._save = save
        self._circumstances = {
            "data_sha256": sha256_of(Path(settings.data)),
            "commit": commit(),
            "engine_sha256": sha256_of(Path(_core.__file__)),
            "definitions_version": DEFINITIONS_VERSION,
        }
        self._session = os.urandom(8).hex()  # whatever is timed in one session took turns
        self._done: dict[tuple[str, Task], dict[str, Any]] = {}

    def run(self, progress: ReplayProgress, *, jobs: int) -> dict[str, Outcomes]:
        """By contender's name. Raises ForetypeError."""
        self._take_turns(progress)
        for contender in self._contenders:
            self._rest(contender, progress, jobs=jobs)
        return {each.name: self._outcomes(each) for each in self._contenders}

    def characters_left(self) -> int:
        """Of what is still to be typed."""
        return sum(
            task.characters
            for each in self._contenders
            for task in self._undone(each, RUNS, self._authors)
        )

    def kept(self, key: dict[str, Any]) -> Checkpoint:
        """Where other measurements are kept, under what they depend on."""
        return Checkpoint(self._save, key | self._circumstances, suffix=KEPT)

    def _take_turns(self, progress: ReplayProgress) -> None:
        """The timed run: each author with all contenders, another first each time.

        One process for each contender types all authors, as in a replay: its memory at the end
        is that after a replay. Those that wait for their turn do nothing.
        """
        with ExitStack() as stack:
            open_ones: dict[str, tuple[WorkerProcess, Ready]] = {}
            for number, author in enumerate(self._authors):
                first = number % len(self._contenders)
                for each in (*self._contenders[first:], *self._contenders[:first]):
                    for task in self._undone(each, [HEADLINE], [author]):
                        if each.name not in open_ones:
                            worker = stack.enter_context(WorkerProcess())
                            open_ones[each.name] = worker, worker.open(self._of(each, HEADLINE))
                        worker, ready = open_ones[each.name]
                        self._follow(each, chain([ready], worker.do(task)), progress)

    def _rest(self, contender: Contender, progress: ReplayProgress, *, jobs: int) -> None:
        """What is not timed."""
        tasks = self._undone(contender, (QUIET, BITS), self._authors)
        events = run_tasks(self._of(contender, QUIET), tasks, jobs=jobs)
        self._follow(contender, events, progress)

    def _follow(
        self, contender: Contender, events: Iterable[Event], progress: ReplayProgress
    ) -> None:
        facts: dict[str, Any] = {}
        for event in events:
            match event:
                case Ready():
                    facts = event.facts
                case Typed(run, characters):
                    progress.advance(characters, run=f"{contender.name}, {run}")
                case Done(task, outcome):
                    if "aborted" in outcome:
                        raise ForetypeError(f"{contender.name}: {outcome['aborted']}")
                    whole = outcome | {"facts": facts, "session": self._session}
                    self._checkpoint(contender, task.run).keep(task, whole)
                    self._done[contender.name, task] = whole

    def _outcomes(self, contender: Contender) -> Outcomes:
        return {
            run: [self._done[contender.name, _task(author, run)] for author in self._authors]
            for run in RUNS
        }

    def _undone(
        self, contender: Contender, runs: Iterable[str], authors: Iterable[Author]
    ) -> list[Task]:
        return [
            task
            for run in runs
            for task in (_task(author, run) for author in authors)
            if not self._is_done(contender, task)
        ]

    def _is_done(self, contender: Contender, task: Task) -> bool:
        if (contender.name, task) in self._done:
            return True
        if contender.peer and task.run != HEADLINE and not self._all_headlines(contender):
            return False  # its threshold comes of them
        outcome = self._checkpoint(contender, task.run).load(task)
        if outcome is not None:
            self._done[contender.name, task] = outcome
        return outcome is not None

    def _all_headlines(self, contender: Contender) -> bool:
        return all(self._is_done(contender, _task(author, HEADLINE)) for author in self._authors)

    def _checkpoint(self, contender: Contender, run: str) -> Checkpoint:
        settings = self._of(contender, run)
        key = {k: v for k, v in settings.to_json().items() if k not in _NOT_IN_THE_KEY}
        options = settings.opener_options or {}
        return self.kept(
            key | {"model_sha256": contender.sha256, "threshold": options.get("threshold")}
        )

    def _of(self, contender: Contender, run: str) -> Settings:
        """The settings with which a contender does a run."""
        if contender.peer is None:
            return replace(self._settings, model=str(contender.file))
        threshold = SHOWS_NOTHING
        if run != HEADLINE:
            done = [self._done[contender.name, _task(a, HEADLINE)] for a in self._authors]
            threshold = quiet_threshold(done)
        return replace(
            self._settings,
            proposers="lm",
            opener=contender.peer.opener,
            opener_options=contender.peer.options | {"threshold": str(threshold)},
        )


def _task(author: Author, run: str) -> Task:
    return Task(author.number, run, author.characters)
