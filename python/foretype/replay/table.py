"""A report as tables for people."""

from typing import Any

from rich.console import Console
from rich.table import Table

from foretype.replay.plan import ATTENTIONS, POINTS, USERS

_ATTENTION = {"attentive": "att.", "half_attentive": "half-att."}


def print_report(console: Console, report: dict[str, Any]) -> None:
    """The savings, then speed and memory; each peer beside, and the differences to it."""
    console.print(_savings(report))
    console.print(_rest(report))
    for name, peer in report.get("peers", {}).items():
        console.print(_savings(peer))
        console.print(_rest(peer))
        for each in peer["left_out"]:
            console.print(f"Author {each['author']} is left out, {each['run']}: {each['where']}")
        title = f"foretype minus {name}, on the same messages"
        print_differences(console, peer["foretype_minus_peer"], title=title)


def print_differences(console: Console, runs: dict[str, Any], *, title: str) -> None:
    """By run and figure: the difference, its interval, and whether it may be claimed."""
    table = Table(title=title, title_justify="left")
    for column in ("run", "figure", "difference", "95 % interval", ""):
        table.add_column(column)
    for run, figures in runs.items():
        for name, of in figures.items():
            low, high = _number(of["low"], 4), _number(of["high"], 4)
            claim = "differs" if of["excludes_zero"] else ""
            value = _number(of["difference"], 4)
            table.add_row(run, name.replace("_", " "), value, f"{low} to {high}", claim)
    console.print(table)


def _savings(report: dict[str, Any]) -> Table:
    title = (
        f"{report['system']} ({report['kernel']}): {report.get('characters', 0):,} characters, "
        f"{report.get('words', 0):,} words, {report['authors']} authors; 95 % intervals"
    )
    table = Table(title=title, title_justify="left")
    for column in ("user", "keystroke savings", "authors", "wrong/100 words", "prec.", "cover."):
        table.add_column(column, overflow="fold")
    for attention in ATTENTIONS:
        for user in USERS:
            for point in POINTS:
                figures = report["results"].get(attention, {}).get(user, {}).get(point)
                if figures:
                    label = f"{_ATTENTION[attention]} {user} {point}"
                    table.add_row(label, *_savings_row(figures))
    if "top3" in report:
        table.add_row("att. word free, menu of 3", *_savings_row(report["top3"]))
    return table


def _savings_row(figures: dict[str, Any]) -> tuple[str, ...]:
    spread = figures["ks_by_author"]
    return (
        _interval(figures, "ks", 3),
        f"{_number(spread['min'], 2)}-{_number(spread['max'], 2)}",
        _interval(figures, "wrong_per_100_words", 1),
        _number(figures["precision"], 3),
        _number(figures["coverage"], 3),
    )


def _rest(report: dict[str, Any]) -> Table:
    table = Table(show_header=False)
    for name in ("saved_at_1", "saved_at_5", "bits_per_byte", "bits_per_byte_without_memory"):
        if report.get(name) is not None:
            table.add_row(name.replace("_", " "), _interval(report, name, 3))
    for name, unit in (
        ("latency_ms", "ms"),
        ("latency_processor_ms", "ms"),
        ("trie_latency_us", "us"),
    ):
        if report.get(name):
            parts = (f"{p} {_number(report[name][p], 2)}" for p in ("p50", "p95", "p99", "max"))
            table.add_row(name.rsplit("_", 1)[0].replace("_", " "), f"{', '.join(parts)} {unit}")
    for name in (
        "lm_ms_per_keystroke",
        "think_ms_per_keystroke",
        "deadline_missed_share",
        "cold_start_s",
        "resident_mb",
        "model_file_mb",
    ):
        if report.get(name) is not None:
            table.add_row(name.replace("_", " "), _number(report[name], 2))
    if report.get("profile_file_mb") is not None:
        table.add_row("profile mb", _number(report["profile_file_mb"], 2))
    return table


def _interval(figures: dict[str, Any], name: str, digits: int) -> str:
    low, high = (_number(figures[f"{name}_{end}"], digits) for end in ("low", "high"))
    return f"{_number(figures[name], digits)} ({low}-{high})"


def _number(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:.{digits}f}"
