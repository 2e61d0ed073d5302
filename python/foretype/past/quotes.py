"""Parts an answer into passages of the owner's own, without what is quoted between them."""

import re

from foretype.past.attribution import attribution_at, may_introduce
from foretype.past.forwarded import forwarded_at

_QUOTED = re.compile(r"\s*(?:[A-Za-z]{0,4}>|\|\s|[»›│┃])")
_LONG_QUOTE = 55  # a quoted line at least so long may have been broken by a program
_SHORT_REST = 40


def is_quoted(line: str) -> bool:
    """Whether the line begins with a mark of quoting: `>`, `JD>`, `|`."""
    return _QUOTED.match(line) is not None


def own_passages(lines: list[str]) -> list[list[str]]:
    """Runs of lines that nobody else wrote, in order."""
    passages: list[list[str]] = [[]]
    index = 0
    while index < len(lines):
        if forwarded_at(lines, index):
            break
        introduced = attribution_at(lines, index)
        if introduced and not _quote_follows(lines, index + introduced):
            break  # somebody's words follow, without a mark: all of the rest is theirs
        dropped = introduced or _not_own_at(lines, index)
        if dropped:
            passages.append([])
        else:
            passages[-1].append(lines[index])
        index += dropped or 1
    return [passage for passage in passages if any(line.strip() for line in passage)]


def _not_own_at(lines: list[str], index: int) -> int:
    """How many lines from here on are quoted or lead to a quote; 0 for none."""
    line = lines[index]
    if is_quoted(line):
        return 1 + _broken_rest(lines, index)
    return int(may_introduce(line) and _quote_follows(lines, index + 1))


def _broken_rest(lines: list[str], index: int) -> int:
    """1 where the next line is the end of this quoted one, broken off by a program."""
    if len(lines[index]) < _LONG_QUOTE or index + 2 >= len(lines):
        return 0
    rest, after = lines[index + 1], lines[index + 2]
    return int(0 < len(rest.strip()) <= _SHORT_REST and not is_quoted(rest) and is_quoted(after))


def _quote_follows(lines: list[str], index: int) -> bool:
    while index < len(lines) and not lines[index].strip():
        index += 1
    return index < len(lines) and is_quoted(lines[index])
