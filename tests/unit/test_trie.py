"""The trie through the door that Python has: what users of it would notice."""

from importlib import resources

import pytest

from foretype import _core

HISTORY_UNITS = 4


@pytest.fixture(scope="module")
def english() -> _core.Background:
    """The background that ships."""
    return _core.Background.parse(
        resources.files("foretype").joinpath("data", "background.bin").read_bytes()
    )


@pytest.fixture
def trie(english: _core.Background) -> _core.Trie:
    return _core.Trie(english)


def learn(trie: _core.Trie, text: str) -> None:
    history = [""]
    for unit in _core.cut_units(text):
        trie.learn(history[-HISTORY_UNITS:], unit)
        history.append(unit)


def first(
    trie: _core.Trie, history: list[str], prefix: str, *, sentence_start: bool = False
) -> str:
    proposal = trie.propose(history, prefix, sentence_start=sentence_start, limit=1)
    return proposal.candidates[0].unit if proposal.candidates else ""


@pytest.mark.parametrize(
    ("history", "prefix", "expected"),
    [
        (["thank"], "y", "you"),
        (["as", "soon"], "", "as"),
        (["United"], "S", "States"),
        (["on"], "Mond", "Monday"),
        (["the"], "mee", "meeting"),
        (["the"], "MEE", "MEETING"),
        (["the"], "mEE", ""),
        (["the"], "qzx", ""),
    ],
)
def test_english_is_known(trie: _core.Trie, history: list[str], prefix: str, expected: str) -> None:
    assert first(trie, history, prefix) == expected


def test_sentence_start_gives_a_capital(trie: _core.Trie) -> None:
    assert first(trie, [""], "", sentence_start=True)[0].isupper()
    assert first(trie, ["."], "th", sentence_start=True) != "The"  # small letters were typed


@pytest.mark.parametrize("word", ["Kubeflow", "metoo", "preprod", "Thuringia", "Sanjana", "stxr"])
def test_a_new_word_is_offered_from_its_second_letter(trie: _core.Trie, word: str) -> None:
    learn(trie, f"Please look at {word} today.")
    offered = trie.propose(["about"], word[:2], limit=5).candidates
    assert word in [each.unit for each in offered]
    assert first(trie, ["at"], word[:2]) == word  # where it was used before, it leads


def test_what_is_recent_outranks_what_is_old(trie: _core.Trie) -> None:
    learn(trie, "the zorplan")
    learn(trie, "and so on and on " * 100)
    learn(trie, "a zorbank")
    assert first(trie, ["with"], "zor") == "zorbank"


def test_masses_of_the_empty_prefix_are_nearly_one(trie: _core.Trie) -> None:
    learn(trie, "Some words to begin with.")
    for history in ([], [""], ["some"], ["of", "the"], ["never", "seen-before"]):
        assert trie.propose(history, "", limit=0).mass == pytest.approx(1, abs=0.06)


def test_a_prefix_has_the_mass_of_its_longer_ones(trie: _core.Trie) -> None:
    learn(trie, "We ship the review on Rydberg day.")
    history = ["on", "the"]
    letters = [chr(code) for code in range(0x21, 0x7F)]
    longer = sum(trie.propose(history, "r" + letter, limit=0).mass for letter in letters)
    whole = trie.propose(history, "r", limit=0).mass
    assert longer + trie.probability(history, "r") == pytest.approx(whole, rel=1e-3)


def test_order_and_count_say_why(trie: _core.Trie) -> None:
    for _ in range(3):
        learn(trie, "our quarterly wombat review")
    candidate = trie.propose(["our", "quarterly"], "wo", limit=1).candidates[0]
    assert (candidate.unit, candidate.order, candidate.count) == ("wombat", 3, 3)
    assert trie.propose(["on"], "fri", limit=1).candidates[0].order == 0


def test_sign_offs_come_whole(trie: _core.Trie) -> None:
    for _ in range(3):
        assert trie.phrase(["\n\n", "Kind"]) == []
        learn(trie, "I will send it.\n\nKind regards,\nMira Okafor")
    assert trie.phrase(["\n\n", "Kind"]) == ["regards", ",", "\n", "Mira", "Okafor"]
    assert trie.phrase(["unheard"]) == []


def test_names_and_acronyms_keep_their_case(trie: _core.Trie) -> None:
    learn(trie, "Ask O'Brien at UNICEF about iPads. UNICEF agreed.")
    assert first(trie, ["with"], "O'B") == "O'Brien"
    assert first(trie, ["with"], "UNIC") == "UNICEF"
    assert first(trie, ["the"], "iPa") == "iPads"


def test_memory_stays_small(trie: _core.Trie) -> None:
    words = [f"w{number * number % 9973}" for number in range(20_000)]
    learn(trie, " ".join(words))
    assert trie.ngrams > 40_000
    assert trie.memory_bytes / trie.ngrams < 60


def test_what_is_taken_back_leaves_no_trace_in_a_long_list(trie: _core.Trie) -> None:
    """From some units on the sums of a list are kept, and must follow what goes out of it."""
    for number in range(40):
        trie.learn([""], f"unit{number}")
    before = trie.propose([""], "unit1", limit=5).mass
    for _ in range(3):
        trie.learn(["", "unit1"], "Other")
        trie.unlearn(["", "unit1"], "Other")
    assert trie.propose([""], "unit1", limit=5).mass == pytest.approx(before, abs=1e-12)
