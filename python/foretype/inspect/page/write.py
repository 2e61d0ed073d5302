"""The page: one file that holds everything and asks the network for nothing."""

import base64
import hashlib
import html
import json
import re
from collections.abc import Iterable, Sequence
from importlib import resources
from pathlib import Path
from string import Template
from typing import Any

from foretype.errors import SettingError, StorageError
from foretype.inspect.page.parts import Plot, Section, Table
from foretype.model.atomic import atomic_write

GENERATOR = b'<meta name="generator" content="foretype inspect">'
MISSING = "The report's plots need plotly; install it with: pip install 'foretype[inspect]'"


def write_page(path: Path, sections: Sequence[Section], *, about: str, words: bool) -> None:
    """Write it for its owner alone: mode 0600, whole or not at all. It may replace a report.

    Args:
        path: where.
        sections: in this order.
        about: one sentence on what was looked at, and when.
        words: whether it holds words of the owner's, which it then says on top.

    Raises SettingError without plotly or where `path` is another file, StorageError if it cannot
    be written.
    """
    page = render(sections, about=about, words=words)
    check_place(path)
    with atomic_write(path) as file:
        file.write(page.encode())


def check_place(path: Path) -> None:
    """Raise SettingError if something stands at `path` that is no report of ours."""
    try:
        with path.open("rb") as file:
            is_ours = GENERATOR in file.read(1024)
    except FileNotFoundError:
        return
    except OSError as error:
        raise StorageError(f"Cannot write {path}: {error.strerror}.") from error
    if not is_ours:
        raise SettingError(f"{path} is there and is no report; name another file with --output.")


def render(sections: Sequence[Section], *, about: str, words: bool) -> str:
    """The page's HTML. Raises SettingError without plotly."""
    library, script = plotly_js(), _file("page.js")
    figures = [
        {"data": part.traces, "layout": part.layout}
        for section in sections
        for part in section.parts
        if isinstance(part, Plot)
    ]
    numbers = iter(range(len(figures)))
    return Template(_file("page.html")).substitute(
        style=_file("page.css"),
        hashes=" ".join(_hash(each) for each in (library, script)),
        about=html.escape(about),
        owner=prose(OWNER_WITH_WORDS if words else OWNER_WITHOUT_WORDS),
        summary="\n".join(_summary(section) for section in sections),
        contents="\n".join(_link(section) for section in sections),
        sections="\n".join(_section(section, numbers) for section in sections),
        figures=embedded(figures),
        library=library,
        script=script,
    )


OWNER_WITH_WORDS = (
    "This page is yours: it holds words that you wrote. It asks the network for nothing, and only "
    "you can read the file; be as careful with copies as with your mail. A page without words: "
    "`foretype inspect --no-words`"
)
OWNER_WITHOUT_WORDS = (
    "This page holds counts and pictures, and none of your words. It asks the network for nothing."
)


def plotly_js() -> str:
    """The library. Raises SettingError where the extra is not installed."""
    try:
        from plotly.offline import get_plotlyjs
    except ImportError:
        raise SettingError(MISSING) from None
    # A browser reads every line end as one character, and checks the script's hash after that.
    return str(get_plotlyjs()).replace("\r\n", "\n").replace("\r", "\n")


def embedded(value: Any) -> str:
    """JSON that can stand within a script element, whatever text is in it."""
    text = json.dumps(value, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e")


def prose(text: str) -> str:
    """HTML of a sentence in which `commands` stand between backquotes."""
    return re.sub("`([^`]+)`", r"<code>\1</code>", html.escape(text))


def _hash(script: str) -> str:
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _file(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text("utf-8")


def _link(section: Section) -> str:
    return f'<li><a href="#{section.name}">{html.escape(section.heading)}</a></li>'


def _summary(section: Section) -> str:
    kind = "" if section.parts else ' class="none"'
    return f'<li{kind}><a href="#{section.name}">{prose(section.says)}</a></li>'


def _section(section: Section, numbers: Iterable[int]) -> str:
    numbers = iter(numbers)
    parts = "\n".join(_part(part, numbers) for part in section.parts)
    return (
        f'<section id="{section.name}">\n<h2>{html.escape(section.heading)}</h2>\n'
        f"<p>{prose(section.says)}</p>\n"
        + (f'<div class="parts">\n{parts}\n</div>\n' if parts else "")
        + "</section>"
    )


def _part(part: Plot | Table, numbers: Iterable[int]) -> str:
    width = ' class="half"' if part.half else ""
    heading = (
        f"<figure{width}>\n<figcaption><h3>{html.escape(part.title)}</h3>\n"
        f"<p>{html.escape(part.guide)}</p></figcaption>\n"
    )
    return (
        heading + (_plot(part, numbers) if isinstance(part, Plot) else _table(part)) + "</figure>"
    )


def _plot(part: Plot, numbers: Iterable[int]) -> str:
    number = next(iter(numbers))
    return (
        f'<div class="plot" data-figure="{number}" role="img" style="height:{part.height}px" '
        f'aria-label="{html.escape(part.title)}"></div>\n'
    )


def _table(part: Table) -> str:
    head = "".join(f"<th>{html.escape(title)}</th>" for title in part.columns)
    rows = "\n".join(
        "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>"
        for row in part.rows
    )
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>\n"
