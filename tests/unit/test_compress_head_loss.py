"""The loss over the whole vocabulary, a few places at a time, against its readable form."""

import pytest
from compress_samples import TORCH_MISSING

torch = pytest.importorskip("torch", reason=TORCH_MISSING)

import torch.nn.functional as functional  # noqa: E402

from foretype.compress.device import half  # noqa: E402
from foretype.compress.head_loss import PLACES, HeadLoss  # noqa: E402
from foretype.compress.teacher import TOP, Lesson, divergence  # noqa: E402

VOCABULARY, WIDTH, TEXTS = 300, 32, 2
PRECISIONS = [(False, 1e-5), (True, 3e-2)]


def lesson_and_states(length: int, *, flat: float):
    """A random lesson, hidden states, and a head; a `flat` teacher leaves much to the rest."""
    random = torch.Generator().manual_seed(3)
    head = torch.randn(VOCABULARY, WIDTH, generator=random) / WIDTH**0.5
    hidden = torch.randn(TEXTS, length, WIDTH, generator=random).requires_grad_()
    tokens = torch.randint(0, VOCABULARY, (TEXTS, length + 1), generator=random)
    logits = torch.randn(TEXTS, length, VOCABULARY, generator=random) / flat
    top = logits.log_softmax(-1).topk(TOP, -1)
    return head, hidden, Lesson(tokens, top.indices, top.values, None)


def surprise(head, hidden, tokens):
    return functional.cross_entropy((hidden @ head.T).flatten(0, 1), tokens[:, 1:].flatten())


def check_same(found, wanted, hidden, tolerance: float) -> None:
    (slope,) = torch.autograd.grad(3 * found, hidden)
    (twin,) = torch.autograd.grad(3 * wanted, hidden)
    assert found.item() == pytest.approx(wanted.item(), rel=tolerance)
    assert (slope - twin).norm() < tolerance * twin.norm()


@pytest.mark.parametrize(("narrow", "tolerance"), PRECISIONS)
@pytest.mark.parametrize("length", [1, PLACES // 2, PLACES + 3])
@pytest.mark.parametrize("flat", [0.3, 5.0])
@pytest.mark.parametrize("text", [0.0, 0.7])
def test_of_a_lesson(narrow: bool, tolerance: float, length: int, flat: float, text: float) -> None:
    head, hidden, lesson = lesson_and_states(length, flat=flat)
    found = HeadLoss(head, half=narrow).of_lesson(hidden, lesson, text=text)
    wanted = divergence(hidden @ head.T, lesson) + text * surprise(head, hidden, lesson.tokens)
    check_same(found, wanted, hidden, tolerance)


@pytest.mark.parametrize(("narrow", "tolerance"), PRECISIONS)
def test_of_a_text(narrow: bool, tolerance: float) -> None:
    head, hidden, lesson = lesson_and_states(PLACES, flat=1.0)
    found = HeadLoss(head, half=narrow).of_text(hidden, lesson.tokens)
    check_same(found, surprise(head, hidden, lesson.tokens), hidden, tolerance)


def test_precision_is_measured_once(tmp_path) -> None:
    cpu = torch.device("cpu")
    found = half("auto", cpu, kept=tmp_path)
    (tmp_path / "precision").write_text("float32" if found else "bfloat16")
    assert half("auto", cpu, kept=tmp_path) != found
    assert half("float32", cpu, kept=tmp_path) is False
    assert half("bfloat16", cpu, kept=tmp_path) is True
