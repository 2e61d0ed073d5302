"""The server of one start: loopback only, one port, one token, until Ctrl-C."""

import contextlib
import errno
import secrets
import socket
import sys

import uvicorn
from starlette.applications import Starlette

from foretype.errors import SettingError
from foretype.serve.messages import MAX_MESSAGE_BYTES

HOST = "127.0.0.1"
# Not registered with IANA, and not one that development servers like to take.
DEFAULT_PORT = 7373
TOKEN_BYTES = 32
# How long open tabs may hold up the end.
GOODBYE_SECONDS = 1


def new_token() -> str:
    """A token that cannot be guessed, for one start."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def bind(port: int = DEFAULT_PORT) -> socket.socket:
    """A listening socket on 127.0.0.1. `port` 0 takes any free one.

    Raises SettingError when the port is taken or may not be used.
    """
    # With the protocol named asyncio switches Nagle's delays off; without it answers wait 40 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if sys.platform != "win32":
        # There the option would let another program share the port.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise SettingError(_why_no_port(port, error)) from error
    return listener


def address(listener: socket.socket, token: str) -> str:
    """What to open in a browser. The token stands in the fragment, which no request carries."""
    return f"http://{HOST}:{listener.getsockname()[1]}/#{token}"


def server(app: Starlette) -> uvicorn.Server:
    """A quiet uvicorn server with our limits; `run(sockets=[listener])` starts it."""
    return uvicorn.Server(
        uvicorn.Config(
            app,
            http="h11",
            ws="wsproto",
            ws_max_size=MAX_MESSAGE_BYTES,
            ws_per_message_deflate=False,
            lifespan="on",
            log_level="warning",
            access_log=False,
            server_header=False,
            date_header=False,
            timeout_graceful_shutdown=GOODBYE_SECONDS,
        )
    )


def serve(app: Starlette, listener: socket.socket) -> None:
    """Serves until Ctrl-C, which is the ordinary end."""
    with contextlib.suppress(KeyboardInterrupt):
        server(app).run(sockets=[listener])


def _why_no_port(port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} is taken, perhaps by a Foretype that runs already. "
            "Stop that one, or start with another port: foretype play --port 0 takes a free one."
        )
    return f"Port {port} cannot be used ({error.strerror}). Try: foretype play --port 0"
