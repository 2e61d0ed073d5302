"""What every benchmark says about itself, and how it sums up."""

import os
import statistics
from collections.abc import Sequence
from typing import Any

from foretype.replay.machine import commit, machine

PERCENTILES = (50, 95, 99)


def circumstances() -> dict[str, Any]:
    """Machine, commit, threads, and how busy the machine was."""
    return {
        "machine": machine(),
        "commit": commit(),
        "threads": 1,
        "load_average_1_minute": round(os.getloadavg()[0], 2),
    }


def percentiles(values: Sequence[float], *, unit: str) -> dict[str, float]:
    """p50_UNIT, p95_UNIT, p99_UNIT by nearest rank, and max_UNIT."""
    ranked = sorted(values)
    ranks = {p: max(0, -(-len(ranked) * p // 100) - 1) for p in PERCENTILES}
    found = {f"p{p}_{unit}": round(ranked[rank], 4) for p, rank in ranks.items()}
    return found | {f"max_{unit}": round(ranked[-1], 4)}


def rate(amount: int, seconds: Sequence[float], *, name: str) -> dict[str, float]:
    """`name`_per_s: the median and the best of several runs."""
    rates = [amount / each for each in seconds]
    return {
        f"{name}_per_s_median": round(statistics.median(rates), 2),
        f"{name}_per_s_best": round(max(rates), 2),
    }


def ratio(ours: Sequence[float], theirs: Sequence[float], *, seed: int = 1) -> dict[str, float]:
    """How many times as fast as theirs ours is, in seconds of runs that alternated.

    The median over the pairs of neighbouring runs, with its 95 % bootstrap interval.
    """
    import numpy as np

    pairs = np.array(theirs) / np.array(ours)
    drawn = np.random.default_rng(seed).choice(pairs, size=(2000, len(pairs)))
    low, high = np.percentile(np.median(drawn, axis=1), (2.5, 97.5))
    return {"ratio": float(np.median(pairs)), "ratio_low": float(low), "ratio_high": float(high)}
