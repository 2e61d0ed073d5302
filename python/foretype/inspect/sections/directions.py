"""How many directions of the embedding the owner's words use."""

import numpy as np

from foretype.inspect.effective_rank import Ranks, Spectrum
from foretype.inspect.page.parts import (
    OTHER,
    OWN,
    QUIET,
    Figure,
    Plot,
    Section,
    axis,
    counted,
    log_axis,
)

NAME, HEADING = "rank", "How many directions your words use"
NOTABLE = 0.05


def directions(ranks: Ranks, *, width: int) -> Section:
    """`width` is that of the embedding: the most directions there can be."""
    every = ranks.every.effective_rank
    if ranks.used is None or ranks.random is None:
        says = (
            f"All of the model's tokens together use {every:.0f} of {width} directions; "
            "yours are not known yet, as you have not written anything."
        )
        return Section(NAME, HEADING, says, [_spectra(ranks, says)])
    used, random = ranks.used.effective_rank, ranks.random.effective_rank
    says = (
        f"Your {counted(ranks.rows_used, 'token')} use {used:.0f} of {width} directions, "
        f"{_beside(used, random)} ({random:.0f}); all of the model's use {every:.0f}."
    )
    title = f"Your tokens spread over {used:.0f} directions, as many random ones over {random:.0f}"
    return Section(NAME, HEADING, says, [_spectra(ranks, title)])


def _beside(used: float, random: float) -> str:
    """The owner's effective rank beside that of as many tokens by chance."""
    if used < (1 - NOTABLE) * random:
        return "fewer than as many random ones"
    if used > (1 + NOTABLE) * random:
        return "more than as many random ones"
    return "about as many as random ones would"


def _spectra(ranks: Ranks, title: str) -> Plot:
    traces = [_line(ranks.every, "all tokens", QUIET)]
    if ranks.random is not None:
        random = _line(ranks.random, "as many random tokens", OTHER)
        traces.append(random | {"line": {"color": OTHER, "dash": "dash", "width": 2}})
    if ranks.used is not None:
        traces.append(_line(ranks.used, "your tokens", OWN))
    values = [value for trace in traces for value in trace["y"]]
    return Plot(
        title=title,
        guide="Each direction's singular value, the largest first, as a share of their sum: the "
        "flatter a line, the more directions count. Their effective number is exp of the entropy "
        "of these shares.",
        traces=traces,
        layout={
            "xaxis": axis("direction, by size"),
            "yaxis": log_axis("share of the sum of singular values (%)", values),
            "hovermode": "x unified",
        },
    )


def _line(spectrum: Spectrum, name: str, colour: str) -> Figure:
    values = spectrum.singular_values
    shares = values / max(float(values.sum()), float(np.finfo(np.float64).tiny))
    shown = shares[shares > 0]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": list(range(1, len(shown) + 1)),
        "y": [float(f"{100 * share:.4g}") for share in shown],
        "name": f"{name}: effectively {spectrum.effective_rank:.0f} directions",
        "line": {"color": colour, "width": 2.5},
        "hovertemplate": "%{y:.3f} %",
    }
