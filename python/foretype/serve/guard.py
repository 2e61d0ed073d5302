"""Who may talk to the page's server: only our own page, opened with this start's token.

Another site in the same browser can reach a loopback port, by a form, a fetch, a WebSocket or a
name that it points to 127.0.0.1 (DNS rebinding). So every request is checked for its Host, every
request that does something for its Origin and its token.
"""

import hmac
from dataclasses import dataclass
from http import HTTPMethod, HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

TOKEN_HEADER = "X-Foretype-Token"
# A WebSocket's handshake takes no other header from a page than its list of sub-protocols.
PROTOCOL = "foretype"
TOKEN_PROTOCOL = "foretype.token."
# RFC 6455: the server refuses for a reason of policy.
POLICY_VIOLATION = 1008

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True)
class Refusal:
    """Why a request goes no further."""

    status: HTTPStatus
    sentence: str


class Guard:
    """ASGI middleware that lets through what the page on `port` with `token` sends."""

    def __init__(self, app: ASGIApp, *, port: int, token: str) -> None:
        self._app = app
        self._hosts = frozenset({f"127.0.0.1:{port}", f"localhost:{port}"})
        self._origins = frozenset(f"http://{host}" for host in self._hosts)
        self._token = token.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets the request through, or answers it with the refusal."""
        refusal = None if scope["type"] == "lifespan" else self._refusal(scope)
        app = self._app if refusal is None else _refuse(refusal)
        await app(scope, receive, _with_security_headers(send))

    def _refusal(self, scope: Scope) -> Refusal | None:
        headers = Headers(scope=scope)
        if headers.getlist("host") not in [[host] for host in self._hosts]:
            return Refusal(HTTPStatus.FORBIDDEN, "This name is not served here.")
        origin = headers.get("origin")
        if origin is not None and origin not in self._origins:
            return Refusal(HTTPStatus.FORBIDDEN, "Other sites may not talk to Foretype.")
        if _only_reads(scope):
            return None
        if origin is None:
            return Refusal(HTTPStatus.FORBIDDEN, "The Origin header is missing.")
        if not hmac.compare_digest(_given_token(scope, headers).encode(), self._token):
            return Refusal(HTTPStatus.UNAUTHORIZED, "The token is not the one of this start.")
        return None


def _only_reads(scope: Scope) -> bool:
    """The page's own files hold nothing secret and are read without a token."""
    reading = scope["type"] == "http" and scope["method"] in (HTTPMethod.GET, HTTPMethod.HEAD)
    return reading and not scope["path"].startswith("/api/")


def _given_token(scope: Scope, headers: Headers) -> str:
    if scope["type"] == "http":
        return headers.get(TOKEN_HEADER, "")
    offered: list[str] = scope["subprotocols"]
    for protocol in offered:
        if protocol.startswith(TOKEN_PROTOCOL):
            return protocol.removeprefix(TOKEN_PROTOCOL)
    return ""


def _refuse(refusal: Refusal) -> ASGIApp:
    response = JSONResponse({"error": refusal.sentence}, status_code=refusal.status)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": POLICY_VIOLATION})
        else:
            await response(scope, receive, send)

    return app


def _with_security_headers(send: Send) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(SECURITY_HEADERS)
        await send(message)

    return send_with_headers
