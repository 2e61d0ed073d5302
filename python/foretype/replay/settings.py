"""What a replay was asked to do: travels to the worker processes and into the report."""

from dataclasses import asdict, dataclass
from typing import Any

from foretype.replay.port import Proposers

DEFINITIONS_VERSION = 1
"""Raised when a figure's definition changes: figures of two versions are not comparable."""

THINK_STEPS = 2
"""Of `Session.think`, between two keys: work for which a quick typist leaves time."""

FORETYPE_OPENER = "foretype.replay.foretype_system:open_system"


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """One system on one data file. `opener` is "module:function" and makes the System.

    `timed`: the headline run is measured, alone in its process; without it all runs are for
    quality only.
    """

    data: str
    score_last: int = 6000
    authors: int | None = None
    seed: int = 1
    proposers: Proposers = "both"
    budget_ms: float = 30.0
    think_steps: int = THINK_STEPS
    timed: bool = True
    model: str | None = None
    tuning: dict[str, float] | None = None
    opener: str = FORETYPE_OPENER
    opener_options: dict[str, str] | None = None
    messages_per_author: int | None = None

    def to_json(self) -> dict[str, Any]:
        """As plain values."""
        return asdict(self)
