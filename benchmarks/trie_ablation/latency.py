"""How long the trie takes and how much it holds, by n-grams known.

    python benchmarks/trie_ablation/latency.py --data calibration-mix.jsonl.gz

Learns texts of the file, shuffled, until so many n-grams are known; then types the next 4,000 units
and takes the best of three for each key, eight candidates, the crossing from Python included.
"""

import argparse
import gzip
import itertools
import json
import random
import time
from collections.abc import Iterator
from pathlib import Path

from foretype import _core

SIZES = (200_000, 1_000_000)
TYPED_UNITS = 4_000
CANDIDATES = 8
BACKGROUND = Path(__file__).parents[2] / "python" / "foretype" / "data" / "background.bin"


def uses(path: Path) -> Iterator[tuple[list[str], str]]:
    """Each unit of the file with the four before it."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    random.Random(1).shuffle(texts)
    for text in texts:
        history = [""]
        for unit in _core.cut_units(text):
            yield history[-4:], unit
            history.append(unit)


def fill(trie: _core.Trie, source: Iterator[tuple[list[str], str]], ngrams: int) -> list[float]:
    """Learn until `ngrams` are known; microseconds of each use."""
    taken = []
    while trie.ngrams < ngrams:
        history, unit = next(source)
        start = time.perf_counter()
        trie.learn(history, unit)
        taken.append((time.perf_counter() - start) * 1e6)
    return taken


def type_units(trie: _core.Trie, typed: list[tuple[list[str], str]]) -> dict[str, list[float]]:
    """Microseconds of each key, by letters typed before it."""
    taken: dict[str, list[float]] = {}
    for history, unit in typed:
        for letters in range(len(unit)):
            best = float("inf")
            for _ in range(3):
                start = time.perf_counter()
                trie.propose(history, unit[:letters], limit=CANDIDATES)
                best = min(best, (time.perf_counter() - start) * 1e6)
            taken.setdefault(f"{min(letters, 3)} letters", []).append(best)
    taken["all keys"] = [each for some in taken.values() for each in some]
    return dict(sorted(taken.items()))


def row(name: str, taken: list[float]) -> str:
    """Percentiles of one row, in Markdown."""
    taken = sorted(taken)
    marks = (taken[int(share * (len(taken) - 1))] for share in (0.5, 0.95, 0.99, 1))
    return f"| {name} | {' | '.join(f'{mark:.1f}' for mark in marks)} |"


def main() -> None:
    """Print one table for each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    args = parser.parse_args()
    trie = _core.Trie(_core.Background.parse(BACKGROUND.read_bytes()))
    source = uses(args.data)
    for size in SIZES:
        learning = fill(trie, source, size)
        bytes_each = trie.memory_bytes / trie.ngrams
        print(f"\n{trie.ngrams} n-grams, {bytes_each:.1f} bytes each\n")
        print("| microseconds | p50 | p95 | p99 | most |\n| --- | --- | --- | --- | --- |")
        print(row("learn", learning))
        typed = list(itertools.islice(source, TYPED_UNITS))
        for name, taken in type_units(trie, typed).items():
            print(row(name, taken))


if __name__ == "__main__":
    main()
