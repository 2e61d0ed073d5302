"""Reads what the owner has written from files: first finds it all, then yields it by date."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from foretype.past.charset import decode, is_text
from foretype.past.files import Kind
from foretype.past.find import Finder, Place, Progress, bytes_at, no_progress
from foretype.past.json_lines import parse_row
from foretype.past.mail import UnreadableError, read_body
from foretype.past.mailbox import unescape
from foretype.past.markdown import markdown_to_text
from foretype.past.own_text import MAX_CHARACTERS, own_text
from foretype.past.owner import Guess, address_of, guess_owners
from foretype.past.pieces import pieces_of
from foretype.past.written import Counts, Skip, Trouble, Written, digest_of

MAX_MAIL = 64 << 20  # bytes, attachments and all
MAX_FILE = 20 << 20  # of text or Markdown


def read_past(
    paths: Sequence[Path],
    *,
    me: Sequence[str] = (),
    now: datetime | None = None,
    progress: Progress = no_progress,
) -> Reading:
    """Finds everything in `paths` (files and folders) that the owner wrote; iterate to read it.

    `me` are the owner's addresses, or author names in JSON lines; without any they are guessed,
    see `Reading.owners` and `Reading.guesses`. `now` is what dates are held against. Raises
    DataError where no owner can be guessed. A damaged message or file is counted, not raised.
    """
    finder = Finder(now or datetime.now(UTC), progress)
    finder.look_in(paths)
    owners = tuple(dict.fromkeys(map(address_of, me)))
    guesses: tuple[Guess, ...] = ()
    if not owners:
        guesses = guess_owners(finder.evidence)
        owners = tuple(dict.fromkeys(guess.owner for guess in guesses))
    finder.places.sort(key=lambda place: place.when.timestamp() if place.when else 0.0)
    finder.counts.found = len(finder.places)
    return Reading(finder.places, owners, guesses, finder.counts)


class Reading:
    """What was found, in order of date; iterate once. `counts` grows while it is read."""

    def __init__(
        self,
        places: list[Place],
        owners: tuple[str, ...],
        guesses: tuple[Guess, ...],
        counts: Counts,
    ) -> None:
        self.owners = owners
        self.guesses = guesses
        self.counts = counts
        self.total = len(places)
        self.done = 0
        self._places = places
        self._seen: set[bytes] = set()

    def __iter__(self) -> Iterator[Written]:
        for place in self._places:
            yield from self._read(place)
            self.done += 1

    def _read(self, place: Place) -> Iterator[Written]:
        if place.senders is not None and not set(place.senders) & set(self.owners):
            self.counts.skip(Skip.OTHERS)
            return
        try:
            texts = _texts_at(place)
        except UnreadableError as error:
            self.counts.skip(error.why, self._trouble(place, error))
            return
        except OSError as error:
            reason = error.strerror or str(error)
            self.counts.skip(Skip.NOT_READ, Trouble(place.path, place.number, reason))
            return
        yield from self._new(place, texts)

    def _new(self, place: Place, texts: list[str]) -> Iterator[Written]:
        if not texts:
            self.counts.skip(Skip.NOTHING)
        for number, text in enumerate(texts, start=place.number):
            digest = digest_of(text, place.moment)
            if digest in self._seen:
                self.counts.skip(Skip.TWICE)
                continue
            self._seen.add(digest)
            self.counts.written += 1
            day = place.when.date() if place.when else None
            yield Written(text, day, place.path, number, digest)

    def _trouble(self, place: Place, error: UnreadableError) -> Trouble | None:
        if error.why not in {Skip.BROKEN, Skip.TOO_LARGE}:
            return None
        return Trouble(place.path, place.number, str(error))


def _texts_at(place: Place) -> list[str]:
    """The owner's texts at a place, in order. Raises UnreadableError and OSError."""
    if place.kind in {Kind.TEXT, Kind.MARKDOWN}:
        return _file_texts(place)
    data = bytes_at(place.path, place.offset, place.length, MAX_MAIL)
    if place.kind is Kind.JSON_LINES:
        text = parse_row(data).text
    else:
        text = _body(unescape(data) if place.kind is Kind.MAILBOX else data)
    if len(text) > MAX_CHARACTERS:
        raise UnreadableError(Skip.TOO_LARGE, f"its text has {len(text):,} characters")
    own = own_text(text)
    return [own] if own else []


def _file_texts(place: Place) -> list[str]:
    text = decode(bytes_at(place.path, 0, place.length, MAX_FILE))
    if not is_text(text):
        raise UnreadableError(Skip.BROKEN, "not text")
    own = markdown_to_text(text) if place.kind is Kind.MARKDOWN else own_text(text)
    return [piece for piece in pieces_of(own) if any(map(str.isalpha, piece))]


def _body(data: bytes) -> str:
    try:
        return read_body(data)
    except UnreadableError:
        raise
    except Exception as error:  # the standard parser raises anything for what is torn
        raise UnreadableError(Skip.BROKEN, f"cannot be parsed ({error})") from error
