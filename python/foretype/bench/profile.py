"""The profile on disk: opening, writing, forgetting, and what it costs the one who types."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from foretype import Engine, Profile
from foretype.bench.measured import circumstances, percentiles
from foretype.bench.sample import pseudo_messages
from foretype.replay.clock import clocked

NGRAMS = 1_000_000
RUNS = 7
MESSAGES = 300  # learned one by one, each written before the next
WORDS_A_ROUND = 50_000
WORDS_TO_REPLAY = 3500  # a journal that is nearly long enough for a new snapshot


def measure(*, ngrams: int = NGRAMS) -> dict[str, Any]:
    """A profile of made-up words, at least `ngrams` large, in a folder of its own."""
    engine = Engine.open(language_model=False)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "profile"
        with engine.open_profile(folder) as profile:
            _fill(profile, ngrams)
            figures = _sizes(profile) | _writing(profile) | _stalls(profile)
            for message in pseudo_messages(WORDS_TO_REPLAY, seed=0):
                profile.learn(message)
        figures |= _opening(engine, folder)
        with engine.open_profile(folder) as profile:
            figures["forget_ms"] = _ms(lambda: profile.forget(_word()))
    return circumstances() | {"runs": RUNS} | figures


def _fill(profile: Profile, ngrams: int) -> None:
    seed = 0
    while profile.ngrams < ngrams:
        seed += 1
        for message in pseudo_messages(WORDS_A_ROUND, seed=seed):
            profile.learn(message)
    profile.compact()


def _sizes(profile: Profile) -> dict[str, Any]:
    stats = profile.stats()
    return {
        "ngrams": stats.ngrams,
        "words": stats.words,
        "memory_bytes_an_ngram": round(stats.memory_bytes / stats.ngrams, 1),
        "file_bytes_an_ngram": round(stats.file_bytes / stats.ngrams, 1),
    }


def _writing(profile: Profile) -> dict[str, Any]:
    """A finished message: what the one who typed it waits, and when it is on the disk."""
    learned_us, durable_ms = [], []
    for message in pseudo_messages(MESSAGES * 40, seed=0)[:MESSAGES]:
        _, learned_s, _ = clocked(lambda message=message: profile.learn(message))  # type: ignore[misc]
        _, flushed_s, _ = clocked(profile.flush)
        learned_us.append(learned_s * 1e6)
        durable_ms.append((learned_s + flushed_s) * 1e3)
    return {
        "learn_message": percentiles(learned_us, unit="us"),
        "message_durable": percentiles(durable_ms, unit="ms"),
        "touch_us": round(_best(lambda: _touch_a_thousand_times(profile)) * 1e3, 3),
    }


def _touch_a_thousand_times(profile: Profile) -> None:
    for _ in range(1000):
        profile._touched()


def _stalls(profile: Profile) -> dict[str, Any]:
    """What holds the interpreter, and so a key that comes just then: only when idle."""
    taken = [clocked(profile._core.save)[1:] for _ in range(RUNS)]
    return {
        "snapshot_ms": round(min(wall_s for wall_s, _ in taken) * 1e3, 1),
        "snapshot_processor_ms": round(min(processor_s for _, processor_s in taken) * 1e3, 1),
        "compact_ms": _ms(profile.compact),
    }


def _opening(engine: Engine, folder: Path) -> dict[str, Any]:
    """Ready to suggest: files read and checked, the trie built, the last 3,500 words replayed."""
    wall_ms, processor_ms = [], []
    for _ in range(RUNS):
        profile, wall_s, processor_s = clocked(lambda: engine.open_profile(folder))
        wall_ms.append(wall_s * 1e3)
        processor_ms.append(processor_s * 1e3)
        profile.close()
    return {
        "open_ms": percentiles(wall_ms, unit="ms"),
        "open_best_ms": round(min(wall_ms), 1),
        "open_processor_best_ms": round(min(processor_ms), 1),
    }


def _best(call: Callable[[], Any]) -> float:
    """Seconds of the fastest of some runs."""
    return min(clocked(call)[1] for _ in range(RUNS))


def _ms(call: Callable[[], Any]) -> float:
    start = time.perf_counter()
    call()
    return round((time.perf_counter() - start) * 1e3, 1)


def _word() -> str:
    return pseudo_messages(WORDS_A_ROUND, seed=1)[0].split()[0]
