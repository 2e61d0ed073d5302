"""One keystroke with everything: a letter typed by hand, a suggestion after every key."""

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from foretype import Engine, Session
from foretype.bench.measured import circumstances, percentiles
from foretype.bench.sample import LETTER
from foretype.replay.author_run import think
from foretype.replay.clock import clocked
from foretype.replay.settings import THINK_STEPS

PASSES = 3


@dataclass(slots=True)
class Keys:
    """What was measured of each key, in order."""

    wall_ms: list[float] = field(default_factory=list)
    processor_ms: list[float] = field(default_factory=list)
    think_ms: list[float] = field(default_factory=list)
    tokens: list[int] = field(default_factory=list)
    complete: list[bool] = field(default_factory=list)


def measure(*, model: Path | None, language_model: bool, budget_ms: float) -> dict[str, Any]:
    """Latency at the engine's door; the first key of the first letter is the warm-up.

    The letter is typed several times over, each time by a new profile that knows nothing.
    """
    engine = Engine.open(model, language_model=language_model)
    keys = Keys()
    for _ in range(PASSES):
        _type(engine.session(engine.profile()), budget_ms, keys)
    count = len(keys.wall_ms)
    return circumstances() | {
        "kernel": engine.kernels,
        "language_model": language_model,
        "budget_ms": budget_ms,
        "think_steps": THINK_STEPS,
        "keystrokes": count - 1,
        "latency": percentiles(keys.wall_ms[1:], unit="ms"),
        "latency_processor_time": percentiles(keys.processor_ms[1:], unit="ms"),
        "warm_up_ms": round(keys.wall_ms[0], 3),
        "think_ms_per_keystroke": round(sum(keys.think_ms) / count, 3),
        "tokens_waited_for_per_keystroke": round(sum(keys.tokens) / count, 3),
        "share_without_forward_pass": round(keys.tokens.count(0) / count, 3),
        "share_over_budget": round(keys.complete.count(False) / count, 4),
    }


def _type(session: Session, budget_ms: float, keys: Keys) -> None:
    for character in LETTER:
        session.type(character)
        shown, wall_s, processor_s = clocked(partial(session.suggest, budget_ms=budget_ms))
        timing = session.timing
        _, think_s, _ = clocked(partial(think, session, shown, THINK_STEPS))
        keys.wall_ms.append(wall_s * 1e3)
        keys.processor_ms.append(processor_s * 1e3)
        keys.think_ms.append(think_s * 1e3)
        keys.tokens.append(timing.lm_tokens)
        keys.complete.append(timing.complete)
