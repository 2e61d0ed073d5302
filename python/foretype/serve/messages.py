"""What the page sends over its WebSocket, read strictly.

Every message is one JSON object with a `kind` and a `turn`, the page's own counter:

    {"kind": "ask", "turn": 7, "before": "Dear M", "after": "", "accepted": {...} or absent}
    {"kind": "dismiss", "turn": 7}
    {"kind": "finish", "turn": 8, "text": "Dear Mara, ..."}

An ask carries the whole text around the caret, so that it stands by itself: a lost connection,
a restart or a skipped message loses nothing.
"""

import json
from dataclasses import dataclass
from typing import Any

# In UTF-16 units, as the page counts. A book chapter; a longer message is learned up to here.
MAX_TEXT = 200_000
# The worst case of JSON is six bytes for a unit (`\u0000`); the rest is keys and punctuation.
MAX_MESSAGE_BYTES = 6 * MAX_TEXT + 4_096
# More words than a suggestion ever holds.
MAX_WORDS = 64


class MessageError(ValueError):
    """A message that our page would never send."""


@dataclass(frozen=True)
class Accepted:
    """The user took `text`, the first `words` pieces of what was shown (None: all of them)."""

    text: str
    words: int | None


@dataclass(frozen=True)
class Ask:
    """The text around the caret after a key; wants an answer."""

    turn: int
    before: str
    after: str
    accepted: Accepted | None


@dataclass(frozen=True)
class Dismiss:
    """The user pressed Esc on the ghost text."""

    turn: int


@dataclass(frozen=True)
class Finish:
    """The message is sent. `text` is what may be learned of it: pasted passages are left out."""

    turn: int
    text: str


Message = Ask | Dismiss | Finish


def parse_message(raw: str) -> Message:
    """Reads one message. Raises MessageError for anything that is not exactly one of the kinds."""
    fields = parse_object(raw)
    turn = _integer(fields, "turn")
    match fields.get("kind"):
        case "ask":
            accepted = _accepted(fields.get("accepted"))
            return Ask(turn, _text(fields, "before"), _text(fields, "after"), accepted)
        case "dismiss":
            return Dismiss(turn)
        case "finish":
            return Finish(turn, _text(fields, "text"))
    raise MessageError("unknown kind")


def parse_object(raw: str | bytes) -> dict[str, Any]:
    """Reads one JSON object. Raises MessageError for other JSON and for what is no JSON."""
    try:
        fields = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise MessageError("not JSON") from error
    if not isinstance(fields, dict):
        raise MessageError("not a JSON object")
    return fields


def _accepted(fields: object) -> Accepted | None:
    if fields is None:
        return None
    if not isinstance(fields, dict):
        raise MessageError("accepted is no object")
    words = None if fields.get("words") is None else _integer(fields, "words")
    if words is not None and not 1 <= words <= MAX_WORDS:
        raise MessageError("words is out of range")
    return Accepted(_text(fields, "text"), words)


def _text(fields: dict[str, Any], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or len(value) > MAX_TEXT:
        raise MessageError(f"{name} is no text of at most {MAX_TEXT} characters")
    return value


def _integer(fields: dict[str, Any], name: str) -> int:
    value = fields.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise MessageError(f"{name} is no count")
    return value
