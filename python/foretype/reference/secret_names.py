"""Words that name a secret: core/src/context/secret_words.h."""

import re
from dataclasses import dataclass

from foretype.reference.secret_lists import Lists

SECRETS = ("kPassword", "kPassphrase", "kSecret", "kPass")
CODES = ("kCode", "kIdentity")
ACCOUNTS = ("kAccount", "kIdentity")


@dataclass(frozen=True)
class Name:
    """The name of a secret, and what stands behind it in its chunk."""

    role: str
    after: str  # nothing, separator, value, mark
    value: str = ""


def find_name(text: str, before: str, lists: Lists) -> tuple[Name | None, str]:
    """The name in a chunk, and the role of the chunk's last word."""
    found = None
    last = before
    for match in re.finditer("[A-Za-z0-9]+", text):
        last = _joined(last, _role(match.group().lower(), lists))
        if last not in (*SECRETS, *CODES, *ACCOUNTS):
            continue
        rest = text[match.end() :]
        name = _named(last, rest)
        if name.after == "value":
            return name, last
        if not re.search("[A-Za-z0-9]", rest):
            found = None if last == "kPass" and name.after != "separator" else name
    return found, last


def _role(word: str, lists: Lists) -> str:
    if word in lists.roles:
        return lists.roles[word]
    if len(word) >= 8:
        for ending, role in lists.endings.items():
            if word.endswith(ending):
                return role
    return "kNone"


def _joined(before: str, role: str) -> str:
    if role == "kKey":
        named = before in ("kBeforeKey", "kSecurity", "kSecret", "kBeforePhrase")
        return "kSecret" if named else "kNone"
    if role == "kPhrase":
        return "kPassphrase" if before in ("kBeforePhrase", "kSecret", "kPass") else "kNone"
    if role == "kSecurity" and before == "kSocial":
        return "kIdentity"
    return "kNone" if role == "kCode" and before == "kEverydayCode" else role


def _named(role: str, rest: str) -> Name:
    rest = rest.removeprefix("(s)").lstrip("\"'`)]}*_")
    if not rest:
        return Name(role, "nothing")
    if rest[0] not in ":=#":
        return Name(role, "mark")
    value = rest.lstrip(":=#").lstrip("\"'`([{<*>")
    return Name(role, "value" if value else "separator", value)
