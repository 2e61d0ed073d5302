"""Wall and processor time of a call."""

import threading

from foretype.replay.clock import clocked


def test_work_takes_both_kinds_of_time() -> None:
    result, wall_s, processor_s = clocked(lambda: sum(range(200_000)))
    assert result == 199_999 * 100_000
    assert 0 < processor_s <= wall_s + 0.02


def test_waiting_takes_the_wall_s_only() -> None:
    _, wall_s, processor_s = clocked(lambda: threading.Event().wait(0.5))
    assert wall_s >= 0.5
    assert processor_s < wall_s / 2  # other threads of a busy process count too
