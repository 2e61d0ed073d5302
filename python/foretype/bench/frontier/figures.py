"""From outcomes to figures: of each contender, and of each beside the baseline."""

from typing import Any

import numpy as np

from foretype.bench.frontier.contenders import Contender
from foretype.replay.compare import paired_differences
from foretype.replay.figures import MEGABYTE, Asks, Counts, Outcomes, figures
from foretype.replay.plan import BITS, HEADLINE, QUIET
from foretype.replay.statistics import Floats, Sample

POINTS = {"free": HEADLINE, "quiet": QUIET}
TIMES = ("lm_ms", "lm_processor_ms")


def contender_figures(contender: Contender, outcomes: Outcomes, *, seed: int) -> dict[str, Any]:
    """What is known of one alone."""
    all_figures = figures(outcomes, seed=seed)
    facts = outcomes[HEADLINE][0]["facts"]
    words = all_figures["results"]["attentive"]["word"]
    names = ("resident_mb", "deadline_missed_share", "load_average_while_timed")
    bits = ("bits_per_byte", "bits_per_byte_low", "bits_per_byte_high")
    return (
        {
            "model_sha256": contender.sha256,
            "system": facts["system"],
            "peer": contender.peer is not None,
            "kernel": facts["kernel"],
            "file_mb": contender.file.stat().st_size / MEGABYTE,
            "points": {point: words[point] for point in POINTS},
        }
        | _times(outcomes, seed)
        | {name: all_figures.get(name) for name in (*names, *bits)}
    )


def differences(ours: Outcomes, theirs: Outcomes, *, seed: int) -> dict[str, Any]:
    """One beside another, message by message: savings and bits less theirs, times over theirs.

    `timed_in_turns` is the share of authors with whom both were timed in the same session.
    """
    together = [
        one["session"] == other["session"]
        for one, other in zip(ours[HEADLINE], theirs[HEADLINE], strict=True)
    ]
    return (
        {
            "points": {
                point: paired_differences(Counts(ours[run]), Counts(theirs[run]), seed=seed)
                for point, run in POINTS.items()
            },
            "timed_in_turns": sum(together) / len(together),
        }
        | {f"{name}_ratio": _time_ratio(name, ours, theirs, seed) for name in TIMES}
        | {"bits_per_byte": _bits_difference(ours, theirs, seed)}
    )


class _Times:
    """By message: keys pressed, and the language model's time for them."""

    def __init__(self, outcomes: Outcomes) -> None:
        asks = Asks(outcomes[HEADLINE])
        self.messages_by_author = asks.messages_by_author
        self.keys = asks.by_message(np.ones(len(asks.message_of)))
        self.of = {
            "lm_ms": asks.by_message(asks.lm_ms()),
            "lm_processor_ms": asks.by_message(asks.lm_processor_ms()),
        }

    def for_a_key(self, name: str, weights: Floats) -> Floats:
        """The mean over keys under each row of weights."""
        mean: Floats = (weights @ self.of[name]) / (weights @ self.keys)
        return mean


def _times(outcomes: Outcomes, seed: int) -> dict[str, Any]:
    times = _Times(outcomes)
    sample = Sample(times.messages_by_author, seed=seed)
    found: dict[str, Any] = {"keystrokes_timed": int(times.keys.sum())}
    for name in TIMES:
        found |= sample.ratio(times.of[name], times.keys).to_json(f"{name}_per_keystroke")
    return found


def _time_ratio(name: str, ours: Outcomes, theirs: Outcomes, seed: int) -> dict[str, Any]:
    one, other = _Times(ours), _Times(theirs)
    sample = Sample(one.messages_by_author, seed=seed)
    value, low, high = sample.statistic(
        lambda weights: one.for_a_key(name, weights) / other.for_a_key(name, weights)
    )
    excludes = low is not None and high is not None and (low > 1 or high < 1)
    return {"ratio": value, "low": low, "high": high, "excludes_one": excludes}


def _bits_difference(ours: Outcomes, theirs: Outcomes, seed: int) -> dict[str, Any] | None:
    one, other = (
        np.array([row for each in of[BITS] for row in each["bits"]], dtype=np.float64)
        for of in (ours, theirs)
    )
    if not one.size or not other.size:
        return None
    sample = Sample([len(each["bits"]) for each in ours[BITS]], seed=seed)
    nats = one[:, 2] - other[:, 2]
    value, low, high = sample.statistic(
        lambda weights: (weights @ nats) / np.log(2) / (weights @ one[:, 0])
    )
    excludes = low is not None and high is not None and (low > 0 or high < 0)
    return {"difference": value, "low": low, "high": high, "excludes_zero": excludes}
