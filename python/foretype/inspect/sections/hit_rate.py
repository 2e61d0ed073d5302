"""How often suggestions were right: in which regions, weeks, and at what rank and prefix."""

from collections.abc import Sequence

import numpy as np

from foretype.inspect.hit_rates import LEAST, Rate, Regions, right_by_rank
from foretype.inspect.page.parts import (
    OUTLINE,
    OWN,
    Figure,
    Plot,
    Section,
    axis,
    counted,
    per_cent,
    reference_line,
    share_axis,
)
from foretype.inspect.usage import Ints
from foretype.profile.weeks import Week
from foretype.statistics.hits import DECILES, RANKS, SOURCES, TYPED, HitTable

NAME, HEADING = "hits", "How often suggestions were right"
RIGHT = "share that was right"
REST = "the rest"
NAMED = {"trie": "your words", "language model": "the language model", "both": "both"}
WHERE = {
    "trie": "from your words alone",
    "language model": "from the language model alone",
    "both": "where both agree",
}


def hit_rate(table: HitTable, regions: Regions, weeks: Sequence[Week]) -> Section:
    """From the table of outcomes, the regions (the best first), and the weeks that are kept."""
    shown = table.total().shown
    weeks = [week for week in weeks if week.tally.shown]
    if not shown and not regions.word_starts:
        says = (
            "No suggestion has been shown yet, so it is not known how often they are right; type "
            "some messages, and come back."
        )
        return Section(NAME, HEADING, says)
    parts = [_regions(regions)] if regions.word_starts else []
    parts += [_weeks(weeks)] if len(weeks) > 1 else []
    parts += _by_what(table) if shown else []
    return Section(NAME, HEADING, _says(table, regions, weeks), parts)


def _says(table: HitTable, regions: Regions, weeks: Sequence[Week]) -> str:
    total = table.total()
    sentences = ["No suggestion has been shown yet."]
    if total.shown:
        sentences = [
            f"Of {counted(total.shown, 'suggestion')} shown, {per_cent(total.hit_rate)} were right "
            f"and {total.accepted:,} were taken."
        ]
    if total.accepted:
        kept = per_cent(total.retained / total.accepted)
        sentences.append(f"Of those taken, {kept} stayed.")
    if not regions.word_starts:
        sentences.append("There are no regions yet: those come with the language model.")
    if total.shown and len(weeks) < 2:
        sentences.append("A line over time comes with the second week.")
    return " ".join(sentences)


def _regions(found: Regions) -> Plot:
    shown = np.concatenate([found.large.shown, found.rest.shown])
    right = np.concatenate([found.large.right, found.rest.right])
    names = [*(str(place + 1) for place in range(len(found.large.shown))), REST]
    some = shown > 0
    rate = Rate(shown[some], right[some])
    names = [name for name, known in zip(names, some, strict=True) if known]
    mean = float(right.sum()) / found.word_starts
    title = f"The first proposal is right {per_cent(mean)} of the time"
    if len(found.large.shown) > 1:
        best, worst = (float(found.large.rate[place]) for place in (0, -1))
        title += f": {per_cent(best)} in your best region, {per_cent(worst)} in your worst"
    return Plot(
        title=title,
        guide="A region is a kind of place at which a word begins, as the language model sees it; "
        "the bar is how often the first proposal there was the word you wrote, the thin line "
        "where the true share lies with 95 % certainty. The rest are regions with fewer than "
        f"{LEAST} word starts.",
        traces=[
            _bars(rate, names, "region %{x}"),
            reference_line([names[0], names[-1]], [mean, mean], "all together"),
        ],
        layout={
            "xaxis": axis("regions, the best first", type="category"),
            "yaxis": share_axis(RIGHT, range=[0, 1]),
        },
    )


def _weeks(weeks: Sequence[Week]) -> Plot:
    tallies = [week.tally for week in weeks]
    shown = [tally.shown for tally in tallies]
    rate = Rate(np.array(shown), np.array([tally.shown - tally.wrong for tally in tallies]))
    first, last = float(rate.rate[0]), float(rate.rate[-1])
    change = f"from {per_cent(first)} to {per_cent(last)}"
    line = _bars(rate, [week.monday.isoformat() for week in weeks], "week of %{x}")
    line |= {"type": "scatter", "mode": "lines+markers", "line": {"color": OWN, "width": 2}}
    return Plot(
        title=f"In {counted(len(weeks), 'week')} the share of right suggestions went {change}",
        guide="Each dot is a week, the thin line where its true share lies with 95 % certainty: "
        "only what is clear of the other weeks' lines is a change.",
        traces=[line],
        layout={
            "xaxis": axis("week beginning on", type="date", tickformat="%-d %b"),
            "yaxis": share_axis(RIGHT, range=[0, 1]),
        },
    )


def _by_what(table: HitTable) -> list[Plot]:
    return [_confidence(table), _typed(table), _rank(table), _source(table)]


def _confidence(table: HitTable) -> Plot:
    rate = Rate.of(table.by("confidence"))
    names = [f"{10 * decile}–{10 * decile + 10}" for decile in range(DECILES)]
    some = _telling(rate)
    first, last = (float(rate.rate[place]) for place in (some[0], some[-1]))
    title = f"At {names[some[-1]]} % confidence {per_cent(last)} are right"
    if len(some) > 1:
        title += f", at {names[some[0]]} % {per_cent(first)}"
    return _by(
        rate,
        names,
        title=title,
        guide="How sure the engine was when it showed something, and how often that was right.",
        x="confidence (%)",
    )


def _typed(table: HitTable) -> Plot:
    rate = Rate.of(table.by("typed"))
    names = [name.replace("3+", "3 or more") for name in TYPED]
    some = _telling(rate)
    first, last = (float(rate.rate[place]) for place in (some[0], some[-1]))
    title = f"After {names[some[0]]} letters {per_cent(first)} are right"
    if len(some) > 1:
        title += f", after {names[some[-1]]} {per_cent(last)}"
    return _by(
        rate,
        names,
        title=title,
        guide="How many letters of the word stood there when something was shown.",
        x="letters of the word typed",
    )


def _rank(table: HitTable) -> Plot:
    right = right_by_rank(table)
    shares = right / max(int(right.sum()), 1)
    bars = {
        "type": "bar",
        "x": [str(rank + 1) for rank in range(RANKS)],
        "y": shares.round(4).tolist(),
        "customdata": right.tolist(),
        "marker": {"color": OWN},
        "hovertemplate": "rank %{x}: %{y:.1%} (%{customdata:,})<extra></extra>",
    }
    return Plot(
        title=f"The right word, if it was in the list, stood first {per_cent(float(shares[0]))} "
        "of the time",
        guide="Where in the list of five the word you wrote stood, whether it was shown or not.",
        traces=[bars],
        layout={
            "xaxis": axis("rank in the list", type="category"),
            "yaxis": share_axis("share of right words", range=[0, 1]),
        },
        height=320,
        half=True,
    )


def _source(table: HitTable) -> Plot:
    rate = Rate.of(table.by("source"))
    names = [NAMED[name] for name in SOURCES]
    some = _telling(rate)
    best_first = some[np.argsort(-rate.rate[some], kind="stable")]
    said = [f"{per_cent(float(rate.rate[place]))} {WHERE[SOURCES[place]]}" for place in best_first]
    return _by(
        rate,
        names,
        title=f"Right are {', '.join(said)}",
        guide="Where the suggestion came from, and how often it was right.",
        x="source",
    )


def _by(rate: Rate, names: Sequence[str], *, title: str, guide: str, x: str) -> Plot:
    return Plot(
        title=title,
        guide=guide,
        traces=[_bars(rate, names, "%{x}")],
        layout={"xaxis": axis(x, type="category"), "yaxis": share_axis(RIGHT, range=[0, 1])},
        height=320,
        half=True,
    )


def _telling(rate: Rate) -> Ints:
    """The entries that say something: those with enough suggestions, or else with any."""
    enough = np.flatnonzero(rate.shown >= LEAST)
    return enough if len(enough) else np.flatnonzero(rate.shown)


def _bars(rate: Rate, names: Sequence[str], what: str) -> Figure:
    low, high = rate.interval
    return {
        "type": "bar",
        "x": list(names),
        "y": _shares(rate.rate),
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": _shares(high - rate.rate),
            "arrayminus": _shares(rate.rate - low),
            "color": OUTLINE,
            "thickness": 1.2,
            "width": 3,
        },
        "customdata": [
            list(pair) for pair in zip(rate.right.tolist(), rate.shown.tolist(), strict=True)
        ],
        "hovertemplate": f"{what}: %{{y:.1%}}, %{{customdata[0]:,}} of %{{customdata[1]:,}}"
        "<extra></extra>",
        "marker": {"color": OWN},
        "name": "right",
        "showlegend": False,
    }


def _shares(values: np.ndarray) -> list[float | None]:
    return [None if np.isnan(value) else round(float(value), 4) for value in values]
