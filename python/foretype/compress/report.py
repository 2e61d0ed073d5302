"""What a compression did: report.json for programs, a table for people."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from foretype.compress.held_out import Loss
from foretype.model.atomic import atomic_write


@dataclass(frozen=True)
class StageReport:
    """One stage, done."""

    stage: str
    settings: dict[str, Any]
    before: Loss
    after: Loss
    seconds: float  # over all runs that it took
    stored_bytes: int  # of the model in its encodings, without tables
    notes: dict[str, Any] = field(default_factory=dict)


def to_json(report: StageReport) -> dict[str, Any]:
    """The inverse of `from_json`."""
    return {**vars(report), "before": vars(report.before), "after": vars(report.after)}


def from_json(value: dict[str, Any]) -> StageReport:
    """A report that an earlier run wrote."""
    losses = {name: Loss(**value[name]) for name in ("before", "after")}
    return StageReport(**{**value, **losses})


def write_json(path: Path, value: Any) -> None:
    """Whole or not at all. Raises StorageError."""
    with atomic_write(path) as file:
        file.write((json.dumps(value, indent=1, default=str) + "\n").encode())


def summary(name: str, reports: list[StageReport], *, file_bytes: int) -> str:
    """Markdown: a line for each stage, then what was found."""
    lines = [
        f"# {name}",
        "",
        "Held-out loss in bits a byte of text that no stage was trained on.",
        "",
        "| stage | loss before | loss after | size | time |",
        "| --- | --- | --- | --- | --- |",
    ]
    for each in reports:
        lines.append(
            f"| {each.stage} | {each.before.mean:.4f} | {each.after.mean:.4f} | "
            f"{each.stored_bytes / 1e6:.1f} MB | {duration(each.seconds)} |"
        )
    seconds = sum(each.seconds for each in reports)
    lines += ["", f"The file: {file_bytes / 1e6:.1f} MB. All stages: {duration(seconds)}.", ""]
    for each in reports:
        kinds = ", ".join(f"{kind} {bits:.3f}" for kind, bits in each.after.kinds.items())
        lines.append(f"- {each.stage}: {kinds}")
        lines += [f"  - {key}: {_short(value)}" for key, value in each.notes.items()]
    return "\n".join(lines) + "\n"


def duration(seconds: float) -> str:
    """45 s, 12 min, 3.4 h."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def _short(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, dict):
        return ", ".join(f"{key} {_short(each)}" for key, each in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_short(each) for each in value)
    return str(value)
