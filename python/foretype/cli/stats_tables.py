"""A report of the statistics as tables for people, and as JSON for programs."""

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from foretype.cli.answer import count
from foretype.statistics.hits import SOURCES, TYPED, Line
from foretype.statistics.neighbourhood import Neighbourhood
from foretype.statistics.report import LayerFigures, Report, Variance, VocabularyFigures
from foretype.statistics.vocabulary import CURVE

ONE_EVENT = "One event was counted so far: shares of one say nothing yet."
NOTHING = (
    "Nothing was counted yet. Statistics come from typing with Foretype: "
    "after some messages there will be something here."
)
CHANCE = 0.05  # what is said to come about by chance less often is called clear


def print_report(console: Console, report: Report) -> None:
    """Every part with a sentence on what it means; parts without figures in one sentence."""
    for trouble in report.troubles:
        console.print(trouble, highlight=False, markup=False, soft_wrap=True)
    if report.is_empty:
        console.print(NOTHING, soft_wrap=True)
        return
    _hits(console, report)
    _prototypes(console, report)
    _neighbourhood(console, report.neighbourhood)
    _stability(console, report)
    _neurons(console, report.layers)
    _vocabulary(console, report.vocabulary)


def report_json(report: Report) -> dict[str, Any]:
    """The same figures; what is not known is null."""
    answer = {
        "troubles": report.troubles,
        "word_starts": report.word_starts,
        "hits": {
            "total": _line_json(report.hits.total()),
            **{
                f"by_{axis}": [_line_json(line) for line in report.hits.by(axis)]
                for axis in ("rank", "confidence", "typed", "source")
            },
        },
        "prototypes": [
            {"hits": int(hits), "misses": int(misses)}
            for hits, misses in zip(report.prototypes.hits, report.prototypes.misses, strict=True)
        ],
        "neighbourhood": vars(report.neighbourhood) if report.neighbourhood else None,
        "prototype_variance": _variance_json(report.prototype_variance),
        "proposal_variance": _variance_json(report.proposal_variance),
        "layers": [
            {**vars(layer), "variance": _variance_json(layer.variance)} for layer in report.layers
        ],
        "vocabulary": {**vars(report.vocabulary), "kept": CURVE} if report.vocabulary else None,
    }
    plain: dict[str, Any] = _plain(answer)
    return plain


def _hits(console: Console, report: Report) -> None:
    total = report.hits.total()
    if not report.hits.counts.any():
        console.print("Hits: nothing was shown and judged yet.")
        return
    table = _table("Hits: what became of proposals", "", "shown", "right", "taken", "kept")
    for title in ("typed by hand", "wrong", "right, not shown"):
        table.add_column(title, justify="right")
    table.add_row("all", *_line(total))
    for axis, names in (
        ("rank", [f"rank {rank}" for rank in range(1, 6)]),
        ("source", SOURCES),
        ("typed", [f"{letters} letters typed" for letters in TYPED]),
        (
            "confidence",
            [f"confidence {step / 10:.1f} to {(step + 1) / 10:.1f}" for step in range(10)],
        ),
    ):
        _section(table, names, report.hits.by(axis))
    console.print(table)
    if total.shown + total.missed == 1:
        console.print(ONE_EVENT)
    console.print(
        "right: share of shows that were what you wrote, taken or typed by hand. kept: taken, and "
        "still there 30 seconds later or when the message was finished. right, not shown: it was "
        "in the list, and the gate kept silent or another one stood above it.\n",
        soft_wrap=True,
    )


def _section(table: Table, names: Sequence[str], lines: Sequence[Line]) -> None:
    rows = [(n, line) for n, line in zip(names, lines, strict=True) if line.shown or line.missed]
    if rows:
        table.add_section()
    for name, line in rows:
        table.add_row(name, *_line(line))


def _line(line: Line) -> Iterable[str]:
    return (
        f"{line.shown:,}",
        _share(line.hit_rate),
        f"{line.accepted:,}",
        f"{line.retained:,}",
        f"{line.typed_through:,}",
        f"{line.wrong:,}",
        f"{line.missed:,}",
    )


def _prototypes(console: Console, report: Report) -> None:
    prototypes = report.prototypes
    if not report.word_starts:
        console.print("Prototypes: none yet; they come from word starts that the model has read.\n")
        return
    near = report.neighbourhood
    title = "Prototypes: kinds of places where a word begins"
    table = _table(title, "", "word starts", "hit rate", "rankings change", "recent starts")
    for number, events in enumerate(prototypes.events):
        known = near is not None and number < len(near.regions)
        table.add_row(
            f"{number + 1}",
            f"{events:,}",
            _share(prototypes.hit_rates()[number]),
            _figure(near.regions[number]) if near and known else "",
            f"{near.region_contexts[number]:,}" if near and known else "",
        )
    console.print(table)
    if report.word_starts == 1:
        console.print(ONE_EVENT)
    console.print(
        "hit rate: how often the first proposal was right there. rankings change: 0 where "
        "neighbours rank alike, 1 where a list is turned round; above where its members differ.\n",
        soft_wrap=True,
    )


def _neighbourhood(console: Console, found: Neighbourhood | None) -> None:
    if found is None:
        console.print(
            "Neighbourhood permutations: these come from the word starts of this session, which "
            "no file keeps; there are fewer than two.\n",
            soft_wrap=True,
        )
        return
    clear = found.chance < CHANCE
    console.print(
        f"Neighbourhood permutations: {found.permutations:.3f} over "
        f"{count(found.contexts, 'word start')} and {count(found.neighbours, 'neighbour')} each; "
        f"{found.baseline:.3f} for any two word starts. "
        + ("Places that are alike get like rankings" if clear else "That may be chance")
        + f" (shuffled rankings come as near in {found.chance:.1%} of trials).\n",
        soft_wrap=True,
    )


def _stability(console: Console, report: Report) -> None:
    rows = [
        (name, found)
        for name, found in (
            ("prototypes", report.prototype_variance),
            ("ranked proposals", report.proposal_variance),
        )
        if found
    ]
    if not rows:
        console.print(
            "Permutation variance of prototypes and proposals: too few word starts yet.\n"
        )
        return
    table = _table("Permutation variance", "", "units", "mini-batches", *_VARIANCE)
    for name, found in rows:
        table.add_row(name, f"{found.units}", f"{found.batches}", *_variance(found))
    console.print(table)
    console.print(_VARIANCE_MEANS, soft_wrap=True)


def _neurons(console: Console, layers: Sequence[LayerFigures]) -> None:
    if not layers:
        console.print(
            "Neurons: no mini-batch of 256 tokens is complete yet, or there is no model.\n"
        )
        return
    table = _table("Neurons, by layer", "", "activity", "units", "mini-batches", *_VARIANCE)
    for layer in layers:
        found = layer.variance
        figures = (f"{found.units:,}", f"{layer.minibatches}", *_variance(found)) if found else ()
        waiting = () if found else ("", f"{layer.minibatches}", "not matched yet")
        table.add_row(f"layer {layer.layer}", f"{layer.activity:.4f}", *figures, *waiting)
    console.print(table)
    console.print(_VARIANCE_MEANS, soft_wrap=True)


_VARIANCE = ("variance", "other batches", "by chance", "margin")
_VARIANCE_MEANS = (
    "variance: share of units that two mini-batches match differently, 0 if units keep their "
    "places. other batches: the same without comparing a mini-batch with itself. by chance: what "
    "random matching gives. margin: how much dearer the second-best matching is, 1 being what one "
    "unit is off by chance; near 0 some units may be exchanged for each other.\n"
)


def _variance(found: Variance) -> Iterable[str]:
    return (
        _figure(found.variance),
        _figure(found.unbiased),
        _figure(found.baseline),
        f"{found.margin:.2g}" if math.isfinite(found.margin) else "",
    )


def _vocabulary(console: Console, found: VocabularyFigures | None) -> None:
    if found is None:
        return
    if not found.uses:
        console.print("Vocabulary range: the profile holds no words yet.")
        return
    table = _table("Vocabulary range", "tokens kept", "yours first", "the model's first")
    for kept, own, order in zip(CURVE, found.coverage, found.coverage_in_order, strict=True):
        if kept <= found.size:
            table.add_row(f"{kept:,}", _share(own), _share(order))
    console.print(table)
    console.print(
        f"Your words need {found.distinct:,} of the model's {found.size:,} tokens, "
        f"{found.uses:,} times in all. The table says which share of that would be covered if only "
        "so many were kept: those that you use most, or those that the model numbers first.",
        soft_wrap=True,
    )


def _table(title: str, first: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column(first)
    for column in columns:
        table.add_column(column, justify="right")
    return table


def _share(value: float) -> str:
    return f"{value:.1%}" if math.isfinite(value) else ""


def _figure(value: float) -> str:
    return f"{value:.3f}" if math.isfinite(value) else ""


def _line_json(line: Line) -> dict[str, Any]:
    return {**vars(line), "wrong": line.wrong, "hit_rate": line.hit_rate}


def _variance_json(found: Variance | None) -> dict[str, Any] | None:
    return dict(vars(found)) if found else None


def _plain(value: Any) -> Any:
    """Without numpy, and null for numbers that are none."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, np.ndarray):
        return _plain(value.tolist())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value
