"""What is left of a text when all that its writer did not write is taken away."""

import re

from foretype.past.blobs import without_blobs
from foretype.past.boilerplate import without_boilerplate
from foretype.past.layout import tidy, to_lines, unwrap
from foretype.past.quotes import own_passages

MAX_CHARACTERS = 1_000_000
_MAX_PASSES = 30  # each takes something away; two do for all but what was made to last
_LETTER = re.compile(r"[^\W\d_]")


def own_text(text: str) -> str:
    """The owner's own words in a message or a text of theirs; empty where there are none.

    Quoted and forwarded words, signature blocks, footers, disclaimers and code are taken away
    until nothing more is found, so that what came out once goes through unchanged.
    """
    left = text
    for _ in range(_MAX_PASSES):
        stripped = _once(left)
        if stripped == left:
            break
        left = stripped
    return left if _LETTER.search(left) else ""


def _once(text: str) -> str:
    lines = without_blobs(to_lines(text))
    passages = [without_boilerplate(passage) for passage in own_passages(lines)]
    return unwrap(tidy("\n\n".join("\n".join(passage) for passage in passages).split("\n")))
