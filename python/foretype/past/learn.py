"""Learns a past: each text once, in order of date, to be stopped and gone on with at any time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from foretype.errors import SettingError
from foretype.past.find import Progress, no_progress
from foretype.past.owner import Guess
from foretype.past.read import Reading, read_past
from foretype.past.written import Counts, Skip


class Learner(Protocol):
    """What a profile offers for this."""

    @property
    def paused(self) -> bool:
        """While true it learns nothing."""

    @property
    def read_only(self) -> bool:
        """Whether what it learns is not kept."""

    def learn(self, text: str, *, context: str = "", day: date | None = None) -> None:
        """Learn a text of the owner's, as written on `day`; None is today."""

    def learned_digests(self) -> Collection[bytes]:
        """Names of all texts that were learned from files before; kept with the profile."""

    def note_learned(self, digest: bytes) -> None:
        """The text of that name has just been learned; kept together with what it taught."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What came of it. `interrupted`: there was more; the same call goes on from here."""

    texts: int
    words: int
    first_day: date | None
    last_day: date | None
    owners: tuple[str, ...]
    guesses: tuple[Guess, ...]
    counts: Counts
    interrupted: bool


def learn_past(
    profile: Learner | None,
    paths: Sequence[Path],
    *,
    me: Sequence[str] = (),
    context: str = "",
    now: datetime | None = None,
    progress: Progress = no_progress,
) -> Learned:
    """Learns what `read_past` finds in `paths`; see `learn_reading`."""
    reading = read_past(paths, me=me, now=now, progress=progress)
    return learn_reading(profile, reading, context=context, progress=progress)


def learn_reading(
    profile: Learner | None,
    reading: Reading,
    *,
    context: str = "",
    progress: Progress = no_progress,
    stop: Callable[[], bool] = lambda: False,
) -> Learned:
    """Learns a reading, except what the profile learned from files before.

    Without a profile everything is read and counted but nothing is learned. `stop` is asked
    between two texts. Raises SettingError where nothing would be learned or kept.
    """
    if profile is not None:
        _check(profile)
    work = _Work(profile, context)
    interrupted = work.through(reading, progress, stop)
    return Learned(
        texts=work.texts,
        words=work.words,
        first_day=min(work.days, default=None),
        last_day=max(work.days, default=None),
        owners=reading.owners,
        guesses=reading.guesses,
        counts=reading.counts,
        interrupted=interrupted,
    )


def _check(profile: Learner) -> None:
    if profile.read_only:
        raise SettingError(
            "Another program is using the profile, so what is learned here would not be kept; "
            "close it, then learn these files."
        )
    if profile.paused:
        raise SettingError("Learning is paused; resume it first, then learn these files.")


class _Work:
    """Learns one text after the other and adds up."""

    def __init__(self, profile: Learner | None, context: str) -> None:
        self._profile = profile
        self._context = context
        self._known = frozenset(profile.learned_digests()) if profile is not None else frozenset()
        self.texts = 0
        self.words = 0
        self.days: set[date] = set()

    def through(self, reading: Reading, progress: Progress, stop: Callable[[], bool]) -> bool:
        """True when it was stopped before the end."""
        stage = "reading" if self._profile is None else "learning"
        for written in reading:
            if stop():
                return True
            progress(stage, reading.done, reading.total)
            if written.digest in self._known:
                reading.counts.skip(Skip.KNOWN)
                continue
            self._learn(written.text, written.day, written.digest)
        progress(stage, reading.total, reading.total)
        return False

    def _learn(self, text: str, day: date | None, digest: bytes) -> None:
        if self._profile is not None:
            self._profile.learn(text, context=self._context, day=day)
            self._profile.note_learned(digest)
        self.texts += 1
        self.words += len(text.split())
        if day is not None:
            self.days.add(day)
