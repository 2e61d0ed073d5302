"""What the core has learned and no file holds yet, in order."""

from __future__ import annotations

import threading
from collections.abc import Callable

from foretype.profile.core import Core, Sections
from foretype.profile.forgetting import Drop
from foretype.profile.records import Pending, Row, to_ms


class Queue:
    """Numbers the core's operations as journal rows and keeps them until they are written.

    Its lock is held for a moment only, never during a write, so the typing path may take it.
    """

    def __init__(self, core: Core, last: int, clock: Callable[[], float]) -> None:
        self._core = core
        self._clock = clock
        self._lock = threading.Lock()
        self._last = last
        self._waiting = Pending()

    def __bool__(self) -> bool:
        return bool(self._waiting)

    @property
    def last(self) -> int:
        """The number that was given last."""
        return self._last

    def drain(self) -> None:
        """Take what the core has learned since."""
        with self._lock:
            self._push(self._core.drain())

    def drain_with_snapshot(self) -> tuple[int, Sections]:
        """The same, and what the core is once it has learned just that: (last number, sections)."""
        with self._lock:
            operations, sections = self._core.checkpoint()
            self._push(operations)
            return self._last, sections

    def mark(self, digest: bytes) -> None:
        """What was learned until now came from the text of this digest."""
        with self._lock:
            self._push(self._core.drain())
            self._waiting += Pending((), (digest,))

    def peek(self) -> Pending:
        """What waits."""
        return self._waiting

    def take(self) -> Pending:
        """What waits; from here on the caller sees to it."""
        with self._lock:
            waiting, self._waiting = self._waiting, Pending()
            return waiting

    def put_back(self, taken: Pending) -> None:
        """It could not be written: it waits again, before what came since."""
        with self._lock:
            self._waiting = taken + self._waiting

    def forget(self, drop: Drop, *, digests: bool) -> None:
        """Keep no row that holds something forgotten."""
        with self._lock:
            rows = tuple(row for row in self._waiting.rows if not drop(row))
            self._waiting = Pending(rows, () if digests else self._waiting.digests)

    def _push(self, operations: bytes) -> None:
        if operations:
            self._last += 1
            row = Row(self._last, to_ms(self._clock()), operations)
            self._waiting += Pending((row,))
