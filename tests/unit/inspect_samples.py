"""Hand-made models, words and counts for the tests of `foretype inspect`."""

from datetime import date

import numpy as np

from foretype.inspect.model_tokens import ModelTokens
from foretype.inspect.usage import WordUse
from foretype.statistics.hits import OUTCOMES, SHAPE, HitTable
from foretype.statistics.neurons import Layer

DAY = date(2026, 3, 2)
# " ab" is merged from " a" and "b"; "cd" from "c" and "d".
TEXTS = (b"<end>", b" ", b"a", b"b", b"c", b"d", b" a", b" ab", b"cd", b"\xe2", b"<b>")
MERGES = ((1, 2), (6, 3), (4, 5))
SPACE, A, B, C, D, SPACE_A, SPACE_AB, CD = range(1, 9)


def tokens(embedding: np.ndarray | None = None) -> ModelTokens:
    """A vocabulary of eleven tokens, three of them merged."""
    rows = np.random.default_rng(0).normal(size=(len(TEXTS), 8)) if embedding is None else embedding
    return ModelTokens(
        model="hand-made",
        texts=TEXTS,
        merges=np.array(MERGES, np.uint32),
        specials=frozenset({0}),
        embedding=rows.astype(np.float32),
    )


def word(text: str, uses: int = 1, day: date = DAY) -> WordUse:
    return WordUse(text, uses, day)


def table(**cells: dict[tuple[int, int, int, int], int]) -> HitTable:
    """From outcome={(rank, decile, typed, source): count}."""
    counts = np.zeros(SHAPE, np.uint32)
    for outcome, places in cells.items():
        for place, count in places.items():
            counts[(OUTCOMES.index(outcome), *place)] = count
    return HitTable(counts)


def layer(
    reference: np.ndarray, activity: np.ndarray, matches: list[list[int]] | None = None
) -> Layer:
    """A layer after two mini-batches of reference and those that were matched."""
    matched = np.array(matches or np.zeros((0, len(activity))), np.uint16)
    return Layer(
        reference=reference.astype(np.float16),
        reference_batches=2,
        batches=2 + len(matched),
        activity=activity.astype(np.float32),
        matches=matched.reshape(-1, len(activity)),
        margins=np.ones(len(matched), np.float32),
    )
