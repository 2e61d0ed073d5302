"""The page's application: its files, the requests beside it, one WebSocket for typing."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import asdict
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute

from foretype.errors import ForetypeError
from foretype.serve.body import RefusedError, answer, check_media_type, limited, refuse
from foretype.serve.carrying import carrying_routes
from foretype.serve.changes import make_change
from foretype.serve.desk import Desk
from foretype.serve.guard import Guard
from foretype.serve.messages import MAX_NAME, MessageError, name, parse_object
from foretype.serve.pages import page_routes
from foretype.serve.profile_view import found_words, word_facts
from foretype.serve.typing_socket import TypingSocket

if TYPE_CHECKING:
    from foretype import Engine, Profile

# A request outside the WebSocket carries a flag or two names, six bytes a character at worst.
MAX_BODY_BYTES = 2 * 6 * MAX_NAME + 512

Handler = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]


def create_app(engine: "Engine", profile: "Profile", *, port: int, token: str) -> Starlette:
    """The ASGI application of one start; `port` and `token` are those of the printed address."""
    desk = Desk(engine, profile)
    return Starlette(
        routes=[
            Route("/api/state", _endpoint(_state(desk)), methods=["POST"]),
            Route("/api/change", _endpoint(_change(desk)), methods=["POST"]),
            Route("/api/words", _endpoint(_words(desk)), methods=["POST"]),
            Route("/api/why", _endpoint(_why(desk)), methods=["POST"]),
            *carrying_routes(desk),
            WebSocketRoute("/api/typing", TypingSocket(desk).serve),
            *page_routes(),
        ],
        middleware=[Middleware(Guard, port=port, token=token)],
        lifespan=_lifespan(desk),
    )


def _lifespan(desk: Desk) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        desk.close()

    return lifespan


def _state(desk: Desk) -> Handler:
    async def handle(fields: dict[str, Any]) -> dict[str, Any]:
        return await desk.run(desk.facts, _here(fields))

    return handle


def _change(desk: Desk) -> Handler:
    async def handle(fields: dict[str, Any]) -> dict[str, Any]:
        here = _here(fields)
        forgotten = await desk.run(make_change, desk, fields)
        facts = await desk.run(desk.facts, here)
        return facts | {"forgotten": forgotten and asdict(forgotten)}

    return handle


def _here(fields: dict[str, Any]) -> str:
    """The context of the tab that asks; taken out of the fields."""
    return name(fields.pop("here", ""))


def _words(desk: Desk) -> Handler:
    async def handle(fields: dict[str, Any]) -> dict[str, Any]:
        return await desk.run(found_words, desk.profile, name(fields.get("prefix")))

    return handle


def _why(desk: Desk) -> Handler:
    async def handle(fields: dict[str, Any]) -> dict[str, Any]:
        return await desk.run(word_facts, desk.profile, name(fields.get("word")))

    return handle


def _endpoint(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """Wraps a handler of JSON objects into an endpoint that refuses all else."""

    async def endpoint(request: Request) -> Response:
        try:
            return answer(await handler(await _read_object(request)))
        except MessageError as error:
            return refuse(HTTPStatus.BAD_REQUEST, f"This is {error}.")
        except RefusedError as refused:
            return refuse(refused.status, str(refused))
        except ForetypeError as error:
            return refuse(HTTPStatus.CONFLICT, str(error))

    return endpoint


async def _read_object(request: Request) -> dict[str, Any]:
    check_media_type(request, "application/json")
    chunks = [chunk async for chunk in limited(request, MAX_BODY_BYTES)]
    return parse_object(b"".join(chunks))
