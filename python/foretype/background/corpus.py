"""The texts that English is counted from, with how much each of them weighs."""

import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from foretype.errors import DataError

Progress = Callable[[str, int, int], None]  # what is being done, steps done, steps in all

SHARE_ALIKE = ("schema-guided-dialogue",)  # CC BY-SA: nothing made from it may ship
# People talking to each other write more like mail than handbooks do.
CONVERSATION_WEIGHT = {"irc-disentanglement": 2.0, "QMSum AMI+ICSI": 3.0}


@dataclass(frozen=True)
class Source:
    """One text to count, in messages of its own."""

    messages: tuple[str, ...]
    weight: float


def sources(path: Path, *, progress: Progress) -> Iterator[Source]:
    """The texts of a JSON-lines file (gzipped or not), less the rows that cannot ship.

    Raises DataError if the file or one of its rows cannot be read.
    """
    size = path.stat().st_size if path.exists() else 0
    opener = gzip.open if path.suffix == ".gz" else open
    try:
        with path.open("rb") as raw, opener(raw, "rt", encoding="utf-8") as lines:  # type: ignore[operator]
            for number, line in enumerate(lines, start=1):
                yield from _source(line, path=path, number=number)
                progress("counting", raw.tell(), size)
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise DataError(f"Cannot read {path}: {error}. Give a file of JSON lines.") from error


def _source(line: str, *, path: Path, number: int) -> Iterator[Source]:
    try:
        row = json.loads(line)
        name, text = str(row["source"]), str(row["text"])
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise DataError(
            f"Line {number} of {path} is not a JSON object with `source` and `text`."
        ) from error
    if name in SHARE_ALIKE:
        return
    weight = CONVERSATION_WEIGHT.get(name)
    # In a conversation each line is somebody's message.
    messages = (text,) if weight is None else tuple(text.split("\n"))
    yield Source(messages=messages, weight=1.0 if weight is None else weight)
