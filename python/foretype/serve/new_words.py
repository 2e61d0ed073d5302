"""The user's newest words that common English does not know: what the page shows as learned."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from foretype import Session

# Shorter words are abbreviations and parts of words more often than names.
SHORTEST = 3
# Further back nothing can have happened since the last look, however fast the keys came.
LOOK_BACK = 80
SHOWN = 12

_WORD = re.compile(rf"[^\W\d_][\w'’-]{{{SHORTEST - 1},}}(?=\W)")


class NewWords:
    """Collects words, newest first.

    `english` is a session of an empty profile without the language model. A word is new if English
    has nothing to say one letter before its end.
    """

    def __init__(self, english: "Session") -> None:
        self._english = english
        self._newest_last: dict[str, None] = {}
        self._common: set[str] = set()

    def typed(self, before: str) -> None:
        """Takes in the finished words shortly before the caret."""
        for word in _WORD.findall(_from_a_word(before)):
            self._take_in(word)

    def finished(self, text: str) -> None:
        """Takes in all words of a finished message."""
        for word in _WORD.findall(f"{text} "):
            self._take_in(word)

    def newest(self) -> list[str]:
        """At most SHOWN words, newest first."""
        return list(reversed(self._newest_last))[:SHOWN]

    def forget(self) -> None:
        """Forgets all words."""
        self._newest_last.clear()
        self._common.clear()

    def _take_in(self, word: str) -> None:
        if self._is_new(word):
            self._newest_last.pop(word, None)
            self._newest_last[word] = None

    def _is_new(self, word: str) -> bool:
        if word in self._newest_last:
            return True
        if word in self._common:
            return False
        self._english.set_text("")
        self._english.set_text(word[:-1])
        if self._english.suggest() is None:
            return True
        self._common.add(word)
        return False


def _from_a_word(before: str) -> str:
    """The end of the text, without the rest of a word that was cut."""
    if len(before) <= LOOK_BACK:
        return before
    return re.sub(r"^\S*", "", before[-LOOK_BACK:])
