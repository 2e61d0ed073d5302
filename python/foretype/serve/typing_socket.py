"""The WebSocket of one tab: keys in, suggestions out, until the tab goes."""

import asyncio
import contextlib
import json
import logging
from collections import OrderedDict
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from foretype.serve.desk import Desk, News
from foretype.serve.guard import POLICY_VIOLATION, PROTOCOL
from foretype.serve.inbox import Inbox
from foretype.serve.messages import Ask, Dismiss, Finish, Hush, Message, MessageError, parse_message
from foretype.serve.tab import Tab

# Each open tab holds the model's cache of its text, a few megabytes.
MAX_TABS = 8
# Our own close code: the page waits for a key before it connects again.
TOO_MANY_TABS = 4001

_log = logging.getLogger(__name__)


class TypingSocket:
    """Serves the tabs of one start. At most MAX_TABS at a time: the one unused longest goes."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._open: OrderedDict[WebSocket, None] = OrderedDict()

    async def serve(self, websocket: WebSocket) -> None:
        """The endpoint: from the handshake until the tab is gone."""
        await websocket.accept(subprotocol=PROTOCOL)
        await self._make_room()
        self._open[websocket] = None
        try:
            await self._read(websocket)
        finally:
            self._open.pop(websocket, None)

    async def _make_room(self) -> None:
        while len(self._open) >= MAX_TABS:
            oldest, _ = self._open.popitem(last=False)
            with contextlib.suppress(RuntimeError):
                await oldest.close(TOO_MANY_TABS)

    async def _read(self, websocket: WebSocket) -> None:
        inbox = Inbox()
        answering = asyncio.create_task(self._answer(websocket, inbox))
        try:
            while True:
                inbox.put(parse_message(await websocket.receive_text()))
        except MessageError as error:
            await websocket.close(POLICY_VIOLATION, reason=str(error))
        except (WebSocketDisconnect, RuntimeError, KeyError):
            pass  # The tab is gone, or sent bytes where text belongs.
        finally:
            answering.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await answering

    async def _answer(self, websocket: WebSocket, inbox: Inbox) -> None:
        tab = await self._desk.run(self._desk.new_tab)
        try:
            await self._answer_from(tab, websocket, inbox)
        except (WebSocketDisconnect, RuntimeError):
            pass  # The tab is gone; the reader ends this.
        finally:
            self._desk.later(tab.close)

    async def _answer_from(self, tab: Tab, websocket: WebSocket, inbox: Inbox) -> None:
        known = None
        while True:
            await self._think(tab, websocket, inbox)
            message = await inbox.get()
            if websocket in self._open:
                self._open.move_to_end(websocket)
            reply = await self._desk.run(_handle, tab, message)
            if reply is not None:
                await websocket.send_text(json.dumps(reply))
            known = await self._tell_learned(websocket, tab.context, known)

    async def _think(self, tab: Tab, websocket: WebSocket, inbox: Inbox) -> None:
        """Lets the session work ahead until a key comes; a key waits for one step at most.

        Sends what ghost text grows by.
        """
        going = True
        while going and inbox.empty:
            going, extension = await self._desk.run(_think_once, tab)
            if extension is not None:
                await websocket.send_text(json.dumps(extension))

    async def _tell_learned(self, websocket: WebSocket, here: str, known: News | None) -> News:
        """Sends what the last message taught; its answer went before, so no key waits for this."""
        now, profile = await self._desk.run(self._desk.news, here, known)
        if profile is not None:
            await websocket.send_text(json.dumps({"kind": "profile", "profile": profile}))
        return now


def _handle(tab: Tab, message: Message) -> dict[str, Any] | None:
    """Works on one message, on the engine's thread. A failure costs one suggestion only."""
    try:
        return _reply(tab, message)
    except Exception:
        _log.exception("The engine failed on one key; its session is opened anew.")
        tab.renew()
        return {"kind": "trouble", "turn": message.turn}


def _think_once(tab: Tab) -> tuple[bool, dict[str, Any] | None]:
    """One step of working ahead, on the engine's thread, and what ghost text grew by.

    A failure ends it; the next key tells.
    """
    try:
        return tab.think(), tab.extended()
    except Exception:
        _log.exception("The engine failed while working ahead.")
        return False, None


def _reply(tab: Tab, message: Message) -> dict[str, Any] | None:
    match message:
        case Ask():
            return tab.ask(message)
        case Dismiss():
            tab.dismiss()
            return None
        case Hush():
            tab.hush()
            return None
        case Finish():
            tab.finish(message)
            return {"kind": "finished", "turn": message.turn}
