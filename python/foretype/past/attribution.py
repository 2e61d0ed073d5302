"""The line that stands before somebody's words: "On Monday Jane wrote:", in many languages."""

import re

MAX_LINES = 4
MAX_LENGTH = 400
_AROUND = " *_\t"
_COLONS = (":", "\uff1a")

_WROTE = (
    "wrote|writes|said|schrieb|schreibt|a écrit|a ecrit|écrivait|ha scritto|escribió|escribio"
    "|escribiste|escreveu|schreef|skrev|kirjoitti|pisze|napisał|napisał\\(a\\)|napsal|napsala"
    "|написал|написала|написав|пишет|írta|yazdı|έγραψε"
)
_VERB = re.compile(rf"(?<!\w)(?:{_WROTE})(?!\w)|写道|寫道|のメール|작성", re.IGNORECASE)
_ADDRESS = re.compile(r"\S+@\S+|\[?mailto:")
_OPENING = re.compile(
    r"\d{1,4}[-./年]\s?\d{1,2}\D"
    r"|(?:on|at|am|le|el|il|op|em|den|dne|w dniu|in message|quoting|zitat von|in data)\s"
    r"|(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so)[a-z]{0,7}[.,]?\s",
    re.IGNORECASE,
)
_MOMENT = re.compile(r"\d{1,2}[:.h]\d{2}|\b(?:19|20)\d{2}\b|\d{1,2}[./]\d{1,2}[./]\d{2,4}")
_DIGIT = re.compile(r"\d")
_OLD_GMAIL = re.compile(r"\d{4}[/-]\d{1,2}[/-]\d{1,2} .{0,120}<\S+@\S+>:?$")
_QUOTING = re.compile(r"(?:quoting|zitat von|citando|in message)\s.{3,200}:$", re.IGNORECASE)


def attribution_at(lines: list[str], start: int) -> int:
    """How many lines from `start` on are an attribution; 0 for none."""
    if not lines[start].strip():
        return 0
    joined = ""
    for count, line in enumerate(lines[start : start + MAX_LINES], start=1):
        if not line.strip() or len(joined) + len(line) > MAX_LENGTH:
            return 0
        joined = f"{joined} {line.strip(_AROUND)}".strip()
        if count > 1 and not _may_go_on(lines[start]):
            return 0
        if joined.endswith((*_COLONS, ">")) and _is_attribution(joined):
            return count
    return 0


def may_introduce(line: str) -> bool:
    """True for a line that is an attribution if quoted lines follow it, and else may not be."""
    told = line.strip(_AROUND)
    return (
        len(told) <= MAX_LENGTH
        and told.endswith(":")
        and bool(_VERB.search(told) or _ADDRESS.search(told) or _QUOTING.match(told))
    )


def _may_go_on(first: str) -> bool:
    """Whether an attribution of several lines may begin so; what stands before one does not."""
    told = first.strip(_AROUND)
    if told[:1].isdigit():
        return True
    return bool(_ADDRESS.search(told)) or (bool(_OPENING.match(told)) and bool(_DIGIT.search(told)))


def _is_attribution(told: str) -> bool:
    if _OLD_GMAIL.match(told) or (_QUOTING.match(told) and _ADDRESS.search(told)):
        return True
    if not told.endswith(_COLONS) or not _VERB.search(told):
        return False
    addressed = bool(_ADDRESS.search(told))
    dated = bool(_MOMENT.search(told))
    opened = bool(_OPENING.match(told))
    return (
        (addressed and (dated or opened))
        or (dated and opened)
        or (addressed and told.count(" ") <= 6)
    )
