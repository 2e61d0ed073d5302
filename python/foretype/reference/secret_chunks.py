"""What stands between white space, and numbers over several of them: core/src/context/chunks.h.

Text is a `str` of single bytes (latin-1), so that places are byte offsets.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from foretype.reference.secret_lists import Lists

MOST_GROUPS = 8  # of a number
IBAN_CHUNKS = 9

SPACE = (
    "(?:[\t-\r ]|\xc2[\x85\xa0]|\xe1\x9a\x80|\xe2\x80[\x80-\x8a\xa8\xa9\xaf]|\xe2\x81\x9f"
    "|\xe3\x80\x80)"
)
CHUNK = re.compile(f"{SPACE}|((?:(?!{SPACE})[\0-\xff])+)")
TYPOGRAPHIC = "\xe2\x80[\0-\xff]"
LEADING = re.compile(f"(?:[(\\[{{<\"'`*#|]|{TYPOGRAPHIC})*")
TRAILING = re.compile(f"(?:[.,;:!?)\\]}}>\"'`*#|]|{TYPOGRAPHIC})")
HYPHEN = "(?:-|\xe2\x80[\x90-\x95])"
DIGIT_GROUPS = re.compile(f"[0-9]+(?:{HYPHEN}[0-9]+)*")


@dataclass
class Chunk:
    """What stands between white space."""

    begin: int
    end: int
    text: str
    secret: bool = False

    @property
    def core(self) -> str:
        """The text without the marks around it."""
        text = self.text[len(self.before) :]
        return text[: len(text) - len(self.behind)]

    @property
    def before(self) -> str:
        """The marks at its beginning."""
        match = LEADING.match(self.text)
        return match.group() if match else ""

    @property
    def behind(self) -> str:
        """The marks at its end."""
        text = self.text[len(self.before) :]
        end = len(text)
        while end > 0:
            one = TRAILING.fullmatch(text, end - 1, end)
            three = TRAILING.fullmatch(text, max(end - 3, 0), end)
            if not one and not three:
                break
            end -= 1 if one else 3
        return text[end:]

    @property
    def odd(self) -> bool:
        """Like a password: letters with digits, or with a mark inside."""
        core = self.core
        if len(core) < 4 or not re.search("[A-Za-z]", core) or "://" in core:
            return False
        if re.fullmatch("[A-Za-z0-9._+-]*@[A-Za-z0-9._+-]*[.][A-Za-z0-9._+-]*", core):
            return False
        if re.search("[!#$%^*=~?@]", core[1:-1]):
            return True
        return bool(re.search("[0-9]", core)) and not re.fullmatch(
            "[0-9][^A-Za-z]*[A-Za-z]{,2}", core, re.DOTALL
        )

    @property
    def mixed_code(self) -> bool:
        """Like a code: 7K9QF2, G-482913."""
        core = self.core
        if re.fullmatch("[A-Za-z]-[0-9]{4,8}", core):
            return True
        if not re.fullmatch("[A-Z0-9]{5,10}|[a-z0-9]{5,10}", core) or core.isdigit():
            return False
        changes = sum(one.isdigit() != other.isdigit() for one, other in pairwise(core))
        mixed = changes >= 2 or (changes == 1 and core[0].isdigit())
        return mixed and sum(map(str.isdigit, core)) >= 2

    @property
    def humped(self) -> bool:
        """Two capitals or more behind small letters."""
        return len(re.findall("(?<=[a-z])[A-Z]", self.core)) >= 2

    @property
    def groups(self) -> list[str]:
        """Its groups of digits, if it is nothing else."""
        return re.split(HYPHEN, self.core) if DIGIT_GROUPS.fullmatch(self.core) else []


@dataclass
class Run:
    """Neighbouring chunks of digits."""

    first: int
    last: int
    groups: list[tuple[str, int]] = field(default_factory=list)  # digits, index of the chunk

    @property
    def short(self) -> bool:
        """Few enough groups to be one number."""
        return len(self.groups) <= MOST_GROUPS

    @property
    def sizes(self) -> list[int]:
        """Digits in each group."""
        return [len(digits) for digits, _ in self.groups]

    @property
    def digits(self) -> str:
        """All of them."""
        return "".join(digits for digits, _ in self.groups)

    @property
    def year(self) -> bool:
        """1700 to 2039."""
        return self.sizes == [4] and 1700 <= int(self.digits) < 2040

    @property
    def may_be_code(self) -> bool:
        """4 to 8 digits, not grouped like a date."""
        sizes = self.sizes
        return 4 <= sum(sizes) <= 8 and all(size >= 3 or size == sizes[0] for size in sizes)

    @property
    def may_be_account(self) -> bool:
        """6 to 18 digits."""
        return 6 <= len(self.digits) <= 18


def cut(text: str, begin: int, end: int) -> list[Chunk]:
    """The chunks of text[begin:end], which holds no line end."""
    return [
        Chunk(match.start(), match.end(), match.group())
        for match in CHUNK.finditer(text, begin, end)
        if match.group(1)
    ]


def runs_of(chunks: Sequence[Chunk]) -> list[Run]:
    """The numbers that stand over one chunk or several."""
    runs: list[Run] = []
    for i, chunk in enumerate(chunks):
        if not chunk.groups:
            continue
        goes_on = bool(runs) and runs[-1].last == i - 1 and not chunks[i - 1].behind
        if chunk.before or not goes_on:
            runs.append(Run(i, i))
        runs[-1].last = i
        runs[-1].groups += [(digits, i) for digits in chunk.groups]
    return runs


def luhn(digits: str) -> bool:
    """The check digit of payment cards."""
    doubled = [int(digit) * (1 + i % 2) for i, digit in enumerate(reversed(digits))]
    return sum(sum(map(int, str(number))) for number in doubled) % 10 == 0


def is_card(sizes: Sequence[int], digits: str) -> bool:
    """A payment card, or what is written like one."""
    issued = digits[0] in "3456" or 2221 <= int(digits[:4]) <= 2720
    return (
        13 <= len(digits) <= 19
        and issued
        and (luhn(digits) or list(sizes) in ([4, 4, 4, 4], [4, 6, 5]))
    )


def is_social_security(sizes: Sequence[int], digits: str) -> bool:
    """Three, two and four digits that are given out."""
    return list(sizes) == [3, 2, 4] and not re.match("000|666|...00|.....0000", digits)


def mark_numbers(run: Run, chunks: Sequence[Chunk]) -> None:
    """Cards with what stands behind them, social security numbers, and long ones."""

    def mark(groups: Sequence[tuple[str, int]]) -> None:
        for i in range(groups[0][1], groups[-1][1] + 1):
            chunks[i].secret = True

    if is_social_security(run.sizes, run.digits):
        mark(run.groups)
    for first in range(len(run.groups)):
        if run.sizes[first] >= 16:
            mark(run.groups[first : first + 1])
        for end in range(first + 1, min(first + MOST_GROUPS, len(run.groups)) + 1):
            groups = run.groups[first:end]
            sizes = [len(digits) for digits, _ in groups]
            digits = "".join(each for each, _ in groups)
            if min(sizes[:-1], default=2) < 2:
                break
            if is_card(sizes, digits):
                mark(run.groups[first : end + 3])
            if [each for each, _ in groups] == chunks[groups[0][1]].groups and is_social_security(
                sizes, digits
            ):
                mark(groups)


def iban_chunks(
    chunks: Sequence[Chunk], first: int, complete: int, lists: Lists
) -> tuple[int, bool]:
    """How many chunks an IBAN has that begins here, and whether it may still become one."""
    wanted = lists.iban_lengths.get(chunks[first].core[:2].upper(), 0)
    if not re.match("[A-Za-z]{2}[0-9]{2}", chunks[first].core) or not wanted:
        return 0, False
    letters = chunks[first].core.replace("-", "")
    if len(letters) != 4:
        return int(is_iban(letters, wanted)), False
    for i in range(first + 1, first + IBAN_CHUNKS + 1):
        if chunks[i - 1].behind:
            return 0, False
        if i >= complete:
            return 0, True
        if len(chunks[i].core) != min(4, wanted - len(letters)):
            return 0, False
        letters += chunks[i].core
        if len(letters) == wanted:
            return (i - first + 1 if is_iban(letters, wanted) else 0), False
    return 0, False


def is_iban(letters: str, wanted: int) -> bool:
    """ISO 13616-1: letters are 10 to 35, the first four come last, the rest by 97 is 1."""
    if len(letters) != wanted or not re.fullmatch("[A-Za-z0-9]+", letters):
        return False
    return int("".join(str(int(each, 36)) for each in letters[4:] + letters[:4])) % 97 == 1
