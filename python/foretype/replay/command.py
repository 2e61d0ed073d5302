"""The steps of `foretype replay`: read, replay, measure, peers beside, report."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from rich.console import Console

from foretype.replay.aborts import without
from foretype.replay.checkpoint import Checkpoint
from foretype.replay.cold_start import cold_start_s
from foretype.replay.compare import first_messages, paired_differences, phrase_minus_word
from foretype.replay.data import Author, read_authors, sha256_of
from foretype.replay.figures import run_figures
from foretype.replay.machine import commit
from foretype.replay.peers import Peer, find_peer, replay_peer
from foretype.replay.plan import CONFIGURATIONS, HEADLINE
from foretype.replay.port import Proposers
from foretype.replay.report import message_rows, system_report, write_report
from foretype.replay.run import Replayed, replay
from foretype.replay.settings import (
    DEFINITIONS_VERSION,
    FORETYPE_OPENER,
    THINK_STEPS,
    Settings,
)
from foretype.replay.statistics import Sample
from foretype.replay.table import print_report

OURS = "foretype"


@dataclass(frozen=True, kw_only=True, slots=True)
class ReplayCommand:
    """What was asked for on the command line."""

    data: Path
    report: Path
    runs: list[str]
    authors: int | None = None
    score_last: int = 6000
    peers: list[str] = field(default_factory=list)
    peer_python: str | None = None
    peer_messages: int | None = None
    seed: int = 1
    jobs: int = 1
    proposers: Proposers = "both"
    budget_ms: float = 30.0
    think_steps: int = THINK_STEPS
    timed: bool = True
    model: str | None = None
    tuning: dict[str, float] = field(default_factory=dict)
    resume: bool = False
    opener: str = FORETYPE_OPENER

    def settings(self) -> Settings:
        """Those of the system under replay."""
        return Settings(
            data=str(self.data),
            score_last=self.score_last,
            authors=self.authors,
            seed=self.seed,
            proposers=self.proposers,
            budget_ms=self.budget_ms,
            think_steps=self.think_steps,
            timed=self.timed,
            model=self.model,
            tuning=self.tuning,
            opener=self.opener,
        )


def run_command(command: ReplayCommand, *, console: Console, tables: Console) -> dict[str, Any]:
    """Replay, write the report and print it; returns the report. Raises ForetypeError."""
    authors = read_authors(command.data, score_last=command.score_last, limit=command.authors)
    peers = [find_peer(name, python=command.peer_python) for name in command.peers]
    steps = _Steps(command, authors, sha256_of(command.data), console)
    if not command.resume:
        steps.checkpoint().clear()
    report, ours = steps.ours()
    messages = message_rows(ours, system=OURS)
    for peer in peers:
        report["peers"][peer.name], theirs = steps.peer(peer, ours)
        messages += message_rows(theirs, system=peer.name)
    write_report(command.report, report, messages)
    steps.checkpoint().clear()
    print_report(tables, report)
    return report


class _Steps:
    """The steps, with what they all need."""

    def __init__(
        self, command: ReplayCommand, authors: list[Author], data_sha256: str, console: Console
    ) -> None:
        self._command = command
        self._authors = authors
        self._data_sha256 = data_sha256
        self._console = console
        self._settings = command.settings()

    def checkpoint(self, system: str = "") -> Checkpoint:
        """Where the outcomes of a system's tasks are kept until the report is written."""
        key = self._settings.to_json() | {
            "data_sha256": self._data_sha256,
            "commit": commit(),
            "definitions_version": DEFINITIONS_VERSION,
            "peer_messages": self._command.peer_messages if system else None,
        }
        return Checkpoint(self._command.report, key, system=system)

    def ours(self) -> tuple[dict[str, Any], Replayed]:
        """The report without peers."""
        replayed = replay(
            self._authors,
            self._settings,
            self._command.runs,
            checkpoint=self.checkpoint(),
            jobs=self._command.jobs,
            console=self._console,
            title=OURS,
        )
        report = self._report(replayed, self._settings)
        if HEADLINE in self._command.runs and self._settings.timed:
            report["cold_start_s"] = cold_start_s(self._settings)
        phrases = phrase_minus_word(replayed.outcomes, seed=self._command.seed)
        if phrases:
            report["phrase_minus_word"] = phrases
        return report | {"peers": {}}, replayed

    def peer(self, peer: Peer, ours: Replayed) -> tuple[dict[str, Any], Replayed]:
        """A peer's report of the same shape, and ours on the same messages beside it."""
        count = self._command.peer_messages
        replayed, settings = replay_peer(
            peer,
            self._authors,
            replace(self._settings, messages_per_author=count, tuning=None, proposers="lm"),
            self._command.runs,
            checkpoint=self.checkpoint(peer.name),
            jobs=self._command.jobs,
            console=self._console,
        )
        report = self._report(replayed, settings)
        if settings.timed:
            report["cold_start_s"] = cold_start_s(settings)
        report["left_out"] = replayed.left_out
        gone = {each["author"] for each in replayed.left_out}
        report["foretype_on_the_same_messages"] = {}
        report["foretype_minus_peer"] = {}
        shared = [run for run in CONFIGURATIONS if run in replayed.outcomes.keys() & ours.outcomes]
        for run in shared:
            same = first_messages(without(ours.outcomes[run], gone), count)
            other = first_messages(replayed.outcomes[run], count)
            sample = Sample(same.messages_by_author, seed=self._command.seed)
            report["foretype_on_the_same_messages"][run] = run_figures(same, sample)
            report["foretype_minus_peer"][run] = paired_differences(
                same, other, seed=self._command.seed
            )
        return report, replayed

    def _report(self, replayed: Replayed, settings: Settings) -> dict[str, Any]:
        return system_report(
            replayed,
            settings,
            data_sha256=self._data_sha256,
            authors=len(self._authors) - len({each["author"] for each in replayed.left_out}),
            jobs=self._command.jobs,
        )
