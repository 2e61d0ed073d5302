"""The operating points of replay reports: keys saved against wrong suggestions."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from foretype.errors import DataError, ErrorCode


@dataclass(frozen=True)
class Point:
    """One way of running. `ks` is the share of keys saved, `precision` of shows that were right.

    `dial` is the setting on the dial's curve, wrong suggestions in 100 words; None elsewhere.
    """

    name: str
    dial: float | None
    ks: float
    wrong_per_100_words: float
    precision: float | None
    ks_low: float | None = None
    ks_high: float | None = None


@dataclass(frozen=True)
class ReplayReport:
    """What one file says. `curve` runs along the dial, for the attentive word user."""

    name: str
    system: str
    words: int
    points: tuple[Point, ...]
    curve: tuple[Point, ...]


def read_replay(path: Path) -> ReplayReport:
    """Read a file that `foretype replay --report` wrote. Raises DataError if it is none."""
    try:
        report = json.loads(path.read_text("utf-8"))
        return ReplayReport(
            name=path.name.removesuffix(".json"),
            system=str(report.get("system") or "unknown"),
            words=int(report["words"]),
            points=tuple(_points(report["results"])),
            curve=tuple(_point(figures, "") for figures in report.get("dial_curve", ())),
        )
    except OSError as error:
        raise DataError(f"Cannot read {path}: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(
            f"{path} is no replay report; make one with: foretype replay --report {path.name}",
            code=ErrorCode.WRONG_FORMAT,
        ) from error


def _points(results: Mapping[str, Any]) -> Iterator[Point]:
    for attention, users in results.items():
        for user, places in users.items():
            for place, figures in places.items():
                yield _point(figures, f"{attention}, {user}, {place}")


def _point(figures: Mapping[str, Any], name: str) -> Point:
    dial = figures.get("dial")
    precision = figures.get("precision")
    return Point(
        name=name,
        dial=None if dial is None else float(dial),
        ks=float(figures["ks"]),
        wrong_per_100_words=float(figures["wrong_per_100_words"]),
        precision=None if precision is None else float(precision),
        ks_low=figures.get("ks_low"),
        ks_high=figures.get("ks_high"),
    )
