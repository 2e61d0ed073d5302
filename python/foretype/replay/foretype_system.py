"""Foretype itself, as a system under replay."""

from datetime import date
from importlib import metadata
from pathlib import Path
from typing import cast

from foretype import Engine
from foretype import Profile as ForetypeProfile
from foretype.replay.memory import resident_bytes
from foretype.replay.port import Profile, Proposers, Session
from foretype.replay.settings import Settings


class ForetypeSystem:
    """Drives `foretype.Engine` by its public API only."""

    threads = 1
    remote = False

    def __init__(self, engine: Engine, *, tuning: dict[str, float]) -> None:
        self._engine = engine
        self._today = date.today()
        self._tuning = tuning
        self.name = f"foretype {_version()}"
        self.kernels = engine.kernels
        self.model_path = engine.model_path
        self.can_score = engine.model_path is not None

    def live_on(self, day: date) -> None:
        """What comes next is written on this day."""
        self._today = day

    def profile(self) -> Profile:
        """A fresh profile: knows the English background only."""
        return self._engine.profile(today=lambda: self._today)

    def session(
        self, profile: Profile, *, proposers: Proposers, wrong_per_100_words: float | None
    ) -> Session:
        """One field of the profile's owner."""
        return self._engine.session(
            cast(ForetypeProfile, profile),
            context="",
            field=None,
            proposers=proposers,
            wrong_per_100_words=wrong_per_100_words,
            **self._tuning,
        )

    def negative_log_likelihood(self, text: str, before: str = "") -> float:
        """Of `text` after `before`, in nats."""
        return self._engine.negative_log_likelihood(text, before)

    def resident_bytes(self) -> int | None:
        """Of this process, in which the engine runs."""
        return resident_bytes()

    def settings(self) -> dict[str, object]:
        """Nothing beyond the report's own settings."""
        return {}

    def close(self) -> None:
        """The engine goes with its last reference."""


def open_system(settings: Settings) -> ForetypeSystem:
    """Open the engine that `settings` ask for; the trie alone where no LM proposes."""
    engine = Engine.open(
        Path(settings.model) if settings.model else None,
        language_model=settings.proposers != "trie",
    )
    return ForetypeSystem(engine, tuning=settings.tuning or {})


def _version() -> str:
    try:
        return metadata.version("foretype")
    except metadata.PackageNotFoundError:
        return "from source"
