"""What a word is, for everything that replay counts."""

import re
import unicodedata
from dataclasses import dataclass

_JOINERS = frozenset("'\u2019-\u2010\u2011")
"""Apostrophes and hyphens: part of a word where a letter, digit or mark follows."""

_RUN = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Word:
    """A run of non-space characters that holds a letter or digit.

    `core_end` is the offset after its last letter, digit or mark: "(yes)." ends at "yes".
    """

    start: int
    end: int
    core_end: int


def is_word_character(character: str) -> bool:
    """A letter, a digit (any number sign) or a combining mark."""
    return unicodedata.category(character)[0] in "LNM"


def borders(text: str) -> bytearray:
    """For each offset 0..len(text): 1 where a word may end or begin, 0 inside a word.

    Inside means: word characters on both sides, where an apostrophe or hyphen is a word
    character if one follows it. So "don't" and "well-known" have no border within.
    """
    in_word = bytearray(len(text) + 1)
    for offset in range(len(text) - 1, -1, -1):
        character = text[offset]
        if character.isalnum() or is_word_character(character):
            in_word[offset] = 1
        elif character in _JOINERS and offset + 1 < len(text):
            in_word[offset] = is_word_character(text[offset + 1])
    result = bytearray(b"\x01" * (len(text) + 1))
    for offset in range(1, len(text)):
        result[offset] = not (in_word[offset - 1] and in_word[offset])
    return result


def words(text: str, *, start: int = 0) -> list[Word]:
    """The words that begin at or after `start`, in order."""
    found = []
    for run in _RUN.finditer(text):
        core = run.end()
        while core > run.start() and not is_word_character(text[core - 1]):
            core -= 1
        if core > run.start() and run.start() >= start:
            found.append(Word(run.start(), run.end(), core))
    return found
