"""A whole compression: stages in order, each result kept, so that a run may be interrupted."""

import fcntl
import hashlib
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from foretype.compress.checks import check_disk, check_head, check_memory, check_places
from foretype.compress.device import choose, prepare
from foretype.compress.held_out import HeldOut, Loss
from foretype.compress.network import Network
from foretype.compress.open import open_dense
from foretype.compress.recipe import Recipe, as_json
from foretype.compress.report import StageReport, from_json, summary, to_json, write_json
from foretype.compress.settings import Quantise, Recover, StageSettings
from foretype.compress.size import stored_bytes
from foretype.compress.stages import carry_out
from foretype.compress.texts import Mix
from foretype.compress.watch import Watch, counting
from foretype.compress.workbench import Result, Workbench
from foretype.errors import SettingError
from foretype.model.atomic import storage_error
from foretype.model.convert import convert
from foretype.model.dense_model import DenseModel, read_dense, write_dense
from foretype.model.places import FILE_SUFFIX

KEY_LENGTH = 12  # hexadecimal digits that a file's name shows of its key
KEPT_SUFFIX = ".dense.safetensors"
ANSWERS = "answers"  # folder of what teachers said


@dataclass(frozen=True)
class Options:
    """What a compression is told."""

    model: Path
    text: Path
    output: Path
    work: Path
    recipe: Recipe
    seed: int
    device: str
    force: bool
    watch: Watch


@dataclass(frozen=True)
class Done:
    """What came of it."""

    path: Path
    report: Path
    summary: str
    stages: list[StageReport]


def compress(options: Options) -> Done:
    """Run what is left to be run of a recipe, and convert the last model.

    Raises ForetypeError, in one sentence, before work starts where it could not be done.
    """
    check_places(options.output, options.work, force=options.force)
    device = choose(options.device)
    model = open_dense(options.model)
    for stage in options.recipe.stages:
        stage.check(model.config)
    check_head(options.recipe, model)
    check_disk(options.recipe, model.config, options.work)
    check_memory(options.recipe, model.config)
    mix = Mix.read(options.text, counting(options.watch, "bytes"))
    prepare(device)
    with _alone(options.work):
        return _Run(options, model, mix, device).run()


@contextmanager
def _alone(work: Path) -> Iterator[None]:
    """One compression in a folder at a time. Raises SettingError."""
    try:
        with (work / ".lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise SettingError(
                    f"Another compression is at work in {work}: choose another --work."
                ) from error
            yield
    except OSError as error:
        raise storage_error(work, error) from error


class _Run:
    """The state of one compression."""

    def __init__(self, options: Options, model: DenseModel, mix: Mix, device: torch.device) -> None:
        self._options = options
        self._mix = mix
        self._device = device
        self._model: DenseModel | None = model
        self._start = model
        measure = options.recipe.measure
        self._held_out = HeldOut(mix, windows=measure.windows, window_bytes=measure.window_bytes)
        self._kept: Path | None = None  # where the model stands; None: as it was given
        self._teacher: Path | None = None
        self._lost = False
        self._rounded = False
        self._unrounded: Path | None = None  # the model before it was rounded; None: as given
        self._loss: Loss | None = None

    def run(self) -> Done:
        options = self._options
        texts = _sha256(options.text)
        seed = options.seed
        key = _key(self._start.source_sha256, _sha256_of(self._start), texts, seed)
        measure = {"measure": vars(options.recipe.measure)}
        reports = []
        for number, stage in enumerate(options.recipe.stages, start=1):
            if stage.lossy and not self._lost:
                self._teacher, self._lost = self._kept, True
            if isinstance(stage, Quantise) and not self._rounded:
                self._unrounded, self._rounded = self._kept, True
            key = _key(key, json.dumps(as_json(stage), sort_keys=True))
            reports.append(self._stage(number, stage, key, measure))
        return self._finish(reports)

    def _stage(
        self, number: int, stage: StageSettings, key: str, measure: dict[str, Any]
    ) -> StageReport:
        name = f"{number:02d}-{stage.name}-{key[:KEY_LENGTH]}"
        kept = self._options.work / (name + KEPT_SUFFIX)
        record = self._options.work / (name + ".json")
        found = _read_record(record, key) if kept.is_file() else None
        if found is None:
            report, result = self._carry_out(stage, key, name)
            # The checkpoint last: it says that all is there.
            write_json(record, {"key": key, **measure, **to_json(report)})
            write_dense(kept, result.model, key=key, stage=stage.name)
            _remove(self._options.work / name)
            self._model = result.model
        else:
            report, measured = found
            self._model = None
        self._kept = kept
        if found is not None and measured != measure["measure"]:
            before = self._loss or report.before
            report = replace(report, before=before, after=self._measured(self._current()))
            write_json(record, {"key": key, **measure, **to_json(report)})
        self._loss = report.after
        self._options.watch.say(
            f"{stage.name}: {'done before, ' if found else ''}"
            f"loss {report.before.mean:.4f} -> {report.after.mean:.4f}"
        )
        return report

    def _carry_out(self, stage: StageSettings, key: str, name: str) -> tuple[StageReport, Result]:
        model = self._current()
        before = self._loss or self._measured(model)
        folder = self._options.work / name
        folder.mkdir(exist_ok=True)
        bench = Workbench(
            mix=self._mix,
            held_out=self._held_out,
            folder=folder,
            key=key,
            seed=self._options.seed,
            device=self._device,
            watch=self._options.watch,
            teacher=lambda: self._teacher_of(stage),
            taught_by=self._taught_by(stage),
            unrounded=self._before_rounding,
            answers=self._options.work / ANSWERS,
        )
        with _clock(folder / "seconds") as clock:
            result = carry_out(stage, model, bench)
        result.model.check()
        report = StageReport(
            stage=stage.name,
            settings=as_json(stage),
            before=before,
            after=self._measured(result.model),
            seconds=clock.seconds,
            stored_bytes=stored_bytes(result.model),
            notes=result.notes,
        )
        return report, result

    def _current(self) -> DenseModel:
        if self._model is None:
            self._model = read_dense(self._kept) if self._kept else self._start
        return self._model

    def _before_rounding(self) -> DenseModel | None:
        if not self._rounded:
            return None
        return read_dense(self._unrounded) if self._unrounded else self._start

    def _teacher_of(self, stage: StageSettings) -> DenseModel:
        if isinstance(stage, Recover) and stage.teacher is not None:
            return open_dense(Path(stage.teacher))
        return read_dense(self._teacher) if self._teacher else self._start

    def _taught_by(self, stage: StageSettings) -> str:
        if isinstance(stage, Recover) and stage.teacher is not None:
            path = Path(stage.teacher)
            return _sha256(path) if path.is_file() else str(path.resolve())
        return self._teacher.name if self._teacher else self._start.source_sha256

    def _measured(self, model: DenseModel) -> Loss:
        weights = {
            name: torch.from_numpy(each).to(self._device) for name, each in model.weights.items()
        }
        return self._held_out.loss(Network(model.config, weights), model.vocabulary)

    def _finish(self, reports: list[StageReport]) -> Done:
        options = self._options
        assert self._kept is not None  # a recipe has at least one stage
        name = options.output.name.removesuffix(FILE_SUFFIX)
        path = convert(
            self._kept,
            output=options.output,
            force=options.force,
            name=name,
            origin=self._start.source,
            progress=counting(options.watch, "layers"),
        )
        if (options.work / ANSWERS).is_dir():
            _remove(options.work / ANSWERS)
        text = summary(name, reports, file_bytes=path.stat().st_size)
        report = options.work / "report.json"
        write_json(
            report,
            {
                "name": name,
                "output": path.name,
                "file_bytes": path.stat().st_size,
                "model": options.model.name,
                "model_sha256": self._start.source_sha256,
                "text": options.text.name,
                "text_sha256": _sha256(options.text),
                "seed": options.seed,
                "device": self._device.type,
                "torch": torch.__version__,
                "measure": vars(options.recipe.measure),
                "stages": [to_json(each) for each in reports],
            },
        )
        (options.work / "summary.md").write_text(text, "utf-8")
        return Done(path, report, text, reports)


class _Clock:
    """Seconds of work, over all runs that it took."""

    seconds = 0.0


@contextmanager
def _clock(path: Path) -> Iterator[_Clock]:
    clock = _Clock()
    earlier = float(path.read_text("ascii")) if path.is_file() else 0.0
    started = time.monotonic()
    try:
        yield clock
    finally:
        clock.seconds = earlier + time.monotonic() - started
        path.write_text(f"{clock.seconds:.1f}", "ascii")


def _read_record(path: Path, key: str) -> tuple[StageReport, dict[str, Any]] | None:
    """What an earlier run reported of the same stage, and how it was measured."""
    try:
        value = json.loads(path.read_text("utf-8"))
        if value.pop("key") != key:
            return None
        measured = value.pop("measure")
        return from_json(value), measured
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _remove(folder: Path) -> None:
    """What a stage kept to go on from, now that its result stands."""
    for file in sorted(folder.rglob("*"), reverse=True):
        file.rmdir() if file.is_dir() else file.unlink()
    folder.rmdir()


def _key(*parts: Any) -> str:
    return hashlib.sha256("\n".join(str(part) for part in parts).encode()).hexdigest()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sha256_of(model: DenseModel) -> str:
    """Of the weights themselves: a checkpoint has its origin's checksum, not its own."""
    digest = hashlib.sha256()
    for name in sorted(model.weights):
        digest.update(name.encode())
        digest.update(model.weights[name].reshape(-1).view(np.uint8).data)
    return digest.hexdigest()
