"""The loss over the whole vocabulary together with its gradient, a few places at a time.

Logits of a microbatch would take hundreds of megabytes, several times over; a few places at a time
stay within the processor's cache, and the logits are computed once for teacher and text.
`teacher.divergence` and `network.text_loss` are the readable form.
"""

from typing import Any

import torch
from torch import Tensor

from foretype.compress.teacher import LEAST_REST, Lesson

PLACES = 128  # at a time


class HeadLoss:
    """Mean over places of KL(teacher, student) + `text` * surprise by the text, in nats.

    The embedding, which is the head too, is not trained: only the hidden states have a gradient.
    """

    def __init__(self, embedding: Tensor, *, half: bool) -> None:
        """`half`: products with the head are computed in bfloat16, everything else in float32."""
        self._head = embedding.detach().to(torch.bfloat16 if half else torch.float32)

    def of_text(self, hidden: Tensor, tokens: Tensor) -> Tensor:
        """Of tokens [B, T + 1] after hidden states [B, T, D]."""
        return self._apply(hidden, tokens, None, 1.0)

    def of_lesson(self, hidden: Tensor, lesson: Lesson, *, text: float) -> Tensor:
        """Of a lesson [B, T + 1]; the text counts `text` beside the teacher."""
        return self._apply(hidden, lesson.tokens, lesson, text)

    def _apply(self, hidden: Tensor, tokens: Tensor, lesson: Lesson | None, text: float) -> Tensor:
        taught = (
            (None, None)
            if lesson is None
            else (lesson.likeliest.flatten(0, 1), lesson.log_probabilities.flatten(0, 1))
        )
        next_tokens = tokens[:, 1:].flatten()
        with torch.autocast(hidden.device.type, enabled=False):
            loss: Tensor = _Loss.apply(
                hidden.flatten(0, 1).float(), self._head, next_tokens, *taught, text
            )
        return loss


class _Loss(torch.autograd.Function):  # type: ignore[misc]  # torch is not there to be checked
    """N places: hidden [N, D], head [V, D], next_tokens [N], the teacher's [N, 64] or none."""

    @staticmethod
    def forward(
        context: Any,
        hidden: Tensor,
        head: Tensor,
        next_tokens: Tensor,
        likeliest: Tensor | None,
        log_probabilities: Tensor | None,
        text: float,
    ) -> Tensor:
        gradient = torch.empty_like(hidden)
        total = 0.0
        for first in range(0, len(hidden), PLACES):
            part = slice(first, first + PLACES)
            narrow = hidden[part].to(head.dtype)
            logits = (narrow @ head.T).float()
            said = logits.sub_(logits.logsumexp(-1, keepdim=True))
            after = next_tokens[part, None]
            surprise = -said.gather(1, after)
            total += text * float(surprise.sum())
            if likeliest is None or log_probabilities is None:
                slope = said.exp_().mul_(text)
            else:
                loss, slope = _taught(said, likeliest[part], log_probabilities[part], text)
                total += loss
            slope.scatter_add_(1, after, torch.full_like(surprise, -text))
            gradient[part] = (slope.to(head.dtype) @ head).float()
        context.save_for_backward(gradient.div_(len(hidden)))
        return hidden.new_tensor(total / len(hidden))

    @staticmethod
    def backward(context: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        (gradient,) = context.saved_tensors
        return gradient * gradients[0], None, None, None, None, None


def _taught(
    said: Tensor, likeliest: Tensor, log_probabilities: Tensor, text: float
) -> tuple[float, Tensor]:
    """The divergence [nats, summed], and its slope and the text's by logit; overwrites `said`.

    With p the student's probabilities, t the teacher's of the 64 and r what each leaves to the
    rest: d/dz_j = p_j - t_j among the 64 and p_j (1 - r_t / r_p) elsewhere.
    """
    shown = said.gather(1, likeliest)
    taught = log_probabilities.exp()
    rest_taught = (1 - taught.sum(-1, keepdim=True)).clamp_min(LEAST_REST)
    rest_said = (1 - shown.exp().sum(-1, keepdim=True)).clamp_min(LEAST_REST)
    loss = (taught * (log_probabilities - shown)).sum()
    loss += (rest_taught * (rest_taught.log() - rest_said.log())).sum()
    share = rest_taught / rest_said
    slope = said.exp_().mul_(1 + text - share)
    slope.scatter_add_(1, likeliest, shown.exp() * share - taught)
    return float(loss), slope
