"""Whether the engine's confidence can be believed."""

import math

from foretype.inspect.calibration import Calibration
from foretype.inspect.page.parts import (
    OUTLINE,
    OWN,
    QUIET,
    Plot,
    Section,
    axis,
    counted,
    per_cent,
    reference_line,
    share_axis,
)

NAME, HEADING = "calibration", "Whether its confidence can be believed"
NOTABLE = 0.02  # of bias
FEW = 30  # shows in a decile below which its dot is drawn hollow


def confidence(found: Calibration) -> Section:
    """The reliability diagram, with counts below it."""
    if math.isnan(found.expected_error):
        says = "No suggestion has been shown yet, so its confidence cannot be compared with truth."
        return Section(NAME, HEADING, says)
    off = 100 * found.expected_error
    says = (
        f"Its confidence is off by {off:.1f} percentage points on average over "
        f"{counted(int(found.hits.shown.sum()), 'suggestion')}"
        f" (expected calibration error {found.expected_error:.3f}); {_bias(found.bias)}."
    )
    return Section(NAME, HEADING, says, [_reliability(found)])


def _bias(bias: float) -> str:
    if abs(bias) < NOTABLE:
        return "on the whole it promises what it keeps"
    return "on the whole it promises " + ("too little" if bias > 0 else "too much")


def _reliability(found: Calibration) -> Plot:
    some = [place for place in range(len(found.claimed)) if found.hits.shown[place]]
    low, high = found.hits.interval
    rate, shown = found.hits.rate, found.hits.shown
    worst = max(some, key=lambda place: abs(rate[place] - found.claimed[place]) * shown[place])
    dots = {
        "type": "scatter",
        "mode": "lines+markers",
        "x": [float(found.claimed[place]) for place in some],
        "y": [round(float(rate[place]), 4) for place in some],
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": [round(float(high[place] - rate[place]), 4) for place in some],
            "arrayminus": [round(float(rate[place] - low[place]), 4) for place in some],
            "color": OUTLINE,
            "thickness": 1.2,
            "width": 3,
        },
        "customdata": [int(shown[place]) for place in some],
        "hovertemplate": "claimed %{x:.0%}, right %{y:.1%} of %{customdata:,}<extra></extra>",
        "line": {"color": OWN, "width": 2},
        "marker": {
            "size": 9,
            "symbol": ["circle" if shown[place] >= FEW else "circle-open" for place in some],
        },
        "name": f"yours (hollow: under {FEW} suggestions)",
    }
    counts = {
        "type": "bar",
        "x": [float(value) for value in found.claimed],
        "y": shown.tolist(),
        "width": 0.09,
        "yaxis": "y2",
        "marker": {"color": QUIET},
        "hovertemplate": "%{y:,} suggestions<extra></extra>",
        "name": "suggestions",
        "showlegend": False,
    }
    return Plot(
        title=f"Where it claims {per_cent(float(found.claimed[worst]))}, "
        f"{per_cent(float(rate[worst]))} are right: the largest gap, by number of suggestions",
        guide="On the dashed line a suggestion is right as often as it claims; dots below it "
        "promise too much, above it too little, and the bars count the suggestions behind each.",
        traces=[dots, reference_line([0, 1], [0, 1], "as often right as claimed"), counts],
        layout={
            "xaxis": share_axis("confidence (middle of each tenth)", range=[0, 1], anchor="y2"),
            "yaxis": share_axis("share that was right", range=[0, 1.03], domain=[0.3, 1]),
            "yaxis2": axis("suggestions", domain=[0, 0.2], nticks=3),
        },
        height=500,
    )
