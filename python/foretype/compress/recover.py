"""Stage: train on what the teacher says. What was pruned stays so, what was rounded on levels."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import Tensor

from foretype.compress.checks import teacher_sequences
from foretype.compress.device import half
from foretype.compress.grids import GROWTH, LATENT, Grids
from foretype.compress.head_loss import HeadLoss
from foretype.compress.network import Network
from foretype.compress.settings import Recover
from foretype.compress.teacher import Teacher
from foretype.compress.training import Training, held
from foretype.compress.workbench import Result, Workbench, with_weights
from foretype.errors import SettingError
from foretype.model.dense_model import EMBEDDING, DenseModel


def recover(settings: Recover, model: DenseModel, bench: Workbench) -> Result:
    """All weights but the embedding."""
    teacher = _taught(settings, model, bench)
    weights = bench.tensors(model)
    trained = {name: each.requires_grad_() for name, each in weights.items() if name != EMBEDDING}
    unrounded = bench.unrounded()
    grids = Grids(
        model,
        weights,
        model.matrices(),
        first=round(settings.round_from * settings.steps),
        unrounded=unrounded.weights if unrounded else None,
    )
    plain = {name: each for name, each in trained.items() if name not in grids.latent}
    network = Network(model.config, weights)
    count = teacher_sequences(settings)
    narrow = half(settings.precision, bench.device, kept=bench.folder)
    head = HeadLoss(weights[EMBEDDING], half=narrow)

    def loss(numbers: Sequence[int]) -> Tensor:
        lesson = teacher.lesson([number % count for number in numbers], bench.device)
        with torch.autocast(bench.device.type, torch.bfloat16, enabled=narrow):
            hidden = network.hidden(lesson.tokens[:, :-1])
        loss = head.of_lesson(hidden, lesson, text=settings.text)
        if settings.features and lesson.hidden is not None:
            loss = loss + settings.features * _distance(hidden, lesson.hidden)
        return loss

    training = Training(
        {**plain, **grids.parameters()},
        settings,
        folder=bench.folder,
        key=bench.key,
        watch=bench.watch,
        held=held(model, plain) | grids.held(),
        rates={GROWTH + name: settings.scale_rate for name in grids.growth}
        | {LATENT + name: settings.latent_rate for name in grids.latent},
        step=grids,
    )
    said = training.run("recover", loss)
    scales = {**model.scales, **grids.finish()}
    notes = {"training": vars(said), "sequences": count, "bfloat16": narrow}
    return Result(replace(with_weights(model, weights), scales=scales), notes)


def _taught(settings: Recover, model: DenseModel, bench: Workbench) -> Teacher:
    """The teacher's answers, on disk, which later stages that ask the same need not wait for."""
    narrow = half(settings.precision, bench.device, kept=bench.folder)
    asked = (bench.taught_by, bench.seed, settings.length, settings.features > 0, narrow)
    key = hashlib.sha256(repr(asked).encode()).hexdigest()
    teacher = Teacher(bench.answers / key[:12], key=key, features=settings.features > 0)
    teaching = bench.teacher()
    if list(teaching.vocabulary.tokens) != list(model.vocabulary.tokens):
        raise SettingError("The teacher of recover has other tokens than the model.")
    network = Network(teaching.config, bench.tensors(teaching))
    # Other sequences than those that the teacher may have been adapted on.
    batches = bench.batches(model, length=settings.length, purpose="recover")
    teacher.prepare(network, batches, teacher_sequences(settings), bench.watch, half=narrow)
    return teacher


def _distance(hidden: Tensor, taught: Tensor) -> Tensor:
    """Squared distance relative to the teacher's size, so that no token counts for many."""
    size = taught.square().sum(-1).clamp_min(1e-6)
    return ((hidden - taught).square().sum(-1) / size).mean()
