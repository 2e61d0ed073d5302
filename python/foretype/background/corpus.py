"""The texts that English is counted from."""

import gzip
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path

from foretype.errors import DataError

Progress = Callable[[str, int, int], None]  # what is being done, steps done, steps in all

SHARE_ALIKE = ("schema-guided-dialogue",)  # CC BY-SA: nothing made from it may ship
CONVERSATIONS = ("irc-disentanglement", "QMSum AMI+ICSI")  # each line is somebody's message


def messages(path: Path, *, progress: Progress) -> Iterator[str]:
    """The messages of a JSON-lines file (gzipped or not), less the rows that cannot ship.

    Raises DataError if the file or one of its rows cannot be read.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as raw:
            content = gzip.GzipFile(fileobj=raw) if path.suffix == ".gz" else raw
            for number, line in enumerate(io.TextIOWrapper(content, "utf-8"), start=1):
                yield from _messages(line, path=path, number=number)
                progress("counting", min(raw.tell(), size), size)
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise DataError(f"Cannot read {path}: {error}. Give a file of JSON lines.") from error


def _messages(line: str, *, path: Path, number: int) -> list[str]:
    try:
        row = json.loads(line)
        name, text = str(row["source"]), str(row["text"])
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise DataError(
            f"Line {number} of {path} is not a JSON object with `source` and `text`."
        ) from error
    if name in SHARE_ALIKE:
        return []
    return text.split("\n") if name in CONVERSATIONS else [text]
