"""How long a fresh process takes to its first suggestion."""

import json
import statistics
import subprocess
import sys
import time

from foretype.errors import ForetypeError
from foretype.replay.settings import Settings

STARTS = 5
FIRST_TEXT = "Thank you for the "


def cold_start_s(settings: Settings) -> float:
    """Median seconds over a few starts: interpreter, import, open, first suggestion.

    The model file is in the page cache, as it is where the engine was used before.
    """
    return statistics.median(_one_start(settings) for _ in range(STARTS))


def _one_start(settings: Settings) -> float:
    start = time.perf_counter()
    started = subprocess.run(
        [sys.executable, "-m", "foretype.replay.cold_start"],
        input=json.dumps(settings.to_json()),
        encoding="utf-8",
        check=False,
    )
    if started.returncode:
        raise ForetypeError("A fresh process could not open the engine for the cold start.")
    return time.perf_counter() - start


def first_suggestion(settings: Settings) -> None:
    """Open the system and ask it once, without a deadline: what a user waits for."""
    from foretype.replay.worker import open_system

    system = open_system(settings)
    session = system.session(
        system.profile(), proposers=settings.proposers, wrong_per_100_words=None
    )
    session.type(FIRST_TEXT)
    session.suggest(budget_ms=1e4)
    system.close()


if __name__ == "__main__":
    first_suggestion(Settings(**json.loads(sys.stdin.read())))
