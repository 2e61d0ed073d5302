"""What a word is, and where one may end."""

import pytest

from foretype.replay.words import Word, borders, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "1"),
        ("a", "11"),
        ("we go", "101101"),
        ("don't", "100001"),
        ("well-known", "10000000001"),
        ("don\u2019t", "100001"),
        ("so - no", "10111101"),
        ("rock'", "100011"),
        ("'em up", "1001101"),
        ("3.50", "11101"),
        ("a_b", "1111"),
        ("cafe\u0301s", "1000001"),
        ("a--b", "11101"),
        ("\U0001f642ok", "1101"),
    ],
)
def test_borders(text: str, expected: str) -> None:
    assert "".join(map(str, borders(text))) == expected


@pytest.mark.parametrize(
    ("text", "start", "expected"),
    [
        ("", 0, []),
        (" - ... ", 0, []),
        ("(yes). no", 0, [Word(0, 6, 4), Word(7, 9, 9)]),
        ("a b c", 1, [Word(2, 3, 3), Word(4, 5, 5)]),
        ("meeting", 3, []),
        ("one\n\ntwo", 0, [Word(0, 3, 3), Word(5, 8, 8)]),
    ],
)
def test_words(text: str, start: int, expected: list[Word]) -> None:
    assert words(text, start=start) == expected
