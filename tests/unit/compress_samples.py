"""What the tests of compression share: a tiny random model, a few texts, a workbench."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from model_sources import CONFIG, VOCABULARY, dense_weights

from foretype.model.config import Config
from foretype.model.dense_model import DenseModel

TORCH_MISSING = "needs torch: pip install 'foretype[compress]'"
LINES = {
    "irc": "anna: are you there | ben: yes, tea at ten then | anna: see you",
    "QMSum": "the meeting starts now, and the first point is the heat in the north room",
    "handbook": "Notes are taken by those who are not speaking, and shared on the same day.",
    "site": "This page tells you how to reach us, and what we do with what you send.",
}


def dense_model(*, seed: int = 0, layers: int = 2, ffn_width: int = 96) -> DenseModel:
    """Random, of width 64 and 279 tokens."""
    config = replace(CONFIG, layers=layers, ffn_width=ffn_width)
    return DenseModel(
        config=config,
        vocabulary=VOCABULARY,
        weights=dense_weights(seed=seed, config=config),
        name="tiny",
        licence="Apache-2.0",
        source="tests",
        source_sha256="0" * 64,
    )


def write_mix(path: Path, *, copies: int = 6) -> Path:
    """Texts of four kinds that may ship, none like another."""
    random = np.random.default_rng(5)
    rows = []
    for source, line in LINES.items():
        words = line.split()
        for _ in range(copies):
            text = "\n".join(" ".join(random.permutation(words)) for _ in range(8))
            rows.append({"source": source, "license": "CC0-1.0", "text": text})
    path.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    return path


def workbench(folder: Path, *, teacher: DenseModel | None = None, key: str = "k"):
    """A stage's surroundings, in a folder."""
    torch = pytest.importorskip("torch", reason=TORCH_MISSING)
    from foretype.compress.held_out import HeldOut
    from foretype.compress.texts import Mix
    from foretype.compress.watch import Unwatched
    from foretype.compress.workbench import Workbench

    torch.set_num_threads(1)
    mix = Mix.read(write_mix(folder / "mix.jsonl"))
    stage = folder / "stage"
    stage.mkdir(exist_ok=True)
    return Workbench(
        mix=mix,
        held_out=HeldOut(mix, windows=4, window_bytes=120),
        folder=stage,
        key=key,
        seed=1,
        device=torch.device("cpu"),
        watch=Unwatched(),
        teacher=lambda: teacher or dense_model(),
        taught_by="tests",
        unrounded=lambda: None,
        answers=folder / "answers",
    )


__all__ = ["CONFIG", "VOCABULARY", "Config", "dense_model", "workbench", "write_mix"]
