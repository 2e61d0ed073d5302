"""The simulated user, on messages of a few keys worked out by hand."""

import itertools
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from replay_engine import Entry, Ghost, ScriptedSession

from foretype.replay.data import ScoredMessage
from foretype.replay.plan import CONFIGURATIONS, Configuration
from foretype.replay.simulate import (
    MessageCounts,
    MisplacedAcceptError,
    looks_of,
    type_message,
)

WORD = CONFIGURATIONS["attentive/word/free"]
PHRASE = CONFIGURATIONS["attentive/phrase/free"]
MENU = CONFIGURATIONS["top3"]
NEVER, ALWAYS = 0, -1


@dataclass(frozen=True)
class Case:
    """A message, what the engine shows after which text, and what must be counted."""

    name: str
    text: str
    script: dict[str, tuple[str, ...]]
    keys: int
    shows: int = 0
    wrong: int = 0
    covered: int = 0
    accepts: int = 0
    words: int = 1
    start: int = 0
    user: Configuration = WORD
    looks: int = ALWAYS


CASES = [
    Case("nothing shown: every character is a key", "hi you", {}, keys=6, words=2),
    Case("a newline is a key like any other", "hi\nyou", {}, keys=6, words=2),
    Case("an accept is one key", "meet", {"": ("meet",)}, keys=1, shows=1, covered=1, accepts=1),
    Case(
        "the rest of a word",
        "meet",
        {"m": ("eet",)},
        keys=2,
        shows=1,
        covered=1,
        accepts=1,
    ),
    Case(
        "a space after an accepted word is typed by hand",
        "go on",
        {"": ("go",)},
        keys=4,
        shows=1,
        covered=1,
        accepts=1,
        words=2,
    ),
    Case(
        "unless the suggestion held it",
        "go on",
        {"": ("go ",)},
        keys=3,
        shows=1,
        covered=1,
        accepts=1,
        words=2,
    ),
    Case("a held space must be there", "go.", {"": ("go ",)}, keys=3, shows=1, wrong=1),
    Case(
        "a leading space belongs to the piece",
        "go on",
        {"go": (" on",)},
        keys=3,
        shows=1,
        covered=1,
        accepts=1,
        words=2,
    ),
    Case(
        "a word that the author's goes beyond", "meeting", {"": ("meet",)}, keys=7, shows=1, wrong=1
    ),
    Case(
        "nor before an apostrophe and a letter", "don't", {"": ("don",)}, keys=5, shows=1, wrong=1
    ),
    Case("nor before a hyphen and a letter", "re-do", {"": ("re",)}, keys=5, shows=1, wrong=1),
    Case("nor up to the hyphen", "re-do", {"": ("re-",)}, keys=5, shows=1, wrong=1),
    Case("nor before a combining mark", "cafe\u0301", {"": ("cafe",)}, keys=5, shows=1, wrong=1),
    Case("before a full stop", "go.", {"": ("go",)}, keys=2, shows=1, covered=1, accepts=1),
    Case("before a closing quote", "go' ", {"": ("go",)}, keys=3, shows=1, covered=1, accepts=1),
    Case("case must agree", "Go", {"": ("go",)}, keys=2, shows=1, wrong=1),
    Case("punctuation must agree", "go, ", {"": ("go.",)}, keys=4, shows=1, wrong=1),
    Case(
        "an accept that saves nothing is an accept",
        "me",
        {"m": ("e",)},
        keys=2,
        shows=1,
        covered=0,
        accepts=1,
    ),
    Case(
        "a ghost text typed along is one show",
        "meet",
        {"": ("mail",), "m": ("ail",), "me": ("al",)},
        keys=4,
        shows=2,
        wrong=2,
    ),
    Case(
        "a ghost text that comes back is another show",
        "abab",
        {"": ("xy",), "ab": ("xy",)},
        keys=4,
        shows=2,
        wrong=2,
    ),
    Case(
        "the same letters after a key that they do not begin with are another show",
        "abc",
        {"": ("xy",), "a": ("xy",)},
        keys=3,
        shows=2,
        wrong=2,
    ),
    Case(
        "not looking: a right show that is typed through counts, and covers",
        "meet",
        {"": ("meet",), "m": ("eet",), "me": ("et",), "mee": ("t",)},
        keys=4,
        shows=1,
        covered=1,
        looks=NEVER,
    ),
    Case(
        "not looking once: accepted at the next key",
        "meet",
        {"": ("meet",), "m": ("eet",)},
        keys=2,
        shows=1,
        covered=1,
        accepts=1,
        looks=~1,
    ),
    Case(
        "shown only before the last letter: right, but no cover",
        "meet",
        {"mee": ("t",)},
        keys=4,
        shows=1,
        accepts=1,
    ),
    Case(
        "before the last two letters, not counting the full stop",
        "meet.",
        {"me": ("et.",)},
        keys=3,
        shows=1,
        covered=1,
        accepts=1,
    ),
    Case(
        "a one-letter word is covered from before its space",
        "am I",
        {"am": (" I",)},
        keys=3,
        shows=1,
        covered=1,
        accepts=1,
        words=2,
    ),
    Case(
        "a word user takes a phrase word by word; the rest of it is the same show",
        "see you soon",
        {"": ("see", " you", " soon"), "see": (" you", " soon"), "see you": (" soon",)},
        keys=3,
        shows=1,
        covered=3,
        accepts=3,
        words=3,
    ),
    Case(
        "a phrase user takes it whole",
        "see you soon",
        {"": ("see", " you", " soon")},
        keys=1,
        shows=1,
        covered=3,
        accepts=1,
        words=3,
        user=PHRASE,
    ),
    Case(
        "a phrase user whose phrase is wrong takes the word; the rest makes the show wrong",
        "see him",
        {"": ("see", " you"), "see": (" you",)},
        keys=5,
        shows=1,
        wrong=1,
        covered=1,
        accepts=1,
        words=2,
        user=PHRASE,
    ),
    Case(
        "a phrase that stops inside the author's word is not right as a whole",
        "see younger",
        {"": ("see", " you")},
        keys=9,
        shows=1,
        covered=1,
        accepts=1,
        words=2,
        user=PHRASE,
    ),
    Case("shown after the last character: wrong", "go", {"go": (" on",)}, keys=2, shows=1, wrong=1),
    Case(
        "what stands before the border is typed and not counted",
        "see you",
        {"": ("see",), "see y": ("ou",)},
        keys=1,
        shows=1,
        accepts=1,
        words=0,
        start=5,
    ),
    Case(
        "a full stop within a number is no part of a word: 3 ends there",
        "3.50",
        {"": ("3",)},
        keys=4,
        shows=1,
        covered=1,
        accepts=1,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_counts(case: Case) -> None:
    session = ScriptedSession({text: Ghost(ghost) for text, ghost in case.script.items()})
    counts = type_message(
        session,
        ScoredMessage(0, case.text, case.start),
        case.user,
        looks=case.looks,
        suggest=session.suggest,
    )
    assert counts == MessageCounts(
        characters=len(case.text) - case.start,
        keys=case.keys,
        words=case.words,
        shows=case.shows,
        wrong_shows=case.wrong,
        covered_words=case.covered,
        accepts=case.accepts,
    )


def test_the_session_is_told_what_it_is_told_live() -> None:
    session = ScriptedSession({"": Ghost(("go",)), "go ": Ghost(("up",))})
    type_message(session, ScoredMessage(0, "go on", 0), WORD, looks=ALWAYS, suggest=session.suggest)
    assert session.told == ["accept go", "type  ", "type o", "type n", "finish"]
    assert session.asked == ["", "go", "go ", "go o", "go on"]


def test_the_text_before_the_border_is_typed_at_once_and_not_asked_about() -> None:
    session = ScriptedSession({})
    type_message(
        session, ScoredMessage(3, "see you", 4), WORD, looks=ALWAYS, suggest=session.suggest
    )
    assert session.told == ["type see ", "type y", "type o", "type u", "finish"]
    assert session.asked == ["see ", "see y", "see yo", "see you"]


def test_an_entry_of_the_menu_is_one_key() -> None:
    menu = Ghost(("mail",), tuple(Entry(text) for text in ("mail", "man", "meet", "meal")))
    session = ScriptedSession({"": menu})
    counts = type_message(
        session, ScoredMessage(0, "meet", 0), MENU, looks=ALWAYS, suggest=session.suggest
    )
    assert (counts.keys, counts.shows, counts.wrong_shows) == (1, 1, 0)


def test_the_fourth_entry_is_not_on_the_menu_of_three() -> None:
    menu = Ghost(("mail",), tuple(Entry(text) for text in ("mail", "man", "may", "meet")))
    session = ScriptedSession({"": menu})
    counts = type_message(
        session, ScoredMessage(0, "meet", 0), MENU, looks=ALWAYS, suggest=session.suggest
    )
    assert (counts.keys, counts.wrong_shows) == (4, 1)


def test_an_engine_that_inserts_something_else_is_found_out() -> None:
    session = ScriptedSession({"": Ghost(("go",))})
    session.accept = lambda *, words=1: "gone"  # type: ignore[method-assign]
    with pytest.raises(MisplacedAcceptError):
        type_message(
            session, ScoredMessage(0, "go", 0), WORD, looks=ALWAYS, suggest=session.suggest
        )


def test_the_half_attentive_user_looks_at_the_same_keys_in_every_configuration() -> None:
    message = ScoredMessage(7, "x" * 1000, 0)
    names = [name for name in CONFIGURATIONS if name.startswith("half_attentive")]
    looks = {looks_of(CONFIGURATIONS[name], seed=1, author=2, message=message) for name in names}
    assert len(names) == 4
    assert len(looks) == 1
    assert 400 < looks.pop().bit_count() < 600


def test_the_looks_depend_on_seed_author_and_message() -> None:
    half = CONFIGURATIONS["half_attentive/word/free"]
    drawn = {
        looks_of(half, seed=seed, author=author, message=ScoredMessage(number, "x" * 100, 0))
        for seed, author, number in itertools.product((1, 2), repeat=3)
    }
    assert len(drawn) == 8


@given(
    text=st.text("ab -'", min_size=1, max_size=12),
    script=st.dictionaries(
        st.text("ab -'", max_size=4),
        st.lists(st.text("ab -'", min_size=1, max_size=3), min_size=1, max_size=3).map(
            lambda words: Ghost(tuple(words))
        ),
        max_size=8,
    ),
    looks=st.integers(-1, 1 << 12),
    user=st.sampled_from([WORD, PHRASE]),
)
def test_the_author_s_text_is_what_comes_out(
    text: str, script: dict[str, Ghost], looks: int, user: Configuration
) -> None:
    session = ScriptedSession(script)
    counts = type_message(
        session, ScoredMessage(0, text, 0), user, looks=looks, suggest=session.suggest
    )
    typed = [told.partition(" ")[2] for told in session.told[:-1]]
    assert "".join(typed) == text
    assert counts.keys == len(typed) <= counts.characters == len(text)
    assert 0 <= counts.wrong_shows <= counts.shows <= counts.keys + 1
    assert counts.covered_words <= counts.words
    assert session.asked[-1] == text
