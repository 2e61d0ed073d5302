"""How the peer cuts text into phrases and forgives case and accents."""

import unicodedata
from collections.abc import Callable

_PUNCTUATION = {"Po", "Pi", "Pf", "Ps", "Pe", "Pc", "Pd"}
"""Unicode categories that are cut off at both ends of a token, and stay within it."""


def fold(text: str) -> str:
    """Small letters without accents: what a typed prefix is compared in."""
    parts = unicodedata.normalize("NFD", text)
    return "".join(part for part in parts if not unicodedata.combining(part)).lower()


def without_opening(token: str) -> str:
    """The token without punctuation at its beginning."""
    start = 0
    while start < len(token) and unicodedata.category(token[start]) in _PUNCTUATION:
        start += 1
    return token[start:]


def without_punctuation(token: str) -> str:
    """The token without punctuation at both ends."""
    return without_opening(without_opening(token)[::-1])[::-1]


class Reader:
    """Reads text as it is typed and tells each phrase with the two before it.

    `open` is what has been typed since the last space. Contexts begin empty with each message.
    """

    def __init__(self, learn: Callable[[str, str, str], None]) -> None:
        self._learn = learn
        self.open = ""
        self.before = ""
        self.before_that = ""

    def type(self, text: str) -> None:
        """Typed at the caret; a space ends a phrase."""
        for character in text:
            if character.isspace():
                self._end_phrase()
            else:
                self.open += character

    def end_message(self) -> None:
        """The message is sent."""
        self._end_phrase()
        self.before = self.before_that = ""

    def _end_phrase(self) -> None:
        phrase, self.open = without_punctuation(self.open), ""
        if phrase:
            self._learn(phrase, self.before, self.before_that)
            self.before_that, self.before = self.before, phrase
