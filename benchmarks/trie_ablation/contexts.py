"""What contexts are worth: several people's messages in one profile, with and without contexts.

    python benchmarks/trie_ablation/contexts.py --data mails.jsonl

Four authors at a time write into one profile, in the order of their dates, each in a context of
their own; so a context stands for a way of writing and a set of subjects. Scored as in run.py: each
author's last 6,000 characters, trie alone.

Rows: all in one trie; the same with each author's context on top of it; private contexts, which
stand on English since the common trie learns nothing of them; each author a profile of their own.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from run import BACKGROUND, HEAD, Message, Score, Writer, messages_by_author, row, split

from foretype import _core

AUTHORS_TOGETHER = 4
NOTHING = _core.TrieBase.NOTHING


@dataclass(frozen=True)
class Candidate:
    """A unit with its probability by both tries."""

    unit: str
    probability: float


@dataclass(frozen=True)
class Proposal:
    """Candidates, best first."""

    candidates: list[Candidate]


@dataclass(frozen=True)
class Layers:
    """A context's trie on the common one, as one trie; P = own + rest * common."""

    own: _core.Trie
    common: _core.Trie
    learned: tuple[_core.Trie, ...]  # those that learn from this context

    def set_today(self, day: int) -> None:
        for trie in (self.own, self.common):
            trie.set_today(day)

    def learn(self, history: Sequence[str], unit: str) -> None:
        for trie in self.learned:
            trie.learn(history, unit)

    def probability(
        self, history: Sequence[str], unit: str, *, sentence_start: bool = False
    ) -> float:
        own = self.own.probability(history, unit, sentence_start=sentence_start, base=NOTHING)
        common = self.common.probability(history, unit, sentence_start=sentence_start)
        return own + self.own.rest(history) * common

    def propose(
        self, history: Sequence[str], prefix: str, *, sentence_start: bool, limit: int
    ) -> Proposal:
        found = [
            self.own.propose(
                history, prefix, sentence_start=sentence_start, limit=limit, base=NOTHING
            ),
            self.common.propose(history, prefix, sentence_start=sentence_start, limit=limit),
        ]
        units = {each.unit for proposal in found for each in proposal.candidates}
        scored = [
            Candidate(unit, self.probability(history, unit, sentence_start=sentence_start))
            for unit in units
        ]
        return Proposal(sorted(scored, key=lambda each: (-each.probability, each.unit))[:limit])

    def describe(self, word: str) -> list[_core.WordRow]:
        return self.own.describe(word) or self.common.describe(word)

    def phrase(self, history: Sequence[str]) -> list[str]:
        return self.own.phrase(history) or self.common.phrase(history)


@dataclass
class Pool:
    """Some authors' messages, and who writes how."""

    authors: dict[str, list[Message]]
    writers: dict[str, Writer] = field(default_factory=dict)

    def messages(self) -> Iterator[tuple[str, Message, bool]]:
        """Author, message and whether it is scored, by day; an author's in their own order."""
        marked = []
        for author, messages in self.authors.items():
            history, _ = split(messages)
            for place, message in enumerate(messages):
                marked.append((message.day, author, message, place >= len(history)))
        marked.sort(key=lambda each: each[0])
        return ((author, message, scored) for _, author, message, scored in marked)

    def replay(self) -> dict[str, Score]:
        for author, message, scored in self.messages():
            writer = self.writers[author]
            if scored:
                writer.write(message)
            else:
                writer.read(message)
        return {author: writer.score for author, writer in self.writers.items()}


def pool_of(
    authors: dict[str, list[Message]],
    kind: str,
    background: _core.Background,
    weights: _core.TrieWeights,
) -> Pool:
    """Writers of one kind of row."""
    pool = Pool(authors)
    common = _core.Trie(background, weights)
    english = _core.Trie(background, weights)
    for author in authors:
        own = _core.Trie(background, weights)
        match kind:
            case "one trie":
                trie: object = common
            case "contexts on it":
                trie = Layers(own, common, (own, common))
            case "private contexts":
                trie = Layers(own, english, (own,))
            case _:
                trie = own
        pool.writers[author] = Writer(trie, english)  # type: ignore[arg-type]
    return pool


def main() -> None:
    """Print a row for each kind."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--shares", type=float, nargs="*", default=[], help="of a context's words")
    args = parser.parse_args()
    authors = messages_by_author(args.data)
    background = _core.Background.parse(BACKGROUND.read_bytes())
    print(HEAD)
    trials = [
        (kind, None) for kind in ("one trie", "contexts on it", "private contexts", "own profiles")
    ]
    trials += [
        (kind, share) for share in args.shares for kind in ("contexts on it", "private contexts")
    ]
    for kind, share in trials:
        weights = _core.TrieWeights()
        if share is not None:
            weights.context_unigrams = share
        scores: dict[str, Score] = {}
        names = list(authors)
        for first in range(0, len(names), AUTHORS_TOGETHER):
            together = {name: authors[name] for name in names[first : first + AUTHORS_TOGETHER]}
            scores |= pool_of(together, kind, background, weights).replay()
        print(row(kind if share is None else f"{kind}, share {share}", scores), flush=True)


if __name__ == "__main__":
    main()
