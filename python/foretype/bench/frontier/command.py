"""The steps of `foretype bench frontier`: find, type, decode, sum up."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console

from foretype.bench.frontier.contenders import Contender, find_contenders
from foretype.bench.frontier.decoding import decoding
from foretype.bench.frontier.figures import contender_figures, differences
from foretype.bench.frontier.measure import Measuring
from foretype.bench.frontier.others import read_others
from foretype.bench.measured import circumstances
from foretype.errors import SettingError
from foretype.replay.data import read_authors, sha256_of
from foretype.replay.progress import ReplayProgress
from foretype.replay.settings import (
    DEFINITIONS_VERSION,
    FORETYPE_OPENER,
    THINK_STEPS,
    Settings,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class FrontierCommand:
    """What was asked for on the command line; the first of `files` is the baseline.

    `against` names more of them that the others are set beside.
    """

    files: list[tuple[str, Path]]
    data: Path
    save: Path
    authors: int | None = None
    score_last: int = 6000
    against: list[str] = field(default_factory=list)
    peers: list[str] = field(default_factory=list)
    peer_python: str | None = None
    others: Path | None = None
    seed: int = 1
    jobs: int = 1
    budget_ms: float = 30.0
    think_steps: int = THINK_STEPS
    decoding_runs: int = 8
    opener: str = FORETYPE_OPENER

    def settings(self) -> Settings:
        """Of every contender, but for its model."""
        return Settings(
            data=str(self.data),
            score_last=self.score_last,
            authors=self.authors,
            seed=self.seed,
            budget_ms=self.budget_ms,
            think_steps=self.think_steps,
            opener=self.opener,
        )


def run_frontier(command: FrontierCommand, *, console: Console) -> dict[str, Any]:
    """Every figure, for `bench.frontier.section`. Raises ForetypeError."""
    others = read_others(command.others)
    authors = read_authors(command.data, score_last=command.score_last, limit=command.authors)
    contenders = find_contenders(command.files, command.peers, peer_python=command.peer_python)
    names = [each.name for each in contenders]
    against = _against(command, names)
    measuring = Measuring(contenders, authors, command.settings(), save=command.save)
    left = measuring.characters_left()
    with ReplayProgress(console, characters=left, title="frontier") as progress:
        outcomes = measuring.run(progress, jobs=command.jobs)
    shas = {each.name: each.sha256 for each in contenders}
    decoded = decoding(
        contenders,
        kept=measuring.kept({"decoding": shas, "runs": command.decoding_runs}),
        peer_python=command.peer_python,
        runs=command.decoding_runs,
        tell=lambda text: console.print(f"decoding: {text}"),
    )
    return circumstances() | {
        "definitions_version": DEFINITIONS_VERSION,
        "data_sha256": sha256_of(command.data),
        "authors": len(authors),
        "characters": sum(author.characters for author in authors),
        "settings": _settings(command),
        "baseline": names[0],
        "contenders": {
            each.name: _with_decoding(each, outcomes[each.name], decoded, command.seed)
            for each in contenders
        },
        "differences": {
            base: {
                name: differences(outcomes[name], outcomes[base], seed=command.seed)
                for name in names
                if name != base
            }
            for base in against
        },
        "others": others,
    }


def _against(command: FrontierCommand, names: list[str]) -> list[str]:
    for name in command.against:
        if name not in names:
            raise SettingError(f"No candidate is called {name!r}; there are: {', '.join(names)}.")
    return list(dict.fromkeys([names[0], *command.against]))


def _with_decoding(
    contender: Contender, outcomes: Any, decoded: dict[str, Any], seed: int
) -> dict[str, Any]:
    found = contender_figures(contender, outcomes, seed=seed)
    return found | {"decoding": decoded[contender.name]}


def _settings(command: FrontierCommand) -> dict[str, Any]:
    return {
        "score_last": command.score_last,
        "seed": command.seed,
        "budget_ms": command.budget_ms,
        "think_steps": command.think_steps,
        "jobs": command.jobs,
        "decoding_runs": command.decoding_runs,
    }
