"""A report of the statistics as tables for people."""

import math
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table

from foretype.cli.answer import count
from foretype.statistics.hits import SOURCES, TYPED, Line
from foretype.statistics.neighbourhood import Neighbourhood
from foretype.statistics.report import Report, Variance, VocabularyFigures
from foretype.statistics.vocabulary import CURVE

ONE_EVENT = "One event was counted so far: shares of one say nothing yet."
NOTHING = (
    "Nothing was counted yet. Statistics come from typing with Foretype: "
    "after some messages there will be something here."
)
FEW = 8  # word starts of a prototype of which little can be said
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
    _vocabulary(console, report.vocabulary)


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
    recent = ("rankings change", "recent starts") if near else ()
    table = _table(title, "", "word starts", "hit rate", *recent)
    for number, events in enumerate(prototypes.events):
        if events < FEW and number:
            continue
        row = [f"{number + 1}", f"{events:,}", _share(prototypes.hit_rates()[number])]
        if near is not None and number < len(near.regions):
            row += [_figure(near.regions[number]), f"{near.region_contexts[number]:,}"]
        table.add_row(*row)
    console.print(table)
    if report.word_starts == 1:
        console.print(ONE_EVENT)
    few = int((prototypes.events < FEW).sum())
    if few:
        console.print(f"With fewer than {FEW} word starts: {count(few, 'prototype')}.")
    console.print("hit rate: how often the first proposal was right there.")
    if near:
        console.print(
            "rankings change: 0 where neighbours rank alike, 1 where a list is turned round; more "
            "where its members differ.",
            soft_wrap=True,
        )
    console.print()


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
    rows += [
        (f"neurons of layer {layer.layer}", layer.variance)
        for layer in report.layers
        if layer.variance
    ]
    waiting = [layer for layer in report.layers if not layer.variance]
    if waiting:
        names = ", ".join(str(layer.layer) for layer in waiting)
        console.print(f"Neurons: of layer {names} too few mini-batches were seen yet.")
    if not report.layers:
        console.print("Neurons: no mini-batch of 256 tokens is complete yet, or there is no model.")
    if not rows:
        console.print("Permutation variance: too few word starts and mini-batches yet.\n")
        return
    table = _table("Permutation variance", "", "units", "batches", *_VARIANCE)
    for name, found in rows:
        table.add_row(name, f"{found.units}", f"{found.batches}", *_variance(found))
    console.print(table)
    console.print(_VARIANCE_MEANS, soft_wrap=True)


_VARIANCE = ("variance", "of pairs", "by chance", "margin")
_VARIANCE_MEANS = (
    "variance: share of units that two mini-batches match differently, 0 if units keep their "
    "places. of pairs: the same without comparing a mini-batch with itself; by chance: what it "
    "is if units are matched at random. margin: how much dearer the second-best matching is, 1 "
    "being what one unit is off by chance; near 0 some units may be exchanged for each other.\n"
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
