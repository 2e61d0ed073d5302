"""Which words the page shows as just learned."""

from typing import Any, cast

import pytest

from foretype.serve.new_words import SHOWN, NewWords


class English:
    """Knows how the words "the" and "invoices" end."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._text = ""

    def set_text(self, before: str) -> None:
        self._text = before

    def suggest(self) -> object | None:
        self.asked.append(self._text)
        return "something" if self._text in ("th", "invoice") else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("the Tavenport invoices", ["Tavenport"]),
        ("Tavenport, Farolux", ["Farolux", "Tavenport"]),
        ("Farolux Tavenport Farolux", ["Farolux", "Tavenport"]),
        ("O'Quenby-Farolux’s 12345 x1 __ abc9", ["abc9", "O'Quenby-Farolux’s"]),
        ("פארולוקס Čapek", ["Čapek", "פארולוקס"]),
        ("\ud83c\x00", []),
    ],
)
def test_a_finished_message_brings_its_new_words(text: str, expected: list[str]) -> None:
    words = NewWords(cast(Any, English()))
    words.finished(text)
    assert words.newest() == expected


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("Farolux Taven", ["Farolux"]),
        ("Farolux Tavenport ", ["Tavenport", "Farolux"]),
        ("Farolux" + 40 * " the" + " Tavenport ", ["Tavenport"]),
        ("Farolux" * 12 + " Tavenport ", ["Tavenport"]),
        ("Farolux", []),
        ("Farolux,", ["Farolux"]),
    ],
)
def test_a_key_brings_the_words_before_the_caret(before: str, expected: list[str]) -> None:
    words = NewWords(cast(Any, English()))
    words.typed(before)
    assert words.newest() == expected


def test_english_is_asked_once_for_a_word() -> None:
    english = English()
    words = NewWords(cast(Any, english))
    words.finished("the Farolux the Farolux")
    assert english.asked == ["th", "Farolu"]


def test_only_the_newest_are_shown_and_all_are_forgotten() -> None:
    words = NewWords(cast(Any, English()))
    words.finished(" ".join("F" + "o" * number for number in range(3, 40)))
    assert len(words.newest()) == SHOWN
    assert words.newest()[0] == "F" + "o" * 39
    words.forget()
    assert words.newest() == []
