"""What the core counted, as facts for the owner."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Protocol

from foretype._text import to_bytes, to_str
from foretype.profile.facts import ContextFacts, FormFacts, Rung, WordFacts

_EPOCH = date(1970, 1, 1)
_RUNGS: tuple[Rung, ...] = ("offered", "confirmed", "trusted")
_PAGE = 4096  # rows asked for at once
_ALL = 1 << 32  # more words than there can be

# (unit, inside, opening, accepted, rejected, first day, last day, rung)
WordRow = tuple[bytes, int, int, int, int, int, int, int]
# (context, rung, unit, inside, opening, accepted, rejected, first day, last day)
Description = tuple[bytes, int, bytes, int, int, int, int, int, int]


class Counts(Protocol):
    """The part of the core's profile that is read here."""

    def contexts(self) -> list[tuple[bytes, bool, int]]:
        """(name, private, n-grams) of each context but the common one."""

    def messages(self) -> list[tuple[bytes, int, bytes]]:
        """(context, day, text), oldest first."""

    def describe(self, word: bytes, /) -> list[Description]:
        """Each form of a word in each context."""

    def newest_words(
        self, context: bytes, prefix: bytes, own_only: bool, most: int, /
    ) -> list[tuple[bytes, int, int, int]]:
        """(folded word, uses, first day, last day) of a context's words, the newest first."""

    def word_count(self, context: bytes, /) -> int:
        """How many words a context has."""

    def words(self, context: bytes, first: int, most: int, /) -> list[WordRow]:
        """At most `most` words of a context from number `first` on."""


def to_day(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - _EPOCH).days


def from_day(number: int) -> date:
    """The inverse of `to_day`."""
    return _EPOCH + timedelta(days=number)


def word_rows(core: Counts, context: bytes) -> Iterator[WordRow]:
    """Every form of every word of one context's own n-grams."""
    first = 0
    while page := core.words(context, first, _PAGE):
        yield from page
        first += len(page)


def newest_words(
    core: Counts, prefix: str, context: str | None, *, own_only: bool, limit: int | None
) -> list[str]:
    """The words, in small letters, that begin with `prefix`: those learned last first."""
    days: dict[bytes, tuple[int, int]] = {}
    most = _ALL if limit is None else limit
    for name in _own_contexts(core) if context is None else [to_bytes(context)]:
        for word, _, *found in core.newest_words(name, to_bytes(prefix), own_only, most):
            first, last = days.get(word, found)
            days[word] = (min(first, found[0]), max(last, found[1]))
    newest = sorted(days, key=lambda word: days[word], reverse=True)
    return [to_str(word) for word in newest[:limit]]


def word_count(core: Counts) -> int:
    """Words in all their forms; one that is known in private contexts counts in each."""
    return sum(core.word_count(name) for name in _own_contexts(core))


def word_facts(core: Counts, word: str) -> WordFacts | None:
    """Why this word is known, in any case form; None if it is not."""
    rows = core.describe(to_bytes(word))
    if not rows:
        return None
    private = {name for name, is_private, _ in core.contexts() if is_private}
    counted = [row for row in rows if not row[0] or row[0] in private]
    forms = _forms(counted)
    return WordFacts(
        word=forms[0].text,
        forms=forms,
        uses=sum(form.inside + form.opening for form in forms),
        accepted=sum(row[5] for row in counted),
        rejected=sum(row[6] for row in counted),
        first_day=from_day(min(row[7] for row in counted)),
        last_day=from_day(max(row[8] for row in counted)),
        rung=_RUNGS[max(row[1] for row in counted)],
        contexts=_contexts(rows, private),
    )


def context_facts(core: Counts) -> tuple[ContextFacts, ...]:
    """Every context but the common one, by name."""
    messages = [context for context, _, _ in core.messages()]
    return tuple(
        ContextFacts(
            name=to_str(name),
            private=private,
            words=core.word_count(name),
            ngrams=ngrams,
            messages=messages.count(name),
        )
        for name, private, ngrams in core.contexts()
    )


def _own_contexts(core: Counts) -> list[bytes]:
    """Where each use is counted once: what is not private stands in the common one already."""
    return [b"", *(name for name, private, _ in core.contexts() if private)]


def _forms(rows: Iterable[Description]) -> tuple[FormFacts, ...]:
    """The forms, most used first."""
    counts: dict[bytes, tuple[int, int]] = {}
    for _, _, unit, inside, opening, *_ in rows:
        before = counts.get(unit, (0, 0))
        counts[unit] = (before[0] + inside, before[1] + opening)
    ranked = sorted(counts.items(), key=lambda item: (-sum(item[1]), item[0]))
    return tuple(FormFacts(to_str(unit), *both) for unit, both in ranked)


def _contexts(rows: list[Description], private: set[bytes]) -> tuple[str, ...]:
    """Where it was written; "" only if it was also written in no context."""

    def uses(wanted: bool, *, named: bool) -> int:
        return sum(r[3] + r[4] for r in rows if bool(r[0]) is named and (r[0] in private) is wanted)

    named = sorted({to_str(row[0]) for row in rows if row[0]})
    common = uses(False, named=False) > uses(False, named=True)
    return ("", *named) if common else tuple(named)
