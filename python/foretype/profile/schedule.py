"""When the writer has something to do. Times are seconds of a monotonic clock."""

from __future__ import annotations

from dataclasses import dataclass

WRITE_AFTER_S = 1.0  # what is typed waits at most so long: with the write itself under two seconds
REST_AFTER_S = 5.0  # a pause: the log is emptied, so that damage to it would cost nothing
IDLE_AFTER_S = 30.0  # a longer one: the snapshot may be made anew, which holds the interpreter
FIRST_RETRY_S = 2.0
LAST_RETRY_S = 60.0


@dataclass
class Schedule:
    """What is due, from when something was last learned. None: nothing."""

    write_at: float | None = None
    rest_at: float | None = None
    idle_at: float | None = None
    retry_s: float = FIRST_RETRY_S

    def touched(self, now: float) -> bool:
        """Something was learned. True if the writer must hear of it to be in time."""
        self.rest_at = now + REST_AFTER_S
        self.idle_at = now + IDLE_AFTER_S
        if self.write_at is not None:
            return False
        self.write_at = now + WRITE_AFTER_S
        return True

    def hurry(self, now: float) -> bool:
        """Something was finished: write it now. True if the writer must hear of it."""
        self.touched(now)
        self.write_at = now
        return True

    def wrote(self, now: float, *, well: bool) -> None:
        """A write is over; one that failed is tried again, ever more rarely."""
        if well:
            self.write_at = None
            self.retry_s = FIRST_RETRY_S
            return
        self.write_at = now + self.retry_s
        self.retry_s = min(2 * self.retry_s, LAST_RETRY_S)

    def patience(self, now: float) -> float | None:
        """Seconds until something is due, None for ever."""
        times = [at for at in (self.write_at, self.rest_at, self.idle_at) if at is not None]
        return max(0.0, min(times) - now) if times else None
