"""Peers, run side by side: the same messages, history and simulated users."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from rich.console import Console

from foretype.errors import ForetypeError, SettingError
from foretype.replay.aborts import left_out, without
from foretype.replay.checkpoint import Checkpoint
from foretype.replay.data import Author
from foretype.replay.ibus_typing_booster.system import KINDS as BOOSTER_KINDS
from foretype.replay.llama.files import KINDS as LLAMA_KINDS
from foretype.replay.llama.files import model_file, peer_python
from foretype.replay.plan import BITS, HEADLINE, MENU, QUIET_WRONG_PER_100_WORDS
from foretype.replay.presage.system import KINDS as PRESAGE_KINDS
from foretype.replay.presage.system import check_installed
from foretype.replay.run import Replayed, replay
from foretype.replay.settings import Settings

LLAMA = "llama.cpp"
PRESAGE = "presage"
BOOSTER = "ibus-typing-booster"
KINDS = {LLAMA: LLAMA_KINDS, PRESAGE: PRESAGE_KINDS, BOOSTER: BOOSTER_KINDS}
"""Of each peer; the first is meant where none is named."""

SHOWS_NOTHING = 2.0
"""A threshold above every probability."""

FREE_RUNS = (HEADLINE, "half_attentive/word/free")
QUIET_RUNS = ("attentive/word/quiet", "half_attentive/word/quiet")


@dataclass(frozen=True, slots=True)
class Peer:
    """A peer that is there to be run: `name` as given, and how to open it.

    `runs` are those that it can be measured by: none of them shows phrases. `menu_options`
    replace `options` where a menu is asked for.
    """

    name: str
    opener: str
    options: dict[str, str]
    runs: tuple[str, ...]
    menu_options: dict[str, str] = field(default_factory=dict)


def find_peer(name: str, *, python: str | None) -> Peer:
    """`presage`, `llama.cpp`, or with a kind `llama.cpp:Q8_0`. Raises SettingError."""
    system, _, kind = name.partition(":")
    kind = kind or KINDS.get(system, ("",))[0]
    if kind not in KINDS.get(system, ()):
        known = ", ".join(f"{each}:{kind}" for each, kinds in KINDS.items() for kind in kinds)
        raise SettingError(f"No peer is called {name!r}; there are: {known}.")
    if system == LLAMA:
        return _llama(kind, python=python)
    return _presage(kind) if system == PRESAGE else _booster(kind)


def _llama(kind: str, *, python: str | None) -> Peer:
    program = peer_python(python)
    model = model_file(kind, python=program)
    return Peer(
        f"{LLAMA} {kind}",
        "foretype.replay.llama.system:open_system",
        {"python": program, "model": str(model), "kind": kind},
        (*FREE_RUNS, *QUIET_RUNS, BITS),
    )


def _presage(kind: str) -> Peer:
    check_installed()
    return Peer(
        f"{PRESAGE} {kind}",
        "foretype.replay.presage.system:open_system",
        {"kind": kind},
        (*FREE_RUNS, MENU),
        menu_options={"menu": "yes"},
    )


def _booster(kind: str) -> Peer:
    return Peer(
        f"{BOOSTER} {kind}",
        "foretype.replay.ibus_typing_booster.system:open_system",
        {"kind": kind},
        (*FREE_RUNS, MENU),
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
    """The free run first; from it the threshold at which the quiet runs keep to their limit.

    An author at whom one run aborted has no messages in any. Raises ForetypeError if that
    leaves nobody.
    """
    chosen = [run for run in peer.runs if run in {*runs, HEADLINE}]

    def part(of: list[str], options: dict[str, str]) -> tuple[Replayed, Settings]:
        asked = replace(settings, opener=peer.opener, opener_options=peer.options | options)
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

    whole, asked = part([HEADLINE], {"threshold": str(SHOWS_NOTHING)})
    threshold = quiet_threshold(whole.outcomes[HEADLINE])
    options = {"threshold": str(threshold)}
    rest, asked = part([run for run in chosen if run not in {HEADLINE, MENU}], options)
    if MENU in chosen:
        menu, _ = part([MENU], options | peer.menu_options)
        rest.outcomes |= menu.outcomes
    outcomes = whole.outcomes | rest.outcomes
    return _without_the_aborted(Replayed(rest.facts or whole.facts, outcomes), peer), asked


def _without_the_aborted(replayed: Replayed, peer: Peer) -> Replayed:
    gone = left_out(replayed.outcomes)
    numbers = {each["author"] for each in gone}
    if numbers and len(numbers) == len(replayed.outcomes[HEADLINE]):
        raise ForetypeError(f"{peer.name} aborted on every author; first: {gone[0]['where']}")
    outcomes = {run: without(of, numbers) for run, of in replayed.outcomes.items()}
    return Replayed(replayed.facts, outcomes, gone)


def quiet_threshold(outcomes: Sequence[dict[str, Any]]) -> float:
    """The lowest probability down to which the free run's shows keep to the quiet limit."""
    shown = [outcome for outcome in outcomes if "counts" in outcome]
    shows = sorted(
        ((show[2], show[3]) for outcome in shown for show in outcome["shows"]), reverse=True
    )
    words = sum(counts[2] for outcome in shown for counts in outcome["counts"])
    allowed = QUIET_WRONG_PER_100_WORDS * words / 100
    threshold = SHOWS_NOTHING
    wrong = 0
    for probability, right in shows:
        wrong += not right
        if wrong > allowed:
            break
        threshold = probability
    return threshold
