"""One tab of the page: a session, and what was last offered in it."""

from collections.abc import Callable
from dataclasses import asdict
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from foretype.serve.messages import Ask, Finish

if TYPE_CHECKING:
    from foretype import Session, Suggestion


class Tab:
    """Brings a session to the state the page tells of, and asks it.

    `open_session` takes the context to learn in. `version()` is a number that changes when all
    sessions must be opened anew, because the user's dial was turned.
    """

    def __init__(
        self, open_session: Callable[[str], "Session"], version: Callable[[], int]
    ) -> None:
        self._open_session = open_session
        self._version = version
        self._opened_for = (version(), "")
        self._session = open_session("")
        self._offered: Suggestion | None = None
        self._turn = 0  # of the last ask

    @property
    def context(self) -> str:
        """Where its session learns."""
        return self._opened_for[1]

    def ask(self, ask: Ask) -> dict[str, Any]:
        """The answer to one key, ready for JSON."""
        session = self._session_in(ask.context)
        pieces = 0 if ask.accepted is None else self._pieces_of(ask.accepted.text)
        if pieces:
            session.accept(words=pieces)
        if ask.hush:
            session.hush()  # Nothing is on screen: nobody types past it.
        session.set_text(ask.before, ask.after, untyped=ask.untyped)
        if ask.hush:
            session.hush()  # A letter that was pasted ends no silence.
        self._offered = session.suggest()
        self._turn = ask.turn
        return {
            "kind": "answer",
            "turn": ask.turn,
            "suggestion": None if self._offered is None else asdict(self._offered),
            "timing": asdict(session.timing),
        }

    def think(self) -> bool:
        """Works ahead for the next key, one short step. Returns whether there is more to do."""
        return self._session.think()

    def extended(self) -> dict[str, Any] | None:
        """What is shown, ready for JSON, if words were added to it since; else None."""
        more = self._session.extended()
        if more is None:
            return None
        self._offered = more
        return {"kind": "extension", "turn": self._turn, "suggestion": asdict(more)}

    def dismiss(self) -> None:
        """Esc: the session is told to be silent for the rest of this word."""
        self._session.dismiss()
        self._offered = None

    def hush(self) -> None:
        """Something is selected or the caret moved: silence until the next letter."""
        self._session.hush()
        self._offered = None

    def finish(self, message: Finish) -> None:
        """Learns a message of its owner's; the field is empty afterwards."""
        session = self._session_in(message.context)
        session.set_text(message.text, "", untyped=message.untyped)
        session.finish()
        self._offered = None

    def close(self) -> None:
        """Takes back what was learned of a message that is not sent."""
        self._session.set_text("", "")

    def renew(self) -> None:
        """Opens a new session, after the old one failed."""
        self._open_for((self._version(), self.context))

    def _session_in(self, context: str) -> "Session":
        """The session for `context`; a new one if the old is for another or outdated."""
        wanted = (self._version(), context)
        if self._opened_for != wanted:
            self.close()
            self._open_for(wanted)
        return self._session

    def _open_for(self, wanted: tuple[int, str]) -> None:
        self._opened_for = wanted
        self._session = self._open_session(wanted[1])
        self._offered = None

    def _pieces_of(self, taken: str) -> int:
        """How many pieces of what was offered last the user took; 0 if it was something else.

        What is offered may be longer than what the user saw, as it grows between keys. And the
        page may be a key ahead of it: then the accepted text counts as typed.
        """
        words = () if self._offered is None else self._offered.words
        ends = list(accumulate(map(len, words)))
        if "".join(words).startswith(taken) and len(taken) in ends:
            return ends.index(len(taken)) + 1
        return 0
