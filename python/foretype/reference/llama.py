"""The language model, slowly: the twin of `core/src/propose/lm/forward.cpp`, for tests only.

A container's weights are brought back to float32 and the whole sequence is computed at
once. T tokens, D = width, H = query heads, K = key/value heads, V = vocabulary.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors import safe_open

from foretype.model.config import Config
from foretype.model.groups import Dense
from foretype.model.stored import stored_head, stored_matrix

Tokens = npt.NDArray[np.integer[Any]]


@dataclass(frozen=True)
class ReferenceModel:
    """Dense weights by our names; `embedding` [V, D] has its rows by token id."""

    config: Config
    weights: dict[str, Dense]
    embedding: Dense

    @classmethod
    def load(cls, path: Path) -> "ReferenceModel":
        """Read a container through the safetensors library, which knows nothing of ours."""
        with safe_open(path, framework="numpy") as file:
            metadata = file.metadata()
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        config = Config.from_metadata(metadata)
        head = stored_head(config.width, tensors, tensors.__getitem__)
        return cls(
            config,
            _dense_weights(tensors, config),
            head[tensors["head.row_of_token"]],
        )

    def logits(self, tokens: Tokens) -> Dense:
        """[T] -> [T, V]: row t speaks of what comes after tokens[t]."""
        logits: Dense = self.hidden(tokens) @ self.embedding.T
        return logits

    def hidden(self, tokens: Tokens) -> Dense:
        """[T] -> [T, D], after the last norm."""
        x = self.embedding[tokens]
        rotation = rotary(len(tokens), self.config)
        for layer in range(self.config.layers):
            x = x + self._attention(layer, x, rotation)
            x = x + self._ffn(layer, x)
        return self._norm("final_norm", x)

    def _attention(self, layer: int, x: Dense, rotation: tuple[Dense, Dense]) -> Dense:
        prefix = f"layers.{layer}.attention."
        length, width = len(x), self.config.head_width
        x = self._norm(prefix + "norm", x)
        query, key, value = (
            self._linear(prefix + part, x).reshape(length, -1, width).transpose(1, 0, 2)
            for part in ("query", "key", "value")
        )  # [H, T, 64], [K, T, 64], [K, T, 64]
        query, key = rotate(query, *rotation), rotate(key, *rotation)
        shared = (self.config.kv_heads, -1, length, width)  # [K, H/K, T, 64]
        scores = query.reshape(shared) @ key[:, None].swapaxes(-1, -2) / np.sqrt(np.float32(width))
        scores = np.where(seen(length, self.config.attention_window(layer)), scores, -np.inf)
        mixed = softmax(scores) @ value[:, None]  # [K, H/K, T, 64]
        mixed = mixed.reshape(-1, length, width).transpose(1, 0, 2).reshape(length, -1)
        return self._linear(prefix + "output", mixed)

    def _ffn(self, layer: int, x: Dense) -> Dense:
        prefix = f"layers.{layer}.ffn."
        x = self._norm(prefix + "norm", x)
        gate, up = self._linear(prefix + "gate", x), self._linear(prefix + "up", x)
        return self._linear(prefix + "down", gate / (1 + np.exp(-gate)) * up)

    def _linear(self, name: str, x: Dense) -> Dense:
        y: Dense = x @ self.weights[name].T
        return y

    def _norm(self, name: str, x: Dense) -> Dense:
        mean_square = np.mean(x * x, axis=-1, keepdims=True)
        normal: Dense = x / np.sqrt(mean_square + np.float32(self.config.norm_epsilon))
        return normal * self.weights[name]


def log_likelihood(model: ReferenceModel, tokens: Tokens) -> Dense:
    """[T] -> [T-1]: natural log-probability of each token after those before it."""
    logits = model.logits(tokens[:-1])
    top = logits.max(axis=-1, keepdims=True)
    normaliser = np.log(np.exp(logits - top).sum(axis=-1)) + top[:, 0]
    likelihood: Dense = logits[np.arange(len(logits)), tokens[1:]] - normaliser
    return likelihood


def seen(length: int, window: int) -> npt.NDArray[np.bool_]:
    """[T, T]: whether token t's attention sees token s: no later one, and of earlier ones those
    of its window, itself among them, and the very first.
    """
    back = np.arange(length)[:, None] - np.arange(length)
    near = back < window if window else True
    found: npt.NDArray[np.bool_] = (back >= 0) & (near | (np.arange(length) == 0))
    return found


def rotary(length: int, config: Config) -> tuple[Dense, Dense]:
    """Cosines and sines [T, 32] of RoPE (arXiv 2104.09864): position * base^(-i/32)."""
    half = config.head_width // 2
    frequency = config.rope_base ** (-np.arange(half) / half)
    angle = np.arange(length)[:, None] * frequency
    return np.cos(angle).astype(np.float32), np.sin(angle).astype(np.float32)


def rotate(x: Dense, cosine: Dense, sine: Dense) -> Dense:
    """[..., T, 64] in half-split order: dimensions i and i + 32 turn together."""
    first, second = np.split(x, 2, axis=-1)
    return np.concatenate([first * cosine - second * sine, second * cosine + first * sine], axis=-1)


def softmax(scores: Dense) -> Dense:
    """Along the last axis."""
    weights: Dense = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights /= weights.sum(axis=-1, keepdims=True)
    return weights


def _dense_weights(tensors: dict[str, npt.NDArray[Any]], config: Config) -> dict[str, Dense]:
    weights = {name: tensor for name, tensor in tensors.items() if name.endswith("norm")}
    for layer in range(config.layers):
        for part, (_, columns) in config.matrices().items():
            name = f"layers.{layer}.{part}"
            if part == "ffn.down":  # as narrow as this layer
                columns = len(weights[f"layers.{layer}.ffn.up"])
            weights[name] = stored_matrix(name, columns, tensors, tensors.__getitem__).dense()
    return weights
