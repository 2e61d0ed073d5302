"""The page's files, read once from the package and served from memory."""

from importlib import resources
from pathlib import PurePosixPath

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

MEDIA_TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}


def page_routes() -> list[Route]:
    """A route for each file in static/; index.html is the page itself."""
    folder = resources.files("foretype.serve") / "static"
    return [
        _route(entry.name, entry.read_bytes())
        for entry in folder.iterdir()
        if PurePosixPath(entry.name).suffix in MEDIA_TYPES
    ]


def _route(name: str, content: bytes) -> Route:
    media_type = MEDIA_TYPES[PurePosixPath(name).suffix]

    async def endpoint(request: Request) -> Response:
        return Response(content, media_type=media_type)

    return Route("/" if name == "index.html" else f"/{name}", endpoint, methods=["GET"])
