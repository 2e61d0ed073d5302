"""A session as a program uses it: suggestions, accepts, silence, learning and forgetting."""

from __future__ import annotations

import pytest

from foretype import Engine, Profile, Session, Suggestion
from foretype.reference.tiny_model import write_tiny_model

MESSAGES = (
    "Please review the quarterly numbers before Monday.",
    "I sent you the quarterly numbers yesterday. Please review the quarterly numbers.",
)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """With a language model that knows nothing."""
    return Engine.open(write_tiny_model(tmp_path_factory.mktemp("model") / "tiny", merges=120))


@pytest.fixture(scope="module")
def trie_engine() -> Engine:
    return Engine.open(language_model=False)


def profile_of(engine: Engine, *messages: str) -> Profile:
    profile = engine.profile()
    for message in messages:
        profile.learn(message)
    return profile


def session_of(engine: Engine, *messages: str, text: str = "") -> Session:
    session = engine.session(profile_of(engine, *messages), holds_space=0)
    session.set_text(text)
    return session


def knows(profile: Profile, word: str) -> bool:
    return bool(profile._core.describe(word.encode()))


def messages_of(profile: Profile) -> list[str]:
    return [text.decode() for _, _, text in profile._core.messages()]


def suggested(session: Session, before: str, after: str = "") -> str:
    session.set_text(before, after)
    suggestion = session.suggest(budget_ms=-1)
    return "" if suggestion is None else suggestion.text


def first_word(session: Session, before: str) -> str:
    session.set_text(before)
    suggestion = session.suggest(budget_ms=-1)
    return "" if suggestion is None else suggestion.words[0]


def test_the_users_words_come_back(trie_engine: Engine) -> None:
    session = session_of(trie_engine, *MESSAGES, text="Now review the quart")
    suggestion = session.suggest()
    assert isinstance(suggestion, Suggestion)
    assert suggestion.words[0] == "erly"
    assert suggestion.source == "trie"
    assert suggestion.why == "you wrote this 2 times after the same words"
    assert suggestion.candidates[0].text == "erly"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("the quart", "you wrote this 3 times after the same word"),
        ("a blue Mond", "a word of yours"),
        ("They went hom", "common in English"),
    ],
)
def test_says_why(trie_engine: Engine, text: str, why: str) -> None:
    suggestion = session_of(trie_engine, *MESSAGES, text=text).suggest()
    assert suggestion is not None
    assert suggestion.why == why


def test_text_is_what_was_told(trie_engine: Engine) -> None:
    session = session_of(trie_engine)
    session.set_text("Hello", " there")
    session.type(" you")
    session.erase(2)
    session.erase(-3)
    assert (session.text_before, session.text_after) == ("Hello y", " there")
    session.erase(99)
    assert (session.text_before, session.text_after) == ("", " there")
    session.erase()
    session.finish()
    assert (session.text_before, session.text_after) == ("", "")


def test_a_word_is_taken(trie_engine: Engine) -> None:
    session = session_of(trie_engine, *MESSAGES, text="Please review the quart")
    session.suggest()
    assert session.accept() == "erly"
    assert session.text_before == "Please review the quarterly"
    assert session.accept() == ""
    suggestion = session.suggest()
    assert suggestion is not None
    assert suggestion.words[0] == " numbers"


def test_all_is_taken(trie_engine: Engine) -> None:
    session = session_of(trie_engine, *MESSAGES * 3, text="Please review the quart")
    suggestion = session.suggest()
    assert suggestion is not None
    assert len(suggestion.words) > 1
    assert session.accept(words=None) == suggestion.text
    assert session.text_before == "Please review the quart" + suggestion.text


def test_ghost_text_grows_between_keys(trie_engine: Engine) -> None:
    session = session_of(trie_engine, *MESSAGES, text="the quarterly num")
    assert session.extended() is None, "nothing is shown yet"
    shown = session.suggest()
    assert shown is not None
    later = session.extended()
    assert later is not None
    assert later.words[: len(shown.words)] == shown.words
    assert len(later.words) > len(shown.words)
    assert later.text == "".join(later.words)
    assert later.candidates == shown.candidates
    assert session.extended() is None, "no more"
    session.type(later.text[0])
    assert session.extended() is None, "nothing was asked since the key"
    along = session.suggest()
    assert along is not None
    assert along.text == later.text[1:], "it stays while it is typed along"
    assert session.accept(words=None) == along.text


@pytest.mark.parametrize("words", [0, -1])
def test_no_word_is_taken(trie_engine: Engine, words: int) -> None:
    session = session_of(trie_engine, *MESSAGES, text="Please review the quart")
    session.suggest()
    assert session.accept(words=words) == ""
    assert session.accept(words=1) == "erly"


def test_a_typed_key_takes_the_ghost_text_away(trie_engine: Engine) -> None:
    session = session_of(trie_engine, *MESSAGES, text="the quart")
    session.suggest()
    session.type("e")
    assert session.accept() == ""


def test_silent_after_an_erase(trie_engine: Engine) -> None:
    session = session_of(trie_engine, *MESSAGES, text="the quarte")
    assert session.suggest() is not None
    session.erase()
    assert session.suggest() is None
    session.type("e")
    assert session.suggest() is not None


def test_silent_after_a_paste_and_when_told(trie_engine: Engine) -> None:
    session = session_of(trie_engine, *MESSAGES)
    session.paste("the quarte")
    assert session.suggest() is None
    session.type("r")
    assert session.suggest() is not None
    session.hush()
    assert session.accept() == ""
    assert session.suggest() is None
    session.type("-")
    assert session.suggest() is None
    session.type("the quarte")
    assert session.suggest() is not None


def test_asked_again_the_answer_stays(trie_engine: Engine) -> None:
    session = session_of(trie_engine, *MESSAGES, text="Please review the quart")
    shown = session.suggest()
    for _ in range(9):
        session.profile.learn("Please review the quarterdecks once more.")
    assert session.suggest() == shown
    session.type("er")
    now = session.suggest()
    assert now is not None
    assert now.words[0] == "decks"


def test_the_profile_tells_what_became_of_suggestions(trie_engine: Engine) -> None:
    session = session_of(trie_engine, *MESSAGES, text="Please review the quart")
    session.suggest()
    session.accept()
    session.type(" numbers ")
    session.suggest()
    tally = session.profile.tally()
    assert (tally.words, tally.keys_saved) == (1, 3)
    assert tally.wrong == max(0, tally.shown - tally.taken - tally.written)


def test_silent_inside_a_word(trie_engine: Engine) -> None:
    session = session_of(trie_engine, *MESSAGES)
    assert suggested(session, "the quart", "erly") == ""
    assert suggested(session, "the quart", " numbers") != ""


def test_silent_after_dismissal(trie_engine: Engine) -> None:
    session = session_of(trie_engine, *MESSAGES, text="the quart")
    session.suggest()
    session.dismiss()
    assert session.accept() == ""
    session.type("e")
    assert session.suggest() is None
    session.type("rly ")
    assert session.suggest() is not None


def test_a_new_message_begins_anew(trie_engine: Engine) -> None:
    session = session_of(trie_engine, *MESSAGES, text="Thanks a lot")
    session.erase(4)
    session.finish()
    assert session.suggest() is not None
    session.type("Please rev")
    session.dismiss()
    session.finish()
    session.type("Please rev")
    assert session.suggest() is not None


def test_text_after_the_caret_is_sent_too(trie_engine: Engine) -> None:
    session = session_of(trie_engine)
    session.set_text("The Zanzibar ", "file of Xanadu")
    session.finish()
    assert first_word(session, "of Xan") == "adu"


def test_a_new_word_is_known_at_once(trie_engine: Engine) -> None:
    session = session_of(trie_engine)
    assert first_word(session, "The Zanzibark plan and the Zanz") == "ibark"
    assert first_word(session, "The Zanz") != "ibark"


def test_another_session_knows_what_the_first_learned(engine: Engine) -> None:
    profile = profile_of(engine)
    first, second = engine.session(profile, holds_space=0), engine.session(profile, holds_space=0)
    assert second.suggest(budget_ms=-1) is not None
    first.set_text("Ask Zebulon about the figures")
    first.finish()
    assert first_word(second, "Ask Zeb") == "ulon"
    fresh = engine.session(profile, holds_space=0)
    assert raw_answers(second) == pytest.approx(raw_answers(fresh), abs=1e-6)


def raw_answers(session: Session) -> dict[bytes, float]:
    """Probabilities of what follows a text; the same for sessions that know the same."""
    session.set_text("")
    session.set_text("on the other ha")
    found = {entry[0]: entry[2] for entry in session._core.suggest(-1)[3]}
    session.set_text("")  # what is in a field is learned until it is taken back
    return found


def model_answers(session: Session) -> dict[bytes, float]:
    """The same of the language model alone."""
    session.set_text("")
    session.set_text("the ")
    found = {entry[0]: entry[4] for entry in session._core.suggest(-1)[3]}
    session.set_text("")
    return found


def test_paused_nothing_is_learned(engine: Engine) -> None:
    profile = profile_of(engine, *MESSAGES)
    expected = raw_answers(engine.session(profile, holds_space=0)), profile.ngrams
    profile.paused = True
    session = engine.session(profile, holds_space=0)
    session.type("The Zanzibark file ")
    session.finish()
    profile.learn("The Zanzibark file")
    session.type("The Zanzibark file ")
    session.finish()
    profile.paused = False
    assert (raw_answers(engine.session(profile, holds_space=0)), profile.ngrams) == expected
    session.type("The Zanzibark file ")
    session.finish()
    assert profile.ngrams > expected[1]


def test_forgotten_is_as_never_known(engine: Engine) -> None:
    profile = profile_of(engine, *MESSAGES)
    session = engine.session(profile, holds_space=0)
    session.set_text("The Zanzibark plan")
    session.finish()
    session.set_text("Please review the Zan")
    session.suggest(budget_ms=-1)
    profile.forget_all()
    assert session.accept() == ""
    assert profile.ngrams == 0
    fresh = engine.session(profile_of(engine), holds_space=0)
    assert raw_answers(session) == raw_answers(fresh)
    assert first_word(session, "The Zanz") == first_word(fresh, "The Zanz")
    assert session.timing.cached_tokens == fresh.timing.cached_tokens


def test_the_language_model_does_not_say_a_blocked_word(engine: Engine) -> None:
    profile = profile_of(engine)
    session = engine.session(profile, proposers="lm", holds_space=0)
    found = model_answers(session)
    blocked = next(iter(found))
    assert profile._core.block(blocked)
    again = model_answers(session)
    assert blocked not in again
    assert again.keys() == found.keys() - {blocked}


def test_private_messages_are_read_in_their_context_only(engine: Engine) -> None:
    profile, without = profile_of(engine, *MESSAGES), profile_of(engine, *MESSAGES)
    profile._core.set_private(b"home", True)
    profile._core.learn(b"The zqzqzq plan of zqzqzq is here.", b"home")
    elsewhere = model_answers(engine.session(profile, proposers="lm", holds_space=0))
    assert elsewhere == model_answers(engine.session(without, proposers="lm", holds_space=0))
    assert elsewhere != model_answers(
        engine.session(profile, context="home", proposers="lm", holds_space=0)
    )


def test_a_forgotten_word_leaves_no_trace_in_the_language_model(engine: Engine) -> None:
    profile = profile_of(engine, *MESSAGES, "The zqzqzq plan of zqzqzq is here.")
    session = engine.session(profile, holds_space=0)
    session.type("The zqzqzq plan is ")
    session.suggest(budget_ms=-1)
    while session.think():
        pass
    session.finish()
    session.type("the zq")
    session.suggest(budget_ms=-1)
    profile._core.forget(b"zqzqzq")
    assert session.accept() == ""
    session.set_text("")
    fresh = engine.session(profile, holds_space=0)
    assert raw_answers(session) == raw_answers(fresh)
    assert model_answers(session) == model_answers(fresh) != {}
    for answer in (raw_answers(session), raw_answers(fresh)):
        assert not any(b"zqz" in text for text in answer)
    assert first_word(session, "the zq") != "zqzq"
    without = profile_of(engine, *MESSAGES)
    assert messages_of(profile) == messages_of(without)


def test_what_stood_in_the_field_is_not_learned_again(trie_engine: Engine) -> None:
    profile = profile_of(trie_engine, *MESSAGES)
    session = trie_engine.session(profile, holds_space=0)
    session.type("The Zanzibark plan and ")
    profile.forget_all()
    session.type("nothing else ")
    assert knows(profile, "nothing")
    assert not knows(profile, "Zanzibark")
    session.finish()
    assert not knows(profile, "Zanzibark")
    assert messages_of(profile) == ["nothing else "]


def test_proposers_alone(engine: Engine) -> None:
    profile = profile_of(engine, *MESSAGES)
    for proposers in ("trie", "lm", "both"):
        session = engine.session(profile, proposers=proposers, holds_space=0)  # type: ignore[arg-type]
        session.set_text("the quart")
        session.suggest(budget_ms=-1)
        assert (session.timing.lm_tokens > 0) == (proposers != "trie")


def test_the_dial_keeps_quiet(trie_engine: Engine) -> None:
    profile = profile_of(trie_engine, *MESSAGES)
    free = trie_engine.session(profile, holds_space=0)
    quiet = trie_engine.session(profile, wrong_per_100_words=1.0, holds_space=0)
    assert first_word(free, "The ") != ""
    assert first_word(quiet, "The ") == ""
    assert first_word(quiet, "Please review the quart") == "erly"


def test_timing_says_what_it_cost(engine: Engine) -> None:
    session = session_of(engine, text="on the other hand ")
    session.suggest(budget_ms=-1)
    timing = session.timing
    assert timing.complete
    assert timing.lm_ms > 0
    assert timing.rank_us >= 0
    parts_us = timing.trie_us + timing.lm_ms * 1000 + timing.rank_us
    assert timing.total_ms * 1000 >= parts_us - 1, "statistics take the rest"
    assert timing.lm_tokens > 0


def test_nothing_costs_without_a_model(trie_engine: Engine) -> None:
    session = session_of(trie_engine, text="Thank yo")
    session.suggest()
    assert (session.timing.lm_tokens, session.timing.cached_tokens) == (0, 0)
    assert trie_engine.kernels == ""
    assert not session.think()
