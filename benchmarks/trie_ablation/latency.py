"""How long the trie takes and how much it holds, by n-grams known, on real text.

    python benchmarks/trie_ablation/latency.py --data calibration-mix.jsonl.gz

Learns texts of the file, shuffled, until so many n-grams are known; then looks up the keys of the
next units, saves and loads. `foretype bench trie` measures the same on made-up words.
"""

import argparse
import gzip
import json
import random
from pathlib import Path

from foretype.bench.trie_store import measure, uses_of

SIZES = (200_000, 1_000_000)


def texts(path: Path) -> list[str]:
    """The texts of the file, shuffled."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        found = [json.loads(line)["text"] for line in lines]
    random.Random(1).shuffle(found)
    return found


def main() -> None:
    """Print the figures of each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    args = parser.parse_args()
    found = texts(args.data)
    for size in SIZES:
        print(json.dumps(measure(uses_of(found), ngrams=size), indent=1))


if __name__ == "__main__":
    main()
