"""llama.cpp as a system under replay: a session that asks the peer's own process."""

import json
import subprocess
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from foretype.errors import ForetypeError
from foretype.replay.llama.files import ORIGIN, PROGRAM
from foretype.replay.port import Profile, Proposers, Session
from foretype.replay.settings import Settings

EARLIER_CHARACTERS = 4096
"""Of the history, for the peer to take its last 256 tokens from."""


class PeerError(ForetypeError):
    """The peer's process ended or answered something else."""


class LlamaProcess:
    """The child process; one JSON line there, one back.

    `program` is another peer's that answers in the same way.
    """

    def __init__(self, python: str, model: str, *, program: Path = PROGRAM) -> None:
        self._process = subprocess.Popen(
            [python, str(program), model],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        )
        self.version: str = self._receive()["version"]

    def ask(self, do: str, **values: Any) -> dict[str, Any]:
        """The answer to one request. Raises PeerError."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps({"do": do, **values}) + "\n")
            self._process.stdin.flush()
        except OSError:
            raise PeerError("The process of the peer has ended.") from None
        return self._receive()

    def close(self) -> None:
        """End the process."""
        self._process.terminate()
        self._process.communicate()

    def _receive(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise PeerError("The process of the peer has ended.")
        answer: dict[str, Any] = json.loads(line)
        return answer


@dataclass(frozen=True, slots=True)
class Word:
    """The peer's suggestion: one word."""

    text: str
    probability: float

    @property
    def words(self) -> tuple[str, ...]:
        """One piece."""
        return (self.text,)

    @property
    def candidates(self) -> tuple["Word", ...]:
        """A menu of one."""
        return (self,)


@dataclass(slots=True)
class Cost:
    """All of it is the model's."""

    total_ms: float = 0.0
    processor_ms: float = 0.0
    trie_us: float = 0.0
    lm_ms: float = 0.0
    rank_us: None = None
    complete: bool = True


@dataclass(slots=True)
class Earlier:
    """The peer's profile: what the author wrote before."""

    texts: list[str] = field(default_factory=list)
    memory_bytes: int = 0

    def learn(self, text: str) -> None:
        """Keep a message, as it will be read."""
        self.texts.append(text + "\n\n")


class LlamaSession:
    """A field in the peer; shows nothing below a probability of `threshold`."""

    def __init__(self, process: LlamaProcess, profile: Earlier, *, threshold: float) -> None:
        self._process = process
        self._threshold = threshold
        self._text = ""
        self._shown = ""
        self.timing = Cost()
        earlier = "".join(profile.texts)[-EARLIER_CHARACTERS:]
        process.ask("begin", earlier=earlier)

    def type(self, text: str) -> None:
        """Typed at the caret."""
        self._text += text

    def suggest(self, *, budget_ms: float = 30.0) -> Word | None:
        """The peer has no deadline: it answers when it is done."""
        answer = self._process.ask("suggest", text=self._text)
        self.timing = Cost(answer["ms"], answer["processor_ms"], lm_ms=answer["ms"])
        self._shown = answer["text"] if answer["probability"] >= self._threshold else ""
        return Word(self._shown, answer["probability"]) if self._shown else None

    def think(self) -> bool:
        """Nothing to do between keys."""
        return False

    def extended(self) -> None:
        """Shows one word."""

    def accept(self, *, words: int | None = 1) -> str:
        """Takes the word shown."""
        self._text += self._shown
        return self._shown

    def finish(self) -> None:
        """The message is sent, and stands before the next one."""
        self._process.ask("remember", text=self._text)
        self._text = ""


class LlamaSystem:
    """Drives llama.cpp."""

    kernels = "llama.cpp"
    threads = 1
    can_score = True
    remote = True

    def __init__(self, process: LlamaProcess, model: Path, *, kind: str, threshold: float) -> None:
        self._process = process
        self._threshold = threshold
        self.name = f"llama.cpp {kind} (llama-cpp-python {process.version})"
        self.model_path: Path | None = model

    def live_on(self, day: date) -> None:
        """It knows no days."""

    def profile(self) -> Profile:
        """A fresh one."""
        return Earlier()

    def session(
        self, profile: Profile, *, proposers: Proposers, wrong_per_100_words: float | None
    ) -> Session:
        """A field; the threshold holds only where quiet is asked for."""
        assert isinstance(profile, Earlier)
        quiet = wrong_per_100_words is not None
        return LlamaSession(self._process, profile, threshold=self._threshold if quiet else 0.0)

    def negative_log_likelihood(self, text: str, before: str = "") -> float:
        """Of `text` after `before`, in nats."""
        nats: float = self._process.ask("score", text=text, before=before)["nats"]
        return nats

    def resident_bytes(self) -> int | None:
        """Of the peer's process."""
        resident: int | None = self._process.ask("resident")["bytes"]
        return resident

    def settings(self) -> dict[str, object]:
        """How the peer is driven."""
        return {
            "model": f"the same base model, {ORIGIN}",
            "threads": 1,
            "context_tokens": 1024,
            "batch_tokens": 512,
            "flash_attention": True,
            "prompt_cache": "the shared prefix of the last read is kept",
            "earlier_messages": "256 tokens at least, 640 at most, cut back rarely",
            "decoding": "greedy to the word's end, token healing at the caret's word; "
            "no forward pass while the user types along",
            "deadline": None,
            "quiet_threshold": self._threshold,
            "quiet_threshold_from": "the peer's own free run on the same messages: the lowest "
            "with at most 10 wrong shows in 100 words",
        }

    def close(self) -> None:
        """End the peer's process."""
        self._process.close()


def open_system(settings: Settings) -> LlamaSystem:
    """Start the peer that `settings.opener_options` name: python, model, kind, threshold."""
    options = settings.opener_options or {}
    model = options["model"]
    process = LlamaProcess(options["python"], model)
    return LlamaSystem(
        process, Path(model), kind=options["kind"], threshold=float(options["threshold"])
    )
