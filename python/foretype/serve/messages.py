"""What the page sends over its WebSocket, read strictly.

Every message is one JSON object with a `kind` and a `turn`, the page's own counter:

    {"kind": "ask", "turn": 7, "before": "Dear M", "after": "", "untyped": [[0, 4]],
     "context": "Acme", "accepted": {"text": "ara", "words": 1}}
    {"kind": "dismiss", "turn": 7}
    {"kind": "hush", "turn": 7}
    {"kind": "finish", "turn": 8, "text": "Dear Mara, ...", "untyped": [], "context": ""}

`untyped` are the ranges of code points, of `before` and `after` as one text, that were not typed
(pasted, dropped, written while learning was paused): nothing is learned of them. `hush` is
true in an ask after a deletion, an undo or a paste, which must bring no suggestion. `untyped`,
`context`, `accepted` and `hush` may be absent. An ask carries the whole text around the caret, so
that it stands by itself: a lost connection, a restart or a skipped message loses nothing.
"""

import json
from dataclasses import dataclass
from typing import Any

# In UTF-16 units, as the page counts. A book chapter; a longer message is learned up to here.
MAX_TEXT = 200_000
# The worst case of JSON is six bytes for a unit (`\u0000`); the rest is ranges, keys, punctuation.
MAX_MESSAGE_BYTES = 6 * MAX_TEXT + 16_384
# More words than a suggestion ever holds.
MAX_WORDS = 64
# More passages than anyone pastes into one message; a page with more joins some.
MAX_RANGES = 500
# Of a context, or of a word to look up.
MAX_NAME = 200


Ranges = tuple[tuple[int, int], ...]


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
    accepted: Accepted | None = None
    untyped: Ranges = ()
    context: str = ""
    hush: bool = False


@dataclass(frozen=True)
class Dismiss:
    """The user pressed Esc on the ghost text."""

    turn: int


@dataclass(frozen=True)
class Hush:
    """Text was selected, or the caret moved: nothing is on screen until the next letter."""

    turn: int


@dataclass(frozen=True)
class Finish:
    """The message is sent."""

    turn: int
    text: str
    untyped: Ranges = ()
    context: str = ""


Message = Ask | Dismiss | Hush | Finish


def parse_message(raw: str) -> Message:
    """Reads one message. Raises MessageError for anything that is not exactly one of the kinds."""
    fields = parse_object(raw)
    turn = _integer(fields, "turn")
    match fields.get("kind"):
        case "ask":
            return _ask(turn, fields)
        case "dismiss":
            return Dismiss(turn)
        case "hush":
            return Hush(turn)
        case "finish":
            return _finish(turn, fields)
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


def _ask(turn: int, fields: dict[str, Any]) -> Ask:
    before, after = _text(fields, "before"), _text(fields, "after")
    return Ask(
        turn,
        before,
        after,
        _accepted(fields.get("accepted")),
        _ranges(fields.get("untyped", []), len(before) + len(after)),
        name(fields.get("context", "")),
        flag(fields.get("hush", False)),
    )


def _finish(turn: int, fields: dict[str, Any]) -> Finish:
    text = _text(fields, "text")
    untyped = _ranges(fields.get("untyped", []), len(text))
    return Finish(turn, text, untyped, name(fields.get("context", "")))


def name(value: object) -> str:
    """A name, word or phrase of one line's length. Raises MessageError for anything else."""
    if not isinstance(value, str) or len(value) > MAX_NAME:
        raise MessageError(f"no name of at most {MAX_NAME} characters")
    return value


def flag(value: object) -> bool:
    """True or false. Raises MessageError for anything else."""
    if not isinstance(value, bool):
        raise MessageError("no flag")
    return value


def _ranges(value: object, length: int) -> Ranges:
    """Rising, disjoint ranges within a text of `length` code points."""
    if not isinstance(value, list) or len(value) > MAX_RANGES:
        raise MessageError(f"untyped is no list of at most {MAX_RANGES} ranges")
    ranges = tuple(_range(pair) for pair in value)
    bounds = [bound for pair in ranges for bound in pair]
    if bounds != sorted(bounds) or any(not 0 <= bound <= length for bound in bounds):
        raise MessageError("untyped does not rise within the text")
    return ranges


def _range(pair: object) -> tuple[int, int]:
    match pair:
        case [int(begin), int(end)] if not isinstance(begin, bool) and not isinstance(end, bool):
            return begin, end
    raise MessageError("untyped holds something else than ranges")


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
