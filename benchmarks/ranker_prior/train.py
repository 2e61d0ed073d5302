"""Trains the ranker's prior (core/src/rank/prior.h) on authors' histories and judges it.

    python benchmarks/ranker_prior/train.py --data clinton-dev.jsonl --out DIR [--write]

No character that replay scores is looked at. The judgement is by author-wise cross-validation:
each author's rounds are ranked by weights that were trained on the other authors. What is recorded
is kept in DIR, so that an interrupted run goes on. `--write` replaces prior.h.
"""

import argparse
import json
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from record import Recorded, record
from rich.progress import track

PRIOR = Path(__file__).resolve().parents[2] / "core" / "src" / "rank" / "prior.h"
RIDGE = 1e-6  # pull to zero, by each candidate

Vector = NDArray[np.float64]


def main() -> None:
    """Record, judge, train, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--characters", type=int, default=6000, help="of each author's history")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    authors = len({json.loads(line)["author"] for line in options.data.open(encoding="utf-8")})
    one = partial(kept, options.out, options.model, options.data, options.characters)
    with ProcessPoolExecutor(options.jobs) as pool:
        recorded = list(track(pool.map(one, range(authors)), "Recording", authors))
    print(json.dumps(judge(recorded), indent=1))
    weights = fit([(each.features, each.right) for each in recorded])
    print("weights:", ", ".join(f"{weight:.3f}" for weight in weights))
    print("space:", space(recorded))
    if options.write:
        PRIOR.write_text(header(weights), encoding="utf-8")


def kept(out: Path, model: Path | None, data: Path, characters: int, number: int) -> Recorded:
    """What was recorded of an author, from the folder if it is there."""
    path = out / f"{number}.npz"
    if not path.exists():
        done = record(model, data, number, characters)
        np.savez_compressed(path, **done._asdict())
    with np.load(path) as file:
        return Recorded(number, *(file[name] for name in Recorded._fields[1:]))


def fit(parts: list[tuple[NDArray[np.float32], NDArray[np.bool_]]], steps: int = 30) -> Vector:
    """Logistic regression by Newton's method. Returns weights [features]."""
    x = np.concatenate([features for features, _ in parts]).astype(np.float64)
    y = np.concatenate([right for _, right in parts]).astype(np.float64)
    weights = np.zeros(x.shape[1])
    ridge = RIDGE * len(y) * np.eye(x.shape[1])
    for _ in range(steps):
        p = 1 / (1 + np.exp(-x @ weights))
        slope = x.T @ (p - y) + ridge @ weights
        curve = (x * (p * (1 - p))[:, None]).T @ x + ridge
        step = np.linalg.solve(curve, slope)
        weights -= step
        if np.abs(step).max() < 1e-7:
            break
    return weights


def judge(recorded: list[Recorded]) -> dict[str, dict[str, float]]:
    """The mixture alone and the ranker, each author ranked by the others' weights."""
    mixture, ranked, truth, rounds = [], [], [], []
    for each in recorded:
        others = [(o.features, o.right) for o in recorded if o is not each and len(o.right)]
        if not len(each.right) or not others:
            continue
        x = each.features.astype(np.float64)
        mixture.append(1 / (1 + np.exp(-x[:, 1])))
        ranked.append(1 / (1 + np.exp(-x @ fit(others))))
        truth.append(each.right)
        rounds.append(each.round + (rounds[-1].max() + 1 if rounds else 0))
    y, at = np.concatenate(truth), np.concatenate(rounds)
    return {
        "mixture": figures(np.concatenate(mixture), y, at),
        "ranker": figures(np.concatenate(ranked), y, at),
    }


def figures(p: Vector, y: NDArray[np.bool_], rounds: NDArray[np.int32]) -> dict[str, float]:
    """Nats a round, and of the leading candidates: share right, expected calibration error."""
    q = np.clip(p, 1e-7, 1 - 1e-7)
    nats = -(y * np.log(q) + ~y * np.log(1 - q)).sum() / len(np.unique(rounds))
    order = np.lexsort((-p, rounds))
    first = order[np.concatenate([[True], np.diff(rounds[order]) > 0])]
    bins = np.minimum((p[first] * 10).astype(int), 9)
    gaps = [abs((p[first] - y[first])[bins == b].sum()) for b in range(10)]
    return {
        "nats_a_round": round(float(nats), 4),
        "leading_right": round(float(y[first].mean()), 4),
        "calibration_error": round(float(sum(gaps) / len(first)), 4),
    }


def space(recorded: list[Recorded]) -> str:
    """How the logit of P(a space follows) would have to be moved: slope 1 and shift 0 is well."""
    p = np.concatenate([each.space[each.right] for each in recorded]).astype(np.float64)
    y = np.concatenate([each.spaced[each.right] for each in recorded])
    y, p = y[p >= 0], np.clip(p[p >= 0], 1e-6, 1 - 1e-6)
    x = np.stack([np.ones_like(p), np.log(p / (1 - p))], axis=1).astype(np.float32)
    shift, slope = fit([(x, y)])
    return (
        f"slope {slope:.3f}, shift {shift:.3f}, from {len(y):,} right words, {y.mean():.3f} spaced"
    )


def header(weights: Vector) -> str:
    """The text of prior.h."""
    rows = "".join(f"    {weight:.4f},\n" for weight in weights)
    return f"""// Made by benchmarks/ranker_prior/train.py; do not edit.
#pragma once

#include <array>

#include "rank/features.h"

namespace foretype::rank {{

/// The weights with which everybody begins, in the order of `Feature`.
inline constexpr std::array<double, kFeatures> kPrior = {{
{rows}}};

}}  // namespace foretype::rank
"""


if __name__ == "__main__":
    main()
