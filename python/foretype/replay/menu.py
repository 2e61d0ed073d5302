"""What a peer shows: words, the best first."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """One word, or the rest of the word at the caret."""

    text: str
    probability: float = 0.0


@dataclass(frozen=True, slots=True)
class Menu:
    """A suggestion of one word, with others below it. `candidates` holds one at least."""

    candidates: tuple[Entry, ...]

    @property
    def text(self) -> str:
        """The first entry: the ghost text."""
        return self.candidates[0].text

    @property
    def words(self) -> tuple[str, ...]:
        """One piece."""
        return (self.text,)

    @property
    def probability(self) -> float:
        """That of the first entry; 0 where the peer tells none."""
        return self.candidates[0].probability
