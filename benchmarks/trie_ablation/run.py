"""Which parts of the trie's probability pay: strict keystroke savings of the trie alone.

    python benchmarks/trie_ablation/run.py --data mails.jsonl            # the shipped settings
    python benchmarks/trie_ablation/run.py --data mails.jsonl --table    # the ablation table

Word completion only: at each key of a word, its first one included, the best candidate that is
longer than what is typed. An author's messages before the last 6,000 characters are learned, the
rest is scored and learned on the way (docs/replay.md has the full replay, with all proposers).

Each message is written on the day of its date. Columns: savings; savings where nothing passed over
is offered again within the word; savings from a menu of three; bits for a word, given its history,
of those the trie knows; shows of the right word in the wrong case, in percent; the first column for
each half of the authors; seen once: shows of words that the author used once before and English
does not know, and which share of them was right; phrases: how many units were offered beyond the
word, and which share of them was written.
"""

import argparse
import json
import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from foretype import _core

CHARACTERS_SCORED = 6000
MENU = 3
CONTEXT_UNITS = 4
# Passed-over candidates leave the list, so it must be longer than a word usually has letters.
CANDIDATES = 16
BACKGROUND = Path(__file__).parents[2] / "python" / "foretype" / "data" / "background.bin"

Change = Callable[[_core.TrieWeights], None]


@dataclass(frozen=True)
class Message:
    """A text and the day of its writing, counted from 1970-01-01."""

    day: int
    text: str


@dataclass
class Score:
    """Sums over the scored messages of some authors."""

    characters: int = 0
    saved: int = 0
    saved_stepping_back: int = 0
    saved_menu: int = 0
    bits: float = 0.0
    words: int = 0
    wrong_case: int = 0
    shows: int = 0
    once_shows: int = 0
    once_right: int = 0
    phrase_units: int = 0
    phrase_units_right: int = 0

    def __add__(self, other: "Score") -> "Score":
        sums = zip(vars(self).values(), vars(other).values(), strict=True)
        return Score(*(one + another for one, another in sums))

    def rates(self) -> tuple[float, float, float]:
        """Savings: plain, stepping back, from a menu."""
        saved = (self.saved, self.saved_stepping_back, self.saved_menu)
        plain, back, menu = (each / max(self.characters, 1) for each in saved)
        return plain, back, menu


@dataclass
class Writer:
    """One author's trie, and the message being written."""

    trie: _core.Trie
    english: _core.Trie  # which learned nothing
    score: Score = field(default_factory=Score)
    learning: bool = True

    def read(self, message: Message) -> None:
        """Learn a whole message."""
        self.trie.set_today(message.day)
        history = [""]
        for unit in _core.cut_units(message.text):
            self.trie.learn(history[-CONTEXT_UNITS:], unit)
            history.append(unit)

    def write(self, message: Message) -> None:
        """Score a message, learning each unit when it is finished."""
        self.trie.set_today(message.day)
        text = message.text
        self.score.characters += len(text)
        history = [""]
        data = text.encode()
        self._follow_phrases(["", *_core.cut_units(text)])  # before any of it is learned
        for unit, (begin, _, _) in zip(_core.cut_units(text), _core.units(data), strict=True):
            context = history[-CONTEXT_UNITS:]
            if _core.is_word(unit.encode()):
                opens = _core.starts_sentence(data[max(begin - 40, 0) : begin])
                self._type_word(context, unit, opens=opens)
            if self.learning:
                self.trie.learn(context, unit)
            history.append(unit)

    def _follow_phrases(self, written: list[str]) -> None:
        """Count how far the phrases hold that are offered after each unit.

        The next one is asked for where the last one stopped being right.
        """
        at = 1
        while at < len(written):
            phrase = self.trie.phrase(written[max(at + 1 - CONTEXT_UNITS, 0) : at + 1])
            true = written[at + 1 : at + 1 + len(phrase)]
            right = 0
            while right < len(true) and true[right] == phrase[right]:
                right += 1
            self.score.phrase_units += len(phrase)
            self.score.phrase_units_right += right
            at += 1 + right

    def _type_word(self, context: list[str], word: str, *, opens: bool) -> None:
        probability = self.trie.probability(context, word, sentence_start=opens)
        if probability > 0:
            self.score.bits -= math.log2(probability)
            self.score.words += 1
        saved = stepping_back = menu = 0
        passed: set[str] = set()
        for typed in range(len(word)):
            if saved and stepping_back and menu:
                break
            left = len(word) - typed - 1  # an accept is one key
            offers = self._offers(context, word[:typed], opens=opens)
            if offers and not saved:
                self._count_show(offers[0], word)
                saved = left * (offers[0] == word)
            if not stepping_back:
                fresh = next((offer for offer in offers if offer not in passed), "")
                passed.add(fresh)
                stepping_back = left * (fresh == word)
            if not menu:
                menu = left * (word in offers[:MENU])
        self.score.saved += saved
        self.score.saved_stepping_back += stepping_back
        self.score.saved_menu += menu

    def _count_show(self, shown: str, word: str) -> None:
        self.score.shows += 1
        self.score.wrong_case += shown != word and shown.lower() == word.lower()
        uses = sum(form.inside + form.opening for form in self.trie.describe(shown))
        if uses == 1 and self.english.probability([], shown) == 0:
            self.score.once_shows += 1
            self.score.once_right += shown == word

    def _offers(self, context: list[str], typed: str, *, opens: bool) -> list[str]:
        proposal = self.trie.propose(context, typed, sentence_start=opens, limit=CANDIDATES)
        return [
            each.unit
            for each in proposal.candidates
            if len(each.unit) > len(typed) and _core.is_word(each.unit.encode())
        ]


def messages_by_author(path: Path) -> dict[str, list[Message]]:
    """Each author's messages, by date."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    authors: dict[str, list[Message]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row["date"]):
        day = (datetime.fromisoformat(row["date"]).date() - date(1970, 1, 1)).days
        authors[row["author"]].append(Message(day, row["text"]))
    return dict(sorted(authors.items()))


def split(messages: list[Message]) -> tuple[list[Message], list[Message]]:
    """The messages to learn first, and those to score: the last ones, about 6,000 characters."""
    first, size = len(messages), 0
    while first > 0 and size < CHARACTERS_SCORED:
        first -= 1
        size += len(messages[first].text)
    return messages[:first], messages[first:]


def replay(
    authors: dict[str, list[Message]],
    background: _core.Background,
    weights: _core.TrieWeights,
    *,
    personal: bool = True,
) -> dict[str, Score]:
    """The score of each author. `personal`: whether anything is learned."""
    scores = {}
    english = _core.Trie(background)
    for author, messages in authors.items():
        writer = Writer(_core.Trie(background, weights), english, learning=personal)
        history, scored = split(messages)
        for message in history if personal else []:
            writer.read(message)
        for message in scored:
            writer.write(message)
        scores[author] = writer.score
    return scores


@dataclass(frozen=True)
class Trial:
    """One row of the table."""

    name: str
    change: Change = lambda weights: None
    personal: bool = True


def setting(name: str, value: object) -> Change:
    """A change of one weight."""
    return lambda weights: setattr(weights, name, value)


def orders_up_to(order: int) -> Change:
    """Contexts of higher orders give all their probability to the order below."""

    def change(weights: _core.TrieWeights) -> None:
        strength = list(weights.strength)
        strength[order:] = [1e12] * (len(strength) - order)
        weights.strength = strength

    return change


def user_weights(name: str, values: Sequence[float]) -> Change:
    """A change of the numbers of all orders."""
    return setting(name, list(values))


def dirichlet(weights: _core.TrieWeights, strength: float) -> None:
    """The method that adds a share of the order below instead of discounting."""
    weights.discount = [0.0] * 5
    weights.strength = [STRENGTH_OF_WORDS, *[strength] * 4]


def fading(half_life_days: float, faded: float) -> Change:
    """How fast a use fades, and to what."""

    def change(weights: _core.TrieWeights) -> None:
        weights.half_life_days, weights.faded = half_life_days, faded

    return change


STRENGTH_OF_WORDS = 250.0  # of order 1, as shipped

TABLE = (
    Trial("as shipped"),
    Trial("background only", personal=False),
    *(Trial(f"orders up to {order}", orders_up_to(order)) for order in (1, 2, 3, 4)),
    *(
        Trial(f"discount {value}", user_weights("discount", [0.5, *[value] * 4]))
        for value in (0.0, 0.5, 0.9)
    ),
    Trial("Dirichlet: discount 0, strength 3", lambda weights: dirichlet(weights, 3.0)),
    Trial("absolute: strength 0", user_weights("strength", [STRENGTH_OF_WORDS, 0, 0, 0, 0])),
    *(
        Trial(
            f"strength of order 2: {value}", user_weights("strength", [250.0, value, 0.5, 0.3, 0.3])
        )
        for value in (1.0, 10.0)
    ),
    *(
        Trial(
            f"strength of order 1: {value}", user_weights("strength", [value, 3.0, 0.5, 0.3, 0.3])
        )
        for value in (50.0, 2500.0)
    ),
    *(
        Trial(f"background bigrams {value}", setting("background_bigrams", value))
        for value in (0.0, 0.5, 1.0)
    ),
    *(Trial(f"recent {value}", setting("recent", value)) for value in (0.0, 0.05, 0.2)),
    *(Trial(f"recent units {value}", setting("recent_units", value)) for value in (32, 256, 2048)),
    Trial("nothing fades", setting("half_life_days", 0.0)),
    *(
        Trial(f"fades to nothing, half in {days} days", fading(days, 0.0))
        for days in (7, 14, 30, 60, 90, 180, 365)
    ),
    *(Trial(f"fades to 0.3, half in {days} days", fading(days, 0.3)) for days in (2, 14, 30, 90)),
    *(Trial(f"fades to {faded}, half in 7 days", fading(7, faded)) for faded in (0.1, 0.2, 0.5)),
    *(
        Trial(f"ladder factor {value}", setting("offered", value))
        for value in (1, 0.5, 0.1, 0.05, 0)
    ),
    *(Trial(f"phrases from {uses} uses", setting("phrase_uses", uses)) for uses in (2, 4, 6)),
    *(
        Trial(f"phrases at a share of {share}", setting("phrase_share", share))
        for share in (0.8, 0.95)
    ),
    Trial("no capitals added", setting("to_title", 0.0)),
    Trial("no all capitals", setting("to_upper", 0.0)),
    Trial("no capitals dropped", setting("to_lower", 0.0)),
    Trial("sentences always open with a capital", setting("opening_capitals", 1e9)),
    Trial("all capitals are meant at once", setting("shout_uses", 1)),
    Trial("all capitals are never meant", setting("shout_uses", 65535)),
)


COLUMNS = "KS, stepping back, menu of 3, bits, wrong case, halves, seen once, phrases".split(", ")
HEAD = f"| settings | {' | '.join(COLUMNS)} |\n| --- |{' --- |' * len(COLUMNS)}"


def row(name: str, scores: dict[str, Score]) -> str:
    """One row of the table, in Markdown."""
    half = [
        sum(part, Score()) for part in (list(scores.values())[::2], list(scores.values())[1::2])
    ]
    total = half[0] + half[1]
    plain, back, menu = total.rates()
    cells = [
        name,
        *(f"{rate:.4f}" for rate in (plain, back, menu)),
        f"{total.bits / max(total.words, 1):.2f}",
        f"{100 * total.wrong_case / max(total.shows, 1):.2f}",
        " / ".join(f"{each.rates()[0]:.4f}" for each in half),
        f"{total.once_shows} / {total.once_right / max(total.once_shows, 1):.2f}",
        f"{total.phrase_units} / {total.phrase_units_right / max(total.phrase_units, 1):.2f}",
    ]
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Print the table, or its first row."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--background", type=Path, default=BACKGROUND)
    parser.add_argument("--table", action="store_true", help="every row")
    args = parser.parse_args()
    authors = messages_by_author(args.data)
    background = _core.Background.parse(args.background.read_bytes())
    print(HEAD)
    for trial in TABLE if args.table else TABLE[:1]:
        weights = _core.TrieWeights()
        trial.change(weights)
        scores = replay(authors, background, weights, personal=trial.personal)
        print(row(trial.name, scores), flush=True)


if __name__ == "__main__":
    main()
