"""docs/benchmarks.md, made from the JSON that replay and the benchmarks saved."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from foretype.bench.frontier.picture import picture
from foretype.bench.frontier.section import PICTURE
from foretype.bench.frontier.section import section as frontier_section
from foretype.errors import DataError
from foretype.model.atomic import atomic_write

Json = dict[str, Any]

HEADER = """# Benchmarks

Made by `foretype bench report`; do not edit. Each table names the command that measures it again.
What the figures mean: [replay.md](replay.md).
"""

_USERS = {"word": "word user", "phrase": "phrase user"}


def write_page(folder: Path, output: Path) -> None:
    """Write the page of what is in `folder`, and its picture beside it.

    Raises DataError if there is nothing.
    """
    found = {name: _read(folder / f"{name}.json") for name in _SECTIONS}
    sections = [section(name, figures) for name, figures in found.items() if figures]
    if not sections:
        names = ", ".join(f"{name}.json" for name in _SECTIONS)
        raise DataError(f"{folder} holds none of {names}.")
    _write(output, "\n".join([HEADER, *sections]))
    if frontier := found["frontier"]:
        _write(output.with_name(PICTURE), picture(frontier))


def _write(output: Path, text: str) -> None:
    with atomic_write(output) as file:
        file.write(text.encode())
    output.chmod(0o644)


def section(part: str, figures: Json) -> str:
    """The Markdown of one part: replay, frontier, lm, trie, profile, keystroke or statistics."""
    return _SECTIONS[part](figures)


def _read(path: Path) -> Json | None:
    try:
        figures: Json = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        raise DataError(f"{path} cannot be read as JSON.") from None
    return figures


def _replay(report: Json) -> str:
    settings = report["settings"]
    lines = [
        "## Replay",
        "",
        "`foretype replay --data FILE --report OUT.json` (with `--peer NAME` for a peer).",
        "",
        f"{report['authors']} authors, {report['characters']:,} characters, {report['words']:,} "
        f"words; data sha256 `{report['data_sha256'][:16]}`; {_where(report)}; "
        f"kernel {report['kernel'] or 'none'}, {report['threads']} thread, deadline "
        f"{settings.get('budget_ms')} ms; load average {_round(report, 'load_average_while_timed')}"
        " while timed. 95 % intervals by bootstrap over messages, stratified by author.",
        "",
        *_savings(report),
        "",
        *_other_figures(report),
    ]
    for name, peer in report.get("peers", {}).items():
        lines += ["", f"### Beside {name}", "", *_peer(peer)]
    return "\n".join(lines) + "\n"


def _savings(report: Json) -> Iterator[str]:
    yield "| user | keystroke savings | authors | wrong in 100 words | precision | coverage |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for attention, users in report["results"].items():
        for user, points in users.items():
            for point, figures in points.items():
                name = f"{attention.replace('_', '-')}, {_USERS[user]}, {point}"
                yield _savings_row(name, figures)
    if "top3" in report:
        yield _savings_row("menu of three, attentive, word user, free", report["top3"])


def _savings_row(name: str, figures: Json) -> str:
    spread = figures["ks_by_author"]
    cells = (
        name,
        _interval(figures, "ks", 4),
        f"{spread['min']:.3f} to {spread['max']:.3f}",
        _interval(figures, "wrong_per_100_words", 1),
        _interval(figures, "precision", 3),
        _interval(figures, "coverage", 3),
    )
    return f"| {' | '.join(cells)} |"


def _other_figures(report: Json) -> Iterator[str]:
    yield "| figure | value |"
    yield "| --- | --- |"
    for name, digits in (
        ("saved_at_1", 4),
        ("saved_at_5", 4),
        ("bits_per_byte", 4),
        ("bits_per_byte_without_memory", 4),
    ):
        if report.get(name) is not None:
            yield f"| {name.replace('_', ' ')} | {_interval(report, name, digits)} |"
    for name in ("latency_ms", "latency_processor_ms", "trie_latency_us", "rank_latency_us"):
        if report.get(name):
            parts = ", ".join(f"{p} {report[name][p]:.2f}" for p in ("p50", "p95", "p99", "max"))
            yield f"| {name.replace('_', ' ')} | {parts} |"
    for name in (
        "lm_ms_per_keystroke",
        "think_ms_per_keystroke",
        "deadline_missed_share",
        "cold_start_s",
        "resident_mb",
        "model_file_mb",
        "profile_file_mb",
    ):
        if report.get(name) is not None:
            yield f"| {name.replace('_', ' ')} | {report[name]:.3f} |"


def _peer(peer: Json) -> Iterator[str]:
    yield f"{peer['system']}; {peer['messages']} messages of {peer['authors']} authors."
    for each in peer["left_out"]:
        yield f"Author {each['author']} is left out, {each['run']}: {each['where']}"
    yield ""
    yield "Settings: " + "; ".join(f"{k.replace('_', ' ')}: {v}" for k, v in _told(peer)) + "."
    yield ""
    yield from _savings(peer)
    yield ""
    yield from _other_figures(peer)
    yield ""
    yield "Foretype minus the peer, on the same messages:"
    yield ""
    yield "| run | figure | difference | excludes zero |"
    yield "| --- | --- | --- | --- |"
    for run, figures in peer["foretype_minus_peer"].items():
        for name, of in figures.items():
            value = f"{of['difference']:.4f} ({of['low']:.4f} to {of['high']:.4f})"
            claim = "yes" if of["excludes_zero"] else "no"
            yield f"| {run} | {name.replace('_', ' ')} | {value} | {claim} |"


def _told(peer: Json) -> Iterator[tuple[str, Any]]:
    return ((k, v) for k, v in peer["settings"].items() if v is not None)


def _language_model(figures: Json) -> str:
    lines = [
        "## Language model",
        "",
        "`foretype bench lm --peer llama.cpp`: tokens a second, one thread, processor time; "
        f"{figures['prompt_tokens']} tokens of prompt, then greedy decoding; {figures['runs']} "
        f"runs, alternating. {_where(figures)}.",
        "",
        "| subject | decoding, median | best | prompt, median | best |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name, of in figures["subjects"].items():
        cells = (
            of[f"{part}_per_s_{which}"]
            for part in ("decoded_tokens", "prompt_tokens")
            for which in ("median", "best")
        )
        lines.append(f"| {name} | {' | '.join(f'{cell:.1f}' for cell in cells)} |")
    if figures["decoding_rate_ratio"]:
        lines += ["", "| decoding rate | times (95 % interval) |", "| --- | --- |"]
    for name, of in figures["decoding_rate_ratio"].items():
        interval = f"{of['ratio_low']:.2f} to {of['ratio_high']:.2f}"
        lines.append(f"| {name} | {of['ratio']:.2f} ({interval}) |")
    return "\n".join(lines) + "\n"


def _trie(figures: Json) -> str:
    lines = [
        "## Trie",
        "",
        f"`foretype bench trie`: made-up words learned, then typed. {_where(figures)}. On the wall "
        "other programs' turns count too; in processor time they do not.",
        "",
        "| words learned | n-grams | bytes | learning, us a word | suggest, us: p50 | p95 | p99 "
        "| processor: p50 | p95 | p99 |",
        "|" + " --- |" * 10,
    ]
    for words, of in figures["by_words_learned"].items():
        cells = [of["ngrams"], of["memory_bytes"], of["learn_us_per_word"]]
        for times in (of["suggest_at_the_door"], of["suggest_processor_time"]):
            cells += [round(times[f"{p}_us"], 1) for p in ("p50", "p95", "p99")]
        lines.append(f"| {words} | {' | '.join(f'{cell:,}' for cell in cells)} |")
    return "\n".join(lines + _store(figures["store_by_ngrams"])) + "\n"


def _store(by_ngrams: Json) -> list[str]:
    """The lines of the table of stores, none if none was measured."""
    if not by_ngrams:
        return []
    lines = [
        "",
        "The store alone, learning, saving and loading in processor time, looking up the best of "
        "three on the wall, with the crossing from Python:",
        "",
        "| n-grams | bytes each: counted | resident | snapshot | learning, us: p50 | p99 | max "
        "| looking up, us: p50 | p99 | saving, ms | loading, ms |",
        "|" + " --- |" * 11,
    ]
    for of in by_ngrams.values():
        cells = [of["ngrams"], *(of[f"{what}_bytes_each"] for what in _KEPT)]
        cells += [round(of["learn"][f"{p}_us"], 1) for p in ("p50", "p99", "max")]
        cells += [round(of["look_up"][f"{p}_us"], 1) for p in ("p50", "p99")]
        cells += [of["save_ms"], of["load_ms"]]
        lines.append(f"| {' | '.join(f'{cell:,}' for cell in cells)} |")
    return lines


_KEPT = ("memory", "resident", "snapshot")


def _profile(figures: Json) -> str:
    learned, durable = figures["learn_message"], figures["message_durable"]
    opened = figures["open_ms"]
    rows = (
        ("opening, median of runs", f"{opened['p50_ms']:.0f} ms"),
        ("opening, best of runs", f"{figures['open_best_ms']:.0f} ms"),
        ("the same in processor time", f"{figures['open_processor_best_ms']:.0f} ms"),
        ("memory", f"{figures['memory_bytes_an_ngram']:.1f} bytes an n-gram"),
        ("files, the copy among them", f"{figures['file_bytes_an_ngram']:.1f} bytes an n-gram"),
        ("a finished message, as its writer waits", f"p99 {learned['p99_us']:.0f} us"),
        ("the same until it is on the disk", f"p99 {durable['p99_ms']:.1f} ms"),
        ("telling the writer of a key", f"{figures['touch_us']:.2f} us"),
        ("snapshot, which a key waits for, when idle only", f"{figures['snapshot_ms']:.0f} ms"),
        ("the same in processor time", f"{figures['snapshot_processor_ms']:.0f} ms"),
        ("compaction", f"{figures['compact_ms']:.0f} ms"),
        ("forgetting a word in every file", f"{figures['forget_ms']:.0f} ms"),
    )
    lines = [
        "## Profile",
        "",
        f"`foretype bench profile`: made-up words, {figures['ngrams']:,} n-grams of "
        f"{figures['words']:,} words, {figures['runs']} runs. {_where(figures)}.",
        "",
        "| figure | value |",
        "| --- | --- |",
        *(f"| {name} | {value} |" for name, value in rows),
    ]
    return "\n".join(lines) + "\n"


def _keystroke(figures: Json) -> str:
    without, late = figures["share_without_forward_pass"], figures["share_over_budget"]
    lines = [
        "## Keystroke",
        "",
        f"`foretype bench keystroke`: a letter typed by hand, {figures['keystrokes']:,} keys, "
        f"kernel {figures['kernel'] or 'none'}. {_where(figures)}. {without:.0%} of the keys wait "
        f"for no forward pass; {late:.1%} came to the deadline.",
        "",
        "| milliseconds | p50 | p95 | p99 | max |",
        "|" + " --- |" * 5,
    ]
    for name, times in (("wall", "latency"), ("processor", "latency_processor_time")):
        cells = (f"{figures[times][f'{p}_ms']:.2f}" for p in ("p50", "p95", "p99", "max"))
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _gathering(figures: Json) -> str:
    cost, low, high = (100 * figures[f"cost{end}"] for end in ("", "_low", "_high"))
    rows = (
        ("with statistics", f"{figures['with_ms_per_keystroke']:.3f} ms a key"),
        ("without", f"{figures['without_ms_per_keystroke']:.3f} ms a key"),
        ("cost (95 % interval)", f"{cost:.2f} % ({low:.2f} to {high:.2f})"),
    )
    lines = [
        "## Statistics",
        "",
        "`foretype bench statistics`: two sessions type the same letter in turns, key by key, with "
        f"what is thought between; processor time, {figures['keystrokes']:,} keys each, kernel "
        f"{figures['kernel']}. {_where(figures)}.",
        "",
        "| figure | value |",
        "| --- | --- |",
        *(f"| {name} | {value} |" for name, value in rows),
    ]
    return "\n".join(lines) + "\n"


def _frontier(figures: Json) -> str:
    return frontier_section(figures, where=_where(figures))


_SECTIONS: dict[str, Callable[[Json], str]] = {
    "replay": _replay,
    "frontier": _frontier,
    "lm": _language_model,
    "trie": _trie,
    "profile": _profile,
    "keystroke": _keystroke,
    "statistics": _gathering,
}


def _where(figures: Json) -> str:
    commit = figures.get("commit") or "unknown"
    load = figures.get("load_average_1_minute")
    busy = "" if load is None else f", load average {load}"
    return f"{figures['machine']}, commit `{commit[:12]}`{busy}"


def _round(figures: Json, name: str) -> str:
    value = figures.get(name)
    return "unknown" if value is None else f"{value:.1f}"


def _interval(figures: Json, name: str, digits: int) -> str:
    value, low, high = (figures[f"{name}{end}"] for end in ("", "_low", "_high"))
    if value is None:
        return "-"
    return f"{value:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"
