"""Which tokens a person's words are made of, and how often each is used."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from foretype import Profile
from foretype.inspect.model_tokens import ModelTokens
from foretype.statistics.vocabulary import vocabulary_range

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

NEWEST_SHARE = 0.1  # of the words: the ones that stand for what is still to come


@dataclass(frozen=True)
class WordUse:
    """One form of a word, how often it was written, and on which day the word first was."""

    text: str
    uses: int
    first_day: date

    @property
    def spaced(self) -> str:
        """As it usually stands in a text: after a space."""
        return f" {self.text}"


@dataclass(frozen=True)
class Novelty:
    """The newest words, and the share of their tokens that older words had used before."""

    words: int
    since: date
    known_share: float


def own_words(profile: Profile) -> list[WordUse]:
    """Every form of every word the owner wrote, common English too, in order of their text."""
    found = [
        WordUse(form.text, form.inside + form.opening, facts.first_day)
        for facts in profile.words(own_only=False)
        for form in facts.forms
    ]
    return sorted(found, key=lambda word: word.text)


def token_uses(words: Iterable[WordUse], tokens: ModelTokens) -> Ints:
    """[tokens] how often each token is used in writing these words."""
    counted = ((word.text, word.uses) for word in words)
    return vocabulary_range(counted, tokens.encode_bytes, len(tokens)).uses


def public_ranking(words: Iterable[tuple[str, float]], tokens: ModelTokens) -> Ints:
    """[tokens] all token ids, those most used in public English first.

    `words` are (word, probability). Tokens that no public word needs come last, in order of id.
    """
    weight = np.zeros(len(tokens))
    for text, probability in words:
        for token in tokens.encode(f" {text}"):
            weight[token] += probability
    return np.argsort(-weight, kind="stable").astype(np.int64)


def own_ranking(uses: Ints) -> Ints:
    """[tokens] all token ids, those the owner uses most first."""
    return np.argsort(-uses, kind="stable").astype(np.int64)


def novelty(words: Iterable[WordUse], tokens: ModelTokens) -> Novelty | None:
    """What the newest tenth of the words says of words to come; None without older ones."""
    by_day = sorted(words, key=lambda word: (word.first_day, word.text))
    if not by_day:
        return None
    since = by_day[int(len(by_day) * (1 - NEWEST_SHARE))].first_day
    known = {
        token for word in by_day if word.first_day < since for token in tokens.encode(word.spaced)
    }
    if not known:
        return None
    newest = [word for word in by_day if word.first_day >= since]
    needed = [token for word in newest for token in tokens.encode(word.spaced)]
    share = sum(token in known for token in needed) / len(needed)
    return Novelty(len(newest), since, share)
