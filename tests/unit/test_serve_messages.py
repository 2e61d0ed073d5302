"""What the page's server reads: exactly our messages, and nothing else."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretype.serve.messages import (
    MAX_MESSAGE_BYTES,
    MAX_NAME,
    MAX_RANGES,
    MAX_TEXT,
    Accepted,
    Ask,
    Dismiss,
    Finish,
    Hush,
    Message,
    MessageError,
    parse_message,
)

ASK = {"kind": "ask", "turn": 3, "before": "Dear M", "after": ""}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (ASK, Ask(3, "Dear M", "", None)),
        ({**ASK, "accepted": None}, Ask(3, "Dear M", "", None)),
        (
            {**ASK, "accepted": {"text": "ara", "words": 1}},
            Ask(3, "Dear M", "", Accepted("ara", 1)),
        ),
        (
            {**ASK, "accepted": {"text": "ara", "words": None}},
            Ask(3, "Dear M", "", Accepted("ara", None)),
        ),
        (
            {**ASK, "untyped": [[0, 2], [2, 6]], "context": "Acme"},
            Ask(3, "Dear M", "", untyped=((0, 2), (2, 6)), context="Acme"),
        ),
        ({**ASK, "hush": True}, Ask(3, "Dear M", "", hush=True)),
        ({"kind": "dismiss", "turn": 0}, Dismiss(0)),
        ({"kind": "hush", "turn": 0}, Hush(0)),
        ({"kind": "finish", "turn": 9, "text": "Hi\x00"}, Finish(9, "Hi\x00")),
        (
            {"kind": "finish", "turn": 9, "text": "Hi", "untyped": [[1, 2]], "context": "A"},
            Finish(9, "Hi", ((1, 2),), "A"),
        ),
    ],
)
def test_our_messages_are_read(fields: object, expected: Message) -> None:
    assert parse_message(json.dumps(fields)) == expected


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "nonsense",
        "[]",
        "null",
        "{}",
        "[" * 100_000,
        '{"kind": "ask"}',
        json.dumps({**ASK, "kind": "delete"}),
        json.dumps({**ASK, "turn": "3"}),
        json.dumps({**ASK, "turn": True}),
        json.dumps({**ASK, "turn": -1}),
        json.dumps({**ASK, "before": None}),
        json.dumps({**ASK, "before": ["Dear"]}),
        json.dumps({**ASK, "before": "x" * (MAX_TEXT + 1)}),
        json.dumps({**ASK, "accepted": "ara"}),
        json.dumps({**ASK, "accepted": {"text": "ara", "words": 0}}),
        json.dumps({**ASK, "accepted": {"text": "ara", "words": 10**9}}),
        json.dumps({**ASK, "accepted": {"words": 1}}),
        json.dumps({**ASK, "hush": 1}),
        json.dumps({**ASK, "context": None}),
        json.dumps({**ASK, "context": "x" * (MAX_NAME + 1)}),
        json.dumps({**ASK, "untyped": {}}),
        json.dumps({**ASK, "untyped": [0, 2]}),
        json.dumps({**ASK, "untyped": [[0, 2, 4]]}),
        json.dumps({**ASK, "untyped": [[0, True]]}),
        json.dumps({**ASK, "untyped": [[0, 7]]}),
        json.dumps({**ASK, "untyped": [[-1, 2]]}),
        json.dumps({**ASK, "untyped": [[3, 2]]}),
        json.dumps({**ASK, "untyped": [[0, 3], [2, 4]]}),
        json.dumps({**ASK, "untyped": [[0, 0]] * (MAX_RANGES + 1)}),
    ],
)
def test_other_messages_are_refused(raw: str) -> None:
    with pytest.raises(MessageError):
        parse_message(raw)


@given(st.text(), st.text())
def test_every_text_arrives_as_it_was_typed(before: str, after: str) -> None:
    ask = parse_message(json.dumps({**ASK, "before": before, "after": after}))
    assert ask == Ask(3, before, after)


@given(st.text())
def test_reading_never_fails_otherwise(raw: str) -> None:
    with pytest.raises(MessageError):
        parse_message(raw)


def test_the_longest_text_fits_a_message_in_its_widest_form() -> None:
    longest = json.dumps(
        {
            "kind": "finish",
            "turn": 10**9,
            "text": "\x00" * MAX_TEXT,
            "untyped": [[MAX_TEXT, MAX_TEXT]] * MAX_RANGES,
            "context": "\x00" * MAX_NAME,
        }
    )
    assert len(longest) <= MAX_MESSAGE_BYTES
