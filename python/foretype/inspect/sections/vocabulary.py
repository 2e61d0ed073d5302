"""How many of the model's tokens the owner's text needs, and what dropping the rest costs."""

from foretype.inspect.coverage import Coverage
from foretype.inspect.page.parts import (
    OTHER,
    OWN,
    Figure,
    Plot,
    Section,
    axis,
    counted,
    log_axis,
    per_cent,
    share_axis,
)
from foretype.inspect.usage import Ints, Novelty

NAME, HEADING = "vocabulary", "How much vocabulary you need"
ENOUGH = 0.99
HEAD_BITS = 8.5  # a weight of the output head: 8, and 16 of scale for 32 of them
TRIED = 8192  # tokens kept, for the sentence on what it costs
MEGABYTE = 1e6


def vocabulary(
    own: Coverage, public: Coverage, uses: Ints, newest: Novelty | None, *, width: int
) -> Section:
    """`width` is that of the embedding; `uses` [tokens]."""
    if not uses.any():
        says = "You have not written anything yet, so it is not known which tokens you need."
        return Section(NAME, HEADING, says)
    says = (
        f"{counted(own.kept_for(ENOUGH), 'token')} cover {per_cent(ENOUGH)} of your words; of the "
        f"most common ones in public English it takes {public.kept_for(ENOUGH):,}."
    )
    return Section(
        NAME, HEADING, says + _newest(newest), [_curve(own, public), _cost(public, width)]
    )


def _newest(newest: Novelty | None) -> str:
    if newest is None:
        return ""
    return (
        f" Of the tokens in your newest words ({newest.words:,}, first written since "
        f"{newest.since}), {per_cent(newest.known_share)} were in use before."
    )


def _curve(own: Coverage, public: Coverage) -> Plot:
    few, many = own.kept_for(0.9), public.kept_for(0.9)
    return Plot(
        title=f"{counted(few, 'token')} of your own, or {many:,} public ones, cover nine tenths "
        "of your words",
        guide="Going right, more tokens are kept; the height is the share of the tokens in your "
        "words that are among them. Your own ranking is judged on the text it was made from, so "
        "it flatters itself; the public one knows nothing of you.",
        traces=[
            _line(own, "your most used tokens", OWN),
            _line(public, "most used in public English", OTHER),
        ],
        layout={
            "xaxis": log_axis("tokens kept", own.sizes.tolist()),
            "yaxis": share_axis("share of your text covered", range=[0, 1.02]),
            "hovermode": "x unified",
        },
        half=True,
    )


def _line(curve: Coverage, name: str, colour: str) -> Figure:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": curve.sizes.tolist(),
        "y": curve.covered[curve.sizes - 1].round(4).tolist(),
        "name": name,
        "line": {"color": colour, "width": 2.5},
        "hovertemplate": "%{y:.1%}",
    }


def _cost(public: Coverage, width: int) -> Plot:
    every = len(public.covered)
    size = min(TRIED, every)
    saved = (every - size) * width * HEAD_BITS / 8 / MEGABYTE
    return Plot(
        title=f"Keeping the {size:,} most common public tokens would save {saved:.1f} MB and cost "
        f"{public.extra(size):.0f} more tokens in 100 of your words",
        guide="A dropped token is written with the smaller ones it is made of, so the height is "
        "the extra work and room that your words would take; all single bytes are always kept.",
        traces=[
            {
                "type": "scatter",
                "mode": "lines",
                "x": public.sizes.tolist(),
                "y": [round(public.extra(size), 2) for size in public.sizes.tolist()],
                "name": "public ranking",
                "line": {"color": OTHER, "width": 2.5},
                "hovertemplate": "%{x:,} kept: %{y:.1f} more<extra></extra>",
            }
        ],
        layout={
            "xaxis": log_axis("tokens kept", public.sizes.tolist()),
            "yaxis": axis("more tokens in 100 words", rangemode="tozero"),
        },
        half=True,
    )
