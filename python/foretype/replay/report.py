"""The report file: the shape of evaluation.md, to which later versions only add."""

import json
from pathlib import Path
from typing import Any

from foretype.model.atomic import atomic_write
from foretype.replay.figures import MEGABYTE, Counts, figures
from foretype.replay.machine import commit, machine
from foretype.replay.plan import configuration_of, configurations
from foretype.replay.run import Replayed
from foretype.replay.settings import DEFINITIONS_VERSION, Settings
from foretype.replay.simulate import MessageCounts


def system_report(
    replayed: Replayed, settings: Settings, *, data_sha256: str, authors: int, jobs: int
) -> dict[str, Any]:
    """One system's part: the whole report without peers, or one peer's entry."""
    facts = replayed.facts
    model_bytes = facts.get("model_file_bytes")
    report: dict[str, Any] = {
        "definitions_version": DEFINITIONS_VERSION,
        "system": facts.get("system"),
        "commit": commit(),
        "machine": machine(),
        "kernel": facts.get("kernel"),
        "threads": facts.get("threads"),
        "data_sha256": data_sha256,
        "authors": authors,
        "settings": _public(settings, facts) | {"jobs": jobs},
        "model_file_mb": model_bytes / MEGABYTE if model_bytes else None,
    }
    for run, _ in configurations(replayed.outcomes)[:1]:
        counts = Counts(replayed.outcomes[run])
        report |= {"characters": counts.total("characters"), "words": counts.total("words")}
        report["messages"] = sum(counts.messages_by_author)
    return report | figures(replayed.outcomes, seed=settings.seed)


def write_report(path: Path, report: dict[str, Any], messages: list[dict[str, Any]]) -> None:
    """`path`, and beside it `path` with .messages.jsonl: the counts of every message."""
    with atomic_write(messages_path(path)) as file:
        for row in messages:
            file.write(json.dumps(row).encode() + b"\n")
    with atomic_write(path) as file:
        file.write(json.dumps(report, indent=1).encode() + b"\n")


def messages_path(report: Path) -> Path:
    """`out.json` -> `out.messages.jsonl`."""
    return report.with_name(report.name.removesuffix(".json") + ".messages.jsonl")


def message_rows(replayed: Replayed, *, system: str) -> list[dict[str, Any]]:
    """The counts of every message, without its text: what paired comparisons need."""
    return [
        {"system": system, "run": run, "author": author, "message": number}
        | dict(zip(MessageCounts._fields, counts, strict=True))
        for run, outcomes in replayed.outcomes.items()
        if configuration_of(run)
        for author, outcome in enumerate(outcomes)
        for number, counts in enumerate(outcome["counts"])
    ]


def _public(settings: Settings, facts: dict[str, Any]) -> dict[str, Any]:
    """The settings that say what was measured; paths of the machine stay out."""
    left_out = {"data", "model", "opener", "opener_options"}
    own: dict[str, Any] = facts.get("system_settings", {})
    if own:
        left_out |= {"proposers", "budget_ms", "think_steps", "tuning"}
    given = {key: value for key, value in settings.to_json().items() if key not in left_out}
    return given | own
