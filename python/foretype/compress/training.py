"""Training that an interruption does not hurt: what it goes on from is kept every so many steps.

A step is a function of the weights, the optimiser's state and its number, so a run that was
interrupted ends with the same bits, on the same machine, as one that was not.
"""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from foretype.compress.settings import TrainingSettings
from foretype.compress.watch import Watch
from foretype.errors import SettingError
from foretype.model.container import write_container
from foretype.model.dense_model import DenseModel

BETAS = (0.9, 0.95)
LARGEST_NORM = 1.0  # of a step's gradient
LAST_RATE = 0.1  # of the learning rate, where the cosine ends
MOMENTS = ("exp_avg", "exp_avg_sq")
STATE_FILE = "state.safetensors"


MicroLoss = Callable[[Sequence[int]], Tensor]
"""Told the numbers of some sequences; the mean loss over them."""


class Step(Protocol):
    """What else a step of training does."""

    def begin(self, step: int) -> None:
        """Before the first loss of a step."""

    def gather(self) -> None:
        """After the last one: give the parameters their gradients."""


class PlainStep:
    """Nothing else: the loss is computed with the parameters themselves."""

    def begin(self, step: int) -> None:
        """Nothing."""

    def gather(self) -> None:
        """Nothing."""


@dataclass(frozen=True)
class Trained:
    """What a training says of itself."""

    first_loss: float
    last_loss: float  # mean of the last tenth of the steps
    seconds: float  # of this run alone
    tokens_a_second: float


class Training:
    """AdamW with a cosine schedule over tensors that require gradients."""

    def __init__(
        self,
        parameters: Mapping[str, Tensor],
        schedule: TrainingSettings,
        *,
        folder: Path,
        key: str,
        watch: Watch,
        held: Mapping[str, Tensor] | None = None,
        rates: Mapping[str, float] | None = None,
        step: Step | None = None,
    ) -> None:
        """`held[name]` is true where a weight must stay as it is; `rates` scale the learning rate
        of the parameters that they name.
        """
        self._parameters = dict(parameters)
        self._schedule = schedule
        self._state = folder / STATE_FILE
        self._key = key
        self._watch = watch
        self._held = dict(held or {})
        self._losses: list[float] = []
        self._other = step or PlainStep()
        rated = {name: (rates or {}).get(name, 1.0) for name in parameters}
        self._rates = sorted(set(rated.values()))
        self._optimiser = torch.optim.AdamW(
            [
                {"params": [each for name, each in parameters.items() if rated[name] == rate]}
                for rate in self._rates
            ],
            lr=schedule.learning_rate,
            betas=BETAS,
            weight_decay=schedule.weight_decay,
            fused=True,
        )

    def run(self, title: str, loss: MicroLoss) -> Trained:
        """All steps that are left. Raises SettingError where the loss stops being a number."""
        schedule = self._schedule
        tokens = schedule.batch * schedule.length
        first = self._load()
        self._watch.begin(title, schedule.steps * tokens, "tokens", done=first * tokens)
        started = time.monotonic()
        for step in range(first, schedule.steps):
            self._losses.append(self._step(step, loss))
            self._watch.advance(tokens)
            done = step + 1
            if done % schedule.save_every == 0 and done < schedule.steps:
                self._save(done)
                recent = self._losses[-schedule.save_every :]
                self._watch.say(f"{title}: step {done}, loss {sum(recent) / len(recent):.4f}")
        seconds = time.monotonic() - started
        last = self._losses[-max(1, len(self._losses) // 10) :]
        return Trained(
            first_loss=self._losses[0],
            last_loss=sum(last) / len(last),
            seconds=seconds,
            tokens_a_second=(schedule.steps - first) * tokens / max(seconds, 1e-9),
        )

    def forget(self) -> None:
        """Remove what the training could go on from."""
        self._state.unlink(missing_ok=True)

    def _step(self, step: int, loss: MicroLoss) -> float:
        schedule = self._schedule
        for group, rate in zip(self._optimiser.param_groups, self._rates, strict=True):
            group["lr"] = rate * learning_rate(step, schedule)
        self._other.begin(step)
        numbers = range(step * schedule.batch, (step + 1) * schedule.batch)
        total = 0.0
        for start in range(0, schedule.batch, schedule.micro_batch):
            part = numbers[start : start + schedule.micro_batch]
            share = loss(part) * (len(part) / schedule.batch)
            share.backward()
            total += float(share.detach())
        if not math.isfinite(total):
            raise SettingError(
                f"The loss is no number any more at step {step}: try a lower learning_rate."
            )
        self._other.gather()
        for name, held in self._held.items():
            gradient = self._parameters[name].grad
            if gradient is not None:
                gradient.masked_fill_(held, 0)
        torch.nn.utils.clip_grad_norm_(list(self._parameters.values()), LARGEST_NORM)
        self._optimiser.step()
        self._optimiser.zero_grad(set_to_none=True)
        return total

    def _save(self, done: int) -> None:
        tensors = [(f"weights/{name}", each) for name, each in self._parameters.items()]
        for name, each in self._parameters.items():
            state = self._optimiser.state[each]
            tensors += [(f"{moment}/{name}", state[moment]) for moment in MOMENTS]
        tensors.append(("losses", torch.tensor(self._losses, dtype=torch.float32)))
        arrays = [(name, each.detach().cpu().numpy()) for name, each in tensors]
        write_container(self._state, {"key": self._key, "done": str(done)}, arrays)

    def _load(self) -> int:
        """Take up what an earlier run left; the number of steps that are done."""
        try:
            with safe_open(self._state, framework="pt") as file:
                metadata = file.metadata()
                if metadata.get("key") != self._key:
                    return 0
                self._take(file, int(metadata["done"]))
                return int(metadata["done"])
        except (OSError, SafetensorError):
            return 0

    def _take(self, file: Any, done: int) -> None:
        with torch.no_grad():
            for name, each in self._parameters.items():
                each.copy_(file.get_tensor(f"weights/{name}"))
                self._optimiser.state[each] = {
                    "step": torch.tensor(float(done), device=each.device),
                    **{
                        moment: file.get_tensor(f"{moment}/{name}").to(each.device)
                        for moment in MOMENTS
                    },
                }
        self._losses = file.get_tensor("losses").tolist()


def learning_rate(step: int, schedule: TrainingSettings) -> float:
    """Rises over the warm-up, then falls along a cosine to a tenth."""
    rising = min(1.0, (step + 1) / max(schedule.warm_up, 1))
    cosine = 0.5 * (1 + math.cos(math.pi * step / schedule.steps))
    return schedule.learning_rate * rising * (LAST_RATE + (1 - LAST_RATE) * cosine)


def held(model: DenseModel, parameters: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Where the matrices among them have been pruned, for those that have been."""
    pruned = {name: model.pruned(name) for name in model.matrices() if name in parameters}
    return {
        name: torch.from_numpy(each).to(parameters[name].device)
        for name, each in pruned.items()
        if each.any()
    }
