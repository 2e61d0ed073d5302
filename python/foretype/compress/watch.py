"""How the stages tell those who wait how far they are."""

from typing import Protocol

from foretype.model.progress import Progress


class Watch(Protocol):
    """Somebody who watches a compression."""

    def begin(self, title: str, total: int, unit: str, *, done: int = 0) -> None:
        """Something of `total` units begins, `done` of which an earlier run did."""
        ...

    def advance(self, amount: int) -> None:
        """So many more units of it are done."""
        ...

    def say(self, line: str) -> None:
        """A finding that is worth a line."""
        ...


class Unwatched:
    """The Watch of those who do not."""

    def begin(self, title: str, total: int, unit: str, *, done: int = 0) -> None:
        """Nothing."""

    def advance(self, amount: int) -> None:
        """Nothing."""

    def say(self, line: str) -> None:
        """Nothing."""


def counting(watch: Watch, unit: str = "characters") -> Progress:
    """A Progress that a Watch is told of."""
    before = -1

    def progress(title: str, done: int, total: int) -> None:
        nonlocal before
        if before < 0:
            watch.begin(title, total, unit)
            before = 0
        watch.advance(done - before)
        before = done

    return progress
