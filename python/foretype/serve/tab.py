"""One tab of the page: a session, and what was last offered in it."""

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from foretype.serve.messages import Accepted, Ask

if TYPE_CHECKING:
    from foretype import Session, Suggestion


class Tab:
    """Brings a session to the state the page tells of, and asks it.

    `version()` is a number that changes when all sessions must be opened anew: everything was
    forgotten, or the user's dial was turned.
    """

    def __init__(self, open_session: Callable[[], "Session"], version: Callable[[], int]) -> None:
        self._open_session = open_session
        self._version = version
        self._opened_at = version()
        self._session = open_session()
        self._offered: Suggestion | None = None

    def ask(self, ask: Ask) -> dict[str, Any]:
        """The answer to one key, ready for JSON."""
        session = self._current_session()
        if ask.accepted is not None and self._was_offered(ask.accepted):
            session.accept(words=ask.accepted.words)
        session.set_text(ask.before, ask.after)
        self._offered = session.suggest()
        return {
            "kind": "answer",
            "turn": ask.turn,
            "suggestion": None if self._offered is None else asdict(self._offered),
            "timing": asdict(session.timing),
        }

    def think(self) -> bool:
        """Works ahead for the next key, one short step. Returns whether there is more to do."""
        return self._session.think()

    def dismiss(self) -> None:
        """Esc: the session is told to be silent for the rest of this word."""
        self._current_session().dismiss()
        self._offered = None

    def finish(self, text: str) -> None:
        """Learns `text` as a message of its owner; the field is empty afterwards."""
        session = self._current_session()
        session.set_text(text, "")
        session.finish()
        self._offered = None

    def close(self) -> None:
        """Takes back what was learned of a message that is not sent."""
        self._session.set_text("", "")

    def renew(self) -> None:
        """Opens a new session, after the old one failed or is out of date."""
        self._opened_at = self._version()
        self._session = self._open_session()
        self._offered = None

    def _current_session(self) -> "Session":
        if self._opened_at != self._version():
            self.close()
            self.renew()
        return self._session

    def _was_offered(self, accepted: Accepted) -> bool:
        """Whether the last suggestion is the one the user took from.

        The page may be a key ahead of it: then the accepted text counts as typed.
        """
        if self._offered is None:
            return False
        return "".join(self._offered.words[: accepted.words]) == accepted.text
