"""Long texts in pieces, cut so that changing one place leaves the other pieces as they were."""

import zlib
from collections.abc import Iterator

_ONE_IN = 4  # paragraphs end a piece
MAX_PIECE = 20_000  # characters


def pieces_of(text: str) -> Iterator[str]:
    """Runs of whole paragraphs. Where a piece ends depends on its last paragraph alone.

    So a file that has grown or was edited since it was learned yields again what it yielded,
    except around the edit.
    """
    piece: list[str] = []
    size = 0
    for paragraph in text.split("\n\n"):
        piece.append(paragraph)
        size += len(paragraph)
        if size > MAX_PIECE or zlib.crc32(paragraph.encode("utf-8", "replace")) % _ONE_IN == 0:
            yield "\n\n".join(piece)
            piece, size = [], 0
    if piece:
        yield "\n\n".join(piece)
