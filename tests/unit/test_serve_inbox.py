"""Which waiting messages a newer one makes pointless."""

import asyncio

import pytest

from foretype.serve.inbox import MAX_WAITING, Inbox
from foretype.serve.messages import Accepted, Ask, Dismiss, Finish, Hush, Message, MessageError

TAKEN = Accepted("word", 1)


def ask(turn: int, accepted: Accepted | None = None, *, hush: bool = False) -> Ask:
    return Ask(turn, "x" * turn, "", accepted, hush=hush)


@pytest.mark.parametrize(
    ("put", "got"),
    [
        ([ask(1)], [ask(1)]),
        ([ask(1), ask(2), ask(3)], [ask(3)]),
        ([ask(1), ask(2, TAKEN), ask(3)], [ask(1), ask(2, TAKEN), ask(3)]),
        ([ask(1), Dismiss(1), ask(2), ask(3)], [ask(1), Dismiss(1), ask(3)]),
        ([ask(1), Hush(1), ask(2), ask(3)], [ask(1), Hush(1), ask(3)]),
        ([ask(1), ask(2, hush=True), ask(3), ask(4)], [ask(2, hush=True), ask(4)]),
        ([ask(1, hush=True), ask(2, hush=True)], [ask(2, hush=True)]),
        ([ask(1), Finish(2, "x"), ask(3)], [ask(1), Finish(2, "x"), ask(3)]),
    ],
    ids=[
        "one",
        "keys",
        "an accept",
        "a dismissal",
        "a selection",
        "a deletion",
        "deletions",
        "the end of a message",
    ],
)
def test_a_newer_key_replaces_an_older_one(put: list[Message], got: list[Message]) -> None:
    async def run() -> list[Message]:
        inbox = Inbox()
        for message in put:
            inbox.put(message)
        return [await inbox.get() for _ in got]

    assert asyncio.run(run()) == got


def test_waiting_ends_when_a_message_comes() -> None:
    async def run() -> Message:
        inbox = Inbox()
        waiting = asyncio.create_task(inbox.get())
        await asyncio.sleep(0)
        inbox.put(ask(1))
        return await waiting

    assert asyncio.run(run()) == ask(1)


def test_a_flood_is_refused() -> None:
    inbox = Inbox()
    for turn in range(MAX_WAITING):
        inbox.put(Dismiss(turn))
    with pytest.raises(MessageError):
        inbox.put(Dismiss(MAX_WAITING))
