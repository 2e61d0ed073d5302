"""Engines for the tests of replay: one scripted, one that learns words."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from foretype.replay.aborts import AbortedError
from foretype.replay.settings import Settings


@dataclass(frozen=True)
class Entry:
    text: str
    probability: float = 0.5


@dataclass(frozen=True)
class Ghost:
    """A suggestion made of pieces."""

    words: tuple[str, ...]
    candidates: tuple[Entry, ...] = ()
    probability: float = 0.5

    @property
    def text(self) -> str:
        return "".join(self.words)


@dataclass(frozen=True)
class Cost:
    total_ms: float = 1.0
    trie_us: float = 20.0
    lm_ms: float = 0.5
    rank_us: float = 3.0
    complete: bool = True


class ScriptedSession:
    """Shows what a script says for the text so far; notes what it is told."""

    def __init__(self, script: dict[str, Ghost]) -> None:
        self.script = script
        self.text = ""
        self.shown: Ghost | None = None
        self.told: list[str] = []
        self.asked: list[str] = []
        self.timing = Cost()

    def type(self, text: str) -> None:
        self.told.append(f"type {text}")
        self.text += text

    def suggest(self, *, budget_ms: float = 30.0) -> Ghost | None:
        self.asked.append(self.text)
        self.shown = self.script.get(self.text)
        return self.shown

    def think(self) -> bool:
        return False

    def extended(self) -> None:
        pass

    def accept(self, *, words: int | None = 1) -> str:
        assert self.shown is not None
        taken = "".join(self.shown.words[:words])
        self.told.append(f"accept {taken}")
        self.text += taken
        return taken

    def finish(self) -> None:
        self.told.append("finish")
        self.text = ""


@dataclass
class Learned:
    """A profile that keeps every word it saw, with the message it came in."""

    texts: list[str] = field(default_factory=list)
    memory_bytes: int = 1000

    def learn(self, text: str) -> None:
        self.texts.append(text)


class WordSession:
    """Proposes the newest learned word that begins as the text ends, from its second letter."""

    def __init__(
        self, profile: Learned, quiet: bool, *, letters: int = 2, cost: Cost = Cost()
    ) -> None:
        self._profile = profile
        self._letters = letters + 2 * quiet
        self._shown = ""
        self.text = ""
        self.timing = cost

    def type(self, text: str) -> None:
        self.text += text

    def suggest(self, *, budget_ms: float = 30.0) -> Ghost | None:
        begun = self.text.rsplit(maxsplit=1)[-1] if self.text[-1:].strip() else ""
        self._shown = ""
        if len(begun) >= self._letters:
            for word in reversed(" ".join(self._profile.texts).split()):
                if word.startswith(begun) and word != begun:
                    self._shown = word[len(begun) :]
                    return Ghost((self._shown,), (Entry(self._shown),))
        return None

    def think(self) -> bool:
        return False

    def extended(self) -> None:
        pass

    def accept(self, *, words: int | None = 1) -> str:
        self.text += self._shown
        return self._shown

    def finish(self) -> None:
        self._profile.learn(self.text)
        self.text = ""


class WordSystem:
    """A whole system under replay, without a model."""

    name = "words"
    kernels = "none"
    threads = 1
    model_path: Path | None = None
    can_score = True
    remote = False

    def live_on(self, day: date) -> None:
        pass

    def profile(self) -> Learned:
        return Learned()

    def session(
        self, profile: Learned, *, proposers: str, wrong_per_100_words: float | None
    ) -> WordSession:
        return WordSession(profile, quiet=wrong_per_100_words is not None)

    def negative_log_likelihood(self, text: str, before: str = "") -> float:
        return float(len(text.encode())) * (1.0 if before else 2.0)

    def resident_bytes(self) -> int | None:
        import sys

        assert "numpy" not in sys.modules, "the memory of a replay must be the engine's"
        assert "rich" not in sys.modules
        return 50_000_000

    def settings(self) -> dict[str, object]:
        return {}

    def close(self) -> None:
        pass


def open_system(settings: Settings) -> WordSystem:
    return WordSystem()


@dataclass
class ModelSystem(WordSystem):
    """The same system as a model file's name wants it: "late" shows less, "slow" takes longer."""

    model_path: Path | None

    def session(
        self, profile: Learned, *, proposers: str, wrong_per_100_words: float | None
    ) -> WordSession:
        assert self.model_path is not None
        late, slow = ("late" in self.model_path.name, "slow" in self.model_path.name)
        return WordSession(
            profile,
            quiet=wrong_per_100_words is not None,
            letters=3 if late else 2,
            cost=Cost(lm_ms=1.0 if slow else 0.5),
        )


def open_model(settings: Settings) -> ModelSystem:
    assert settings.model is not None
    return ModelSystem(Path(settings.model))


class AbortingSession(WordSession):
    """Dies at a text that begins with what it was told to die at."""

    def __init__(self, profile: Learned, dies_at: str) -> None:
        super().__init__(profile, quiet=False)
        self._dies_at = dies_at

    def suggest(self, *, budget_ms: float = 30.0) -> Ghost | None:
        if self.text.startswith(self._dies_at):
            raise AbortedError("The process ended.")
        return super().suggest(budget_ms=budget_ms)


class AbortingSystem(WordSystem):
    """The same system, with a process that dies."""

    def __init__(self, dies_at: str) -> None:
        self._dies_at = dies_at

    def session(
        self, profile: Learned, *, proposers: str, wrong_per_100_words: float | None
    ) -> WordSession:
        return AbortingSession(profile, self._dies_at)


def open_aborting(settings: Settings) -> AbortingSystem:
    return AbortingSystem((settings.opener_options or {})["dies_at"])
