"""The simulated user sees what stands on screen before the key: what grew between keys too."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from tests.unit.replay_engine import Entry, Ghost, ScriptedSession

from foretype.replay.author_run import think


def ghost(*words: str) -> Ghost:
    return Ghost(words, (Entry(words[0]),))


@dataclass
class Growing(ScriptedSession):
    """Thinks so many steps; after some of them there is more to show."""

    steps: int
    growth: dict[int, Ghost] = field(default_factory=dict)
    thought: int = 0

    def __post_init__(self) -> None:
        super().__init__({})

    def think(self) -> bool:
        self.thought += 1
        return self.thought <= self.steps

    def extended(self) -> Ghost | None:  # type: ignore[override]
        return self.growth.pop(min(self.thought, self.steps), None)


@pytest.mark.parametrize(
    ("allowed", "expected"),
    [(0, "see"), (1, "see you"), (2, "see you"), (3, "see you soon"), (9, "see you soon")],
)
def test_the_last_extension_is_what_stands_there(allowed: int, expected: str) -> None:
    session = Growing(steps=3, growth={1: ghost("see", " you"), 3: ghost("see", " you", " soon")})
    shown = think(session, ghost("see"), allowed)
    assert shown is not None
    assert "".join(shown.words) == expected


def test_without_thinking_what_is_known_already_is_added() -> None:
    session = Growing(steps=0, growth={0: ghost("see", " you")})
    shown = think(session, ghost("see"), 0)
    assert shown is not None
    assert shown.words == ("see", " you")


def test_nothing_shown_stays_nothing() -> None:
    assert think(Growing(steps=2), None, 2) is None
