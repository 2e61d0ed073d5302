"""Finds where texts lie, when they were written and by whom; the texts themselves stay there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from foretype.errors import DataError, ErrorCode
from foretype.past.files import READ, Kind, files_in, kind_of
from foretype.past.json_lines import MAX_LINE, RowError, parse_row, read_lines
from foretype.past.mail import UnreadableError, read_envelope, trusted
from foretype.past.mailbox import MAX_HEADER, read_mailbox
from foretype.past.owner import Evidence
from foretype.past.written import Counts, Skip, Trouble

Progress = Callable[[str, int, int], None]
"""Told (what is being done, how much of it is done, how much there is)."""


def no_progress(stage: str, done: int, total: int) -> None:
    """The Progress of those who do not watch."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where one text lies. `moment` is its own, `when` the best that is known."""

    path: Path
    kind: Kind
    offset: int
    length: int
    number: int
    senders: tuple[str, ...] | None = None  # None: a text without a sender is the owner's
    moment: datetime | None = None
    when: datetime | None = None


class Finder:
    """Goes through files once. `places`, `evidence` and `counts` are what it found."""

    def __init__(self, now: datetime, progress: Progress) -> None:
        self.places: list[Place] = []
        self.evidence: list[Evidence] = []
        self.counts = Counts()
        self._now = now
        self._progress = progress
        self._bytes_done = 0
        self._bytes = 0

    def look_in(self, paths: Sequence[Path]) -> None:
        """Raises DataError for a path that is not there; anything else is counted."""
        found = []
        for path in paths:
            if not path.exists():
                raise DataError(f"There is no file {path}.", code=ErrorCode.WRONG_FORMAT)
            mail = Evidence(str(path))
            self.evidence.append(mail)
            found += [(file, in_maildir, mail, file == path) for file, in_maildir in files_in(path)]
        self._bytes = sum(_size(file) for file, _, _, _ in found)
        for file, in_maildir, mail, named in found:
            self._look_at(file, mail, in_maildir=in_maildir, named=named)
            self._bytes_done += _size(file)
            self._tell(0)

    def _look_at(self, file: Path, mail: Evidence, *, in_maildir: bool, named: bool) -> None:
        try:
            kind = kind_of(file, in_maildir=in_maildir)
            if kind is None:
                trouble = Trouble(file, 0, f"not one of {READ}") if named else None
                self.counts.skip(Skip.NOT_READ, trouble)
            else:
                self.counts.files += 1
                self._look_into(file, kind, mail)
        except OSError as error:
            self.counts.skip(Skip.NOT_READ, Trouble(file, 0, error.strerror or str(error)))

    def _look_into(self, file: Path, kind: Kind, mail: Evidence) -> None:
        if kind is Kind.MAILBOX:
            mails = read_mailbox(file, self._tell)
            for number, (offset, length, header) in enumerate(mails, start=1):
                self._add_mail(Place(file, kind, offset, length, number), header, mail)
        elif kind is Kind.MAIL:
            self._add_single(file, mail)
        elif kind is Kind.JSON_LINES:
            self._add_rows(file)
        else:
            self._add(Place(file, kind, 0, _size(file), 1))

    def _add_single(self, file: Path, mail: Evidence) -> None:
        """One mail. Apple's `.emlx` begins with its length, and more follows it."""
        with file.open("rb") as opened:
            told = opened.readline() if file.suffix == ".emlx" else b""
            header = opened.read(MAX_HEADER)
        told_length = int(told) if told.strip().isdigit() else 0
        length = told_length or _size(file) - len(told)
        self._add_mail(Place(file, Kind.MAIL, len(told), length, 1), header, mail)

    def _add_mail(self, place: Place, header: bytes, mail: Evidence) -> None:
        try:
            envelope = read_envelope(header)
        except Exception as error:  # the standard parser raises anything for a torn header
            self.counts.skip(Skip.BROKEN, Trouble(place.path, place.number, f"header: {error}"))
            return
        mail.add(envelope)
        self._add(replace(place, senders=envelope.senders, moment=envelope.moment))

    def _add_rows(self, file: Path) -> None:
        authors = Evidence(str(file))
        self.evidence.append(authors)
        for number, (offset, length) in enumerate(read_lines(file), start=1):
            try:
                row = parse_row(bytes_at(file, offset, length, MAX_LINE))
            except (RowError, UnreadableError) as error:
                self.counts.skip(Skip.BROKEN, Trouble(file, number, str(error)))
                continue
            if row.author:
                authors.add_author(row.author)
            senders = (row.author,) if row.author else None
            self._add(Place(file, Kind.JSON_LINES, offset, length, number, senders, row.moment))
            self._tell(offset)

    def _add(self, place: Place) -> None:
        when = trusted(place.moment, self._now) or trusted(_date_of(place.path), self._now)
        self.places.append(replace(place, when=when))

    def _tell(self, done_of_file: int) -> None:
        self._progress("finding", self._bytes_done + done_of_file, self._bytes)


def bytes_at(path: Path, offset: int, length: int, most: int) -> bytes:
    """Part of a file. Raises UnreadableError where it has more than `most` bytes, and OSError."""
    if length > most:
        raise UnreadableError(Skip.TOO_LARGE, f"{length:,} bytes, at most {most:,} are read")
    with path.open("rb") as file:
        file.seek(offset)
        return file.read(length)


def _date_of(file: Path) -> datetime:
    return datetime.fromtimestamp(file.stat().st_mtime, UTC)


def _size(file: Path) -> int:
    """0 for what cannot be asked; reading it will say why."""
    try:
        return file.stat().st_size
    except OSError:
        return 0
