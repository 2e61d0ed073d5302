"""Peers, run side by side: the same messages, history and simulated users."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from rich.console import Console

from foretype.errors import SettingError
from foretype.replay.checkpoint import Checkpoint
from foretype.replay.data import Author
from foretype.replay.llama.files import KINDS, model_file, peer_python
from foretype.replay.plan import BITS, HEADLINE, QUIET_WRONG_PER_100_WORDS
from foretype.replay.run import Replayed, replay
from foretype.replay.settings import Settings

LLAMA = "llama.cpp"
LLAMA_OPENER = "foretype.replay.llama.system:open_system"
SHOWS_NOTHING = 2.0
"""A threshold above every probability."""

PEER_RUNS = (
    HEADLINE,
    "attentive/word/quiet",
    "half_attentive/word/free",
    "half_attentive/word/quiet",
    BITS,
)
"""What one-word ghost texts can be measured by: no phrases, no menu."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A peer that is there to be run: `name` as given, and how to open it."""

    name: str
    opener: str
    options: dict[str, str]


def find_peer(name: str, *, python: str | None) -> Peer:
    """`llama.cpp`, or with a quantisation `llama.cpp:Q8_0`. Raises SettingError."""
    system, _, kind = name.partition(":")
    kind = kind or KINDS[0]
    if system != LLAMA or kind not in KINDS:
        known = ", ".join(f"{LLAMA}:{each}" for each in KINDS)
        raise SettingError(f"No peer is called {name!r}; there are: {known}.")
    program = peer_python(python)
    model = model_file(kind, python=program)
    return Peer(
        f"{LLAMA} {kind}", LLAMA_OPENER, {"python": program, "model": str(model), "kind": kind}
    )


def replay_peer(
    peer: Peer,
    authors: Sequence[Author],
    settings: Settings,
    runs: Sequence[str],
    *,
    checkpoint: Checkpoint,
    jobs: int,
    console: Console,
) -> tuple[Replayed, Settings]:
    """The free run first; from it the threshold at which the quiet runs keep to their limit."""
    chosen = [run for run in PEER_RUNS if run in {*runs, HEADLINE}]

    def part(of: list[str], threshold: float) -> tuple[Replayed, Settings]:
        options = peer.options | {"threshold": str(threshold)}
        asked = replace(settings, opener=peer.opener, opener_options=options)
        done = replay(
            authors,
            asked,
            of,
            checkpoint=checkpoint,
            jobs=jobs,
            console=console,
            title=peer.name,
        )
        return done, asked

    free, _ = part([HEADLINE], SHOWS_NOTHING)
    rest, asked = part(chosen[1:], quiet_threshold(free.outcomes[HEADLINE]))
    return Replayed(rest.facts or free.facts, free.outcomes | rest.outcomes), asked


def quiet_threshold(outcomes: Sequence[dict[str, Any]]) -> float:
    """The lowest probability down to which the free run's shows keep to the quiet limit."""
    shows = sorted((show for outcome in outcomes for show in outcome["shows"]), reverse=True)
    words = sum(counts[2] for outcome in outcomes for counts in outcome["counts"])
    allowed = QUIET_WRONG_PER_100_WORDS * words / 100
    threshold = SHOWS_NOTHING
    wrong = 0
    for probability, right in shows:
        wrong += not right
        if wrong > allowed:
            break
        threshold = probability
    return threshold
