"""Run a system through the replay: tasks made, done, kept, collected."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console

from foretype.replay.checkpoint import Checkpoint
from foretype.replay.data import Author
from foretype.replay.figures import Outcomes
from foretype.replay.plan import HEADLINE
from foretype.replay.pool import Done, Ready, Task, Typed, run_tasks
from foretype.replay.progress import ReplayProgress
from foretype.replay.settings import Settings


@dataclass(slots=True)
class Replayed:
    """What the workers found out: facts about the system, outcomes by run and author.

    `left_out`: the authors at whom it aborted (aborts.py); they have no messages in `outcomes`.
    """

    facts: dict[str, Any] = field(default_factory=dict)
    outcomes: Outcomes = field(default_factory=dict)
    left_out: list[dict[str, Any]] = field(default_factory=list)


def replay(
    authors: Sequence[Author],
    settings: Settings,
    runs: Sequence[str],
    *,
    checkpoint: Checkpoint,
    jobs: int,
    console: Console,
    title: str,
) -> Replayed:
    """Do all runs for all authors; those that the checkpoint holds are not done again.

    Where it is timed, the headline run goes first, alone in one process, since its times
    and memory are reported; the rest shares `jobs` processes.
    """
    done: dict[Task, dict[str, Any]] = {}
    tasks = [Task(a.number, run, _size(a, settings)) for run in runs for a in authors]
    for task in tasks:
        if (outcome := checkpoint.load(task)) is not None:
            done[task] = outcome
    result = Replayed(facts=next((o["facts"] for o in done.values()), {}))
    undone = [task for task in tasks if task not in done]
    alone = [task for task in undone if settings.timed and task.run == HEADLINE]
    rest = [task for task in undone if task not in alone]
    left = sum(task.characters for task in (*alone, *rest))
    with ReplayProgress(console, characters=left, title=title) as progress:
        for phase, processes in ((alone, 1), (rest, jobs)):
            for event in run_tasks(settings, phase, jobs=processes):
                match event:
                    case Ready(facts):
                        result.facts = facts
                    case Typed(run, characters):
                        progress.advance(characters, run=run)
                    case Done(task, outcome):
                        done[task] = outcome | {"facts": result.facts}
                        checkpoint.keep(task, done[task])
    result.outcomes = {run: [done[task] for task in tasks if task.run == run] for run in runs}
    return result


def _size(author: Author, settings: Settings) -> int:
    messages = author.scored[: settings.messages_per_author]
    return sum(len(message.text) - message.start for message in messages)
