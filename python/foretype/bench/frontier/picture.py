"""The frontier as a picture: savings against time, an area for the size of the file."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from xml.sax.saxutils import escape

Json = dict[str, Any]

WIDTH = 880
TOP, BOTTOM = 46, 366  # of the panels
PANELS = {"free": (64, 428), "quiet": (500, 864)}  # left and right edge
LEGEND = BOTTOM + 72  # its first line
TICKS_MS = (0.1, 0.2, 0.5, 1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 200)
ROOM = 0.15  # of the spread of savings, above and below
ROOM_MS = 1.25  # beside the fastest and the slowest
RADIUS = 1.3  # pixels for the root of a megabyte
LINE = 18  # pixels between lines of the legend
CAPTION = (
    "Areas: sizes of files. Bars: 95 % intervals of each alone, so wider than those of differences."
    " Dashes: none is faster and saves more."
)
GREY, INK, BLUE, ORANGE = "#6b6b6b", "#222222", "#1f5f99", "#b85c00"


@dataclass(frozen=True, slots=True)
class Point:
    """One system at one point of operation; `number` stands for its name.

    `elsewhere`: not measured in our engine. The picture's savings do not reach down to it.
    """

    number: int
    name: str
    ms: float
    ks: float
    low: float
    high: float
    file_mb: float
    colour: str
    elsewhere: bool


@dataclass(frozen=True, slots=True)
class Scale:
    """From figures to pixels of one panel; time is logarithmic: half is always as far."""

    left: float
    right: float
    ms: tuple[float, float]
    ks: tuple[float, float]

    def x(self, ms: float) -> float:
        """Of so many milliseconds."""
        low, high = (math.log(end) for end in self.ms)
        return self.left + (self.right - self.left) * (math.log(ms) - low) / (high - low)

    def y(self, ks: float) -> float:
        """Of savings; what is below the panel stands at its lower edge."""
        low, high = self.ks
        return min(BOTTOM, BOTTOM - (BOTTOM - TOP) * (ks - low) / (high - low))


def picture(figures: Json) -> str:
    """An SVG of both points of operation; a system without the figures is left out of one."""
    names = [*figures["contenders"], *figures["others"]]
    height = LEGEND + LINE * ((len(names) + 1) // 2)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" font-family="sans-serif" font-size="12" role="img">',
        "<title>Keystroke savings against the language model's time for a keystroke</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
    ]
    for point, (left, right) in PANELS.items():
        points = list(_points(figures, point))
        if points:
            lines += _panel(
                points, _scale(points, left, right), title=f"keystroke savings, {point}"
            )
    lines += _legend(figures, names)
    return "\n".join([*lines, "</svg>"]) + "\n"


def _points(figures: Json, point: str) -> Iterator[Point]:
    for number, (name, of) in enumerate(figures["contenders"].items(), start=1):
        savings, ms = of["points"][point], of["lm_processor_ms_per_keystroke"]
        if savings["ks"] is None or not ms:
            continue
        ends = (savings["ks_low"], savings["ks_high"])
        colour = _colour(figures, name)
        yield Point(
            number, name, ms, savings["ks"], *ends, of["file_mb"], colour, elsewhere=of["peer"]
        )
    for number, (name, of) in enumerate(figures["others"].items(), len(figures["contenders"]) + 1):
        ks, ms = of.get(f"ks_{point}"), of.get("lm_ms_per_keystroke")
        if ks is not None and ms:
            size = of.get("file_mb", 0.0)
            yield Point(number, name, ms, ks, ks, ks, size, GREY, elsewhere=True)


def _colour(figures: Json, name: str) -> str:
    if name == figures["baseline"]:
        return ORANGE
    return GREY if figures["contenders"].get(name, {"peer": True})["peer"] else BLUE


def frontier(points: Sequence[Point]) -> list[Point]:
    """Those beside which none is both as fast and saves more, the fastest first."""
    best: list[Point] = []
    for point in sorted(points, key=lambda each: (each.ms, -each.ks)):
        if not best or point.ks > best[-1].ks:
            best.append(point)
    return best


def _scale(points: Sequence[Point], left: float, right: float) -> Scale:
    """Wide enough for every time, and for the savings of what ran in our engine."""
    ours = [each for each in points if not each.elsewhere] or points
    low, high = min(each.low for each in ours), max(each.high for each in ours)
    room = ROOM * (high - low or 0.01)
    times = [each.ms for each in points]
    limits = (min(times) / ROOM_MS, max(times) * ROOM_MS)
    return Scale(left, right, limits, (low - room, high + room))


def _panel(points: Sequence[Point], scale: Scale, *, title: str) -> Iterator[str]:
    yield _text(scale.left, TOP - 18, title, size=14)
    yield from _axes(scale)
    middle = (scale.left + scale.right) / 2
    yield _text(middle, BOTTOM + 40, "LM ms a key", anchor="middle", colour=GREY)
    for one, other in pairwise(frontier(points)):
        x1, x2 = scale.x(one.ms), scale.x(other.ms)
        y1, y2 = scale.y(one.ks), scale.y(other.ks)
        yield (
            f'<polyline points="{x1:.1f},{y1:.1f} {x2:.1f},{y1:.1f} {x2:.1f},{y2:.1f}" '
            f'fill="none" stroke="{GREY}" stroke-dasharray="4 3"/>'
        )
    for each in sorted(points, key=lambda point: -point.file_mb):
        yield from _circle(each, scale)
    for each in points:
        beside = scale.x(each.ms) + _radius(each) + 2
        yield _text(beside, scale.y(each.ks) - _radius(each) / 2, str(each.number))


def _axes(scale: Scale) -> Iterator[str]:
    after = -math.inf
    for ms in TICKS_MS:
        x = scale.x(ms)
        if scale.ms[0] <= ms <= scale.ms[1] and x > after + 24:
            yield _line(x, TOP, x, BOTTOM)
            yield _text(x, BOTTOM + 20, f"{ms:g}", anchor="middle", colour=GREY)
            after = x
    for ks in _ticks(*scale.ks):
        y = scale.y(ks)
        yield _line(scale.left, y, scale.right, y)
        yield _text(scale.left - 6, y + 4, f"{ks:.3f}", anchor="end", colour=GREY)


def _ticks(low: float, high: float) -> list[float]:
    """About five round numbers."""
    rough = (high - low) / 5
    unit = 10 ** math.floor(math.log10(rough))
    step = unit * next(each for each in (1, 2, 5, 10) if each * unit >= rough)
    first = math.ceil(low / step)
    return [number * step for number in range(first, math.floor(high / step) + 1)]


def _circle(point: Point, scale: Scale) -> Iterator[str]:
    x, y = scale.x(point.ms), scale.y(point.ks)
    yield (
        f'<line x1="{x:.1f}" y1="{scale.y(point.low):.1f}" x2="{x:.1f}" '
        f'y2="{scale.y(point.high):.1f}" stroke="{point.colour}"/>'
    )
    if point.ks < scale.ks[0]:
        yield _text(x, y - 2 * _radius(point), f"{point.ks:.3f} ↓", anchor="middle", colour=GREY)
    fill = "none" if point.elsewhere else point.colour
    yield (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{_radius(point):.1f}" fill="{fill}" '
        f'fill-opacity="0.35" stroke="{point.colour}"><title>{escape(point.name)}: '
        f"{point.ks:.4f}, {point.ms:.2f} ms</title></circle>"
    )


def _radius(point: Point) -> float:
    return max(3.0, RADIUS * math.sqrt(point.file_mb))


def _legend(figures: Json, names: Sequence[str]) -> Iterator[str]:
    """Two columns; areas are sizes of files, and their figures stand here."""
    yield _text(
        PANELS["free"][0],
        LEGEND - 12,
        CAPTION,
        colour=GREY,
    )
    for number, name in enumerate(names, start=1):
        row, column = divmod(number - 1, 2)
        left = tuple(PANELS.values())[column][0]
        size = (figures["contenders"].get(name) or figures["others"][name]).get("file_mb")
        what = f"{name}, {size:.1f} MB" if size else name
        y = LEGEND + LINE * row + 6
        yield _text(left, y, str(number), anchor="end", colour=_colour(figures, name))
        yield _text(left + 8, y, what)


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#e4e4e4"/>'


def _text(
    x: float, y: float, text: str, *, colour: str = INK, anchor: str = "start", size: int = 12
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" '
        f'fill="{colour}">{escape(text)}</text>'
    )
