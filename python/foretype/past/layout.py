"""Lines that a program broke become the paragraphs that were written."""

import itertools
import re
from collections.abc import Iterator

MAX_WRAPPED = 80  # programs that wrap mail do it at 65 to 78 columns
MIN_WRAPPED = 55
_LISTED = re.compile(r"[-*•·–]\s|\(?\d{1,2}[.)]\s|\(?[a-z][.)]\s")
_INVISIBLE = re.compile("[\u200b\u200c\u2060\ufeff\u00ad]")


def to_lines(text: str) -> list[str]:
    """Lines with one kind of end and one kind of space; ends of lines keep their spaces."""
    plain = _INVISIBLE.sub("", text).replace("\u00a0", " ").replace("\u202f", " ")
    return re.split(r"\r\n|[\n\r\f\v\x1c-\x1e\x85\u2028\u2029]", plain)


def paragraphs(lines: list[str]) -> Iterator[list[str]]:
    """Runs of lines with something in them."""
    run: list[str] = []
    for line in [*lines, ""]:
        if line.strip():
            run.append(line)
        elif run:
            yield run
            run = []


def unwrap(text: str) -> str:
    """Joins lines that end only because the next word did not fit.

    Text with a longer line than any program wraps at is left as it is, and so is one where
    nothing long comes of it: what is unwrapped once stays so.
    """
    lines = text.split("\n")
    if max(map(len, lines)) > MAX_WRAPPED:
        return text
    joined = "\n\n".join(_joined(run) for run in paragraphs(lines))
    return joined if any(len(line) > MAX_WRAPPED for line in joined.split("\n")) else text


def unflow(text: str, *, delete_space: bool) -> str:
    """RFC 3676: a line that ends in a space goes on in the next of the same quote depth."""
    lines: list[str] = []
    open_depth = -1
    for line in text.replace("\r\n", "\n").split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        body = line[depth:].removeprefix(" ")
        if depth == open_depth and body != "-- ":
            lines[-1] += body
        else:
            lines.append(f"{'>' * depth}{' ' if depth else ''}{body}")
        flows = body.endswith(" ") and body != "-- "
        if flows and delete_space:
            lines[-1] = lines[-1][:-1]
        open_depth = depth if flows else -1
    return "\n".join(lines)


def tidy(lines: list[str]) -> str:
    """No spaces at ends of lines, no empty lines at the ends, one at most between."""
    text = "\n".join(line.rstrip() for line in lines)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _joined(run: list[str]) -> str:
    width = max(len(line) for line in run)
    if width < MIN_WRAPPED:
        return "\n".join(run)
    joined = run[0]
    for line, following in itertools.pairwise(run):
        word = following.split(maxsplit=1)[0]
        fits = len(line) + 1 + len(word) <= width
        stands_alone = following[0].isspace() or _LISTED.match(following)
        joined += ("\n" if fits or stands_alone else " ") + following
    return joined
