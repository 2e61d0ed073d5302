"""What storage needs of the profile in the core, so that a test can put a small one there."""

from __future__ import annotations

from typing import Protocol

Sections = list[tuple[str, bytes]]


class Core(Protocol):
    """Each call is one step: the interpreter's lock is held from its begin to its end."""

    def drain(self) -> bytes:
        """Operations since the last drain, a text of its own; empty for none."""

    def checkpoint(self) -> tuple[bytes, Sections]:
        """`drain` and a snapshot that holds just what was drained until now, at one moment."""

    def save_counts(self) -> Sections:
        """The sections of a snapshot that no operation tells of."""

    def load(self, sections: Sections, /) -> None:
        """Become what a snapshot says. Raises ProfileError that names a section it refuses."""

    def replay(self, operations: bytes, /) -> int:
        """Do drained operations again, without draining them again; how many there were."""

    def keep_journal(self, kept: bool, /) -> None:
        """Whether operations are kept for `drain`; they are, at first."""

    def take_signatures(self) -> list[tuple[int, int, bytes, bytes]]:
        """The finished mini-batches (minibatches.MiniBatch), which wait no more."""

    def tally(self) -> tuple[int, ...]:
        """The totals of `facts.Tally`, in its order."""

    def make_room(self) -> int:
        """Drop the least useful n-grams beyond the limit; how many went."""
