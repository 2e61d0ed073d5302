"""Why a word is known, in plain sentences: the same on the command line and on the page."""

from collections.abc import Iterable
from datetime import date, timedelta

from foretype.profile.facts import FormFacts, WordFacts

RUNGS = {
    "offered": "It is offered, but not confirmed yet: only where nothing fits better.",
    "confirmed": "It is confirmed: written or taken more than once.",
    "trusted": "It is trusted: a settled word of yours.",
}


def reasons(facts: WordFacts, *, today: date) -> tuple[str, ...]:
    """Sentences about one word: how often, how written, taken, where, and how sure."""
    sentences = (
        _uses(facts, today),
        _forms(facts.forms),
        _offers(facts.accepted, facts.rejected),
        _contexts(facts.contexts),
        RUNGS[facts.rung],
    )
    return tuple(sentence for sentence in sentences if sentence)


def times(count: int) -> str:
    """Once, twice, 3 times."""
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count:,} times")


def day(when: date, *, today: date) -> str:
    """Today, yesterday, 3 March 2026."""
    if when == today:
        return "today"
    if when == today - timedelta(days=1):
        return "yesterday"
    return f"{when.day} {when:%B %Y}"


def context_name(name: str) -> str:
    """A context for people; the common one has no name."""
    return f"“{name}”" if name else "everywhere"


def listed(parts: Iterable[str]) -> str:
    """One, two and three."""
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last


def _uses(facts: WordFacts, today: date) -> str:
    if not facts.uses:
        return "You have not written it yet."
    first, last = day(facts.first_day, today=today), day(facts.last_day, today=today)
    if first == last:
        return f"You wrote it {times(facts.uses)}, {_on(last)}."
    return f"You wrote it {times(facts.uses)}, first {_on(first)} and last {_on(last)}."


def _on(when: str) -> str:
    return f"on {when}" if when[0].isdigit() else when


def _forms(forms: tuple[FormFacts, ...]) -> str:
    """How it was written, unless that says no more than the word itself."""
    if len(forms) < 2:
        return ""
    written = (f"“{form.text}” {times(form.inside + form.opening)}" for form in forms)
    return f"Written as {listed(written)}."


def _offers(accepted: int, rejected: int) -> str:
    if not accepted and not rejected:
        return ""
    if not rejected:
        return f"You took it {times(accepted)} when it was offered."
    if not accepted:
        return f"You took it and deleted it again {times(rejected)}."
    return (
        f"You took it {times(accepted)} when it was offered, "
        f"and deleted it again {times(rejected)}."
    )


def _contexts(names: tuple[str, ...]) -> str:
    if not names or names == ("",):
        return ""
    return f"Learned {_where(names)}."


def _where(names: tuple[str, ...]) -> str:
    named = listed(context_name(name) for name in names if name)
    inside = f"in {named}"
    return f"{inside} and outside any context" if "" in names else inside
