"""Decoding rates of the contenders, in turns."""

from collections.abc import Callable, Sequence
from typing import Any

from foretype.bench.frontier.contenders import Contender
from foretype.bench.language_model import (
    FULL_HEAD,
    WORD_START_HEAD,
    Subject,
    peer_subject,
    rates,
    seconds_each,
    subjects_of,
    take_turns,
)
from foretype.bench.measured import ratio
from foretype.model import open_model
from foretype.replay.checkpoint import Checkpoint
from foretype.replay.pool import Task

_TASK = Task(0, "decoding", 0)


def decoding(
    contenders: Sequence[Contender],
    *,
    kept: Checkpoint,
    peer_python: str | None,
    runs: int,
    tell: Callable[[str], None],
) -> dict[str, Any]:
    """By contender: tokens a second in processor time, and how many times each other's rate."""
    found = kept.load(_TASK)
    if found is None:
        found = _measure(contenders, peer_python, runs, tell)
        kept.keep(_TASK, found)
    return found


def _measure(
    contenders: Sequence[Contender],
    peer_python: str | None,
    runs: int,
    tell: Callable[[str], None],
) -> dict[str, Any]:
    whole: dict[str, Subject] = {}
    part: dict[str, Subject] = {}
    for each in contenders:
        if each.peer:
            whole[each.name] = peer_subject(each.asked_for, peer_python)
        else:
            whole[each.name], part[each.name] = subjects_of(
                open_model(each.file), name=each.name, kernels=""
            )
    take_turns([*whole.values(), *part.values()], runs=runs, tell=tell)
    return {
        name: {
            FULL_HEAD: rates(subject),
            WORD_START_HEAD: rates(part[name]) if name in part else None,
            "times_the_rate_of": {
                other: ratio(seconds_each(subject), seconds_each(whole[other]))
                for other in whole
                if other != name
            },
        }
        for name, subject in whole.items()
    }
