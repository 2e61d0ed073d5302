"""What replay needs of an engine: Foretype, a peer and the tests' scripted engine have it.

The shapes are those of `foretype.Engine`, `Profile`, `Session` and `Suggestion`, and what
the members do is written there.
"""

# ruff: noqa: D102

from datetime import date
from pathlib import Path
from typing import Literal, Protocol

Proposers = Literal["both", "trie", "lm"]


class Candidate(Protocol):
    """One entry of a menu."""

    @property
    def text(self) -> str: ...
    @property
    def probability(self) -> float: ...


class Suggestion(Protocol):
    """What stands on the screen: `words` joined is `text`."""

    @property
    def text(self) -> str: ...
    @property
    def words(self) -> tuple[str, ...]: ...
    @property
    def probability(self) -> float: ...
    @property
    def candidates(self) -> tuple[Candidate, ...]: ...


class Timing(Protocol):
    """Of the last `suggest`."""

    @property
    def total_ms(self) -> float: ...
    @property
    def trie_us(self) -> float: ...
    @property
    def lm_ms(self) -> float: ...
    @property
    def rank_us(self) -> float | None:
        """None: it has no ranking and no gate of its own."""

    @property
    def complete(self) -> bool: ...


class RemoteTiming(Timing, Protocol):
    """Of a system in a process of its own, which times itself."""

    @property
    def processor_ms(self) -> float: ...


class Profile(Protocol):
    """What is known about one author."""

    @property
    def memory_bytes(self) -> int: ...
    def learn(self, text: str) -> None: ...


class Field(Protocol):
    """An editing field, caret at the end, and what a user does there."""

    def type(self, text: str) -> None: ...
    def accept(self, *, words: int | None = 1) -> str: ...
    def finish(self) -> None: ...


class Session(Field, Protocol):
    """A field with suggestions."""

    @property
    def timing(self) -> Timing: ...
    def suggest(self, *, budget_ms: float = 30.0) -> Suggestion | None: ...
    def think(self) -> bool: ...
    def extended(self) -> Suggestion | None: ...


class System(Protocol):
    """An engine under test, opened: what a worker process drives.

    `remote`: it runs in a process of its own, and times its answers itself.
    """

    name: str
    kernels: str
    threads: int
    model_path: Path | None
    can_score: bool
    remote: bool

    def live_on(self, day: date) -> None:
        """What comes next is written on this day."""

    def profile(self) -> Profile: ...
    def session(
        self, profile: Profile, *, proposers: Proposers, wrong_per_100_words: float | None
    ) -> Session: ...
    def negative_log_likelihood(self, text: str, before: str = "") -> float: ...
    def resident_bytes(self) -> int | None: ...
    def settings(self) -> dict[str, object]: ...
    def close(self) -> None: ...
