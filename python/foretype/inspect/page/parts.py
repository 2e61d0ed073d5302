"""What a page is made of: sections of plots and tables, each with a title that says what it found.

Colours are names of the style sheet, such as var(--own), so that the page can be light or dark.
"""

import html
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

Figure = dict[str, Any]

WIDE_DECADES = 3

OWN = "var(--own)"  # what is the owner's
OTHER = "var(--other)"  # what it is compared with
QUIET = "var(--quiet)"  # all the rest
GOOD = "var(--good)"
OUTLINE = "var(--soft)"  # of intervals


@dataclass(frozen=True)
class Plot:
    """A figure of plotly.js: `traces`, and a `layout` with a titled axis for each direction.

    `guide` is one sentence on how to read it. Half plots stand in pairs where there is room.
    """

    title: str
    guide: str
    traces: Sequence[Figure]
    layout: Figure
    height: int = 380  # pixels
    half: bool = False


@dataclass(frozen=True)
class Table:
    """Rows of text and numbers, as they are to be read."""

    title: str
    guide: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    half: bool = False


@dataclass(frozen=True)
class Section:
    """One question about the owner. `says` is its answer, a sentence or two for the summary, in
    which commands stand between backquotes.

    Without data there are no parts, and `says` tells why, and what would bring them.
    """

    name: str
    heading: str
    says: str
    parts: Sequence[Plot | Table] = field(default_factory=tuple)


def axis(title: str, **options: Any) -> Figure:
    """An axis with its title, which names the unit."""
    return {"title": {"text": title}, **options}


def log_axis(title: str, values: Iterable[float], *, unit: str = "", **options: Any) -> Figure:
    """The same by logarithm for these values, with whole numbers written on it.

    Over more than three powers of ten only these are named, else also 2 and 5 between them.
    """
    positive = [value for value in values if value > 0] or [1.0]
    low, high = (math.log10(end(positive)) for end in (min, max))
    steps = (1, 2, 5) if high - low <= WIDE_DECADES else (1,)
    powers = range(math.floor(low), math.ceil(high) + 1)
    ticks = [step * 10**power for power in powers for step in steps]
    names = [f"{tick:,.10f}".rstrip("0").rstrip(".") + unit for tick in ticks]
    return axis(title, type="log", tickvals=ticks, ticktext=names, **options)


def share_axis(title: str, **options: Any) -> Figure:
    """The same for shares in [0, 1], written in per cent."""
    return axis(title, tickformat=".0%", **options)


def reference_line(x: Sequence[float | str], y: Sequence[float], name: str) -> Figure:
    """What the data is to be compared with, dashed."""
    line = {"color": QUIET, "dash": "dash", "width": 1.5}
    return {"type": "scatter", "mode": "lines", "x": x, "y": y, "name": name, "line": line}


def label(text: str) -> str:
    """Text for a plot, where a part of HTML would be obeyed."""
    return html.escape(text, quote=False)


def per_cent(share: float) -> str:
    """0.0241 -> 2.4 %: two digits, but for what is nearly all."""
    amount = 100 * share
    digits = 0 if 10 <= amount < 99 else 1 if amount >= 1 else 2
    text = f"{amount:.{digits}f}"
    return f"{text.rstrip('0').rstrip('.') if digits else text} %"


def counted(number: int, noun: str) -> str:
    """1 token, 1,200 tokens."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
