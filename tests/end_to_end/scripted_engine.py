"""An engine that says what a test expects: the public API's shape, with fixed phrases.

It completes the phrases below from their third character on, and words of learned messages from
their second letter on. The page is tested with it, so that no test depends on what a model thinks.
"""

import re
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.end_to_end.scripted_profile import ScriptedProfile

PHRASES = (
    "meeting at noon",
    "Kind regards, Isaura",
    "a phrase that goes on and on so that it must be wrapped where the line of the field ends",
    "שלום לכולם",
    "naïve 🎉 party",
)

Ranges = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class ScriptedCandidate:
    text: str
    source: str
    probability: float


@dataclass(frozen=True)
class ScriptedSuggestion:
    text: str
    words: tuple[str, ...]
    source: str
    probability: float
    why: str
    candidates: tuple[ScriptedCandidate, ...]


@dataclass(frozen=True)
class ScriptedTiming:
    total_ms: float = 1.25
    trie_us: float = 40.0
    lm_ms: float = 1.2
    lm_tokens: int = 1
    cached_tokens: int = 12


class ScriptedSession:
    def __init__(self, engine: "ScriptedEngine", profile: ScriptedProfile, context: str) -> None:
        self._engine = engine
        self._profile = profile
        self._context = context
        self._offered: ScriptedSuggestion | None = None
        self._untyped: Ranges = ()
        self._hushed = False
        self.text_before = ""
        self.text_after = ""
        self.timing = ScriptedTiming()

    def set_text(self, before: str, after: str = "", *, untyped: Ranges = ()) -> None:
        self.text_before, self.text_after, self._untyped = before, after, untyped
        self._hushed = False
        self._engine.untyped = [(before + after)[begin:end] for begin, end in untyped]

    def suggest(self, *, budget_ms: float = 30.0) -> ScriptedSuggestion | None:
        if self._hushed:
            self._offered = None
            return None
        self._engine.asked.append(self.text_before)
        if self._engine.fails:
            raise RuntimeError("a failure that a test asked for")
        time.sleep(self._engine.delay_seconds)
        text = self._engine.says or _phrase(self.text_before) or self._word()
        self._offered = _suggestion(text) if text else None
        return self._offered

    def _word(self) -> str:
        typed = re.search(r"\w{2,}$", self.text_before)
        words = self._profile.words_beginning(typed[0]) if typed else []
        return next((word[len(typed[0]) :] for word in words if word != typed[0]), "")

    def think(self) -> bool:
        self._engine.thoughts += 1
        return self._engine.thoughts % 3 != 0

    def accept(self, *, words: int | None = 1) -> str:
        text = "".join(self._offered.words[:words]) if self._offered else ""
        self._engine.accepted.append(text)
        self.text_before += text
        return text

    def extended(self) -> ScriptedSuggestion | None:
        grows = self._engine.grows
        if self._offered is None or not grows or self._offered.text.endswith(grows):
            return None
        self._offered = _suggestion(self._offered.text + grows)
        return self._offered

    def dismiss(self) -> None:
        self._engine.dismissed += 1

    def hush(self) -> None:
        self._hushed = True
        self._engine.hushes.append(self.text_before)

    def finish(self) -> None:
        self._profile.learn(self._typed(), context=self._context)
        self.text_before = self.text_after = ""

    def _typed(self) -> str:
        text = self.text_before + self.text_after
        for begin, end in reversed(self._untyped):
            text = text[:begin] + text[end:]
        return text


@dataclass
class ScriptedEngine:
    kernels: str = "scripted"
    model_path: Path | None = Path("scripted-model.safetensors")
    delay_seconds: float = 0.0
    fails: bool = False
    says: str | None = None  # instead of what the phrases would bring
    asked: list[str] = field(default_factory=list)
    accepted: list[str] = field(default_factory=list)
    dismissed: int = 0
    hushes: list[str] = field(default_factory=list)  # what stood there when it was hushed
    untyped: list[str] = field(default_factory=list)  # of the text told last
    grows: str = ""  # what ghost text is extended by between keys
    thoughts: int = 0  # each key is thought about three times
    dial: float | None = None

    def profile(self) -> ScriptedProfile:
        return ScriptedProfile()

    def session(
        self,
        profile: ScriptedProfile,
        *,
        context: str = "",
        wrong_per_100_words: float | None = None,
    ) -> ScriptedSession:
        self.dial = wrong_per_100_words
        return ScriptedSession(self, profile, context)


def _phrase(before: str) -> str:
    for phrase in PHRASES:
        for cut in range(len(phrase) - 1, 2, -1):
            if before.endswith(phrase[:cut]):
                return phrase[cut:]
    return ""


def _suggestion(text: str) -> ScriptedSuggestion:
    words = tuple(re.findall(r"\s*\S+(?:\s+$)?", text))
    return ScriptedSuggestion(
        text=text,
        words=words,
        source="both",
        probability=0.8,
        why="the test's script says so",
        candidates=(ScriptedCandidate(words[0], "trie", 0.8),),
    )
