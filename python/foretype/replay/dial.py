"""Whether the engine kept to the dial: wrong shows in 100 words, author by author."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from foretype.replay.shows import Shows
from foretype.replay.statistics import Floats, Sample

TOLERANCE = 0.2
"""How far from the dial an author's rate may be, relative to it."""


def dial_honoured(
    outcomes: Sequence[dict[str, Any]], shows: Shows, sample: Sample, *, dial: float
) -> dict[str, Any]:
    """The settled part of a quiet run: pooled with interval, then every author.

    `deviation` is relative: (rate - dial) / dial. What the counts alone scatter stands beside:
    `deviation_by_chance`, and how many authors would be within the tolerance if wrong shows
    fell at exactly the dial's rate, independently of each other (`within_by_chance`).
    """
    words = np.array([n for o in outcomes for n in o["settled_words"]], dtype=np.float64)
    wrong: Floats = np.bincount(
        shows.message[shows.settled], shows.wrong[shows.settled], len(words)
    ).astype(np.float64)
    authors = [
        _author(author, wrong=float(rows @ wrong), words=float(rows @ words), dial=dial)
        for author, rows in sample.authors()
        if rows @ words > 0
    ]
    pooled = sample.ratio(100 * wrong, words)
    return {
        "dial": dial,
        "wrong_per_100_words": pooled.value,
        "wrong_per_100_words_low": pooled.low,
        "wrong_per_100_words_high": pooled.high,
        "authors": authors,
        "within_20_percent": sum(abs(a["deviation"]) <= TOLERANCE for a in authors),
        "within_by_chance": sum(_within_by_chance(a["words"], dial) for a in authors),
        "worst_deviation": max((a["deviation"] for a in authors), key=abs, default=None),
    }


def _author(author: int, *, wrong: float, words: float, dial: float) -> dict[str, Any]:
    rate = 100 * wrong / words
    return {
        "author": author,
        "words": int(words),
        "wrong_shows": int(wrong),
        "wrong_per_100_words": rate,
        "deviation": rate / dial - 1,
        "deviation_by_chance": 1 / math.sqrt(_expected(words, dial)),
    }


def _expected(words: float, dial: float) -> float:
    return dial * words / 100


def _within_by_chance(words: float, dial: float) -> float:
    """P(a Poisson count is within the tolerance of its mean)."""
    mean = _expected(words, dial)
    least = math.ceil(mean * (1 - TOLERANCE) - 1e-9)
    most = math.floor(mean * (1 + TOLERANCE) + 1e-9)
    return sum(
        math.exp(count * math.log(mean) - mean - math.lgamma(count + 1))
        for count in range(least, most + 1)
    )
