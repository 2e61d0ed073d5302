"""The prose of a Markdown file: no code, tables, quotes, front matter, link targets or HTML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it.token import Token

_FRONT_MATTER = re.compile(
    r"\A\ufeff?(---|\+\+\+)[ \t]*\r?\n.*?^(?:\1|\.\.\.)[ \t]*\r?$", re.M | re.S
)
_LEFT_OUT = {"table_open": "table_close", "blockquote_open": "blockquote_close"}
_ADDRESS = re.compile(r"(?:https?://|www\.|mailto:)\S+$")
_TASK = re.compile(r"\[[ xX]\] ")


def markdown_to_text(source: str) -> str:
    """Paragraphs, headings and list items, an empty line between them; soft breaks are spaces."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    blocks: list[str] = []
    closing: list[str] = []  # what ends the parts that are left out now
    for token in parser.parse(_FRONT_MATTER.sub("", source)):
        if token.type in _LEFT_OUT:
            closing.append(_LEFT_OUT[token.type])
        elif closing and token.type == closing[-1]:
            closing.pop()
        elif token.type == "inline" and not closing:
            blocks.append(_prose(token.children or []))
    return "\n\n".join(block for block in blocks if block)


def _prose(tokens: list[Token]) -> str:
    words = ""
    for token in tokens:
        if token.type == "text":
            words += token.content
        elif token.type == "code_inline":
            words += token.content if token.content.replace("-", "").isalnum() else ""
        elif token.type == "softbreak":
            words += " "
        elif token.type == "hardbreak":
            words += "\n"
    words = _TASK.sub("", words, count=1) if words.startswith("[") else words
    return "" if _ADDRESS.match(words.strip()) else words.strip()
