"""The rule of ibus-typing-booster as a system under replay."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from foretype.replay.clock import clocked
from foretype.replay.ibus_typing_booster.dictionary import Dictionary, open_dictionary
from foretype.replay.ibus_typing_booster.phrases import Phrases, best_first, capitalised
from foretype.replay.ibus_typing_booster.tokens import Reader, without_opening
from foretype.replay.memory import resident_bytes
from foretype.replay.menu import Entry, Menu
from foretype.replay.port import Profile, Proposers, Session
from foretype.replay.settings import Settings

KINDS = ("default", "favoured")
MOST_CANDIDATES = 20


class BoosterProfile:
    """One author's phrases."""

    def __init__(self) -> None:
        self.phrases = Phrases()

    @property
    def memory_bytes(self) -> int:
        """Of the rows that are kept."""
        return self.phrases.memory_bytes

    def learn(self, text: str) -> None:
        """As if typed."""
        reader = Reader(self.phrases.add)
        reader.type(text)
        reader.end_message()


@dataclass(slots=True)
class Cost:
    """All of it is the n-grams'."""

    total_ms: float = 0.0
    lm_ms: float = 0.0
    rank_us: None = None
    complete: bool = True

    @property
    def trie_us(self) -> float:
        """The same in microseconds."""
        return self.total_ms * 1e3


class BoosterSession:
    """A field; each phrase is learned at the space behind it.

    Shows nothing before `least_letters` are typed.
    """

    def __init__(
        self, profile: BoosterProfile, dictionary: Dictionary, *, least_letters: int
    ) -> None:
        self._phrases = profile.phrases
        self._reader = Reader(profile.phrases.add)
        self._dictionary = dictionary
        self._least_letters = least_letters
        self._shown = ""
        self.timing = Cost()

    def type(self, text: str) -> None:
        """Typed at the caret."""
        self._reader.type(text)

    def suggest(self, *, budget_ms: float = 30.0) -> Menu | None:
        """The candidates whose beginning is, letter for letter, what is typed."""
        entries, wall_s, _ = clocked(self._entries)
        self.timing = Cost(wall_s * 1e3)
        self._shown = entries[0].text if entries else ""
        return Menu(entries) if entries else None

    def think(self) -> bool:
        """Nothing to do between keys."""
        return False

    def extended(self) -> None:
        """Shows one word."""

    def accept(self, *, words: int | None = 1) -> str:
        """Takes the first candidate."""
        self._reader.type(self._shown)
        return self._shown

    def finish(self) -> None:
        """The message is sent, and the field is empty."""
        self._reader.end_message()

    def _entries(self) -> tuple[Entry, ...]:
        typed = without_opening(self._reader.open)
        if len(typed) < self._least_letters:
            return ()
        reader = self._reader
        scores = dict(self._dictionary.scores(typed)) if typed else {}
        scores |= self._phrases.scores(typed, reader.before, reader.before_that)
        best = best_first(scores, limit=MOST_CANDIDATES)
        shown = capitalised(best) if typed.istitle() else best
        return tuple(
            Entry(phrase[len(typed) :], _score(scores, phrase))
            for phrase in shown
            if phrase.startswith(typed) and len(phrase) > len(typed)
        )


def _score(scores: dict[str, float], phrase: str) -> float:
    """A capitalised phrase has that of the better of its forms."""
    small = phrase[:1].lower() + phrase[1:]
    return max(scores.get(phrase, 0.0), scores.get(small, 0.0))


class BoosterSystem:
    """Drives the rule, in this process."""

    kernels = "python"
    threads = 1
    model_path: Path | None = None
    can_score = False
    remote = False

    def __init__(self, *, kind: str) -> None:
        self.name = f"ibus-typing-booster's ranking rule, {kind}"
        self._is_favoured = kind == "favoured"
        self._dictionary = open_dictionary(by_use=self._is_favoured)

    def live_on(self, day: date) -> None:
        """Its counts know no days."""

    def profile(self) -> Profile:
        """A fresh one."""
        return BoosterProfile()

    def session(
        self, profile: Profile, *, proposers: Proposers, wrong_per_100_words: float | None
    ) -> Session:
        """A field; the peer has no threshold to be quiet by."""
        assert isinstance(profile, BoosterProfile)
        least_letters = 0 if self._is_favoured else 1
        return BoosterSession(profile, self._dictionary, least_letters=least_letters)

    def negative_log_likelihood(self, text: str, before: str = "") -> float:
        """Its scores are no probabilities of a text."""
        raise NotImplementedError

    def resident_bytes(self) -> int | None:
        """Of this process, in which it runs."""
        return resident_bytes()

    def settings(self) -> dict[str, object]:
        """The rule, and what was chosen where the peer leaves a choice."""
        order = "the more usual first" if self._is_favoured else "the shorter first"
        return {
            "weights": "1/4, 1/4, 1/2 of the shares of uni-, bi- and trigrams",
            "candidates": MOST_CANDIDATES,
            "dictionary": "the words of Foretype's English background, below all phrases that "
            f"were used, {order} (the peer takes hunspell's words, the shorter first)",
            "least_letters_typed": 0 if self._is_favoured else 1,
            "shown": "candidates that begin with what is typed letter for letter; spelling "
            "corrections and changes of what is typed are left out",
            "learned": "each phrase at the space behind it; contexts begin empty with a message",
            "speed": "of this Python version, not of the peer's own",
        }

    def close(self) -> None:
        """Nothing is held."""


def open_system(settings: Settings) -> BoosterSystem:
    """The kind that `settings.opener_options` name."""
    return BoosterSystem(kind=(settings.opener_options or {})["kind"])
