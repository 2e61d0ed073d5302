"""How many secrets are caught, and what is taken for one.

    python benchmarks/secrets/run.py                      # made-up secrets in sentences
    python benchmarks/secrets/run.py --contexts tuning    # sentences the rules were looked at on
    python benchmarks/secrets/run.py --data mails.jsonl   # words of real messages kept back; time

A secret is caught if every letter and digit of it lies in a range of secret_ranges; of a harmless
thing none may. Both are looked at in the finished text: that nothing of what is caught there is
learned on the way is a property (tests/property/test_secrets_property.py).
"""

import argparse
import gzip
import json
import random
import time
from bisect import bisect_right
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from contexts import BEFORE, BEHIND, FRESH, HELD_OUT, TUNING
from kinds import EVERYWHERE, HARMLESS, NAMED, Maker

from foretype._core import is_word, secret_ranges, undecided_from, units

CONTEXTS = {"tuning": TUNING, "held-out": HELD_OUT, "fresh": FRESH}
# Share-alike, and more dialogue than anything else: left out of the mix.
LEFT_OUT = "schema-guided-dialogue"
WINDOW = 200  # bytes
SAMPLE = 500  # messages whose words are watched waiting


def covered(text: str, begin: int, end: int) -> list[bool]:
    """For each letter and digit of text[begin:end], whether it is kept back."""
    starts = [len(text[:at].encode()) for at in range(begin, end)]
    ranges = secret_ranges(text.encode())
    return [
        any(first <= start < last for first, last in ranges)
        for start, character in zip(starts, text[begin:end], strict=True)
        if character.isalnum()
    ]


def rate(
    make: Maker, sentences: list[str], judge: Callable[[list[bool]], bool], count: int, seed: str
) -> tuple[float, dict[str, int]]:
    """Share of `count` things that `judge` accepts in sentences; the sentences of the others."""
    source = random.Random(seed)
    good = 0
    others: dict[str, int] = {}
    for _ in range(count):
        sentence = source.choice(sentences)
        before, behind = source.choice(BEFORE), source.choice(BEHIND)
        thing = make(source)
        begin = len(before) + sentence.index("{}")
        text = before + sentence.replace("{}", thing) + behind
        if judge(covered(text, begin, begin + len(thing))):
            good += 1
        else:
            others[sentence] = others.get(sentence, 0) + 1
    return good / count, others


def show(kind: str, share: float, others: dict[str, int], verbose: bool) -> None:
    print(f"| {kind} | {100 * share:.1f} |")
    if verbose:
        for sentence, times in sorted(others.items(), key=lambda each: -each[1]):
            print(f"    {times} {sentence!r}")


def generated(name: str, count: int, verbose: bool) -> None:
    contexts = CONTEXTS[name]
    kinds = [("everywhere", kind, make) for kind, make in EVERYWHERE.items()]
    kinds += [
        (context, kind, make) for context, some in NAMED.items() for kind, make in some.items()
    ]
    print(f"sentences: {name}; {count} of each kind\n\n| secret | caught, % |\n| --- | --- |")
    caught = []
    for context, kind, make in kinds:
        share, others = rate(make, contexts[context], all, count, f"{name} {kind}")
        caught.append(share)
        show(kind, share, others, verbose)
    print(f"| mean of {len(caught)} kinds | {100 * sum(caught) / len(caught):.1f} |")
    print("\n| harmless | kept back, % |\n| --- | --- |")
    for kind, make in HARMLESS.items():
        share, others = rate(make, contexts["harmless"], any, count, f"{name} {kind}")
        show(kind, share, {}, verbose)


def messages(path: Path) -> Iterator[str]:
    packed = path.suffix == ".gz"
    with (
        gzip.open(path, "rt", encoding="utf-8") if packed else path.open(encoding="utf-8") as lines
    ):
        for number, line in enumerate(lines):
            row = json.loads(line)
            # Every other row of the mix taught the costs of letters.
            if not packed or (number % 2 and row["source"] != LEFT_OUT):
                yield row["text"]


def time_windows(texts: list[bytes]) -> None:
    """Processor time of a look at 200 bytes, as at each finished word; best of five rounds."""
    windows = [text[at : at + WINDOW] for text in texts for at in range(0, len(text), WINDOW)]
    windows = [window for window in windows if len(window) == WINDOW][:20_000]
    for look in (secret_ranges, undecided_from):
        best = float("inf")
        for _ in range(5):
            start = time.process_time()
            for window in windows:
                look(window)
            best = min(best, time.process_time() - start)
        print(f"{look.__name__}: {1e6 * best / len(windows):.1f} us for {WINDOW} bytes")


def count_waiting(texts: list[bytes]) -> None:
    """How many words wait, at the end of each word."""
    waiting: list[int] = []
    for text in texts:
        ends = [end for begin, end, _ in units(text) if is_word(text[begin:end])]
        for number, end in enumerate(ends):
            if text[end : end + 1] == b" ":
                decided = undecided_from(text[: end + 1])
                waiting.append(number + 1 - bisect_right(ends, decided))
    some = sum(each > 0 for each in waiting)
    print(f"words wait at {100 * some / len(waiting):.1f} % of word ends, "
          f"{sum(waiting) / len(waiting):.2f} on average, {max(waiting)} at most")  # fmt: skip


def real(path: Path, most: int | None) -> None:
    looked_at = [text.encode() for text in islice(messages(path), most)]
    texts = words = kept_words = hit_texts = 0
    for data in looked_at:
        ranges = secret_ranges(data)
        cut = [unit for unit in units(data) if is_word(data[unit[0] : unit[1]])]
        texts += 1
        words += len(cut)
        hit_texts += bool(ranges)
        kept_words += sum(any(b <= unit[0] < e for b, e in ranges) for unit in cut) if ranges else 0
    print(f"{kept_words} of {words} words ({1e5 * kept_words / words:.1f} in 100,000), "
          f"in {hit_texts} of {texts} messages")  # fmt: skip
    count_waiting(looked_at[:SAMPLE])
    time_windows(looked_at)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--contexts", choices=CONTEXTS, default="fresh")
    parser.add_argument("--count", type=int, default=2000, help="things of each kind")
    parser.add_argument("--verbose", action="store_true", help="where secrets were missed")
    parser.add_argument("--data", type=Path, help="JSON lines with `text`, gzipped or not")
    parser.add_argument("--messages", type=int, help="the first so many only")
    options = parser.parse_args()
    if options.data:
        real(options.data, options.messages)
    else:
        generated(options.contexts, options.count, options.verbose)


if __name__ == "__main__":
    main()
