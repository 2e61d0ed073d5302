"""What must not be learned, slow and readable: core/src/context/secrets.h must give the same.

The whole text is read in one go, line by line, and every rule looks at whole lines. Inside, text is
a `str` of single bytes (latin-1), so that places are byte offsets.
"""

import re
from collections.abc import Callable

from foretype.reference.secret_chunks import (
    MOST_GROUPS,
    Chunk,
    Run,
    cut,
    iban_chunks,
    mark_numbers,
    runs_of,
)
from foretype.reference.secret_lists import Lists
from foretype.reference.secret_names import ACCOUNTS, CODES, SECRETS, Name, find_name
from foretype.reference.secret_tokens import has_known_key, has_secret_parameter, looks_random

Range = tuple[int, int]

NEAR = 6  # chunks between a name and its secret
PHRASE, QUOTATION = 24, 12  # chunks

LINE_END = "[\r\n]"
QUOTE = re.compile("[\"'`]|\xe2\x80[\x98\x99\x9c\x9d]")
DASHES = ("-", "\xe2\x80\x93", "\xe2\x80\x94")
SEPARATORS = (":", "=", "=>", "->", ":=")
LINKS = ("is", "was", "are")


class Reader:
    """One reading of one text."""

    def __init__(self, text: str, lists: Lists) -> None:
        self.text = text
        self.lists = lists
        self.ranges: list[Range] = []
        self.place = 100  # counts chunks, and lines
        self.names: dict[str, int] = {}  # kind of name -> the last one's place
        self.awaited = "nothing"
        self.phrase = False

    def read(self) -> list[Range]:
        """What must not be learned."""
        block = False
        begin = 0
        for match in re.finditer(f"{LINE_END}|$(?![\\s\\S])", self.text):
            end = match.start()
            chunks = cut(self.text, begin, end)
            if block:
                closes = bool(chunks) and "-----END" in chunks[0].text
                block = len(chunks) <= 1 or closes or chunks[0].text.endswith(":")
            if block:
                self.cover(begin, end if closes else match.end())
                block = not closes
            elif chunks:
                block = self.read_line(chunks, end, match.end())
            begin = match.end()
        return self.ranges

    def cover(self, begin: int, end: int) -> None:
        """Lines of a block are one range."""
        if self.ranges and self.ranges[-1][1] == begin:
            self.ranges[-1] = (self.ranges[-1][0], end)
        elif begin < end:
            self.ranges.append((begin, end))

    def read_line(self, chunks: list[Chunk], end: int, next_line: int) -> bool:
        """True if a block begins here and stays open."""
        begins = [
            i
            for i, each in enumerate(chunks)
            if each.end < end and each.text.endswith("-----BEGIN")
        ]
        words = chunks[: begins[0]] if begins else chunks
        self.read_words(words)
        self.ranges += [(chunk.begin, chunk.end) for chunk in words if chunk.secret]
        if not begins:
            return False
        begin = chunks[begins[0]].begin
        closed = "-----END" in self.text[begin:end]
        self.cover(begin, end if closed else next_line)
        return not closed

    def read_words(self, chunks: list[Chunk]) -> None:
        """Every rule on one line."""
        self.place += 1
        if self.awaited in ("link", "separator"):
            self.awaited = "nothing"
        self.chunks = chunks
        self.runs = runs_of(chunks)
        for run in self.runs:
            mark_numbers(run, chunks)
        for i in range(len(chunks)):
            for k in range(iban_chunks(chunks, i, len(chunks), self.lists)[0]):
                chunks[i + k].secret = True
        before = "kNone"
        left = 0  # chunks of a phrase or quotation
        for i, chunk in enumerate(chunks):
            self.place += 1
            if self.awaited != "nothing" and self.links(chunk):
                before = "kNone"
                continue
            if left:
                ends = (
                    re.search("[.!?]", chunk.behind) if self.phrase else QUOTE.search(chunk.behind)
                )
                left = 0 if ends else left - 1
                chunk.secret, before = True, "kNone"
                continue
            if self.takes(chunk):
                left = self.goes_on(chunk)
                chunk.secret, before = True, "kNone"
                continue
            if self.tells_itself(chunk.text):
                chunk.secret, before = True, "kNone"
                continue
            self.mark_named(i)
            name, before = find_name(chunk.text, before, self.lists)
            if name:
                self.read_name(i, name)

    def links(self, chunk: Chunk) -> bool:
        """Whether the chunk stands between a name and what it asks for."""
        if chunk.text in SEPARATORS:
            self.awaited = "anything"
            return True
        if self.awaited != "link":
            return False
        next_to = self.place - self.names["password"] == 1
        verb = chunk.core.lower() in LINKS and (next_to or not self.phrase)
        if not verb and not (next_to and chunk.text in DASHES):
            return False
        self.awaited = "anything" if chunk.behind.startswith(":") else "no everyday word"
        return True

    def takes(self, chunk: Chunk) -> bool:
        """Whether the chunk is what a name asked for."""
        if self.awaited in ("link", "separator"):
            far = self.place - self.names["password"] == NEAR
            if far or self.awaited == "separator" or re.search("[.!?]", chunk.behind):
                self.awaited = "nothing"
            elif chunk.core and ":" in chunk.behind:
                self.awaited = "anything"
            return False
        awaited, self.awaited = self.awaited, "nothing"
        everyday = chunk.core.lower() in self.lists.everyday_words
        return awaited == "anything" or (
            awaited == "no everyday word" and (self.phrase or not everyday)
        )

    def goes_on(self, chunk: Chunk) -> int:
        """How many more chunks may belong to it."""
        if self.phrase:
            return 0 if re.search("[.!?]", chunk.behind) else PHRASE - 1
        opens = QUOTE.search(chunk.before) and not QUOTE.search(chunk.behind)
        return QUOTATION - 1 if opens else 0

    def tells_itself(self, text: str) -> bool:
        """A secret whatever stands around it."""
        lists = self.lists
        rules: list[Callable[[str, Lists], bool]] = [
            looks_random,
            has_known_key,
            has_secret_parameter,
        ]
        return any(rule(text, lists) for rule in rules)

    def near(self, kind: str) -> bool:
        """Whether a name of this kind stands shortly before."""
        return kind in self.names and self.place - self.names[kind] <= NEAR

    def mark_named(self, i: int) -> None:
        """A chunk, or the number it begins, that a name before it makes secret."""
        chunk = self.chunks[i]
        if self.near("password") and (chunk.odd or chunk.humped):
            chunk.secret = True
        if self.near("code") and chunk.odd and chunk.mixed_code:
            chunk.secret = True
        for run in self.runs:
            if run.first != i or not run.short:
                continue
            account = run.may_be_account and self.near("account")
            code = run.may_be_code and self.near("code")
            if code and run.year:
                previous = self.chunks[i - 1] if i else None
                linked = previous is not None and (
                    previous.core.lower() in LINKS or previous.text in (*SEPARATORS, *DASHES)
                )
                code = linked or self.place - self.names["code"] == 1
            if account or code:
                self.mark_run(run)

    def mark_run(self, run: Run) -> None:
        """A whole number."""
        for i in range(run.first, run.last + 1):
            self.chunks[i].secret = True

    def read_name(self, i: int, name: Name) -> None:
        """What a name says of the chunks behind it and before it."""
        kinds = {
            "code": name.role in CODES,
            "account": name.role in ACCOUNTS,
            "password": name.role in SECRETS,
        }
        self.names |= {kind: self.place for kind, named in kinds.items() if named}
        if kinds["password"]:
            self.phrase = name.role == "kPassphrase"
            self.awaited = "separator" if name.role == "kSecret" else "link"
            if name.after == "separator":
                self.awaited = "anything"
            if name.after == "value" or re.search("[.!?]", self.chunks[i].behind):
                self.awaited = "nothing"
        if name.after == "value" and (kinds["password"] or is_code_value(name.value)):
            self.chunks[i].secret = True
        for j in range(max(i - NEAR, 0), i):
            chunk = self.chunks[j]
            if chunk.odd and (kinds["password"] or (kinds["code"] and chunk.mixed_code)):
                chunk.secret = True
            for run in self.runs:
                if run.last != j or not run.short:
                    continue
                code = kinds["code"] and run.may_be_code and not run.year
                if code or (kinds["account"] and run.may_be_account):
                    self.mark_run(run)


def is_code_value(value: str) -> bool:
    """PIN=4821: a number or mixed code."""
    chunk = Chunk(0, len(value), value)
    run = Run(0, 0, [(digits, 0) for digits in chunk.groups])
    return chunk.mixed_code or (bool(run.groups) and (run.may_be_code or run.may_be_account))


def secret_ranges(data: bytes, lists: Lists) -> list[Range]:
    """What must not be learned."""
    return Reader(data.decode("latin-1"), lists).read()


def undecided_from(data: bytes, lists: Lists) -> int:
    """Where what more typing may still make secret begins."""
    text = data.decode("latin-1")
    line = max(text.rfind("\n"), text.rfind("\r")) + 1
    chunks = cut(text, line, len(text))
    growing = bool(chunks) and chunks[-1].end == len(text)
    complete = len(chunks) - growing
    first = complete
    for i in range(complete):
        nameable = chunks[i].odd and i + NEAR >= complete
        if nameable or iban_chunks(chunks, i, complete, lists)[1]:
            first = min(first, i)
    for run in runs_of(chunks):
        grows = run.last >= complete or (run.last == complete - 1 and not chunks[run.last].behind)
        if grows:
            first = min(first, max(run.first, complete - MOST_GROUPS))
        code = run.may_be_code and not run.year
        if run.last + NEAR >= complete and run.short and (code or run.may_be_account):
            first = min(first, run.first)
    return chunks[first].begin if first < len(chunks) else len(text)
