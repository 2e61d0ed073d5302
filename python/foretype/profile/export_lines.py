"""The lines of an exported profile: docs/formats/profile-export.md."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from foretype.profile.known import Counts, from_day, to_day, word_rows

FORMAT = "foretype-profile"
VERSION = 1

_PAGE = 4096  # n-grams asked for at once
_MOST_UNIT_BYTES = 64
_MOST_CONTEXT_UNITS = 4
_COUNT = 0xFFFFFFFF
_SMALL_COUNT = 0xFFFF  # accepted and rejected, and days
_HABIT = 10_000_000  # each is done again singly

Line = dict[str, Any]


class Rows(Counts, Protocol):
    """The part of the core's profile that is written out."""

    @property
    def paused(self) -> bool:
        """Whether learning is paused."""

    def habit(self) -> tuple[int, int]:
        """Right suggestions that were seen, and that were typed out by hand."""

    def blocked(self) -> list[bytes]:
        """Words never to be suggested."""

    def ngram_rows(
        self, context: bytes, first: int, most: int, /
    ) -> tuple[list[tuple[tuple[bytes, ...], bytes, int, int]], int | None]:
        """(context units, unit, count, day) from `first` on, and where to go on."""


def lines_of(core: Rows) -> Iterator[Line]:
    """Everything that the profile knows, from the first line to the last but one."""
    yield {"format": FORMAT, "version": VERSION}
    messages = core.messages()
    written = {context for context, _, _ in messages}
    contexts = [each for each in core.contexts() if each[1] or each[2] or each[0] in written]
    for name, private, _ in contexts:
        yield {"context": text_of(name), "private": private}
    for name in (b"", *(name for name, _, _ in contexts)):
        yield from _words(core, name)
        yield from _ngrams(core, name)
    for context, day, text in messages:
        yield {"message": text_of(text), **_in(context), "day": _day(day)}
    for word in core.blocked():
        yield {"blocked": text_of(word)}
    seen, overlooked = core.habit()
    yield {"seen": seen, "overlooked": overlooked}
    yield {"paused": core.paused}


def _words(core: Rows, name: bytes) -> Iterator[Line]:
    for unit, inside, opening, accepted, rejected, first, last, _ in word_rows(core, name):
        yield {
            "word": text_of(unit),
            **_in(name),
            "inside": inside,
            "opening": opening,
            "accepted": accepted,
            "rejected": rejected,
            "first_day": _day(first),
            "last_day": _day(last),
        }


def _ngrams(core: Rows, name: bytes) -> Iterator[Line]:
    first: int | None = 0
    while first is not None:
        rows, first = core.ngram_rows(name, first, _PAGE)
        for units, unit, count, day in rows:
            yield {
                "after": [text_of(each) for each in units],
                "unit": text_of(unit),
                **_in(name),
                "count": count,
                "day": _day(day),
            }


def _in(context: bytes) -> Line:
    return {"in": text_of(context)} if context else {}


def _day(number: int) -> str:
    return from_day(number).isoformat()


def text_of(data: bytes) -> str:
    """Bytes as JSON can hold them; those that are no UTF-8 become lone surrogates."""
    return data.decode("utf-8", "surrogateescape")


def bytes_of(text: str) -> bytes:
    """The inverse of `text_of`."""
    return text.encode("utf-8", "surrogateescape")


def encode(line: Line) -> bytes:
    """One line of the file."""
    try:
        return json.dumps(line, ensure_ascii=False).encode() + b"\n"
    except UnicodeEncodeError:
        return json.dumps(line).encode() + b"\n"


class BadLine(Exception):
    """What is wrong with a line, in words."""


@dataclass(frozen=True)
class Kind:
    """A kind of line: its fields, each with the check of its value."""

    fields: dict[str, Callable[[Any], bool]]
    optional: frozenset[str] = frozenset()


def decode(data: bytes) -> tuple[str, Line]:
    """The kind of a line, which is its first field, and its fields. Raises BadLine."""
    try:
        line = json.loads(data)
    except (ValueError, RecursionError):
        raise BadLine("is not JSON") from None
    if not isinstance(line, dict):
        raise BadLine("is not a JSON object")
    for name, kind in _KINDS.items():
        if name in line:
            _check(line, kind)
            return name, line
    raise BadLine("is of no kind that this version knows")


def _check(line: Line, kind: Kind) -> None:
    for name, good in kind.fields.items():
        if name not in line:
            if name in kind.optional:
                continue
            raise BadLine(f'has no "{name}"')
        if not good(line[name]):
            raise BadLine(f'has a "{name}" that cannot be')
    for name in line:
        if name not in kind.fields:
            raise BadLine(f'has a "{name}" that this version does not know')


def _is_text(value: object) -> bool:
    if not isinstance(value, str):
        return False
    try:
        bytes_of(value)
    except UnicodeEncodeError:
        return False
    return True


def _is_unit(value: object) -> bool:
    return (
        isinstance(value, str)
        and _is_text(value)
        and 0 < len(bytes_of(value)) <= (_MOST_UNIT_BYTES)
    )


def _is_history(value: object) -> bool:
    return (
        isinstance(value, list)
        and 1 <= len(value) <= _MOST_CONTEXT_UNITS
        and all(each == "" or _is_unit(each) for each in value)
    )


def _is_name(value: object) -> bool:
    return _is_text(value) and value != ""


def _is_day(value: object) -> bool:
    try:
        return isinstance(value, str) and 0 <= to_day(date.fromisoformat(value)) <= _SMALL_COUNT
    except ValueError:
        return False


def _is_count(most: int, least: int = 0) -> Callable[[Any], bool]:
    return lambda value: type(value) is int and least <= value <= most


def _is_bool(value: object) -> bool:
    return isinstance(value, bool)


_IN = frozenset({"in"})
_KINDS = {
    "format": Kind({"format": lambda value: value == FORMAT, "version": _is_count(_COUNT)}),
    "word": Kind(
        {
            "word": _is_unit,
            "in": _is_name,
            "inside": _is_count(_COUNT),
            "opening": _is_count(_COUNT),
            "accepted": _is_count(_SMALL_COUNT),
            "rejected": _is_count(_SMALL_COUNT),
            "first_day": _is_day,
            "last_day": _is_day,
        },
        _IN,
    ),
    "after": Kind(
        {
            "after": _is_history,
            "unit": _is_unit,
            "in": _is_name,
            "count": _is_count(_COUNT, 1),
            "day": _is_day,
        },
        _IN,
    ),
    "message": Kind({"message": _is_text, "in": _is_name, "day": _is_day}, _IN),
    "context": Kind({"context": _is_name, "private": _is_bool}),
    "blocked": Kind({"blocked": _is_text}),
    "seen": Kind({"seen": _is_count(_HABIT), "overlooked": _is_count(_HABIT)}),
    "paused": Kind({"paused": _is_bool}),
    "end": Kind({"end": _is_count(1 << 62)}),
}
