"""The trie's store when it is full: bytes, learning, looking up, saving and loading."""

import gc
import mmap
import multiprocessing
import time
from collections.abc import Iterable, Iterator
from importlib import resources
from itertools import islice
from pathlib import Path
from typing import Any

from foretype import _core
from foretype.bench.measured import percentiles
from foretype.replay.clock import clocked

Use = tuple[list[str], str]  # a unit and the four before it

HISTORY_UNITS = 4
TYPED_UNITS = 1_000
CANDIDATES = 8
RUNS = 3  # of each lookup; the best counts
LOADS = 5


def measure(uses: Iterator[Use], *, ngrams: int) -> dict[str, Any]:
    """Learn uses until so many n-grams are known, then look the next ones up, save and load.

    Learning and loading are in processor time, looking up is the best of three on the wall; all
    with the crossing from Python. `resident_bytes_each` is what loading adds to a fresh process,
    0 where the system does not say.
    """
    trie = _core.Trie(_background())
    learning = list(_learn(trie, uses, ngrams))
    lookups = list(_look_up(trie, islice(uses, TYPED_UNITS)))
    saved, _, saving_s = clocked(trie.save)
    background = _background()
    loads = [clocked(lambda: _core.Trie.load(saved, background))[2] for _ in range(LOADS)]
    return {
        "ngrams": trie.ngrams,
        "units_learned": len(learning),
        "memory_bytes_each": round(trie.memory_bytes / trie.ngrams, 2),
        "resident_bytes_each": round(_resident(saved) / trie.ngrams, 2),
        "snapshot_bytes_each": round(len(saved) / trie.ngrams, 2),
        "learn": percentiles(learning, unit="us"),
        "look_up": percentiles(lookups, unit="us"),
        "save_ms": round(saving_s * 1e3, 1),
        "load_ms": round(min(loads) * 1e3, 1),
    }


def uses_of(texts: Iterable[str]) -> Iterator[Use]:
    """Each unit of the texts with those before it."""
    for text in texts:
        history = [""]
        for unit in _core.cut_units(text):
            yield history[-HISTORY_UNITS:], unit
            history.append(unit)


def _background() -> _core.Background:
    content = resources.files("foretype").joinpath("data", "background.bin").read_bytes()
    return _core.Background.parse(content)


def _learn(trie: _core.Trie, uses: Iterator[Use], ngrams: int) -> Iterator[float]:
    """Microseconds of each unit."""
    while trie.ngrams < ngrams:
        history, unit = next(uses)
        start = time.thread_time_ns()
        trie.learn(history, unit)
        yield (time.thread_time_ns() - start) / 1e3


def _look_up(trie: _core.Trie, typed: Iterable[Use]) -> Iterator[float]:
    """Microseconds of each key: before the first letter of a unit, and after each but the last."""
    for history, unit in typed:
        for letters in range(len(unit)):
            best = float("inf")
            for _ in range(RUNS):
                start = time.perf_counter_ns()
                trie.propose(history, unit[:letters], limit=CANDIDATES)
                best = min(best, time.perf_counter_ns() - start)
            yield best / 1e3


def _resident(saved: bytes) -> int:
    """Bytes of memory that the loaded trie takes in a process that holds little else."""
    context = multiprocessing.get_context("spawn")
    mine, theirs = context.Pipe()
    process = context.Process(target=_load_and_tell, args=(theirs, saved))
    process.start()
    theirs.close()
    try:
        return int(mine.recv())
    finally:
        process.join()


def _load_and_tell(pipe: Any, saved: bytes) -> None:
    background = _background()
    gc.collect()
    before = _resident_now()
    trie = _core.Trie.load(saved, background)
    pipe.send(max(_resident_now() - before, 0))
    del trie


def _resident_now() -> int:
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * mmap.PAGESIZE
