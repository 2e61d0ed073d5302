"""What the teacher says of the texts, computed once: its 64 likeliest tokens at each place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as functional
from safetensors import SafetensorError, safe_open
from torch import Tensor

from foretype.compress.batches import Batches
from foretype.compress.network import Network
from foretype.compress.watch import Watch
from foretype.model.container import write_container

TOP = 64
CHUNK = 64  # sequences of a file
AT_ONCE = 4
LEAST_REST = 1e-6  # probability of all tokens but the 64: rounding may bring their sum to 1


@dataclass(frozen=True)
class Lesson:
    """Some sequences, and what the teacher says of each of their places.

    tokens [B, T + 1]; likeliest [B, T, 64] token ids; log_probabilities of the same, the rest of
    the vocabulary shares what is missing to 1; hidden [B, T, D] or none.
    """

    tokens: Tensor
    likeliest: Tensor
    log_probabilities: Tensor
    hidden: Tensor | None


class Teacher:
    """Answers kept on disk in chunks: an interrupted run goes on behind the last whole one."""

    def __init__(self, folder: Path, *, key: str, features: bool) -> None:
        self._folder = folder
        self._key = key
        self._features = features
        self._open: tuple[int, dict[str, Tensor]] | None = None

    def prepare(
        self, network: Network, batches: Batches, count: int, watch: Watch, *, half: bool = False
    ) -> None:
        """Let the teacher answer for `count` sequences, in bfloat16 or not, where not done."""
        self._folder.mkdir(parents=True, exist_ok=True)
        chunks = -(-count // CHUNK)
        missing = [chunk for chunk in range(chunks) if not self._is_whole(chunk)]
        total, done = chunks * CHUNK, (chunks - len(missing)) * CHUNK
        watch.begin("teacher", total * batches.length, "tokens", done=done * batches.length)
        for chunk in missing:
            tokens = batches.batch(range(chunk * CHUNK, (chunk + 1) * CHUNK))
            answers = [self._answer(network, part, half) for part in _watched(tokens, watch)]
            arrays = [
                (name, torch.cat([each[name] for each in answers]).cpu().numpy())
                for name in answers[0]
            ]
            stored = [("tokens", tokens.numpy().astype(np.int32)), *arrays]
            write_container(self._path(chunk), {"key": self._key}, stored)

    def lesson(self, numbers: Sequence[int], device: torch.device) -> Lesson:
        """The answers for sequences that stand in one chunk."""
        chunk = numbers[0] // CHUNK
        if self._open is None or self._open[0] != chunk:
            with safe_open(self._path(chunk), framework="pt") as file:
                names = list(file.keys())
                self._open = chunk, {name: file.get_tensor(name) for name in names}
        rows = [number - chunk * CHUNK for number in numbers]
        found = {name: each[rows].to(device) for name, each in self._open[1].items()}
        return Lesson(
            found["tokens"].long(),
            found["likeliest"].long(),
            found["log_probabilities"].float(),
            found["hidden"].float() if "hidden" in found else None,
        )

    def _answer(self, network: Network, tokens: Tensor, half: bool) -> dict[str, Tensor]:
        device = next(iter(network.weights.values())).device
        with torch.no_grad(), torch.autocast(device.type, torch.bfloat16, enabled=half):
            hidden = network.hidden(tokens[:, :-1].to(device))
            logits = network.logits(hidden).float()
            top = logits.topk(min(TOP, logits.shape[-1]), -1)
            total = logits.logsumexp(-1, keepdim=True)
        answer = {
            "likeliest": top.indices.to(torch.int32),
            "log_probabilities": (top.values - total).to(torch.float16),
        }
        return answer | ({"hidden": hidden.to(torch.float16)} if self._features else {})

    def _path(self, chunk: int) -> Path:
        return self._folder / f"{chunk:05d}.safetensors"

    def _is_whole(self, chunk: int) -> bool:
        try:
            with safe_open(self._path(chunk), framework="numpy") as file:
                return bool(file.metadata().get("key") == self._key)
        except (OSError, SafetensorError):
            return False


def _watched(tokens: Tensor, watch: Watch) -> Iterator[Tensor]:
    for part in tokens.split(AT_ONCE):
        yield part
        watch.advance(part.shape[0] * (part.shape[1] - 1))


def divergence(logits: Tensor, lesson: Lesson) -> Tensor:
    """Mean over places of KL(teacher, student): 64 tokens each, all others as one outcome."""
    said = functional.log_softmax(logits, -1).gather(-1, lesson.likeliest)
    taught = lesson.log_probabilities
    rest_taught = (1 - taught.exp().sum(-1)).clamp_min(LEAST_REST)
    rest_said = (1 - said.exp().sum(-1)).clamp_min(LEAST_REST)
    shown = (taught.exp() * (taught - said)).sum(-1)
    rest = rest_taught * (rest_taught.log() - rest_said.log())
    return (shown + rest).mean()
