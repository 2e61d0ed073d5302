"""The bodies of requests: read to a limit, answered in JSON, refused in one sentence."""

import json
from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import Response


class RefusedError(Exception):
    """A request that our page would never send."""

    def __init__(self, status: HTTPStatus, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


def answer(fields: dict[str, Any], *, status: HTTPStatus = HTTPStatus.OK) -> Response:
    """JSON in ASCII, so that a word with half a character in it can go too."""
    return Response(json.dumps(fields), status_code=status, media_type="application/json")


def refuse(status: HTTPStatus, sentence: str) -> Response:
    """The answer to a request that is not served."""
    return answer({"error": sentence}, status=status)


def check_media_type(request: Request, wanted: str) -> None:
    """Raises RefusedError for another type: a form of another site can send only three."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != wanted:
        raise RefusedError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"Send {wanted}.")


async def limited(request: Request, most_bytes: int) -> AsyncIterator[bytes]:
    """The body in chunks. Raises RefusedError when it is longer than `most_bytes`."""
    taken = 0
    async for chunk in request.stream():
        taken += len(chunk)
        if taken > most_bytes:
            raise RefusedError(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "This is more than is taken here."
            )
        yield chunk
