"""The ranking rule of ibus-typing-booster, by hand-worked examples."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretype.replay.ibus_typing_booster.dictionary import Dictionary, open_dictionary
from foretype.replay.ibus_typing_booster.phrases import Phrases, best_first, capitalised
from foretype.replay.ibus_typing_booster.system import BoosterProfile, BoosterSession, BoosterSystem
from foretype.replay.ibus_typing_booster.tokens import Reader, fold, without_punctuation

USES = [
    # phrase, before, before that, times
    ("cold", "the", "in", 3),
    ("cold", "a", "", 1),
    ("colour", "the", "of", 2),
    ("Cologne", "the", "in", 1),
    ("conference", "the", "at", 1),
    ("dinner", "the", "in", 9),
]


@pytest.fixture
def phrases() -> Phrases:
    known = Phrases()
    for phrase, before, before_that, times in USES:
        for _ in range(times):
            known.add(phrase, before, before_that)
    return known


@pytest.mark.parametrize(
    ("typed", "before", "before_that", "expected"),
    [
        # Unigrams alone: 8 uses begin with co.
        ("co", "", "", {"cold": 4 / 8, "colour": 2 / 8, "Cologne": 1 / 8, "conference": 1 / 8}),
        # No use after "my": the unigrams stay.
        ("col", "my", "in", {"cold": 4 / 7, "colour": 2 / 7, "Cologne": 1 / 7}),
        # After "the" 3 + 2 + 1; after "in the" 3 + 1; "colour" keeps its half and half.
        (
            "COL",
            "the",
            "in",
            {
                "cold": 0.25 * 4 / 7 + 0.25 * 3 / 6 + 0.5 * 3 / 4,
                "colour": 0.5 * 2 / 7 + 0.5 * 2 / 6,
                "Cologne": 0.25 * 1 / 7 + 0.25 * 1 / 6 + 0.5 * 1 / 4,
            },
        ),
        # After "a", at a message's second word: no third order.
        ("col", "a", "", {"cold": 0.5 * 4 / 7 + 0.5, "colour": 2 / 7, "Cologne": 1 / 7}),
        ("x", "the", "in", {}),
    ],
)
def test_the_weights_of_the_three_orders(
    phrases: Phrases, typed: str, before: str, before_that: str, expected: dict[str, float]
) -> None:
    assert phrases.scores(typed, before, before_that) == pytest.approx(expected)


words = st.sampled_from(["a", "ab", "abc", "b", "Ab"])


@given(st.lists(words, max_size=30), words, words, words)
def test_the_scores_are_those_of_counting_anew(
    text: list[str], typed: str, before: str, before_that: str
) -> None:
    profile = BoosterProfile()
    profile.learn(" ".join(text))
    uses = list(zip(text, ["", *text], ["", "", *text], strict=False))

    def shares(condition: Callable[[str, str], bool]) -> dict[str, float]:
        of = [
            word
            for word, one, two in uses
            if word.lower().startswith(typed.lower()) and condition(one, two)
        ]
        return {word: of.count(word) / len(of) for word in of}

    expected = shares(lambda one, two: True)
    for order in (
        shares(lambda one, two: one == before),
        shares(lambda one, two: (one, two) == (before, before_that)),
    ):
        expected |= {word: (expected[word] + share) / 2 for word, share in order.items()}
    assert profile.phrases.scores(typed, before, before_that) == pytest.approx(expected)


def test_equal_scores_go_by_length_and_alphabet() -> None:
    scores = {"colour": 0.0, "code": 0.0, "cold": 0.0, "conference": 0.5}
    assert best_first(scores, limit=3) == ["conference", "code", "cold"]
    assert capitalised(["code", "Code", "iPad"]) == ["Code", "IPad"]


def test_what_a_phrase_is() -> None:
    learned: list[tuple[str, str, str]] = []
    reader = Reader(lambda *use: learned.append(use))
    reader.type('Well-known: the ("Café") re-')
    assert reader.open == "re-"
    reader.type("do\n-- ")
    reader.type("so")
    reader.end_message()
    reader.type("Dear ")
    assert learned == [
        ("Well-known", "", ""),
        ("the", "Well-known", ""),
        ("Café", "the", "Well-known"),
        ("re-do", "Café", "the"),
        ("so", "re-do", "Café"),
        ("Dear", "", ""),
    ]
    assert fold("CAFÉ") == "cafe"
    assert without_punctuation("—'tis.—") == "tis"


def session(history: str, words: dict[str, float], *, least_letters: int = 1) -> BoosterSession:
    profile = BoosterProfile()
    profile.learn(history)
    return BoosterSession(profile, Dictionary(words), least_letters=least_letters)


def menu(field: BoosterSession) -> list[str]:
    suggestion = field.suggest()
    return [entry.text for entry in suggestion.candidates] if suggestion else []


def test_a_field_learns_at_the_space_and_shows_what_can_be_added() -> None:
    field = session("meeting", {"me": 0.0, "mean": 0.0, "Meissen": 0.0})
    assert menu(field) == []
    field.type("(me")
    assert menu(field) == ["eting", "an"]  # "me" is typed already, "Meissen" would change it
    assert field.accept() == "eting"
    field.type(" mezzanine")
    assert menu(field) == []
    field.type(" me")
    assert menu(field)[0] == "eting"
    field.finish()
    field.type("Me")
    assert menu(field) == ["eting", "zzanine", "an", "issen"]


def test_next_words_where_no_letter_is_asked_for_and_usual_words_first() -> None:
    words = {"mean": 2e-6, "meal": 1e-6}
    field = session("meet me at noon", words, least_letters=0)
    assert menu(field) == ["at", "me", "meet", "noon"]
    field.type("meet me at ")
    assert menu(field) == ["noon", "at", "me", "meet"]
    field.type("mea")
    assert menu(field) == ["n", "l"]


def test_the_dictionary_is_the_background() -> None:
    by_length, by_use = open_dictionary(by_use=False), open_dictionary(by_use=True)
    assert set(by_length.scores("thank").values()) == {0.0}
    best = best_first(by_use.scores("tha"), limit=3)
    assert "that" in best
    assert all(0 < by_use.scores("tha")[word] < 1e-6 for word in best)


@pytest.mark.parametrize(("kind", "at_word_starts"), [("default", False), ("favoured", True)])
def test_the_settings_say_what_was_chosen(kind: str, at_word_starts: bool) -> None:
    system = BoosterSystem(kind=kind)
    profile = system.profile()
    profile.learn("see you soon")
    field = system.session(profile, proposers="lm", wrong_per_100_words=None)
    field.type("see you ")
    assert (field.suggest() is not None) == at_word_starts
    assert system.settings()["least_letters_typed"] == int(not at_word_starts)
    assert kind in system.name
