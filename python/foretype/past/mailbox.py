"""Where each mail of an mbox file begins and ends, found in one pass over its lines."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

MAX_LINE = 1 << 16  # bytes read at once; a longer line comes in parts
MAX_HEADER = 1 << 18
_FROM = b"From "
_DATED = re.compile(rb"From .*\d\d:\d\d.*\d{4}")
_FIELD = re.compile(rb">?[!-9;-~]+[ \t]*:")
_ESCAPED_FROM = re.compile(rb"\n>(>*From [^\n]*)(?=\n(?!>)|\Z)")


def read_mailbox(path: Path, progress: Callable[[int], None]) -> Iterator[tuple[int, int, bytes]]:
    """Yields (offset, length, header) of each mail, without its "From " line.

    `progress` is told the bytes read. Raises OSError. Of a file that does not begin with a
    "From " line, what stands before the first one is left out.
    """
    with path.open("rb") as file:
        start = -1
        header = bytearray()
        in_header = False
        for at, line, begins in _lines(file):
            if begins:
                if start >= 0:
                    yield start, at - start, bytes(header)
                    progress(at)
                start = at + len(line)
                header.clear()
                in_header = True
            elif in_header:
                in_header = bool(line.strip(b"\r\n")) and len(header) < MAX_HEADER
                header += line
        if start >= 0:
            yield start, file.tell() - start, bytes(header)


def is_mailbox(head: bytes) -> bool:
    """Whether a file that begins so holds mail after mail."""
    first, _, rest = head.lstrip(b"\r\n").partition(b"\n")
    return first.startswith(_FROM) and bool(_DATED.match(first) or _FIELD.match(rest))


def unescape(data: bytes) -> bytes:
    """Takes back the mark that mbox puts before a line of the text that begins with "From ".

    Among other lines that begin so it is a mark of quoting, and stays.
    """
    return _ESCAPED_FROM.sub(_taken_back, data)


def _taken_back(match: re.Match[bytes]) -> bytes:
    line_before = match.string[match.string.rfind(b"\n", 0, match.start()) + 1 : match.start()]
    return match[0] if line_before.startswith(b">") else b"\n" + match[1]


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes, bool]]:
    """Yields (offset, line, whether it begins a mail)."""
    at = 0
    empty_before = whole_before = True
    line = file.readline(MAX_LINE)
    while line:
        following = file.readline(MAX_LINE)
        begins = (
            whole_before
            and line.startswith(_FROM)
            and bool(_FIELD.match(following))
            and (empty_before or bool(_DATED.match(line)))
        )
        yield at, line, begins
        at += len(line)
        whole_before = line.endswith(b"\n")
        empty_before = whole_before and not line.strip(b"\r\n")
        line = following
