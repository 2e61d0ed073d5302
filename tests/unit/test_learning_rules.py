"""What a user notices of the learning rules: fading, the ladder, case, phrases, contexts."""

from collections.abc import Sequence
from importlib import resources

import pytest

from foretype import _core

HISTORY_UNITS = 4
A_DAY = 20_000
SIGN_OFF = "\n\nBest regards,\n\nMira Okafor\nHead of Field Work\nWombat & Daughters"


@pytest.fixture(scope="module")
def english() -> _core.Background:
    """The background that ships."""
    return _core.Background.parse(
        resources.files("foretype").joinpath("data", "background.bin").read_bytes()
    )


@pytest.fixture
def trie(english: _core.Background) -> _core.Trie:
    trie = _core.Trie(english)
    trie.set_today(A_DAY)
    return trie


def learn(trie: _core.Trie, text: str, *, times: int = 1) -> None:
    for _ in range(times):
        history = [""]
        for unit in _core.cut_units(text):
            trie.learn(history[-HISTORY_UNITS:], unit)
            history.append(unit)


def offers(
    trie: _core.Trie, history: Sequence[str], prefix: str, *, sentence_start: bool = False
) -> list[str]:
    proposal = trie.propose(history, prefix, sentence_start=sentence_start, limit=8)
    return [each.unit for each in proposal.candidates]


def first(
    trie: _core.Trie, history: Sequence[str], prefix: str, *, sentence_start: bool = False
) -> str:
    return next(iter(offers(trie, history, prefix, sentence_start=sentence_start)), "")


# Case


def test_a_sentence_start_teaches_the_small_form(trie: _core.Trie) -> None:
    learn(trie, "Hello there. Wombats are fine. I like wombats.", times=2)
    assert first(trie, ["say"], "hel") == "hello"
    assert first(trie, ["say", "hello"], "") == "there"
    assert first(trie, ["with"], "wom") == "wombats"
    assert first(trie, ["."], "Wom", sentence_start=True) == "Wombats"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("My iPhone is lost. An iPhone!", "iPhone"),
        ("Ask NATO. Then NATO asks.", "NATO"),
        ("Ask O'Brien. O'Brien knows.", "O'Brien"),
        ("Call McGuffick. I know McGuffick.", "McGuffick"),
        ("The QBR is on. Send the QBR.", "QBR"),
    ],
)
def test_names_keep_their_case(trie: _core.Trie, text: str, word: str) -> None:
    learn(trie, text)
    assert first(trie, ["with"], word[:3]) == word
    assert first(trie, ["."], word[:3], sentence_start=True) == word


def test_a_joke_in_capitals_does_not_stick(trie: _core.Trie) -> None:
    learn(trie, "STOP THE PRESSES, WE MEET ON MONDAY.")
    assert first(trie, ["the"], "pres") == "presses"
    assert first(trie, ["we"], "m") == "meet"
    assert first(trie, ["on"], "Mon") == "Monday"
    assert "MONDAY" not in offers(trie, ["on"], "")


def test_capitals_that_come_again_are_meant(trie: _core.Trie) -> None:
    learn(trie, "Ask the IT desk. Call the IT desk.")
    assert first(trie, ["ask", "the"], "I") == "IT"


# Fading


def test_last_months_project_gives_way_to_this_months(trie: _core.Trie) -> None:
    learn(trie, "a plan for the zorplan team", times=6)
    assert first(trie, ["for", "the"], "zo") == "zorplan"
    trie.set_today(A_DAY + 30)
    learn(trie, "a plan for the zorbank team", times=3)
    learn(trie, "and so on and on " * 20)
    assert offers(trie, ["for", "the"], "zo")[:2] == ["zorbank", "zorplan"]
    assert offers(trie, ["with"], "zo")[:2] == ["zorbank", "zorplan"]


def test_what_is_old_and_alone_is_not_forgotten(trie: _core.Trie) -> None:
    learn(trie, "ask the zorplan team", times=3)
    trie.set_today(A_DAY + 1000)
    assert first(trie, ["ask", "the"], "z") == "zorplan"
    assert first(trie, ["with"], "zo") == "zorplan"


# The ladder


def test_a_word_seen_once_is_offered_only_where_nothing_else_fits(trie: _core.Trie) -> None:
    learn(trie, "I met the meetrix again. " + "We do what we can. " * 5)
    assert first(trie, ["a"], "mee") == "meeting"
    assert first(trie, ["a"], "meetr") == "meetrix"
    assert first(trie, ["met", "the"], "me") == "meetrix"


def test_a_word_seen_once_comes_at_its_next_use_in_the_same_message(trie: _core.Trie) -> None:
    learn(trie, "The zqueue is slow, so please look at the")
    assert first(trie, ["at", "the"], "zq") == "zqueue"
    learn(trie, "restart it")
    assert "zqueue" in offers(trie, ["with", "our"], "zq")


@pytest.mark.parametrize("confirm", ["used again", "accepted"])
def test_a_second_use_or_an_accept_confirms(trie: _core.Trie, confirm: str) -> None:
    learn(trie, "see the meetrix")
    once = trie.probability(["see", "the"], "meetrix")
    if confirm == "accepted":
        trie.accepted("meetrix")
    else:
        learn(trie, "a meetrix")
    assert trie.probability(["see", "the"], "meetrix") > 3 * once


def test_words_of_english_need_no_confirmation(trie: _core.Trie) -> None:
    before = trie.probability(["see", "the"], "walrus")
    learn(trie, "see the walrus")
    assert trie.probability(["see", "the"], "walrus") > 50 * before
    assert first(trie, ["see", "the"], "w") == "walrus"


def test_a_word_erased_after_it_was_accepted_sinks(trie: _core.Trie) -> None:
    learn(trie, "ask the zorplan team, ask the zorbank team", times=2)
    learn(trie, "ask the zorplan team", times=2)
    assert first(trie, ["ask", "the"], "zor") == "zorplan"
    trie.rejected("zorplan", 2)
    assert first(trie, ["ask", "the"], "zor") == "zorbank"
    trie.accepted("zorplan", 6)
    assert first(trie, ["ask", "the"], "zor") == "zorplan"


# Phrases


def test_a_sign_off_comes_whole_with_its_title_lines(trie: _core.Trie) -> None:
    for subject in ("the plan", "a visit", "our tent"):
        assert trie.phrase(["\n\n", "Best"]) == []
        learn(trie, f"Thank you for {subject}.{SIGN_OFF}")
    units = _core.cut_units(SIGN_OFF)
    assert trie.phrase(["\n\n", "Best"]) == units[2:]
    assert trie.phrase(["tent", ".", "\n\n"]) == units[1:]


def test_a_stock_sentence_comes_whole(trie: _core.Trie) -> None:
    learn(trie, "Please find the field notes attached.", times=3)
    learn(trie, "Please call.", times=3)
    assert trie.phrase(["", "Please"]) == []
    assert trie.phrase(["", "Please", "find"]) == ["the", "field", "notes", "attached", "."]


def test_a_phrase_stops_where_the_writer_often_stops(trie: _core.Trie) -> None:
    learn(trie, "Done.\n\nMira Okafor", times=6)
    learn(trie, "Done.\n\nMira Okafor\nSent from my tent", times=3)
    assert trie.phrase(["\n\n", "Mira"]) == ["Okafor"]


def test_a_phrase_does_not_go_through_what_was_erased(trie: _core.Trie) -> None:
    learn(trie, "see the zorplan team", times=3)
    assert trie.phrase(["see"]) == ["the", "zorplan", "team"]
    trie.rejected("zorplan")
    assert trie.phrase(["see"]) == ["the"]


# A context's trie on the common one


def test_a_context_speaks_first_and_leaves_the_rest(trie: _core.Trie) -> None:
    own = _core.Trie(None)
    learn(own, "our zorbank team", times=3)
    learn(trie, "our zorplan team", times=3)
    nothing = _core.TrieBase.NOTHING
    own_part = own.probability(["our"], "zorbank", base=nothing)
    rest = own.rest(["our"])
    assert own_part > rest * trie.probability(["our"], "zorplan")
    assert own.rest(["never", "seen"]) > 0.7
    assert own.probability(["our"], "zorplan", base=nothing) == 0
