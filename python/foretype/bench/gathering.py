"""What gathering statistics costs a keystroke: two sessions type the same, one of them gathers."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from foretype import Engine, Session
from foretype.bench.measured import circumstances
from foretype.bench.sample import LETTER
from foretype.replay.author_run import think
from foretype.replay.clock import clocked
from foretype.replay.settings import THINK_STEPS

BLOCK = 20  # neighbouring keys that a bootstrap draws together


class _Hands:
    """Types into one session and keeps the processor time of each key, in seconds."""

    def __init__(self, engine: Engine, *, gathers: bool) -> None:
        self._engine = engine
        self._gathers = gathers
        self.profile = engine.profile()
        self.session = self._begin()
        self.seconds: list[float] = []
        self.minibatches = 0

    def key(self, character: str) -> None:
        """One key: the text, the suggestion, the thinking until the next one."""
        _, _, processor_s = clocked(partial(_key, self.session, character))
        self.seconds.append(processor_s)
        # Somebody must ask: while mini-batches wait, nothing is gathered for the next.
        self.minibatches += len(self.profile._core.take_signatures())

    def next_letter(self) -> None:
        """The same letter once more, which the profile by now knows."""
        self.session.finish()
        self.session = self._begin()

    def _begin(self) -> Session:
        return self._engine.session(self.profile, statistics=float(self._gathers))


def measure(*, model: Path | None, passes: int) -> dict[str, Any]:
    """The ratio of processor times, with and without, of keys that took turns."""
    engine = Engine.open(model)
    with_it, without = _Hands(engine, gathers=True), _Hands(engine, gathers=False)
    for _ in range(passes):
        for number, character in enumerate(LETTER):
            pair = (with_it, without) if number % 2 else (without, with_it)
            for hands in pair:
                hands.key(character)
        with_it.next_letter()
        without.next_letter()
    _, hits, misses = with_it.profile._core.prototypes()
    return circumstances() | {
        "kernel": engine.kernels,
        "keystrokes": len(with_it.seconds),
        "think_steps": THINK_STEPS,
        "with_ms_per_keystroke": _mean_ms(with_it.seconds),
        "without_ms_per_keystroke": _mean_ms(without.seconds),
        "words_gathered": sum(hits) + sum(misses),
        "minibatches_gathered": with_it.minibatches,
        **cost(with_it.seconds, without.seconds),
    }


def cost(with_it: Sequence[float], without: Sequence[float], *, seed: int = 1) -> dict[str, float]:
    """How many times as long all keys together took, less 1, and its 95 % bootstrap interval.

    The bootstrap draws blocks of neighbouring keys, both sides of a key together.
    """
    import numpy as np

    blocks = len(without) // BLOCK
    both = np.array([with_it, without])[:, : blocks * BLOCK].reshape(2, blocks, BLOCK).sum(axis=2)
    drawn = np.random.default_rng(seed).integers(blocks, size=(2000, blocks))
    sums = both[:, drawn].sum(axis=2)
    low, high = np.percentile(sums[0] / sums[1] - 1, (2.5, 97.5))
    total = both.sum(axis=1)
    return {
        "cost": round(float(total[0] / total[1] - 1), 5),
        "cost_low": round(float(low), 5),
        "cost_high": round(float(high), 5),
    }


def _key(session: Session, character: str) -> None:
    session.type(character)
    think(session, session.suggest(budget_ms=-1), THINK_STEPS)


def _mean_ms(seconds: Sequence[float]) -> float:
    return round(1000 * sum(seconds) / len(seconds), 4)
