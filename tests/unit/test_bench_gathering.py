"""The benchmark of gathering statistics: it runs, and its cost is that of the numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from foretype.bench import gathering
from foretype.reference.tiny_model import write_tiny_model


def test_both_sessions_type_and_one_gathers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        gathering, "LETTER", "the other train is late and the rest of it is not " * 2
    )
    found = gathering.measure(model=write_tiny_model(tmp_path / "tiny"), passes=2)
    assert found["keystrokes"] == 200
    assert found["words_gathered"] > 30
    assert found["cost_low"] <= found["cost"] <= found["cost_high"]


def test_cost_is_the_ratio_of_the_sums_less_one() -> None:
    random = np.random.default_rng(0)
    without = random.uniform(1, 9, 400)
    found = gathering.cost(list(without * 1.02), list(without))
    assert found["cost"] == pytest.approx(0.02)
    assert found["cost_low"] == pytest.approx(found["cost_high"]) == pytest.approx(0.02)
    noisy = gathering.cost(list(without + random.normal(0, 1, 400)), list(without))
    assert noisy["cost_low"] < 0 < noisy["cost_high"]
