"""How commands answer: in columns and units for people, in JSON for programs."""

import json
from collections.abc import Iterable, Sequence

KILOBYTE = 1000


def print_json(value: object) -> None:
    """One JSON document; days and paths as text."""
    print(json.dumps(value, indent=1, default=str))


def columns(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Rows below their titles, each column as wide as its widest cell."""
    lines = [tuple(titles), *(tuple(visible(cell) for cell in row) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def visible(text: str) -> str:
    """Without control characters, which a stranger's file could send to the terminal."""
    return "".join(character if character.isprintable() else "?" for character in text)


def size(size_bytes: int) -> str:
    """A size in the largest unit that leaves one digit before the point."""
    amount, units = float(size_bytes), ["bytes", "kB", "MB", "GB"]
    while amount >= KILOBYTE and len(units) > 1:
        amount /= KILOBYTE
        units.pop(0)
    return f"{amount:.0f} {units[0]}" if units[0] == "bytes" else f"{amount:.1f} {units[0]}"


def count(number: int, noun: str) -> str:
    """1 message, 1,200 messages."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
