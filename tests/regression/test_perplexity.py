"""Eight-bit activations cost next to nothing: perplexity on invented business mail."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from foretype import Engine, _core
from foretype.model.tokenizer import read_vocabulary
from foretype.reference.llama import ReferenceModel, log_likelihood

MOST = 1.02  # perplexity of the runtime over that of the dequantised float model


def mails(root: Path) -> list[str]:
    text = (root / "tests" / "data" / "business_mail.txt").read_text(encoding="utf-8")
    return [mail.strip() for mail in text.split("-----")]


def test_the_runtime_predicts_as_well_as_the_float_model(root: Path, model_path: Path) -> None:
    vocabulary = read_vocabulary(model_path)
    tokenizer = _core.Tokenizer(vocabulary.tokens, vocabulary.merges, vocabulary.specials)
    engine, reference = Engine.open(model_path), ReferenceModel.load(model_path)
    begin, scored, found, expected = reference.config.begin_token, 0, 0.0, 0.0
    for mail in mails(root):
        tokens = np.array([begin, *tokenizer.encode(mail.encode())])
        scored += len(tokens) - 1
        found += engine.negative_log_likelihood(mail)
        expected -= float(log_likelihood(reference, tokens).sum())
    assert scored > 1800
    assert np.exp(expected / scored) == pytest.approx(20, abs=15)  # it is English, and not by heart
    ratio = np.exp((found - expected) / scored)
    assert 0.98 < ratio < MOST, f"{np.exp(found / scored):.3f} : {np.exp(expected / scored):.3f}"
