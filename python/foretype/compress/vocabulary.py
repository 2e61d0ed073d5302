"""A vocabulary cut to the tokens that text needs: byte pairs with fewer merges."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from foretype.errors import SettingError
from foretype.model.vocabulary import Vocabulary

# Of each token that text is merged to, by token: how it is made.
Making = Mapping[int, tuple[int, int]]


@dataclass(frozen=True)
class Trimmed:
    """`old_ids` [kept], rising: the id that each token had, for taking rows of an embedding."""

    vocabulary: Vocabulary
    old_ids: npt.NDArray[np.intp]

    def new_id(self, old: int) -> int:
        """The id that a token has now. Raises KeyError for one that was left out."""
        place = int(np.searchsorted(self.old_ids, old))
        if place == len(self.old_ids) or self.old_ids[place] != old:
            raise KeyError(old)
        return place


def trim(vocabulary: Vocabulary, counts: npt.ArrayLike, *, size: int) -> Trimmed:
    """Keep control tokens, bytes, the `size` commonest tokens, and what these are merged from.

    `counts` [vocabulary]: how often text has each token; of equal ones the lower id is kept, which
    the training of byte pairs found first. Ids and ranks keep their order. A text is encoded as by
    byte pairs with the merges that are left (Sennrich et al., arXiv 1508.07909); every text that
    came back to itself still does. Tokens that no merge leads to are left out, text never has them.
    """
    often = np.asarray(counts, np.float64)
    if size < 0:
        raise SettingError(f"A vocabulary cannot be cut to {size} tokens; give 0 or more.")
    if often.shape != (len(vocabulary.tokens),):
        raise ValueError(f"{often.shape} counts for {len(vocabulary.tokens)} tokens")
    bytes_ = _bytes_of(vocabulary)
    making = _making(vocabulary)
    merged = np.array([*bytes_, *making], np.intp)
    commonest = merged[np.lexsort((merged, -often[merged]))[:size]]
    kept = {*vocabulary.specials, *bytes_} | _closure(commonest.tolist(), making)
    return _taken(vocabulary, sorted(kept))


def commonest(vocabulary: Vocabulary, counts: npt.ArrayLike, size: int) -> list[int]:
    """All bytes and the `size` commonest tokens, rising; no control tokens."""
    often = np.asarray(counts, np.float64)
    control = set(vocabulary.specials)
    order = np.lexsort((np.arange(len(often)), -often))
    plain = [int(token) for token in order if int(token) not in control]
    return sorted({*plain[:size], *_bytes_of(vocabulary)})


def coverage(counts: npt.ArrayLike, size: int) -> float:
    """Share of a text's tokens that are among its `size` commonest; 1 where there are none."""
    often = np.sort(np.asarray(counts, np.float64))[::-1]
    total = float(often.sum())
    return float(often[: max(size, 0)].sum()) / total if total else 1.0


def _bytes_of(vocabulary: Vocabulary) -> list[int]:
    control = set(vocabulary.specials)
    return [
        token
        for token, text in enumerate(vocabulary.tokens)
        if len(text) == 1 and token not in control
    ]


def _making(vocabulary: Vocabulary) -> dict[int, tuple[int, int]]:
    """The first merge that gives each token out of parts that text is merged to themselves."""
    ids = _ids(vocabulary)
    bytes_ = set(_bytes_of(vocabulary))
    making: dict[int, tuple[int, int]] = {}
    # A merge may stand before those that make its parts: by length, parts come first.
    pairs = [(int(left), int(right)) for left, right in vocabulary.merges]
    for left, right in sorted(pairs, key=lambda pair: _length(vocabulary, pair)):
        made = ids[vocabulary.tokens[left] + vocabulary.tokens[right]]
        if all(part in bytes_ or part in making for part in (left, right)):
            making.setdefault(made, (left, right))
    return making


def _length(vocabulary: Vocabulary, pair: tuple[int, int]) -> int:
    return sum(len(vocabulary.tokens[part]) for part in pair)


def _closure(tokens: Iterable[int], making: Making) -> set[int]:
    """The tokens, their parts, the parts of those, and so on."""
    kept: set[int] = set()
    waiting = list(tokens)
    while waiting:
        token = waiting.pop()
        if token not in kept:
            kept.add(token)
            waiting.extend(making.get(token, ()))
    return kept


def _taken(vocabulary: Vocabulary, old_ids: list[int]) -> Trimmed:
    new = {old: token for token, old in enumerate(old_ids)}
    ids = _ids(vocabulary)
    merges = [
        (new[left], new[right])
        for left, right in vocabulary.merges.tolist()
        if left in new
        and right in new
        and ids[vocabulary.tokens[left] + vocabulary.tokens[right]] in new
    ]
    return Trimmed(
        Vocabulary(
            [vocabulary.tokens[old] for old in old_ids],
            np.array(merges, np.uint32).reshape(-1, 2),
            [new[special] for special in vocabulary.specials],
            [new[token] for token in vocabulary.common if token in new],
        ),
        np.array(old_ids, np.intp),
    )


def _ids(vocabulary: Vocabulary) -> dict[bytes, int]:
    control = set(vocabulary.specials)
    return {text: token for token, text in enumerate(vocabulary.tokens) if token not in control}
