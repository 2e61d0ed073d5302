"""The forward pass in torch, to train and to measure: the same sums as `core`'s, in float32.

B texts of T tokens, D = width, H = query heads, K = key/value heads, F = neurons, V = vocabulary.
What multiplies by a matrix is handed in as `linear`, so that a stage can watch a matrix's
inputs, round its weights or leave inputs out without a forward pass of its own.
"""

from collections.abc import Callable, Iterable, Mapping

import torch
import torch.nn.functional as functional
from torch import Tensor

from foretype.model.config import HEAD_WIDTH, Config
from foretype.model.dense_model import EMBEDDING, FINAL_NORM

Weights = Mapping[str, Tensor]
Linear = Callable[[str, Tensor], Tensor]
"""Told (name of a matrix, its inputs [..., columns]); answers [..., rows]."""
Rotation = tuple[Tensor, Tensor]


def plain(weights: Weights) -> Linear:
    """Each matrix as it stands."""
    return lambda name, x: functional.linear(x, weights[name])


class Network:
    """A model's arithmetic over weights that somebody else holds and may change."""

    def __init__(self, config: Config, weights: Weights, *, linear: Linear | None = None) -> None:
        self.config = config
        self.weights = weights
        self.linear = linear or plain(weights)
        self._masks: dict[tuple[int, int], Tensor] = {}

    def embed(self, tokens: Tensor) -> Tensor:
        """[B, T] -> [B, T, D]."""
        return functional.embedding(tokens, self.weights[EMBEDDING])

    def hidden(self, tokens: Tensor, layers: Iterable[int] | None = None) -> Tensor:
        """[B, T] -> [B, T, D], after the last norm; `layers` are those that are not left out."""
        x = self.embed(tokens)
        rotation = self.rotation(tokens.shape[1], x)
        for layer in range(self.config.layers) if layers is None else layers:
            x = self.layer(layer, x, rotation)
        return self.normed(FINAL_NORM, x)

    def logits(self, hidden: Tensor) -> Tensor:
        """[..., D] -> [..., V]."""
        return functional.linear(hidden, self.weights[EMBEDDING])

    def layer(self, layer: int, x: Tensor, rotation: Rotation) -> Tensor:
        """One layer: [B, T, D] -> [B, T, D]."""
        x = x + self._attention(layer, x, rotation)
        return x + self.ffn(f"layers.{layer}.ffn.", x)

    def rotation(self, length: int, like: Tensor) -> Rotation:
        """Cosines and sines [T, 32] of RoPE: position * base^(-i/32)."""
        half = HEAD_WIDTH // 2
        steps = torch.arange(half, device=like.device, dtype=torch.float32)
        frequency = self.config.rope_base ** (-steps / half)
        positions = torch.arange(length, device=like.device, dtype=torch.float32)
        angle = positions[:, None] * frequency
        return angle.cos(), angle.sin()

    def normed(self, name: str, x: Tensor) -> Tensor:
        """RMSNorm."""
        width = (x.shape[-1],)
        return functional.rms_norm(x, width, self.weights[name], self.config.norm_epsilon)

    def _attention(self, layer: int, x: Tensor, rotation: Rotation) -> Tensor:
        prefix = f"layers.{layer}.attention."
        x = self.normed(prefix + "norm", x)
        query, key, value = (
            self.linear(prefix + part, x).unflatten(-1, (-1, HEAD_WIDTH)).transpose(1, 2)
            for part in ("query", "key", "value")
        )  # [B, H, T, 64], [B, K, T, 64], [B, K, T, 64]
        shared = self.config.heads // self.config.kv_heads
        mask = self._mask(x.shape[1], self.config.attention_window(layer), x.device)
        mixed = functional.scaled_dot_product_attention(
            _rotated(query, rotation),
            _rotated(key, rotation).repeat_interleave(shared, 1),
            value.repeat_interleave(shared, 1),
            attn_mask=mask,
            is_causal=mask is None,
        )
        return self.linear(prefix + "output", mixed.transpose(1, 2).flatten(2))

    def _mask(self, length: int, window: int, device: torch.device) -> Tensor | None:
        """[T, T], where attention sees; none where it sees all that came before."""
        if window == 0 or window >= length:
            return None
        mask = self._masks.get((length, window))
        if mask is None:
            place = torch.arange(length, device=device)
            back = place[:, None] - place
            mask = (back >= 0) & ((back < window) | (place == 0))
            self._masks[length, window] = mask
        return mask

    def ffn(self, prefix: str, x: Tensor) -> Tensor:
        """What a layer's feed-forward part adds; `prefix` as in "layers.3.ffn."."""
        x = self.normed(prefix + "norm", x)
        gate = functional.silu(self.linear(prefix + "gate", x))
        return self.linear(prefix + "down", gate * self.linear(prefix + "up", x))


def _rotated(x: Tensor, rotation: Rotation) -> Tensor:
    """[..., T, 64] in half-split order: dimensions i and i + 32 turn together."""
    cosine, sine = rotation
    first, second = x.chunk(2, -1)
    return torch.cat((first * cosine - second * sine, second * cosine + first * sine), -1)


def text_loss(network: Network, hidden: Tensor, tokens: Tensor) -> Tensor:
    """Mean surprise, in nats, of tokens [B, T + 1] after hidden states [B, T, D]."""
    logits = network.logits(hidden.flatten(0, 1))
    surprise: Tensor = functional.cross_entropy(logits.float(), tokens[:, 1:].flatten())
    return surprise
