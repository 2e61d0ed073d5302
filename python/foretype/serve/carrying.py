"""The whole profile as one file: down to the page's reader, and up again."""

from collections.abc import AsyncIterator
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryDirectory

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from foretype.errors import ForetypeError
from foretype.profile import export_profile, import_profile
from foretype.serve.body import RefusedError, answer, check_media_type, limited, refuse
from foretype.serve.desk import Desk

MEDIA_TYPE = "application/jsonl"
# A full profile of a million n-grams takes about a tenth of a gigabyte as plain text.
MAX_IMPORT_BYTES = 500_000_000
CHUNK_BYTES = 1 << 18


def carrying_routes(desk: Desk) -> list[Route]:
    """POST /api/export answers with the file; POST /api/import takes one as its body."""

    async def export(request: Request) -> Response:
        folder = _private_folder()
        path = Path(folder.name) / "profile.jsonl"
        try:
            await desk.run(export_profile, desk.profile, path)
        except ForetypeError as error:
            folder.cleanup()
            return refuse(HTTPStatus.CONFLICT, str(error))
        return StreamingResponse(_sent(path, folder), media_type=MEDIA_TYPE)

    async def bring(request: Request) -> Response:
        try:
            check_media_type(request, MEDIA_TYPE)
            with _private_folder() as folder:
                path = Path(folder) / "profile.jsonl"
                await _receive(request, path)
                await desk.run(import_profile, desk.profile, path)
        except RefusedError as refused:
            return refuse(refused.status, str(refused))
        except ClientDisconnect:
            return refuse(HTTPStatus.BAD_REQUEST, "The file did not arrive whole.")
        except ForetypeError as error:
            return refuse(HTTPStatus.CONFLICT, str(error))
        return answer(await desk.run(desk.facts))

    return [
        Route("/api/export", export, methods=["POST"]),
        Route("/api/import", bring, methods=["POST"]),
    ]


def _private_folder() -> "TemporaryDirectory[str]":
    """A folder that only this user may enter, gone when it is closed."""
    return TemporaryDirectory(prefix="foretype-", ignore_cleanup_errors=True)


async def _sent(path: Path, folder: "TemporaryDirectory[str]") -> AsyncIterator[bytes]:
    with folder, path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


async def _receive(request: Request, path: Path) -> None:
    with path.open("wb") as file:
        async for chunk in limited(request, MAX_IMPORT_BYTES):
            file.write(chunk)
