"""The frontier as Markdown, for the page of figures and for the terminal."""

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]

POINTS = ("free", "quiet")
PICTURE = "frontier.svg"
"""Beside the page."""

UNKNOWN = "-"


def section(figures: Json, *, where: str) -> str:
    """Every contender with its figures, then each beside the baseline; `where` it was measured."""
    settings, base = figures["settings"], figures["baseline"]
    lines = [
        "## Frontier",
        "",
        "`foretype bench frontier --baseline NAME=FILE --candidate NAME=FILE ... --data FILE "
        "--save OUT.json` (with `--peer NAME` for a peer).",
        "",
        f"Models in the same engine on the same replay: {figures['authors']} authors, "
        f"{figures['characters']:,} characters, data sha256 `{figures['data_sha256'][:16]}`; "
        f"attentive word user; one thread, deadline {settings['budget_ms']:g} ms. Each author "
        "was typed by all of them in turns, so a slow hour of the machine is everybody's. LM "
        f"time is that of the processor, what is thought between keys with it. {where}. 95 % "
        "intervals by bootstrap over messages, those of differences paired.",
        "",
        f"![Keystroke savings against the language model's time]({PICTURE})",
        "",
        *_table(figures),
    ]
    for name, of in figures["others"].items():
        lines += ["", f"{name}: {of['note']}"]
    for other, beside in figures["differences"].items():
        what = "the baseline" if other == base else "it"
        lines += [
            "",
            f"Beside **{other}** (less {what}; time and rate: times those of {what}):",
            "",
        ]
        rates = {
            name: figures["contenders"][name]["decoding"]["times_the_rate_of"][other]
            for name in beside
        }
        lines += _differences(beside, rates)
    return "\n".join(lines) + "\n"


def _table(figures: Json) -> Iterator[str]:
    yield (
        "| model | KS, free | KS, quiet | LM ms a key | on the wall | decoding, tokens/s "
        "| file MB | resident MB | bits a byte |"
    )
    yield "|" + " --- |" * 9
    for name, of in figures["contenders"].items():
        yield _row(
            f"**{name}**" if name == figures["baseline"] else name,
            *(_interval(of["points"][point], "ks", 4) for point in POINTS),
            _interval(of, "lm_processor_ms_per_keystroke", 2),
            _number(of["lm_ms_per_keystroke"], 2),
            _number(of["decoding"]["full head"]["decoded_tokens_per_s_median"], 1),
            _number(of["file_mb"], 1),
            _number(of["resident_mb"], 1),
            _interval(of, "bits_per_byte", 3),
        )
    for name, of in figures["others"].items():
        yield _row(
            f"{name} (below)",
            *(_number(of.get(f"ks_{point}"), 4) for point in POINTS),
            UNKNOWN,
            _number(of.get("lm_ms_per_keystroke"), 2),
            _number(of.get("decoded_tokens_per_s"), 1),
            _number(of.get("file_mb"), 1),
            _number(of.get("resident_mb"), 1),
            _number(of.get("bits_per_byte"), 3),
        )


def _differences(beside: Json, rates: Json) -> Iterator[str]:
    yield "| model | KS, free | KS, quiet | LM time | on the wall | decoding rate | bits a byte |"
    yield "|" + " --- |" * 7
    for name, of in beside.items():
        times = [_times(of[f"{time}_ratio"]) for time in ("lm_processor_ms", "lm_ms")]
        if of["timed_in_turns"] < 1:
            apart = 1 - of["timed_in_turns"]
            times = [f"{time}; not in turns with {apart:.0%} of authors" for time in times]
        savings = [_less(of["points"][point]["ks"]) for point in POINTS]
        yield _row(name, *savings, *times, _rate(rates[name]), _less(of["bits_per_byte"]))


def _less(of: Json | None) -> str:
    """A difference, and in words what may be claimed."""
    if of is None or of["difference"] is None:
        return UNKNOWN
    word = "lower" if of["difference"] < 0 else "higher"
    claim = word if of["excludes_zero"] else "no difference shown"
    return f"{of['difference']:+.4f} ({of['low']:+.4f} to {of['high']:+.4f}), {claim}"


def _times(of: Json) -> str:
    if of["ratio"] is None:
        return UNKNOWN
    word = "faster" if of["ratio"] < 1 else "slower"
    claim = word if of["excludes_one"] else "no difference shown"
    return f"{of['ratio']:.3f} ({of['low']:.3f} to {of['high']:.3f}), {claim}"


def _rate(of: Json) -> str:
    return f"{of['ratio']:.2f} ({of['ratio_low']:.2f} to {of['ratio_high']:.2f})"


def _interval(of: Json, name: str, digits: int) -> str:
    value, low, high = (of.get(f"{name}{end}") for end in ("", "_low", "_high"))
    if value is None or low is None or high is None:
        return _number(value, digits)
    return f"{value:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"


def _number(value: float | None, digits: int) -> str:
    return UNKNOWN if value is None else f"{value:,.{digits}f}"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
