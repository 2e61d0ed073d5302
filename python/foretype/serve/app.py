"""The page's application: its files, two requests beside it, one WebSocket for typing."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute

from foretype.serve.desk import Desk
from foretype.serve.guard import Guard
from foretype.serve.messages import MessageError, parse_object
from foretype.serve.pages import page_routes
from foretype.serve.typing_socket import TypingSocket

if TYPE_CHECKING:
    from foretype import Engine, Profile

# The requests outside the WebSocket carry a flag or nothing.
MAX_BODY_BYTES = 1_024
# Wrong suggestions in 100 words; nobody is wrong more often than five times a word.
WIDEST_DIAL = 500

Handler = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]


def create_app(engine: "Engine", profile: "Profile", *, port: int, token: str) -> Starlette:
    """The ASGI application of one start; `port` and `token` are those of the printed address."""
    desk = Desk(engine, profile)
    return Starlette(
        routes=[
            Route("/api/state", _endpoint(_state(desk)), methods=["POST"]),
            Route("/api/change", _endpoint(_change(desk)), methods=["POST"]),
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


class _RefusedError(Exception):
    def __init__(self, status: HTTPStatus, sentence: str) -> None:
        super().__init__(sentence)
        self.response = JSONResponse({"error": sentence}, status_code=status)


def _state(desk: Desk) -> Handler:
    async def handle(fields: dict[str, Any]) -> dict[str, Any]:
        return await desk.run(desk.facts)

    return handle


def _change(desk: Desk) -> Handler:
    async def handle(fields: dict[str, Any]) -> dict[str, Any]:
        match fields:
            case {"paused": bool(paused)}:
                await desk.run(desk.pause, paused)
            case {"forget": True}:
                await desk.run(desk.forget)
            case {"wrong_per_100_words": None | int() | float() as dial}:
                await desk.run(desk.turn_dial, _dial(dial))
            case _:
                raise _RefusedError(HTTPStatus.BAD_REQUEST, "This is no change known here.")
        return await desk.run(desk.facts)

    return handle


def _dial(value: float | None) -> float | None:
    if isinstance(value, bool) or (value is not None and not 0 <= value <= WIDEST_DIAL):
        raise _RefusedError(HTTPStatus.BAD_REQUEST, "This is outside the dial.")
    return value


def _endpoint(handler: Handler) -> Callable[[Request], Awaitable[JSONResponse]]:
    """Wraps a handler of JSON objects into an endpoint that refuses all else."""

    async def endpoint(request: Request) -> JSONResponse:
        try:
            return JSONResponse(await handler(await _read_object(request)))
        except _RefusedError as refused:
            return refused.response

    return endpoint


async def _read_object(request: Request) -> dict[str, Any]:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise _RefusedError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send application/json.")
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise _RefusedError(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "This is more than is asked for."
            )
    try:
        return parse_object(body)
    except MessageError as error:
        raise _RefusedError(HTTPStatus.BAD_REQUEST, f"This is {error}.") from error
