"""A peer whose process dies at an author: said, and the author left out on both sides."""

from collections.abc import Sequence
from typing import Any

from foretype.errors import ForetypeError

Outcome = dict[str, Any]


class AbortedError(ForetypeError):
    """The process under replay ended where it should have answered; the message says where."""


def aborted(error: AbortedError) -> Outcome:
    """The outcome of an author whose run ended so."""
    return {"aborted": str(error)}


def left_out(outcomes: dict[str, list[Outcome]]) -> list[dict[str, Any]]:
    """Where runs aborted: {"author" (its number), "run", "where"}."""
    return [
        {"author": author, "run": run, "where": outcome["aborted"]}
        for run, by_author in outcomes.items()
        for author, outcome in enumerate(by_author)
        if "aborted" in outcome
    ]


def without(outcomes: Sequence[Outcome], authors: set[int]) -> list[Outcome]:
    """The outcomes, in which these authors have no messages; the others keep their numbers."""
    return [
        {"counts": [], "latencies": [], "shows": [], "settled_words": []}
        if author in authors
        else outcome
        for author, outcome in enumerate(outcomes)
    ]
