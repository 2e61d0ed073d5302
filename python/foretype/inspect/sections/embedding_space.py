"""Where the owner's words lie among the tokens of the model."""

import numpy as np

from foretype.inspect.model_tokens import ModelTokens, readable
from foretype.inspect.page.parts import (
    OUTLINE,
    OWN,
    QUIET,
    Figure,
    Plot,
    Section,
    axis,
    counted,
    label,
    per_cent,
)
from foretype.inspect.projection import Projection, cells, range_of, sample
from foretype.inspect.usage import Ints

NAME, HEADING = "space", "Where your words lie in the model"
RANGE_SHARE = 0.9  # of the owner's tokens lie within the range that is drawn
ENDS = 3  # tokens named at each end of an axis
MOST_LOOKED_AT = 40  # tokens at an end among which those are chosen that are words
DECIMALS = 3
MOST_CELLS = 32  # across the map
LEAST_IN_A_CELL, USUAL_IN_A_CELL = 5, 8  # tokens
SMALLEST, LARGEST = 4.0, 13.0  # pixels of a token's dot
ROOMY = 500  # dots: of more each is drawn smaller
ARROWS = (("←", "→"), ("↓", "↑"))
NOTE_PLACES: tuple[tuple[Figure, Figure], ...] = (
    (
        {"x": 0, "xanchor": "left", "y": 0.2, "yanchor": "middle"},
        {"x": 1, "xanchor": "right", "y": 0.8, "yanchor": "middle"},
    ),
    (
        {"x": 0.5, "xanchor": "center", "y": 0, "yanchor": "bottom"},
        {"x": 0.5, "xanchor": "center", "y": 1, "yanchor": "top"},
    ),
)


def embedding_space(
    tokens: ModelTokens, projection: Projection, uses: Ints, *, words: bool
) -> Section:
    """`uses` [tokens]. Without `words` the owner's tokens are only counted in cells."""
    used = int((uses > 0).sum())
    layout: Figure = {
        "xaxis": axis(f"first direction ({per_cent(projection.shares[0])} of the variance)"),
        "yaxis": axis(f"second direction ({per_cent(projection.shares[1])} of the variance)"),
        "hovermode": "closest",
        "annotations": [
            note for number in (0, 1) for note in _end_notes(tokens, projection, number)
        ],
    }
    # Without words the others are chosen from all tokens: what is missing would tell as much.
    mine, rest = sample(uses if words else np.zeros_like(uses))
    traces = [_others(tokens, projection, rest, name="other tokens" if words else "tokens")]
    if not used:
        says = f"You have not written anything yet: these are the model's {len(tokens):,} tokens."
        return Section(NAME, HEADING, says, [Plot(says, ALL_GUIDE, traces, layout, height=560)])
    says = (
        f"Your words are made of {used:,} of the model's {len(tokens):,} tokens "
        f"({per_cent(used / len(tokens))})."
    )
    traces += [_own(tokens, projection, mine, uses)] if words else [_cells(projection, uses)]
    title = f"You use {counted(used, 'token')}" + _where(projection, uses, traces)
    guide = GUIDE if words else CELL_GUIDE
    return Section(NAME, HEADING, says, [Plot(title, guide, traces, layout, height=620)])


GUIDE = (
    "Each dot is a token, a word or piece of one; near each other are those that the model treats "
    "alike, coloured are yours, larger the more you use them, and hovering names them."
)
CELL_GUIDE = (
    "Each grey dot is a token of the model; coloured are the parts where at least "
    f"{LEAST_IN_A_CELL} of yours lie, which are not named here."
)
ALL_GUIDE = (
    "Each dot is a token, a word or piece of one; near each other are those that the model treats "
    "alike, and hovering names them."
)


def _end_notes(tokens: ModelTokens, projection: Projection, number: int) -> list[Figure]:
    """What stands at the two ends of an axis: the outermost tokens."""
    ends = [", ".join(_words(tokens, end)) for end in projection.ends(number, MOST_LOOKED_AT)]
    return [
        {
            "text": label(f"{ARROWS[number][high]} {end}"),
            "xref": "paper",
            "yref": "paper",
            "showarrow": False,
            "bgcolor": "var(--panel)",
            "font": {"size": 12, "color": OUTLINE},
            **NOTE_PLACES[number][high],
        }
        for high, end in enumerate(ends)
    ]


def _words(tokens: ModelTokens, end: Ints) -> list[str]:
    """The outermost tokens that say something: with letters, if there are such."""
    texts = [tokens.texts[token] for token in end]
    lettered = [text for text in texts if text.strip().isalpha()] or texts
    return [readable(text) for text in lettered[:ENDS]]


def _where(projection: Projection, uses: Ints, traces: list[Figure]) -> str:
    """Draws the owner's range and says how much of the model it is."""
    ellipse = range_of(projection.places[uses > 0], RANGE_SHARE)
    if ellipse is None:
        return ""
    outline = ellipse.outline()
    traces.append(
        {
            "type": "scatter",
            "mode": "lines",
            "x": _numbers(outline[:, 0]),
            "y": _numbers(outline[:, 1]),
            "name": f"your range: {per_cent(RANGE_SHARE)} of your tokens",
            "line": {"color": "var(--text)", "width": 1.5},
            "hoverinfo": "skip",
        }
    )
    held = float(ellipse.holds(projection.places).mean())
    return (
        f"; {per_cent(RANGE_SHARE)} of them lie where {per_cent(held)} of all the model's tokens do"
    )


def _others(tokens: ModelTokens, projection: Projection, chosen: Ints, *, name: str) -> Figure:
    more = len(chosen) < len(tokens) // 2
    return _dots(
        projection,
        chosen,
        [label(readable(tokens.texts[token])) for token in chosen],
        name=name + (f" ({len(chosen):,} of them)" if more else ""),
        marker={"color": QUIET, "size": 3, "opacity": 0.55},
    )


def _own(tokens: ModelTokens, projection: Projection, chosen: Ints, uses: Ints) -> Figure:
    weight = np.log1p(uses[chosen])
    size = SMALLEST + (LARGEST - SMALLEST) * weight / max(float(weight.max()), 1.0)
    size *= max(0.5, min(1.0, (ROOMY / len(chosen)) ** 0.5))
    texts = [
        f"{label(readable(tokens.texts[token]))}, used {counted(int(uses[token]), 'time')}"
        for token in chosen
    ]
    marker = {"color": OWN, "size": _numbers(size), "opacity": 0.65, "line": {"width": 0}}
    more = len(chosen) < int((uses > 0).sum())
    name = "yours" + (f" (the {len(chosen):,} used most)" if more else "")
    return _dots(projection, chosen, texts, name=name, marker=marker)


def _dots(
    projection: Projection, chosen: Ints, texts: list[str], *, name: str, marker: Figure
) -> Figure:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": _numbers(projection.places[chosen, 0]),
        "y": _numbers(projection.places[chosen, 1]),
        "text": texts,
        "hovertemplate": "%{text}<extra></extra>",
        "name": name,
        "marker": marker,
    }


def _cells(projection: Projection, uses: Ints) -> Figure:
    used = projection.places[uses > 0]
    across = min(MOST_CELLS, max(1, int(np.sqrt(len(used) / USUAL_IN_A_CELL))))
    grid, x, y = cells(used, across=across, least=LEAST_IN_A_CELL)
    return {
        "type": "heatmap",
        "x": _numbers(x),
        "y": _numbers(y),
        "z": [[None if np.isnan(count) else int(count) for count in row] for row in grid],
        "colorscale": [[0, "var(--own-soft)"], [1, OWN]],
        "colorbar": {"title": {"text": "your tokens"}, "thickness": 12, "tickformat": ",d"},
        "hovertemplate": "%{z} of your tokens<extra></extra>",
    }


def _numbers(values: np.ndarray) -> list[float]:
    rounded: list[float] = np.round(values.astype(np.float64), DECIMALS).tolist()
    return rounded
