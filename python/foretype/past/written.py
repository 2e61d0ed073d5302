"""What reading a past yields: what was written, and an account of what was not taken."""

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

DIGEST_BYTES = 16
MAX_TROUBLES = 20  # named one by one; the counts go on


@dataclass(frozen=True, slots=True)
class Written:
    """One text of the owner's own.

    `number` counts the messages, lines or pieces of `path` from 1. `day` is None where no date
    can be trusted. The same text of the same second has the same `digest`, whichever file it
    is in.
    """

    text: str
    day: date | None
    path: Path
    number: int
    digest: bytes


class Skip(StrEnum):
    """Why something was not taken, as a person would be told."""

    OTHERS = "written by others"
    NOTHING = "nothing of your own in it"
    AUTOMATIC = "automatic"
    TWICE = "the same message again"
    KNOWN = "learned before"
    ENCRYPTED = "encrypted"
    TOO_LARGE = "too large"
    BROKEN = "broken"
    NOT_READ = "a file that is not read"


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that could not be read, and why. `number` 0 is the file as a whole."""

    path: Path
    number: int
    reason: str

    def __str__(self) -> str:
        place = f", number {self.number}" if self.number else ""
        return f"{self.path}{place}: {self.reason}"


@dataclass(slots=True)
class Counts:
    """The account of a reading; it grows while the reading goes on."""

    files: int = 0
    found: int = 0
    written: int = 0
    skipped: Counter[Skip] = field(default_factory=Counter)
    troubles: list[Trouble] = field(default_factory=list)

    def skip(self, why: Skip, trouble: Trouble | None = None) -> None:
        """One more that was not taken."""
        self.skipped[why] += 1
        if trouble is not None and len(self.troubles) < MAX_TROUBLES:
            self.troubles.append(trouble)


def digest_of(text: str, moment: datetime | None = None) -> bytes:
    """Names a text. With a moment, the same words of another second are another text."""
    when = "" if moment is None else str(int(moment.timestamp()))
    told = f"{when}\n{text}".encode("utf-8", "surrogatepass")
    return hashlib.sha256(told).digest()[:DIGEST_BYTES]
