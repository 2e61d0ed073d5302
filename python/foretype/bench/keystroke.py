"""One keystroke with everything: a letter typed by hand, a suggestion after every key."""

from functools import partial
from pathlib import Path
from typing import Any

from foretype import Engine
from foretype.bench.measured import circumstances, percentiles
from foretype.bench.sample import LETTER
from foretype.replay.clock import clocked

PASSES = 3


def measure(*, model: Path | None, language_model: bool, budget_ms: float) -> dict[str, Any]:
    """Latency at the engine's door; the first key of the first letter is the warm-up.

    The letter is typed several times over, each time by a new profile that knows nothing.
    """
    engine = Engine.open(model, language_model=language_model)
    wall_ms: list[float] = []
    processor_ms: list[float] = []
    tokens, late = [], 0
    for _ in range(PASSES):
        session = engine.session(engine.profile())
        for character in LETTER:
            session.type(character)
            _, wall_s, processor_s = clocked(partial(session.suggest, budget_ms=budget_ms))
            wall_ms.append(wall_s * 1e3)
            processor_ms.append(processor_s * 1e3)
            tokens.append(session.timing.lm_tokens)
            late += not session.timing.complete
    return circumstances() | {
        "kernel": engine.kernels,
        "language_model": language_model,
        "budget_ms": budget_ms,
        "keystrokes": len(wall_ms) - 1,
        "latency": percentiles(wall_ms[1:], unit="ms"),
        "latency_processor_time": percentiles(processor_ms[1:], unit="ms"),
        "warm_up_ms": round(wall_ms[0], 3),
        "tokens_computed_per_keystroke": round(sum(tokens) / len(tokens), 3),
        "share_without_forward_pass": round(tokens.count(0) / len(tokens), 3),
        "share_over_budget": round(late / len(wall_ms), 4),
    }
