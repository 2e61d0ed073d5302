"""How a tab keeps its session in step with the page."""

from dataclasses import asdict, dataclass, field
from typing import Any, cast

from foretype.serve.messages import Accepted, Ask, Finish, Ranges
from foretype.serve.tab import Tab


@dataclass(frozen=True)
class Words:
    text: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Spent:
    total_ms: float = 1.0


@dataclass
class RecordingSession:
    """Writes down what it is told, and always offers the same two words."""

    context: str = ""
    told: list[str] = field(default_factory=list)
    untyped: Ranges = ()
    timing: Spent = Spent()
    grown: Words | None = None

    def set_text(self, before: str, after: str, *, untyped: Ranges = ()) -> None:
        self.told.append(f"text {before}|{after}")
        self.untyped = untyped

    def suggest(self) -> Words:
        return Words("ara, thanks", ("ara,", " thanks"))

    def extended(self) -> Words | None:
        return self.grown

    def accept(self, *, words: int | None) -> None:
        self.told.append(f"accept {words}")

    def dismiss(self) -> None:
        self.told.append("dismiss")

    def hush(self) -> None:
        self.told.append("hush")

    def finish(self) -> None:
        self.told.append("finish")


class Opened:
    """A tab over recording sessions, newest last."""

    def __init__(self) -> None:
        self.version = 0
        self.sessions: list[RecordingSession] = []
        self.tab = Tab(cast(Any, self._open), lambda: self.version)

    def _open(self, context: str) -> RecordingSession:
        self.sessions.append(RecordingSession(context))
        return self.sessions[-1]

    @property
    def told(self) -> list[str]:
        return self.sessions[-1].told


def test_an_answer_carries_suggestion_and_time() -> None:
    answer = Opened().tab.ask(Ask(7, "Dear M", "!", None))
    assert answer == {
        "kind": "answer",
        "turn": 7,
        "suggestion": {"text": "ara, thanks", "words": ("ara,", " thanks")},
        "timing": {"total_ms": 1.0},
    }


def test_an_accept_is_told_before_the_new_text() -> None:
    opened = Opened()
    opened.tab.ask(Ask(1, "Dear M", "", None))
    opened.tab.ask(Ask(2, "Dear Mara,", "", Accepted("ara,", 1)))
    assert opened.told == ["text Dear M|", "accept 1", "text Dear Mara,|"]


def test_all_words_are_accepted_at_once() -> None:
    opened = Opened()
    opened.tab.ask(Ask(1, "Dear M", "", None))
    opened.tab.ask(Ask(2, "Dear Mara, thanks", "", Accepted("ara, thanks", None)))
    assert "accept 2" in opened.told


def test_of_what_has_grown_only_what_was_seen_is_taken() -> None:
    opened = Opened()
    opened.tab.ask(Ask(1, "Dear M", "", None))
    assert opened.tab.extended() is None
    opened.sessions[0].grown = Words("ara, thanks a lot", ("ara,", " thanks", " a", " lot"))
    assert opened.tab.extended() == {
        "kind": "extension",
        "turn": 1,
        "suggestion": asdict(opened.sessions[0].grown),
    }
    opened.tab.ask(Ask(2, "Dear Mara, thanks", "", Accepted("ara, thanks", None)))
    assert opened.told == ["text Dear M|", "accept 2", "text Dear Mara, thanks|"]


def test_half_a_piece_is_typed() -> None:
    opened = Opened()
    opened.tab.ask(Ask(1, "Dear M", "", None))
    opened.tab.ask(Ask(2, "Dear Mara, th", "", Accepted("ara, th", None)))
    assert opened.told == ["text Dear M|", "text Dear Mara, th|"]


def test_an_accept_of_something_else_counts_as_typed() -> None:
    opened = Opened()
    opened.tab.ask(Ask(1, "Dear Ma", "", None))
    opened.tab.ask(Ask(2, "Dear Mara,", "", Accepted("ra,", 1)))
    assert opened.told == ["text Dear Ma|", "text Dear Mara,|"]


def test_nothing_is_accepted_of_what_was_dismissed() -> None:
    opened = Opened()
    opened.tab.ask(Ask(1, "Dear M", "", None))
    opened.tab.dismiss()
    opened.tab.ask(Ask(2, "Dear Mara,", "", Accepted("ara,", 1)))
    assert opened.told == ["text Dear M|", "dismiss", "text Dear Mara,|"]


def test_a_paste_passes_nothing_over_and_ends_no_silence() -> None:
    opened = Opened()
    opened.tab.ask(Ask(1, "Dear M", "", None))
    opened.tab.ask(Ask(2, "Dear M pasted", "", None, ((6, 13),), hush=True))
    assert opened.told == ["text Dear M|", "hush", "text Dear M pasted|", "hush"]


def test_nothing_is_accepted_of_what_a_selection_took_away() -> None:
    opened = Opened()
    opened.tab.ask(Ask(1, "Dear M", "", None))
    opened.tab.hush()
    opened.tab.ask(Ask(2, "Dear Mara,", "", Accepted("ara,", 1)))
    assert opened.told == ["text Dear M|", "hush", "text Dear Mara,|"]


def test_a_finished_message_is_learned_as_the_page_tells_it() -> None:
    opened = Opened()
    opened.tab.finish(Finish(3, "pasted and typed", ((0, 6),)))
    assert opened.told == ["text pasted and typed|", "finish"]
    assert opened.sessions[-1].untyped == ((0, 6),)


def test_what_was_not_typed_is_told_with_each_key() -> None:
    opened = Opened()
    opened.tab.ask(Ask(1, "pasted M", "", untyped=((0, 6),)))
    assert opened.sessions[-1].untyped == ((0, 6),)


def test_another_context_is_another_session() -> None:
    opened = Opened()
    opened.tab.ask(Ask(1, "Dear M", "", context="Acme"))
    opened.tab.ask(Ask(2, "Dear Ma", "", context="Acme"))
    opened.tab.finish(Finish(3, "Dear Ma", context="Home"))
    assert [session.context for session in opened.sessions] == ["", "Acme", "Home"]
    assert opened.sessions[1].told == ["text Dear M|", "text Dear Ma|", "text |"]


def test_a_session_that_failed_is_opened_anew_in_its_context() -> None:
    opened = Opened()
    opened.tab.ask(Ask(1, "Dear M", "", context="Acme"))
    opened.tab.renew()
    assert [session.context for session in opened.sessions] == ["", "Acme", "Acme"]


def test_a_change_for_all_sessions_opens_a_new_one_and_empties_the_old() -> None:
    opened = Opened()
    opened.tab.ask(Ask(1, "Dear M", "", None))
    opened.version += 1
    opened.tab.ask(Ask(2, "Dear Mara,", "", Accepted("ara,", 1)))
    first, second = opened.sessions
    assert first.told == ["text Dear M|", "text |"]
    assert second.told == ["text Dear Mara,|"]


def test_a_closed_tab_takes_back_what_was_not_sent() -> None:
    opened = Opened()
    opened.tab.ask(Ask(1, "Dear M", "", None))
    opened.tab.close()
    assert opened.told == ["text Dear M|", "text |"]
