"""Which part of a mail is its writer's own? Our rules beside the libraries that are kept up.

    python benchmarks/reply_stripping/run.py [FOLDER]

FOLDER holds mails (`.eml`, or plain bodies as `.body`), each with what its writer wrote beside
it in a `.txt` of the same name; default tests/data/past. A library that is not installed is left
out; no library is needed to use Foretype. Each gets the decoded text of the body, as reading
mail is not the question. Counted are words, as a multiset: of others' that came through, and of
the writer's own that were lost.
"""

import importlib
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from foretype.past import own_text
from foretype.past.mail import UnreadableError, read_body

Strip = Callable[[str], str]
DEFAULT = Path(__file__).resolve().parents[2] / "tests" / "data" / "past"


def main(folder: Path) -> None:
    """Print one row for each way of stripping."""
    cases = [(body_of(file), file.with_suffix(".txt").read_text("utf-8")) for file in mails(folder)]
    wanted = sum(len(words(own)) for _, own in cases)
    others = sum(len(words(body)) for body, _ in cases) - wanted
    print(f"{len(cases)} mails, {wanted} own words, {others} of others\n")
    print("| way | mails exact | others' words let through | own words lost | ms a mail |")
    print("| --- | --- | --- | --- | --- |")
    for name, strip in ways().items():
        print(row(name, strip, cases, wanted, others))


def row(name: str, strip: Strip, cases: list[tuple[str, str]], wanted: int, others: int) -> str:
    """One line of the table."""
    exact = leaked = lost = 0
    started = time.perf_counter()
    results = [strip(body) for body, _ in cases]
    milliseconds = (time.perf_counter() - started) * 1000 / len(cases)
    for result, (_, own) in zip(results, cases, strict=True):
        got, want = Counter(words(result)), Counter(words(own))
        leaked += (got - want).total()
        lost += (want - got).total()
        exact += got == want
    return (
        f"| {name} | {exact} of {len(cases)} | {leaked / others:.1%} | {lost / wanted:.1%} "
        f"| {milliseconds:.2f} |"
    )


def mails(folder: Path) -> list[Path]:
    """Every mail that has its own words beside it."""
    found = [*folder.glob("*.eml"), *folder.glob("*.body")]
    return sorted(file for file in found if file.with_suffix(".txt").exists())


def body_of(file: Path) -> str:
    """The text that is to be stripped."""
    data = file.read_bytes()
    if file.suffix == ".body":
        return data.decode()
    try:
        return read_body(data)
    except UnreadableError:
        return ""


def words(text: str) -> list[str]:
    """Words without marks, so that a mark of quoting is none."""
    return re.findall(r"\w+", text)


def ways() -> dict[str, Strip]:
    """What there is here to compare."""
    found: dict[str, Strip] = {"nothing stripped": lambda text: text, "ours": own_text}
    for name, make in (
        ("mail-parser-reply", _mail_parser_reply),
        ("quotequail", _quotequail),
        ("talon", _talon),
        ("email-reply-parser", _email_reply_parser),
    ):
        try:
            found[name] = make()
        except ImportError:
            print(f"{name} is not installed", file=sys.stderr)
    return found


def _mail_parser_reply() -> Strip:
    languages = ["en", "de", "fr", "es", "it", "nl", "pl", "sv", "da"]
    parser = importlib.import_module("mailparser_reply").EmailReplyParser(languages=languages)
    return lambda text: parser.parse_reply(text=text) or ""


def _quotequail() -> Strip:
    unwrap = importlib.import_module("quotequail").unwrap

    def strip(text: str) -> str:
        parts = unwrap(text)  # None where it finds neither a reply nor a forwarded message
        if parts is None:
            return text
        return "\n".join(parts.get(name) or "" for name in ("text_top", "text_bottom"))

    return strip


def _email_reply_parser() -> Strip:
    parser = importlib.import_module("email_reply_parser").EmailReplyParser
    return lambda text: parser.parse_reply(text)


def _talon() -> Strip:
    extract: Strip = importlib.import_module("talon.quotations").extract_from_plain
    return extract


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT)
