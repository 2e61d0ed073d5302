"""Bits for a byte of text that no stage was trained on: one measure for every vocabulary."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import torch
import torch.nn.functional as functional
from torch import Tensor

from foretype.compress.batches import tokenizer_of
from foretype.compress.network import Network
from foretype.compress.texts import Mix
from foretype.model.vocabulary import Vocabulary

AT_ONCE = 4  # windows
UNSCORED = -100  # what torch's cross-entropy leaves out


@dataclass(frozen=True)
class Loss:
    """Bits for a byte of each kind, and their mean by the kinds' weights."""

    mean: float
    kinds: dict[str, float]


class HeldOut:
    """Pieces of held-out text of a fixed size in bytes, the same for every model."""

    def __init__(self, mix: Mix, *, windows: int, window_bytes: int) -> None:
        self._weights = mix.weights
        kinds = [kind for kind, texts in mix.held_out.items() if texts]
        each = max(1, windows // len(kinds))
        self.windows = {
            kind: _windows(mix.held_out[kind], count=each, size=window_bytes) for kind in kinds
        }

    def loss(
        self, network: Network, vocabulary: Vocabulary, layers: Iterable[int] | None = None
    ) -> Loss:
        """Measured in the network's own precision; `layers` are those that are not left out."""
        tokenizer = tokenizer_of(vocabulary)
        kept = None if layers is None else list(layers)
        begin = network.config.begin_token
        kinds = {}
        for kind, windows in self.windows.items():
            texts = [[begin, *tokenizer.encode(window)] for window in windows]
            nats = sum(
                _nats(network, texts[first : first + AT_ONCE], kept)
                for first in range(0, len(texts), AT_ONCE)
            )
            kinds[kind] = nats / math.log(2) / sum(map(len, windows))
        total = sum(self._weights[kind] for kind in kinds)
        mean = sum(self._weights[kind] * bits for kind, bits in kinds.items()) / total
        return Loss(mean, kinds)


def _nats(network: Network, texts: list[list[int]], layers: list[int] | None) -> float:
    """Summed over the texts, which are filled up on their right."""
    device = next(iter(network.weights.values())).device
    longest = max(map(len, texts))
    tokens = torch.zeros(len(texts), longest, dtype=torch.long)
    targets = torch.full((len(texts), longest - 1), UNSCORED)
    for row, text in enumerate(texts):
        tokens[row, : len(text)] = torch.tensor(text)
        targets[row, : len(text) - 1] = torch.tensor(text[1:])
    with torch.no_grad():
        hidden = network.hidden(tokens[:, :-1].to(device), layers)
        logits = network.logits(hidden)
        loss: Tensor = functional.cross_entropy(
            logits.flatten(0, 1), targets.flatten().to(device), reduction="sum"
        )
    return float(loss)


def _windows(texts: Iterable[str], *, count: int, size: int) -> list[bytes]:
    """The first pieces of all texts, then their second ones, up to `count`."""
    contents = [text.strip().encode() for text in texts]
    windows: list[bytes] = []
    for start in range(0, max(map(len, contents), default=0), size):
        for content in contents:
            piece = content[start : start + size].decode(errors="ignore").strip().encode()
            if piece and (start == 0 or len(piece) > size // 2):
                windows.append(piece)
            if len(windows) == count:
                return windows
    return windows
