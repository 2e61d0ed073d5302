"""The slow model with activations rounded as the kernels round them, for tests that compare."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from foretype import _core
from foretype.model.groups import Dense
from foretype.model.tokenizer import read_vocabulary
from foretype.reference.llama import ReferenceModel

GROUP = 32  # activations that share a scale


class QuantisedTwin(ReferenceModel):
    """The reference with activations rounded to eight bits, as the kernels round them."""

    def _linear(self, name: str, x: Dense) -> Dense:
        return super()._linear(name, quantised(x))

    def logits(self, tokens: np.ndarray) -> Dense:
        logits: Dense = quantised(self.hidden(tokens)) @ self.embedding.T
        return logits


def quantised(x: Dense) -> Dense:
    groups = x.reshape(*x.shape[:-1], -1, GROUP)
    scale = np.abs(groups).max(axis=-1, keepdims=True) / np.float32(127)
    rounded = np.round(groups / np.where(scale > 0, scale, 1)) * scale
    return rounded.reshape(x.shape)


def twin_of(path: Path) -> QuantisedTwin:
    plain = ReferenceModel.load(path)
    return QuantisedTwin(plain.config, plain.weights, plain.embedding)


def tokens_of(path: Path, *texts: str) -> np.ndarray:
    vocabulary = read_vocabulary(path)
    tokenizer = _core.Tokenizer(vocabulary.tokens, vocabulary.merges, vocabulary.specials)
    return np.array([0, *(token for text in texts for token in tokenizer.encode(text.encode()))])
