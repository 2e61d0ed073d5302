"""From the outcomes of the tasks to the figures of a report."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from foretype.replay.calibration import calibration
from foretype.replay.dial import dial_honoured
from foretype.replay.plan import (
    BITS,
    CONFIGURATIONS,
    HEADLINE,
    MENU,
    SAVED,
    Configuration,
    configurations,
    is_on_the_dial_curve,
)
from foretype.replay.saved import SAVED_KS
from foretype.replay.shows import Shows
from foretype.replay.simulate import MessageCounts
from foretype.replay.statistics import Floats, Sample, latency

Outcome = dict[str, Any]
Outcomes = dict[str, list[Outcome]]
"""By run; one outcome for each author, in the authors' order."""

ASK_FIELDS = (
    "total_ms",
    "processor_ms",
    "trie_us",
    "lm_ms",
    "complete",
    "think_ms",
    "rank_us",
    "taken_in_us",
    "think_processor_ms",
)
"""Of `foretype.replay.author_run.Ask`."""

MEGABYTE = 1e6


class Counts:
    """The counts of one run as columns, one row a message."""

    def __init__(self, outcomes: Sequence[Outcome]) -> None:
        rows = [row for outcome in outcomes for row in outcome["counts"]]
        self._columns = np.array(rows, dtype=np.float64).reshape(-1, len(MessageCounts._fields))
        self.messages_by_author = [len(outcome["counts"]) for outcome in outcomes]

    def __getitem__(self, field: str) -> Floats:
        column: Floats = self._columns[:, MessageCounts._fields.index(field)]
        return column

    def total(self, field: str) -> int:
        """Over all messages."""
        return int(self[field].sum())


class Asks:
    """What each key of a timed run took, as columns; each author's first key is the warm-up.

    `message_of` is the index of the message in which each key was pressed.
    """

    def __init__(self, outcomes: Sequence[Outcome]) -> None:
        rows: list[Any] = []
        message_of: list[int] = []
        self.messages_by_author = [len(outcome["latencies"]) for outcome in outcomes]
        messages = [each for outcome in outcomes for each in enumerate(outcome["latencies"])]
        for message, (number, keys) in enumerate(messages):
            warm = keys[1:] if number == 0 else keys
            rows += warm
            message_of += [message] * len(warm)
        self._columns = np.array(rows, dtype=np.float64).reshape(-1, len(ASK_FIELDS))
        self.message_of = np.array(message_of, dtype=np.int64)

    def __getitem__(self, field: str) -> Floats:
        column: Floats = self._columns[:, ASK_FIELDS.index(field)]
        return column

    def lm_ms(self) -> Floats:
        """The language model's time for each key, waited for and between keys."""
        return self["lm_ms"] + self["think_ms"]

    def lm_processor_ms(self) -> Floats:
        """The same on the processor: of the wait, as large a share as of the whole answer."""
        total = np.maximum(self["total_ms"], 1e-9)
        busy = np.minimum(self["processor_ms"] / total, 1.0)
        return self["lm_ms"] * busy + self["think_processor_ms"]

    def by_message(self, values: Floats) -> Floats:
        """Sums of what `values` says of each key, one a message."""
        count = sum(self.messages_by_author)
        return np.bincount(self.message_of, values, minlength=count).astype(np.float64)


def run_figures(counts: Counts, sample: Sample) -> dict[str, Any]:
    """R of evaluation.md: the figures of one simulated user at one operating point."""
    shows, wrong = counts["shows"], counts["wrong_shows"]
    return (
        sample.one_minus_ratio(counts["keys"], counts["characters"]).to_json("ks")
        | sample.ratio(100 * wrong, counts["words"]).to_json("wrong_per_100_words")
        | sample.ratio(shows - wrong, shows).to_json("precision")
        | sample.ratio(counts["covered_words"], counts["words"]).to_json("coverage")
        | sample.ratio(counts["accepts"], counts["words"]).to_json("accepts_per_word")
    )


def figures(outcomes: Outcomes, *, seed: int) -> dict[str, Any]:
    """Every figure that the runs made so far give."""
    result: dict[str, Any] = {"results": {}}
    for run, configuration in configurations(outcomes):
        found = _figures_of(outcomes[run], configuration, seed)
        if run == MENU:
            result["top3"] = found
        elif run in CONFIGURATIONS:
            place = result["results"].setdefault(configuration.attention, {})
            place.setdefault(configuration.user, {})[configuration.point] = found
        if is_on_the_dial_curve(run):
            result.setdefault("dial_curve", []).append({"dial": configuration.dial} | found)
    result.get("dial_curve", []).sort(key=lambda entry: entry["dial"])
    if SAVED in outcomes:
        result |= _saved(outcomes[SAVED], seed)
    if BITS in outcomes:
        result |= _bits(outcomes[BITS], seed)
    if any("load_average" in outcome for outcome in outcomes.get(HEADLINE, ())):
        result |= _speed_and_memory(outcomes[HEADLINE], seed)
    return result


def _figures_of(
    outcomes: Sequence[Outcome], configuration: Configuration, seed: int
) -> dict[str, Any]:
    counts, shows = Counts(outcomes), Shows(outcomes)
    sample = Sample(counts.messages_by_author, seed=seed)
    result = run_figures(counts, sample) | calibration(shows, sample)
    dial = configuration.wrong_per_100_words
    if dial is not None:
        result["dial_honoured"] = dial_honoured(outcomes, shows, sample, dial=dial)
    return result


def _saved(outcomes: Sequence[Outcome], seed: int) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for k in SAVED_KS:
        name = f"saved_at_{k}"
        sample = Sample([len(outcome[name]) for outcome in outcomes], seed=seed)
        values = np.array([value for outcome in outcomes for value in outcome[name]])
        result |= sample.mean(values).to_json(name)
    return result


def _bits(outcomes: Sequence[Outcome], seed: int) -> dict[str, Any]:
    rows = np.array([row for outcome in outcomes for row in outcome["bits"]], dtype=np.float64)
    if not rows.size:
        return {"bits_per_byte": None}
    sample = Sample([len(outcome["bits"]) for outcome in outcomes], seed=seed)
    size, alone, memory = rows.T
    return sample.ratio(memory / np.log(2), size).to_json("bits_per_byte") | sample.ratio(
        alone / np.log(2), size
    ).to_json("bits_per_byte_without_memory")


def _speed_and_memory(outcomes: Sequence[Outcome], seed: int) -> dict[str, Any]:
    outcomes = [outcome for outcome in outcomes if outcome["counts"]]  # the others were left out
    asks = Asks(outcomes)
    sample, where = Sample(asks.messages_by_author, seed=seed), asks.message_of
    rank_us, taken_in_us = asks["rank_us"], asks["taken_in_us"]
    complete, lm_ms = asks["complete"], asks.lm_ms()
    ranked, taken_in = ~np.isnan(rank_us), ~np.isnan(taken_in_us)
    profiles = [outcome["profile_bytes"] / MEGABYTE for outcome in outcomes]
    resident = outcomes[-1]["resident_bytes"]
    return {
        "latency_ms": latency(sample, asks["total_ms"], where),
        "latency_processor_ms": latency(sample, asks["processor_ms"], where),
        "trie_latency_us": latency(sample, asks["trie_us"], where),
        "rank_latency_us": latency(sample, rank_us[ranked], where[ranked]),
        "take_in_latency_us": latency(sample, taken_in_us[taken_in], where[taken_in]),
        "lm_ms_per_keystroke": float(lm_ms.mean()) if len(lm_ms) else None,
        "lm_processor_ms_per_keystroke": float(asks.lm_processor_ms().mean())
        if len(lm_ms)
        else None,
        "think_ms_per_keystroke": float(asks["think_ms"].mean()) if len(lm_ms) else None,
        "load_average_while_timed": float(np.mean([o["load_average"] for o in outcomes])),
        "keystrokes_timed": len(lm_ms),
        "deadline_missed_share": float(1 - complete.mean()) if len(complete) else None,
        "warm_up_ms_max": max(outcome["latencies"][0][0][0] for outcome in outcomes),
        "resident_mb": resident / MEGABYTE if resident else None,
        "profile_file_mb": float(np.mean(profiles)),
        "profile_file_mb_max": max(profiles),
    }
