"""A report of the statistics as JSON for programs."""

import math
from typing import Any

import numpy as np

from foretype.statistics.hits import Line
from foretype.statistics.report import Report, Variance
from foretype.statistics.vocabulary import CURVE


def report_json(report: Report) -> dict[str, Any]:
    """The same figures; what is not known is null."""
    answer = {
        "troubles": report.troubles,
        "word_starts": report.word_starts,
        "hits": {
            "total": _line_json(report.hits.total()),
            **{
                f"by_{axis}": [_line_json(line) for line in report.hits.by(axis)]
                for axis in ("rank", "confidence", "typed", "source")
            },
        },
        "prototypes": [
            {"hits": int(hits), "misses": int(misses)}
            for hits, misses in zip(report.prototypes.hits, report.prototypes.misses, strict=True)
        ],
        "neighbourhood": vars(report.neighbourhood) if report.neighbourhood else None,
        "prototype_variance": _variance_json(report.prototype_variance),
        "proposal_variance": _variance_json(report.proposal_variance),
        "layers": [
            {**vars(layer), "variance": _variance_json(layer.variance)} for layer in report.layers
        ],
        "vocabulary": {**vars(report.vocabulary), "kept": CURVE} if report.vocabulary else None,
    }
    plain: dict[str, Any] = _plain(answer)
    return plain


def _line_json(line: Line) -> dict[str, Any]:
    return {**vars(line), "wrong": line.wrong, "hit_rate": line.hit_rate}


def _variance_json(found: Variance | None) -> dict[str, Any] | None:
    return dict(vars(found)) if found else None


def _plain(value: Any) -> Any:
    """Without numpy, and null for numbers that are none."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, np.ndarray):
        return _plain(value.tolist())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value
