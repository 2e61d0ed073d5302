"""What the dial trades: keys saved against wrong suggestions, from replay reports."""

from collections.abc import Sequence

from foretype.inspect.page.parts import (
    Figure,
    Plot,
    Section,
    counted,
    log_axis,
    per_cent,
    share_axis,
)
from foretype.inspect.replay_points import Point, ReplayReport

NAME, HEADING = "dial", "What the dial trades"
SYMBOLS = {"free": "circle", "quiet": "diamond"}


def dial(reports: Sequence[ReplayReport]) -> Section:
    """From none or more reports."""
    points = [point for report in reports for point in (*report.points, *report.curve)]
    if not points:
        says = (
            "Keys saved against wrong suggestions are measured by replay: make a report with "
            "`foretype replay --report REPORT.json`, and name it here with `--replay REPORT.json`."
        )
        return Section(NAME, HEADING, says)
    best = max(points, key=lambda point: point.ks)
    calm = min(points, key=lambda point: point.wrong_per_100_words)
    says = _says(best, calm)
    traces = [trace for report in reports for trace in _traces(report, several=len(reports) > 1)]
    plot = Plot(
        title=f"{per_cent(calm.ks)} of the keys are saved at {calm.wrong_per_100_words:.0f} wrong "
        f"suggestions in 100 words, {per_cent(best.ks)} at {best.wrong_per_100_words:.0f}",
        guide="Each point is a setting of the dial: higher is fewer keys to press, farther left "
        "is fewer wrong suggestions; the better of two is the one above and to the left.",
        traces=traces,
        layout={
            "xaxis": log_axis(
                "wrong suggestions in 100 words", [point.wrong_per_100_words for point in points]
            ),
            "yaxis": share_axis("share of keys saved", rangemode="tozero"),
            "hovermode": "closest",
            "legend": {"orientation": "v", "x": 1.01, "y": 0.95, "yanchor": "top"},
        },
        height=460,
    )
    return Section(NAME, HEADING, says, [plot])


def _says(best: Point, calm: Point) -> str:
    if best is calm:
        return (
            f"Replay saved {per_cent(best.ks)} of the keys, with "
            f"{best.wrong_per_100_words:.0f} wrong suggestions in 100 words."
        )
    return (
        f"Replay saved {per_cent(best.ks)} of the keys at best; at the quietest point measured, "
        f"with {calm.wrong_per_100_words:.0f} wrong suggestions in 100 words, it was "
        f"{per_cent(calm.ks)}."
    )


def _traces(report: ReplayReport, *, several: bool) -> list[Figure]:
    before = f"{report.name}: " if several else ""
    curve = [_curve(report.curve, f"{before}along the dial")] if report.curve else []
    return curve + [_point(point, before) for point in report.points]


def _curve(points: Sequence[Point], name: str) -> Figure:
    ordered = sorted(points, key=lambda point: point.wrong_per_100_words)
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": [point.wrong_per_100_words for point in ordered],
        "y": [point.ks for point in ordered],
        "text": [_hover(point) for point in ordered],
        "hovertemplate": "%{text}<extra></extra>",
        "name": name,
        "line": {"width": 2.5},
    }


def _point(point: Point, before: str) -> Figure:
    low = point.ks if point.ks_low is None else point.ks_low
    high = point.ks if point.ks_high is None else point.ks_high
    place = point.name.rsplit(", ", 1)[-1]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [point.wrong_per_100_words],
        "y": [point.ks],
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": [round(high - point.ks, 5)],
            "arrayminus": [round(point.ks - low, 5)],
            "thickness": 1.2,
            "width": 3,
        },
        "text": [_hover(point)],
        "hovertemplate": "%{text}<extra></extra>",
        "name": f"{before}{point.name}",
        "marker": {"size": 10, "symbol": SYMBOLS.get(place, "square")},
    }


def _hover(point: Point) -> str:
    lines = [
        f"{per_cent(point.ks)} of the keys saved",
        f"{counted(round(point.wrong_per_100_words), 'wrong suggestion')} in 100 words",
    ]
    if point.dial is not None:
        lines.insert(0, f"dial at {point.dial:g}")
    if point.precision is not None:
        lines.append(f"{per_cent(point.precision)} of what was shown was right")
    return "<br>".join([point.name, *lines] if point.name else lines)
