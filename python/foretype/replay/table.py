"""A report as tables for people."""

from collections.abc import Iterator
from typing import Any

from rich.console import Console
from rich.table import Table

from foretype.replay.places import SETTLED_CHARACTERS
from foretype.replay.plan import ATTENTIONS, POINTS, QUIET_WRONG_PER_100_WORDS, USERS

_ATTENTION = {"attentive": "att.", "half_attentive": "half-att."}


def print_report(console: Console, report: dict[str, Any]) -> None:
    """The savings, then speed and memory; each peer beside, and the differences to it."""
    _print_system(console, report)
    if "phrase_minus_word" in report:
        print_differences(console, report["phrase_minus_word"], title="phrase minus word user")
    for name, peer in report.get("peers", {}).items():
        _print_system(console, peer)
        for each in peer["left_out"]:
            console.print(f"Author {each['author']} is left out, {each['run']}: {each['where']}")
        title = f"foretype minus {name}, on the same messages"
        print_differences(console, peer["foretype_minus_peer"], title=title)


def _print_system(console: Console, report: dict[str, Any]) -> None:
    for table in (_savings(report), _gate(report), _rest(report)):
        if table is not None:
            console.print(table)


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
            table.add_row(_label(run), name.replace("_", " "), value, f"{low} to {high}", claim)
    console.print(table)


def _label(run: str) -> str:
    """Short enough for a column."""
    attention, _, rest = run.partition("/")
    return f"{_ATTENTION[attention]} {rest.replace('/', ' ')}" if rest else run


def _savings(report: dict[str, Any]) -> Table:
    title = (
        f"{report['system']} ({report['kernel']}): {report.get('characters', 0):,} characters, "
        f"{report.get('words', 0):,} words, {report['authors']} authors; 95 % intervals"
    )
    table = Table(title=title, title_justify="left")
    for column in ("user", "keystroke savings", "authors", "wrong/100 words", "prec.", "cover."):
        table.add_column(column, overflow="fold")
    for label, figures in _users(report):
        table.add_row(label, *_savings_row(figures))
    return table


def _gate(report: dict[str, Any]) -> Table | None:
    """Whether probabilities came true and the dial was kept, where there is enough to tell."""
    table = Table(title=f"after {SETTLED_CHARACTERS:,} characters", title_justify="left")
    columns = ("user", "calibration error", "by chance", "wrong/100 words", "dial kept", "worst")
    for column in columns:
        table.add_column(column, overflow="fold")
    for label, figures in _users(report):
        if figures["ece"] is not None:
            ece, noise = _interval(figures, "ece", 3), _number(figures["ece_noise"], 3)
            table.add_row(label, ece, noise, *_dial_row(figures.get("dial_honoured")))
    return table if table.row_count else None


def _dial_row(dial: dict[str, Any] | None) -> tuple[str, ...]:
    if not dial or not dial["authors"]:
        return ()
    return (
        f"{_interval(dial, 'wrong_per_100_words', 1)} of {dial['dial']:g}",
        f"{dial['within_20_percent']} of {len(dial['authors'])}",
        f"{100 * dial['worst_deviation']:+.0f} %",
    )


def _users(report: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each simulated user that was run, with a label."""
    for attention in ATTENTIONS:
        for user in USERS:
            for point in POINTS:
                figures = report["results"].get(attention, {}).get(user, {}).get(point)
                if figures:
                    yield f"{_ATTENTION[attention]} {user} {point}", figures
    for figures in report.get("dial_curve", ()):
        if figures["dial"] != QUIET_WRONG_PER_100_WORDS:
            yield f"att. word, dial {figures['dial']:g}", figures
    if "top3" in report:
        yield "att. word free, menu of 3", report["top3"]


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
        ("rank_latency_us", "us"),
        ("take_in_latency_us", "us"),
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
