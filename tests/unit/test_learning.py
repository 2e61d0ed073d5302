"""What is learned of what is typed, and what is not: one test a rule."""

from __future__ import annotations

import pytest

from foretype import Engine, Field, Profile, Session, _core
from foretype.profile.keeper import Keeper

CARD = "4111 1111 1111 1111"


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine.open(language_model=False)


class IdleKeeper(Keeper):
    """Leaves the journal to the test."""

    def hurry(self) -> None:
        pass


class Desk:
    """A profile that keeps its journal, and a session in it."""

    def __init__(self, engine: Engine, *messages: str, context: str = "") -> None:
        self.engine = engine
        self.profile = engine.profile()
        self.core: _core.Profile = self.profile._core
        self.profile._keeper = IdleKeeper(self.core)
        for message in messages:
            self.profile.learn(message)
        self.core.drain()
        self.session = engine.session(self.profile, context=context, holds_space=0)

    def type(self, text: str) -> None:
        """Key by key."""
        for letter in text:
            self.session.type(letter)

    def erase(self, count: int) -> None:
        for _ in range(count):
            self.session.erase()

    def uses(self, word: str, context: str = "") -> int:
        found = self.core.describe(word.encode())
        return sum(row[3] + row[4] for row in found if row[0] == context.encode())

    def evidence(self, word: str) -> tuple[int, int]:
        """How often it was accepted and rejected."""
        [row] = self.core.describe(word.encode())
        return row[5], row[6]

    def ngram(self, *units: str) -> int:
        rows, _ = self.core.ngram_rows(b"", 0, 1 << 30)
        context = tuple(unit.encode() for unit in units[:-1])
        return sum(row[2] for row in rows if (row[0], row[1]) == (context, units[-1].encode()))

    def messages(self) -> list[str]:
        return [text.decode() for _, _, text in self.core.messages()]

    def rows(self) -> list[object]:
        words = [row[:5] for row in self.core.words(b"", 0, 1 << 30)]
        return sorted(words) + sorted(self.core.ngram_rows(b"", 0, 1 << 30)[0])


def test_a_word_typed_once_and_corrected_is_not_learned(engine: Engine) -> None:
    desk = Desk(engine)
    desk.type("see the quaterly ")
    assert desk.uses("quaterly") == 1
    desk.erase(6)
    desk.type("rterly numbers")
    desk.session.finish()
    assert desk.uses("quaterly") == 0
    assert desk.uses("quarterly") == 1
    assert desk.ngram("the", "quarterly") == 1


def test_undo_takes_back_what_was_learned(engine: Engine) -> None:
    desk = Desk(engine, "Please review the numbers.")
    before = desk.rows()
    desk.type("see the Zanzibark file and ")
    assert desk.rows() != before
    desk.session.set_text("")
    assert desk.rows() == before


def test_pasted_text_is_not_learned(engine: Engine) -> None:
    desk = Desk(engine)
    desk.type("see the ")
    desk.session.paste("Zanzibark file")
    desk.type(" in the morning")
    desk.session.finish()
    assert desk.uses("Zanzibark") == desk.uses("file") == 0
    assert desk.uses("morning") == 1
    assert desk.ngram("the", "in") == 0, "no n-gram spans it"
    assert desk.messages() == ["see the in the morning"]
    assert b"Zanzibark" not in desk.core.drain()


def test_a_word_that_was_pasted_in_part_is_not_learned(engine: Engine) -> None:
    desk = Desk(engine)
    desk.type("see Zanzi")
    desk.session.paste("bark")
    desk.type("ian things ")
    assert desk.uses("Zanzibarkian") == 0
    assert desk.uses("things") == 1


def test_what_follows_a_gap_opens_no_message(engine: Engine) -> None:
    desk = Desk(engine)
    desk.session.paste("Zanzibark ")
    desk.type("file it ")
    assert desk.ngram("file", "it") == 1
    assert desk.ngram("", "file") == 0


def test_pasted_ranges_move_with_the_text(engine: Engine) -> None:
    desk = Desk(engine)
    desk.session.set_text("", " the end")
    desk.type("é one ")
    desk.session.paste("Zanzibark")
    desk.session.set_text("é ", "one Zanzibark the end", untyped=[(6, 15)])
    desk.type("new ")
    desk.erase(1)
    desk.session.erase(3)
    desk.session.finish()
    assert desk.uses("Zanzibark") == 0
    assert desk.uses("one") == desk.uses("end") == 1


def test_accepted_words_are_typed_words(engine: Engine) -> None:
    desk = Desk(engine, "the quarterly numbers. the quarterly numbers.")
    desk.session.paste("Zanzibark ")
    desk.type("the quart")
    assert desk.session.suggest() is not None
    assert desk.session.accept() == "erly"
    desk.type(" ")
    assert desk.uses("quarterly") == 3
    assert desk.uses("Zanzibark") == 0


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        (f"my card is {CARD} thanks", "1111"),
        ("the password is Tr0ub4dor&3 as ever", "Tr0ub4dor&3"),
        ("use sk-proj-9aB3dE5fG7hI9jK1lM3nO5pQ please", "sk-proj"),
        ("your code is 483920 for today", "483920"),
    ],
)
def test_secrets_are_never_learned(engine: Engine, text: str, secret: str) -> None:
    typed, told = Desk(engine), Desk(engine)
    journal = b""
    for letter in text:
        typed.session.type(letter)
        journal += typed.core.drain()
        assert typed.uses(secret) == 0
    typed.session.finish()
    told.profile.learn(text)
    for desk in (typed, told):
        journal += desk.core.drain()
        assert secret.encode() not in journal
        assert not any(secret in message for message in desk.messages())
        assert desk.uses(text.split()[-1]) == 1
    assert typed.rows() == told.rows()


def test_numbers_are_learned_once_they_are_no_secret(engine: Engine) -> None:
    desk = Desk(engine)
    desk.type("about 350 people came to see the new house ")
    assert desk.uses("350") == 1
    desk.session.finish()
    assert desk.messages() == ["about 350 people came to see the new house "]


def test_an_edit_can_make_a_secret(engine: Engine) -> None:
    desk = Desk(engine)
    desk.session.set_text("the passport: zebulon, and so on, we think, ")
    assert desk.uses("zebulon") == 1
    desk.session.set_text("the password: zebulon, and so on, we think, ")
    assert desk.uses("zebulon") == 0
    desk.session.finish()
    assert not any("zebulon" in message for message in desk.messages())


def test_blocked_words_are_not_learned(engine: Engine) -> None:
    desk = Desk(engine)
    desk.core.block(b"Zanzibark")
    desk.type("the zanzibark file, Zanzibark's file ")
    assert desk.uses("zanzibark") == desk.uses("Zanzibark's") == 0
    assert desk.ngram("the", "file") == 0
    assert desk.uses("file") == 2


def test_nothing_is_learned_while_paused(engine: Engine) -> None:
    desk = Desk(engine, "Please review the numbers.")
    before = desk.rows()
    desk.type("see ")
    desk.profile.paused = True
    desk.core.drain()
    desk.type("the Zanzibark file ")
    assert desk.rows() == before
    assert b"Zanzibark" not in desk.core.drain()
    desk.profile.paused = False
    desk.type("is new ")
    desk.session.finish()
    assert desk.uses("Zanzibark") == 0
    assert desk.uses("new") == 1
    assert desk.messages()[-1] == "is new "


def test_a_word_that_was_taken_and_kept_is_accepted(engine: Engine) -> None:
    desk = Desk(engine, "the quarterly numbers. the quarterly numbers.")
    take(desk, "see the quart")
    assert desk.evidence("quarterly") == (0, 0)
    desk.type(" ")
    assert desk.evidence("quarterly") == (1, 0)
    desk.session.finish()
    assert desk.evidence("quarterly") == (1, 0)


def test_every_word_of_a_phrase_that_was_taken_is_accepted(engine: Engine) -> None:
    desk = Desk(engine, *["the quarterly numbers are here."] * 4)
    desk.type("see the quart")
    suggestion = desk.session.suggest()
    assert suggestion is not None
    assert len(suggestion.words) > 2
    desk.session.accept(words=2)
    desk.type(" are ")
    assert desk.evidence("quarterly") == desk.evidence("numbers") == (1, 0)
    assert desk.evidence("are") == (0, 0)


def take(desk: Desk, text: str) -> None:
    desk.type(text)
    assert desk.session.suggest() is not None
    assert desk.session.accept() != ""


def test_a_word_that_was_taken_and_erased_is_rejected(engine: Engine) -> None:
    desk = Desk(engine, "the quarterly numbers. the quarterly numbers.")
    take(desk, "see the quart")
    desk.type(" ")
    desk.erase(len("quarterly "))
    assert desk.evidence("quarterly") == (0, 1), "and the accept is taken back"
    take(desk, "quart")
    desk.erase(4)
    desk.type("ile ")
    assert desk.evidence("quarterly") == (0, 2), "also before it is settled"
    take(desk, "the quart")
    desk.session.erase(9)
    assert desk.evidence("quarterly") == (0, 3), "also at once"


def test_a_space_erased_is_no_word_erased(engine: Engine) -> None:
    desk = Desk(engine, "the quarterly numbers. the quarterly numbers.")
    take(desk, "see the quart")
    desk.type(" ")
    desk.erase(1)
    desk.type(", and ")
    assert desk.evidence("quarterly") == (1, 0)


def test_a_word_that_was_taken_and_goes_on_says_nothing(engine: Engine) -> None:
    desk = Desk(engine, "the number. the number. the number.")
    take(desk, "see the numb")
    desk.type("s ")
    assert desk.evidence("number") == (0, 0)


def test_a_draft_thrown_away_says_nothing_of_its_words(engine: Engine) -> None:
    desk = Desk(engine, "the quarterly numbers. the quarterly numbers.")
    take(desk, "see the quart")
    desk.type(" numbers and tell me what you make of them by the end of the week please ")
    assert desk.evidence("quarterly") == (1, 0)
    desk.session.set_text("")
    assert desk.evidence("quarterly") == (0, 0)


def test_a_session_that_ends_leaves_its_draft_learned(engine: Engine) -> None:
    desk = Desk(engine)
    desk.type("see the Zanzibark file ")
    del desk.session
    assert desk.uses("Zanzibark") == 1
    assert desk.messages() == []


def test_all_of_the_text_is_sent_wherever_the_caret_stands(engine: Engine) -> None:
    desk = Desk(engine)
    desk.session.set_text("see the ", "Zanzibark file", untyped=[(8, 17)])
    desk.session.finish()
    assert desk.uses("file") == 1
    assert desk.uses("Zanzibark") == 0
    assert desk.messages() == ["see the file"]


def test_learning_in_a_context(engine: Engine) -> None:
    desk = Desk(engine, context="work")
    desk.core.set_private(b"home", True)
    desk.type("the Zanzibark file ")
    assert desk.uses("Zanzibark", "work") == desk.uses("Zanzibark") == 1
    home: Session = engine.session(desk.profile, context="home", holds_space=0)
    home.type("the Xanadu file ")
    home.finish()
    assert desk.uses("Xanadu", "home") == 1
    assert desk.uses("Xanadu") == 0
    profile: Profile = home.profile
    assert [text for name, _, text in profile._core.messages() if name == b"home"] == [
        b"the Xanadu file "
    ]


def test_a_refused_field_is_not_read(engine: Engine) -> None:
    desk = Desk(engine, "the quarterly numbers")
    before = desk.rows()
    session = engine.session(desk.profile, field=Field(type="password"), holds_space=0)
    session.type("the quart")
    assert session.text_before == session._core.before().decode() == ""
    assert session.suggest() is None
    assert not session.think()
    assert session.accept() == ""
    session.paste("the numbers ")
    session.erase()
    session.dismiss()
    session.finish()
    assert desk.rows() == before
    assert desk.core.drain() == b""
    assert len(desk.messages()) == 1


def test_a_field_that_asks_for_silence_is_learned_from(engine: Engine) -> None:
    desk = Desk(engine, "the quarterly numbers")
    session = engine.session(desk.profile, field=Field(writing_suggestions=False), holds_space=0)
    session.type("the quart")
    assert session.text_before == "the quart"
    assert session.suggest() is None
    session.type("et ")
    assert desk.uses("quartet") == 1


def candidates(session: Session, text: str) -> list[str]:
    session.set_text(text)
    session.suggest(budget_ms=-1)
    return [found[0].decode().strip() for found in session._core.suggest(-1)[3]]


def shown(session: Session, text: str) -> str:
    session.set_text(text)
    suggestion = session.suggest(budget_ms=-1)
    return "" if suggestion is None else suggestion.text.strip()


def test_what_was_learned_in_a_context_is_offered_there_first(engine: Engine) -> None:
    profile = engine.profile()
    for _ in range(3):
        profile._core.learn(b"the quarterly numbers", b"")
    for _ in range(2):
        profile._core.learn(b"the quarterly newsletter", b"work")
    assert (
        shown(engine.session(profile, context="work", holds_space=0), "the quarterly n")
        == "ewsletter"
    )
    assert shown(engine.session(profile, holds_space=0), "the quarterly n") == "umbers"
    assert (
        shown(engine.session(profile, context="other", holds_space=0), "the quarterly n")
        == "umbers"
    )
    assert "umbers" in candidates(
        engine.session(profile, context="work", holds_space=0), "the quarterly n"
    )


def test_what_was_learned_in_a_context_is_offered_elsewhere_unless_private(engine: Engine) -> None:
    profile = engine.profile()
    profile._core.learn(b"the Zanzibark file", b"work")
    for private, expected in ((False, "ibark"), (True, ""), (False, "ibark")):
        profile._core.set_private(b"work", private)
        found = candidates(engine.session(profile, context="other", holds_space=0), "the Zanz")
        assert ("ibark" in found) == bool(expected)
        assert "ibark" in candidates(
            engine.session(profile, context="work", holds_space=0), "the Zanz"
        )


def test_the_reason_is_that_of_the_longest_ngram(engine: Engine) -> None:
    profile = engine.profile()
    for _ in range(3):
        profile._core.learn(b"see the quarterly numbers", b"")
    profile._core.learn(b"the quarterly numbers", b"work")
    session = engine.session(profile, context="work", holds_space=0)
    session.set_text("see the quarterly num")
    suggestion = session.suggest()
    assert suggestion is not None
    assert suggestion.why == "you wrote this 3 times after the same words"


def test_blocked_words_are_not_suggested(engine: Engine) -> None:
    profile = engine.profile()
    for _ in range(4):
        profile._core.learn(b"the quarterly numbers are here", b"")
        profile._core.learn(b"the Zanzibark's file", b"work")
    for context in ("", "work"):
        session = engine.session(profile, context=context, holds_space=0)
        assert shown(session, "the quart").startswith("erly numbers are")
        profile._core.block(b"Numbers")
        profile._core.block(b"zanzibark")
        assert shown(session, "the quart") == "erly", "nor in a phrase"
        assert "umbers" not in candidates(session, "the quarterly n")
        assert not any("ibark" in found for found in candidates(session, "the Zanz"))
        assert "iew" in candidates(session, "Please rev")
        profile._core.block(b"review")
        assert "iew" not in candidates(session, "Please rev"), "though English knows it"
        for word in (b"review", b"numbers", b"zanzibark"):
            assert profile._core.unblock(word)
