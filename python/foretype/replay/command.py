"""The steps of `foretype replay`: read, replay, measure, report, peers beside."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console

from foretype.replay.checkpoint import Checkpoint
from foretype.replay.cold_start import cold_start_s
from foretype.replay.data import Author, read_authors, sha256_of
from foretype.replay.machine import commit
from foretype.replay.plan import HEADLINE
from foretype.replay.port import Proposers
from foretype.replay.report import message_rows, system_report, write_report
from foretype.replay.run import Replayed, replay
from foretype.replay.settings import DEFINITIONS_VERSION, FORETYPE_OPENER, Settings
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
    model: str | None = None
    tuning: dict[str, float] = field(default_factory=dict)
    resume: bool = False
    opener: str = FORETYPE_OPENER


def run_command(command: ReplayCommand, *, console: Console, tables: Console) -> dict[str, Any]:
    """Replay, write the report and print it; returns the report. Raises ForetypeError."""
    authors = read_authors(command.data, score_last=command.score_last, limit=command.authors)
    data_sha256 = sha256_of(command.data)
    settings = _settings(command)
    checkpoint = _checkpoint(command, settings, data_sha256)
    if not command.resume:
        checkpoint.clear()
    replayed = replay(
        authors,
        settings,
        command.runs,
        checkpoint=checkpoint,
        jobs=command.jobs,
        console=console,
        title=OURS,
    )
    report = _report(command, settings, replayed, data_sha256, authors)
    if HEADLINE in command.runs:
        report["cold_start_s"] = cold_start_s(settings)
    report["peers"] = {}
    write_report(command.report, report, message_rows(replayed, system=OURS))
    checkpoint.clear()
    print_report(tables, report)
    return report


def _report(
    command: ReplayCommand,
    settings: Settings,
    replayed: Replayed,
    data_sha256: str,
    authors: list[Author],
) -> dict[str, Any]:
    return system_report(
        replayed,
        settings,
        data_sha256=data_sha256,
        authors=len(authors),
        jobs=command.jobs,
    )


def _settings(command: ReplayCommand) -> Settings:
    return Settings(
        data=str(command.data),
        score_last=command.score_last,
        authors=command.authors,
        seed=command.seed,
        proposers=command.proposers,
        budget_ms=command.budget_ms,
        model=command.model,
        tuning=command.tuning,
        opener=command.opener,
    )


def _checkpoint(command: ReplayCommand, settings: Settings, data_sha256: str) -> Checkpoint:
    key = settings.to_json() | {
        "data_sha256": data_sha256,
        "commit": commit(),
        "definitions_version": DEFINITIONS_VERSION,
    }
    return Checkpoint(command.report, key)
