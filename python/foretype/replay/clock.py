"""Time that a call takes, by the clock on the wall and by the processor's."""

import time
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")


def clocked(call: Callable[[], Result]) -> tuple[Result, float, float]:
    """The result, seconds on the wall, and seconds of this process on a processor.

    With one thread both are the same on an idle machine; on a busy one the second leaves out
    the time in which other programs ran.
    """
    wall, processor = time.perf_counter(), time.process_time()
    result = call()
    return result, time.perf_counter() - wall, time.process_time() - processor
