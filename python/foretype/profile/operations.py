"""Writes journal operations as the core reads them (docs/formats/profile.md), for the import."""

from __future__ import annotations

from collections.abc import Iterable

_CONTEXT, _DAY, _MESSAGE, _HABIT, _BLOCK, _PRIVATE, _PAUSED = 1, 2, 8, 9, 10, 12, 13
_SEEN, _OVERLOOKED = 0, 1


def message(context: bytes, day: int, text: bytes) -> bytes:
    """A remembered message."""
    return _begin(context) + _number(_DAY) + _number(day) + _number(_MESSAGE) + _text(text)


def habit(seen: int, overlooked: int) -> bytes:
    """So many right suggestions that were seen, and that were typed out by hand."""
    once = _number(_HABIT)
    return once.join([b"", *[_number(_SEEN)] * seen, *[_number(_OVERLOOKED)] * overlooked])


def block(words: Iterable[bytes]) -> bytes:
    """Words never to be suggested."""
    return b"".join(_number(_BLOCK) + _text(word) for word in words)


def private(context: bytes, yes: bool) -> bytes:
    """Whether what is learned in a context is offered there only."""
    return _begin(context) + _number(_PRIVATE) + _number(yes)


def paused(yes: bool) -> bytes:
    """Whether learning is paused."""
    return _number(_PAUSED) + _number(yes)


def _begin(context: bytes) -> bytes:
    return _number(_CONTEXT) + _text(context)


def _text(data: bytes) -> bytes:
    return _number(len(data)) + data


def _number(value: int) -> bytes:
    """Seven bits a byte, lowest first, the high bit set on all but the last."""
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
