"""HTML to text as it would have been typed: quotes get their marks back, markup goes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

MAX_CHARACTERS = 4_000_000
MAX_DEPTH = 2_000  # the parser's time grows with the square of the depth

_LINES = {"address", "article", "center", "dd", "div", "dl", "dt", "footer", "form", "header"}
_LINES |= {"li", "main", "ol", "section", "tr", "td", "th", "ul", "table", "body"}
_PARAGRAPHS = {"h1", "h2", "h3", "h4", "h5", "h6", "p"}
_UNREAD = {"button", "code", "head", "iframe", "math", "noscript", "object", "option", "pre"}
_UNREAD |= {"script", "select", "style", "svg", "template", "textarea", "title"}
_SIGNATURES = re.compile(
    r"\b(?:gmail_signature|moz-signature|protonmail_signature_block|ms-outlook-mobile-signature"
    r"|apple-mail-signature|zm_signature|elementtoproof_signature|signature)\b",
    re.IGNORECASE,
)
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE
)
_SPACE = re.compile(r"[ \t\n\r\f]+")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_NOT_NESTED = {"br", "img", "hr", "input", "meta", "link", "p", "li", "td", "tr", "th", "wbr"}
_NOT_NESTED |= {"dd", "dt", "option", "col", "area", "base"}
_RULE = "_" * 32
_MAX_MARKS = 3  # of quoting before a line; one is enough to know it by


class TooDeepError(ValueError):
    """HTML that no program for mail writes, and that would take very long to read."""


def html_to_text(source: str) -> str:
    """The words of a page; what stood in a `blockquote` begins with `> `.

    Signatures that a program marked as such, scripts, hidden text, code and tables of more than
    one column are left out. Raises TooDeepError for more than `MAX_DEPTH` elements in each other.
    """
    from selectolax.lexbor import LexborHTMLParser

    if len(source) > MAX_CHARACTERS or _depth(source) > MAX_DEPTH:
        raise TooDeepError("its HTML is too large or too deep")
    root = LexborHTMLParser(source.encode("utf-8", "replace").decode()).root
    text = _Lines()
    for node, entering in _walk(root):
        text.see(node, entering)
    return text.finished()


class _Lines:
    """Collects lines; `_depth` is how many quotes are open."""

    def __init__(self) -> None:
        self._done: list[str] = []
        self._line = ""
        self._depth = 0

    def see(self, node: LexborNode, entering: bool) -> None:
        if node.is_text_node:
            self._add(_SPACE.sub(" ", node.text_content or ""))
            return
        tag = node.tag
        if tag == "br":
            if entering:
                self._end(always=True)
        elif tag == "hr":
            if entering:
                self._end()
                self._line = _RULE
                self._end()
        elif tag == "blockquote":
            self._end()
            self._depth += 1 if entering else -1
        elif tag in _PARAGRAPHS:
            self._end()
            self._done.append("")
        elif tag in _LINES:
            self._end()

    def finished(self) -> str:
        self._end()
        return "\n".join(self._done)

    def _add(self, words: str) -> None:
        if not self._line or self._line.endswith(" "):
            words = words.lstrip(" ")
        self._line += words

    def _end(self, *, always: bool = False) -> None:
        line = self._line.strip(" ")
        if line == "--":
            line = "-- "
        if line or always:
            self._done.append("> " * min(self._depth, _MAX_MARKS) + line)
        self._line = ""


def _walk(root: LexborNode | None) -> Iterator[tuple[LexborNode, bool]]:
    """Every node that is read, when it is entered and when it is left; no recursion."""
    stack = [(root, True)] if root is not None else []
    while stack:
        node, entering = stack.pop()
        if entering and not _is_read(node):
            continue
        yield node, entering
        if entering and not node.is_text_node:
            stack.append((node, False))
            stack += [(child, True) for child in reversed(_children(node))]


def _children(node: LexborNode) -> list[LexborNode]:
    children = []
    child = node.child
    while child is not None:
        children.append(child)
        child = child.next
    return children


def _is_read(node: LexborNode) -> bool:
    if node.is_text_node:
        return True
    if not node.is_element_node or node.tag in _UNREAD:
        return False
    attributes = node.attributes
    named = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    if _SIGNATURES.search(named) or _HIDDEN.search(attributes.get("style") or ""):
        return False
    return node.tag != "table" or not _has_columns(node)


def _has_columns(table: LexborNode) -> bool:
    """Whether a row has two cells with words in them: then it is data and no frame around text."""
    parts = [part for part in _children(table) if part.tag in {"tbody", "thead", "tfoot"}]
    for row in (row for part in parts for row in _children(part)):
        cells = [cell for cell in _children(row) if cell.tag in {"td", "th"}]
        if sum(bool(cell.text(strip=True)) for cell in cells) > 1:
            return True
    return False


def _depth(source: str) -> int:
    """At least as deep as the elements lie in each other."""
    depth = deepest = 0
    for closing, name in _TAG.findall(source):
        if name.lower() not in _NOT_NESTED:
            depth = max(0, depth - 1) if closing else depth + 1
            deepest = max(deepest, depth)
    return deepest
