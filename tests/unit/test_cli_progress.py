"""A progress bar is drawn for people, and only for what takes long."""

import os
import subprocess
import sys

import pytest

WORK = """
import time
from foretype.cli import progress
progress.PATIENCE_SECONDS = {patience}
with progress.working("looking"):
    time.sleep(0.3)
"""


@pytest.mark.parametrize(
    ("patience", "terminal", "drawn"), [(0.05, True, True), (60, True, False), (0.05, False, False)]
)
def test_a_bar_comes_after_a_while_and_only_to_a_terminal(
    patience: float, terminal: bool, drawn: bool
) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "FORCE_COLOR"}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    if terminal:
        environment["FORCE_COLOR"] = "1"  # what rich takes for a terminal
    done = subprocess.run(
        [sys.executable, "-c", WORK.format(patience=patience)],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    assert done.stdout == ""
    assert ("looking" in done.stderr) is drawn
