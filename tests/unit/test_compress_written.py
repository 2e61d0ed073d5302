"""Texts that a model writes itself, to train a smaller one on."""

import gzip
import json
import sys
from pathlib import Path

import numpy as np
import pytest
from compress_samples import TORCH_MISSING, dense_model

torch = pytest.importorskip("torch", reason=TORCH_MISSING)

from scripts import write_texts  # noqa: E402

from foretype.compress.network import Network  # noqa: E402
from foretype.compress.texts import Mix  # noqa: E402
from foretype.model.dense_model import write_dense  # noqa: E402


def test_keys_that_are_kept_come_to_the_same() -> None:
    model = dense_model()
    weights = {name: torch.from_numpy(each) for name, each in model.weights.items()}
    network = Network(model.config, weights)
    tokens = torch.from_numpy(np.random.default_rng(3).integers(3, 279, (4, 12)))
    with torch.no_grad():
        expected = network.logits(network.hidden(tokens))
        cached = write_texts.Cached(network, 4)
        found = torch.stack([cached.step(tokens[:, at], at) for at in range(12)], 1)
    # Keys and values are kept in bfloat16.
    assert torch.allclose(found, expected, atol=0.02 * float(expected.std()) + 0.02)


def test_texts_begin_as_they_should_and_join_a_mix(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(write_texts, "LENGTH", 24)
    monkeypatch.setattr(write_texts, "AT_ONCE", 5)
    write_dense(tmp_path / "model", dense_model())
    texts = []
    for seed in ("1", "1", "2"):
        out = tmp_path / "own.jsonl.gz"
        arguments = ["write_texts", str(tmp_path / "model"), str(out), "12", seed]
        monkeypatch.setattr(sys, "argv", arguments)
        write_texts.main()
        lines = gzip.decompress(out.read_bytes()).decode().splitlines()
        texts.append([json.loads(line)["text"] for line in lines])
    assert texts[0] == texts[1] != texts[2]
    begun = [text for text in texts[0] if text.startswith(tuple(write_texts.beginnings()))]
    assert len(begun) >= 5
    mix = Mix.read(out)
    assert mix.weights == {"model": 1.0}
    assert sum(map(len, (*mix.kinds.values(), *mix.held_out.values()))) > 8
