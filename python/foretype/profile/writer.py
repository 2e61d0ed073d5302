"""The thread that writes a profile, so that typing never waits for the disk."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Protocol

from foretype.profile.schedule import Schedule


class Work(Protocol):
    """What there is to do; each returns whether it succeeded and never raises for the disk."""

    def write(self) -> bool:
        """Write what was learned."""

    def rest(self) -> bool:
        """A short pause in typing."""

    def idle(self) -> bool:
        """A long pause in typing."""


class Writer:
    """Does the work of a schedule in a thread of its own."""

    def __init__(self, work: Work, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._work = work
        self._clock = clock
        self._schedule = Schedule()
        self._wake = threading.Event()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="foretype-profile", daemon=True)

    def start(self) -> None:
        """Begin. Nothing is done before something is touched."""
        self._thread.start()

    def touch(self) -> None:
        """Something was learned. Takes no lock that is ever held during a write."""
        if self._schedule.touched(self._clock()):
            self._wake.set()

    def hurry(self) -> None:
        """Something was finished: write it at once, but do not wait for it."""
        if self._schedule.hurry(self._clock()):
            self._wake.set()

    def stop(self) -> None:
        """End the thread, after what it is doing. What is not written yet is for the caller."""
        self._stopping = True
        self._wake.set()
        if self._thread.is_alive() and threading.current_thread() is not self._thread:
            self._thread.join()

    def step(self, now: float) -> None:
        """Do what is due."""
        schedule = self._schedule
        if schedule.write_at is not None and now >= schedule.write_at:
            schedule.write_at = None  # what is touched from here on is for the next write
            self._wrote(self._work.write())
        if schedule.rest_at is not None and now >= schedule.rest_at:
            schedule.rest_at = None
            self._wrote(self._work.rest())
        if schedule.idle_at is not None and now >= schedule.idle_at:
            schedule.idle_at = None
            self._wrote(self._work.idle())

    def _wrote(self, well: bool) -> None:
        if not well:
            self._schedule.wrote(self._clock(), well=False)
        elif self._schedule.write_at is None:
            self._schedule.wrote(self._clock(), well=True)

    def _run(self) -> None:
        while not self._stopping:
            self._wake.wait(self._schedule.patience(self._clock()))
            self._wake.clear()
            if not self._stopping:
                self.step(self._clock())
