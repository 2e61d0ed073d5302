"""A program that types into a profile is killed at random moments, again and again.

`make crash` kills it 200 times with the real times; here a few times, everything sooner.
"""

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from foretype import Engine, Profile

CHILD = Path(__file__).with_name("typing_child.py")
sys.path.append(str(CHILD.parent))
from typing_child import word  # noqa: E402

CRASHES = int(os.environ.get("FORETYPE_CRASHES", "0"))
# The promise is that nothing older than two seconds is lost. The short form writes after a
# twentieth of a second instead of one, and leaves the rest for a busy machine's delays.
ROUNDS, LONGEST_S, WRITE_AFTER_S, OLDEST_LOST_S, KEY_S = (
    (CRASHES, 6.0, 1.0, 2.0, 0.004) if CRASHES else (20, 0.8, 0.05, 0.6, 0.0005)
)


@dataclass
class Told:
    """What the killed programs said that they did."""

    typed: dict[int, float] = field(default_factory=dict)  # word -> when
    forgetting: set[int] = field(default_factory=set)
    forgot: set[int] = field(default_factory=set)
    kept: set[int] = field(default_factory=set)  # found after the last crash
    lost: set[int] = field(default_factory=set)  # not found after the crash that followed them
    next_word: int = 0


def run_and_kill(folder: Path, told: Told, seed: int) -> float:
    """One program's life. Returns when it was killed."""
    source = random.Random(seed)
    child = start_typing(folder, told, seed)
    time.sleep(source.uniform(0, LONGEST_S))
    child.kill()
    killed_at = time.monotonic()
    assert child.stdout is not None
    listen(child.stdout, told)
    child.wait()
    return killed_at


def start_typing(folder: Path, told: Told, seed: int) -> subprocess.Popen[str]:
    arguments = (folder, seed, told.next_word, WRITE_AFTER_S, KEY_S)
    child = subprocess.Popen(
        [sys.executable, CHILD, *map(str, arguments)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    assert child.stdout is not None
    assert child.stdout.readline().startswith("ready")
    return child


def listen(lines: Iterator[str], told: Told) -> None:
    for line in lines:
        what, number, when = line.split()
        if what == "word":
            told.typed[int(number)] = float(when)
        else:
            (told.forgetting if what == "forgetting" else told.forgot).add(int(number))
    told.next_word = max(told.typed, default=told.next_word) + 2


def check(profile: Profile, folder: Path, told: Told, killed_at: float) -> None:
    """All that was there before still is, each word counts once, nothing old enough is missing."""
    assert profile.trouble is None
    facts = {n: profile.show(word(n)) for n in told.typed}
    known = {n for n, each in facts.items() if each is not None}
    assert all(each.uses == 1 for each in facts.values() if each is not None)
    may_be_gone = told.forgetting | told.lost
    assert told.kept - may_be_gone <= known
    assert not known & (told.forgot | told.lost)
    missing = told.typed.keys() - known - may_be_gone
    assert all(told.typed[n] >= killed_at - OLDEST_LOST_S for n in missing), missing
    # What was learned first was written first.
    assert not missing or min(missing) > max(known - told.kept, default=0)
    told.kept, told.lost = known, told.lost | missing
    profile.flush()  # what a crash left half-forgotten is being wiped
    check_files(folder, told)


def check_files(folder: Path, told: Told) -> None:
    for path in folder.iterdir():
        data = path.read_bytes().lower()
        assert not [n for n in told.forgot if word(n).encode() in data], path.name


def test_the_second_program_reads_and_names_the_first(tmp_path: Path) -> None:
    engine = Engine.open(language_model=False)
    child = start_typing(tmp_path, Told(), seed=1)
    with engine.open_profile(tmp_path) as profile:
        assert profile.read_only
        assert f"process {child.pid}" in (profile.trouble or "")
    child.kill()
    child.communicate()
    with engine.open_profile(tmp_path) as profile:
        assert not profile.read_only


def test_nothing_older_than_two_seconds_is_lost(tmp_path: Path) -> None:
    engine = Engine.open(language_model=False)
    told = Told()
    for seed in range(ROUNDS):
        killed_at = run_and_kill(tmp_path, told, seed)
        with engine.open_profile(tmp_path) as profile:
            check(profile, tmp_path, told, killed_at)
    assert len(told.kept) > ROUNDS
