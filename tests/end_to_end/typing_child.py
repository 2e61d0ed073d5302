"""Types into a profile until it is killed, and says on its output what it has done and when.

usage: typing_child.py FOLDER SEED FIRST_WORD WRITE_AFTER_S KEY_S
Each line: what happened, the number of the word, the monotonic clock in seconds.
"""

import random
import sys
import time
from pathlib import Path

from foretype import Engine
from foretype.profile import schedule


def say(what: str, number: int) -> None:
    sys.stdout.write(f"{what} {number} {time.monotonic()}\n")
    sys.stdout.flush()


def word(number: int) -> str:
    """A word of its own for each number, which no other holds: digits become letters."""
    return "q" + "".join("abcdefghij"[int(digit)] for digit in f"{number:06}") + "z"


def main() -> None:
    folder, seed, first = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    schedule.WRITE_AFTER_S, key_s = float(sys.argv[4]), float(sys.argv[5])
    source = random.Random(seed)
    engine = Engine.open(language_model=False)
    profile = engine.open_profile(folder)
    session = engine.session(profile, proposers="trie")
    say("ready" if profile.trouble is None else "trouble", first)
    number = first
    while True:
        for character in word(number) + " ":
            session.type(character)
            time.sleep(key_s)
        if number > first:
            say("word", number - 1)  # settled: another one follows it
        chance = source.random()
        if chance < 0.15:
            session.finish()
            say("word", number)
        elif chance < 0.17:
            profile.compact()
        elif chance < 0.19 and number - first > 10:
            victim = number - source.randrange(5, 10)
            say("forgetting", victim)
            profile.forget(word(victim))
            say("forgot", victim)
        number += 1


if __name__ == "__main__":
    main()
