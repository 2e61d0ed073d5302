"""Do the statistics help at a keystroke?

    python benchmarks/statistics_ablation/run.py --data clinton-dev.jsonl

(a) The hit rate of the nearest prototype beside the engine's own probability: does a logistic model
    that has it predict better, on authors that it was not fitted on, whether the first proposal is
    right?
(b) In regions of low neighbourhood permutations: how often is the first proposal right if the
    ranking of the nearest earlier word start is used again, against a fresh one?

The answers: docs/decisions/0015-what-the-statistics-say.md. Word starts, states and rankings are
the core's own; the text is typed by hand, as in the replay. Intervals: 95 %, bootstrap over
messages, stratified by author.
"""

from __future__ import annotations

import argparse
import json
import pickle
from pathlib import Path

import numpy as np
from record import Key, Recording, Start, record

from foretype import Engine
from foretype.replay.data import read_authors
from foretype.statistics.matching import squared_distances
from foretype.statistics.neighbourhood import neighbourhood

RING = 256  # word starts that the core keeps
AGAIN = 16  # regions' NP is computed anew after so many word starts
LEAST = 32  # word starts before anything is used again
RESAMPLINGS = 2000
SHARES = (0.05, 0.1, 0.25, 0.5, 1.0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--authors", type=int, default=4)
    parser.add_argument("--score-last", type=int, default=6000)
    parser.add_argument("--recorded", type=Path, help="keep what was recorded here, or take it")
    args = parser.parse_args()
    engine = Engine.open()
    authors = read_authors(args.data, score_last=args.score_last, limit=args.authors)
    if args.recorded and args.recorded.exists():
        recordings = pickle.loads(args.recorded.read_bytes())
    else:
        recordings = [record(engine, author) for author in authors]
        if args.recorded:
            args.recorded.write_bytes(pickle.dumps(recordings))
    answer = {
        "word_starts": sum(len(each.starts) for each in recordings),
        "keys": sum(len(each.keys) for each in recordings),
        "hit_rate_as_feature": feature(recordings),
        "reused_rankings": reuse(recordings),
    }
    print(json.dumps(answer, indent=1))


# (a)


def feature(recordings: list[Recording]) -> dict[str, object]:
    keys = [key for recording in recordings for key in recording.keys]
    right = np.array([key.right for key in keys], float)
    author = np.array([key.author for key in keys])
    plain = np.stack([inputs(key) for key in keys])
    rate = np.array([logit(key.hit_rate) for key in keys])
    both = np.column_stack((plain, rate))
    losses = [log_losses(of_others(x, right, author), right) for x in (plain, both)]
    message = np.array([key.message for key in keys])
    return {
        "right_share": right.mean(),
        "log_loss_without": losses[0].mean(),
        "log_loss_with": losses[1].mean(),
        "difference": interval(losses[1] - losses[0], author, message),
        "weight_of_hit_rate": float(fit(both, right)[-1]),
        "only_at_word_starts": at_starts(keys, losses, author, message),
    }


def at_starts(
    keys: list[Key], losses: list[np.ndarray], author: np.ndarray, message: np.ndarray
) -> list[float]:
    first = np.array([key.typed == 0 for key in keys])
    return interval((losses[1] - losses[0])[first], author[first], message[first])


def inputs(key: Key) -> np.ndarray:
    typed = np.eye(4)[key.typed]
    return np.concatenate((typed, logit(key.probability) * typed))


def logit(p: float) -> float:
    bounded = min(max(p, 1e-4), 1 - 1e-4)
    return float(np.log(bounded / (1 - bounded)))


def of_others(x: np.ndarray, right: np.ndarray, author: np.ndarray) -> np.ndarray:
    """The probability of each row by a model fitted to the other authors."""
    found = np.zeros(len(x))
    for each in np.unique(author):
        weights = fit(x[author != each], right[author != each])
        found[author == each] = 1 / (1 + np.exp(-x[author == each] @ weights))
    return found


def fit(x: np.ndarray, right: np.ndarray, *, ridge: float = 1.0) -> np.ndarray:
    """Logistic regression by Newton's method."""
    weights = np.zeros(x.shape[1])
    for _ in range(30):
        p = 1 / (1 + np.exp(-x @ weights))
        gradient = x.T @ (right - p) - ridge * weights
        hessian = (x.T * (p * (1 - p))) @ x + ridge * np.eye(len(weights))
        step = np.linalg.solve(hessian, gradient)
        weights += step
        if np.abs(step).max() < 1e-8:
            break
    return weights


def log_losses(p: np.ndarray, right: np.ndarray) -> np.ndarray:
    bounded = np.clip(p, 1e-9, 1 - 1e-9)
    return -(right * np.log(bounded) + (1 - right) * np.log(1 - bounded))


# (b)


def reuse(recordings: list[Recording]) -> list[dict[str, object]]:
    """By how many of the regions, those of the lowest NP first, use a ranking again."""
    rows = [row for recording in recordings for row in reusable(recording.starts)]
    author, message, region_np, distance, fresh, again, same = map(
        np.array, zip(*rows, strict=True)
    )
    found = []
    for order, by in (("region NP", region_np), ("distance to the nearest", distance)):
        for share in SHARES:
            low = np.zeros(len(by), bool)
            low[np.argsort(by, kind="stable")[: max(1, int(share * len(by)))]] = True
            found.append(
                {
                    "chosen_by": order,
                    "share_reused": float(low.mean()),
                    "top1_fresh": float(fresh[low].mean()),
                    "top1_reused": float(again[low].mean()),
                    "difference": interval((again - fresh)[low], author[low], message[low]),
                    "same_first_proposal": float(same[low].mean()),
                    "kept_of_fresh": float(again[low].sum() / max(1, fresh[low].sum())),
                }
            )
    return found


def reusable(starts: list[Start]) -> list[tuple[float, ...]]:
    """For each word start but the first LEAST: what the nearest earlier ranking would have done.

    Only what is in the ring at that moment is used, and NP of its regions.
    """
    rows = []
    region_np: dict[int, float] = {}
    centroids = np.zeros((0, 0))
    for now in range(LEAST, len(starts)):
        ring = starts[max(0, now - RING) : now]
        states = np.stack([start.state for start in ring])
        if (now - LEAST) % AGAIN == 0:
            centroids = start_centroids(starts[now])
            region_np = permutations_by_region(ring, states, centroids)
        start = starts[now]
        region = int(region_of(start.state[None], centroids)[0])
        far = ((states - start.state) ** 2).sum(1)
        nearest = ring[int(far.argmin())]
        rows.append(
            (
                start.author,
                start.message,
                region_np.get(region, np.inf),
                far.min(),
                start.ranking[0] == start.truth,
                nearest.ranking[0] == start.truth,
                nearest.ranking[0] == start.ranking[0],
            )
        )
    return [tuple(float(value) for value in row) for row in rows]


def start_centroids(start: Start) -> np.ndarray:
    """One region of everything before there are prototypes."""
    return start.centroids if len(start.centroids) else np.zeros((1, len(start.state)))


def region_of(states: np.ndarray, centroids: np.ndarray) -> np.ndarray:
    return squared_distances(states, centroids).argmin(1)


def permutations_by_region(
    ring: list[Start], states: np.ndarray, centroids: np.ndarray
) -> dict[int, float]:
    regions = region_of(states, centroids)
    found = neighbourhood(
        states,
        np.stack([start.ranking for start in ring]),
        regions=regions,
        region_count=len(centroids),
    )
    return {region: float(np_) for region, np_ in enumerate(found.regions) if np.isfinite(np_)}


# Intervals


def interval(values: np.ndarray, author: np.ndarray, message: np.ndarray) -> list[float]:
    """[mean, low, high]: 95 %, messages drawn anew within each author."""
    source = np.random.default_rng(0)
    groups = [
        [values[(author == a) & (message == m)] for m in np.unique(message[author == a])]
        for a in np.unique(author)
    ]
    sums = [np.array([(each.sum(), len(each)) for each in group]) for group in groups]
    means = []
    for _ in range(RESAMPLINGS):
        drawn = sum(each[source.integers(0, len(each), len(each))].sum(0) for each in sums)
        means.append(drawn[0] / drawn[1])
    return [float(values.mean()), *(float(x) for x in np.quantile(means, [0.025, 0.975]))]


if __name__ == "__main__":
    main()
