"""Messages of one tab that wait for the engine; a newer key makes an older one pointless."""

import asyncio
from collections import deque

from foretype.serve.messages import Ask, Message, MessageError

# Far more than a page sends between two answers.
MAX_WAITING = 256


class Inbox:
    """A queue in which an ask is dropped when a newer plain ask waits behind it.

    Safe to drop, because an ask carries the whole text. An ask that reports an accept is kept,
    and what was offered before it too: the session must learn of both. So is one that hushes, until
    the next of its kind: the letter behind it would not tell of what was deleted.
    """

    def __init__(self) -> None:
        self._waiting: deque[Message] = deque()
        self._arrived = asyncio.Event()

    def put(self, message: Message) -> None:
        """Adds a message; replaces the last one if that is an ask nobody needs any more.

        Raises MessageError when the page floods the server.
        """
        if self._waiting and _supersedes(message, self._waiting[-1]):
            self._waiting.pop()
        if len(self._waiting) == MAX_WAITING:
            raise MessageError("too many messages at once")
        self._waiting.append(message)
        self._arrived.set()

    @property
    def empty(self) -> bool:
        """Whether nothing waits."""
        return not self._waiting

    async def get(self) -> Message:
        """The oldest waiting message, as soon as there is one."""
        while not self._waiting:
            self._arrived.clear()
            await self._arrived.wait()
        return self._waiting.popleft()


def _supersedes(newer: Message, older: Message) -> bool:
    if not isinstance(newer, Ask) or not isinstance(older, Ask):
        return False
    plain = newer.accepted is None and older.accepted is None
    return plain and (newer.hush or not older.hush)
