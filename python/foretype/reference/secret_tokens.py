"""Chunks that are secret by themselves: core/src/context/{randomness,key_shapes,parameters}.h.

Text is a `str` of single bytes (latin-1).
"""

import math
import re
from collections.abc import Iterator

from foretype.reference.secret_lists import Lists

# Pattern -> sixteenths of a bit that a draw from it costs.
ALPHABETS = {"[0-9a-f]": 64, "[0-9A-F]": 64, "[0-9a-z]": 83, "[0-9A-Z]": 83, "[0-9A-Za-z]": 95}


def looks_random(text: str, lists: Lists) -> bool:
    """Whether any part of the text is better explained by chance than by writing."""
    if re.search("[0-9a-f]{16}", text) or re.search("[0-9A-F]{16}", text):
        for match in re.finditer("[0-9a-fA-F]{16,}", text):
            if _hexadecimal(match.group()):
                return True
    return len(text) >= 9 and any(
        _random_part(part, alphabet, bits, lists)
        for part in _parts(text)
        for alphabet, bits in ALPHABETS.items()
    )


def _hexadecimal(run: str) -> bool:
    """Whether a beginning of 16 digits or more has digits and letters of one case."""
    return any(
        re.search("[0-9]", run[:end])
        and bool(re.search("[a-f]", run[:end])) != bool(re.search("[A-F]", run[:end]))
        for end in range(16, len(run) + 1)
    )


def _parts(text: str) -> Iterator[str]:
    """The text between commas, bytes that are not ASCII, and slashes behind short words."""
    part = word = ""
    for character in text:
        short = character == "/" and len(word) < 6
        if character == "," or character > "\x7f" or short:
            yield part
            part = word = ""
            continue
        part += character
        word = word + character if re.fullmatch("[A-Za-z0-9]", character) else ""
    yield part


def _random_part(part: str, alphabet: str, draw: int, lists: Lists) -> bool:
    """Sums of what each character costs more in text than in a draw, from every start."""
    bits = characters = 0
    unlike = False
    for index, character in enumerate(part):
        if part[index - 1 : index] == character:
            continue
        alphanumeric = bool(re.fullmatch("[A-Za-z0-9]", character))
        if alphanumeric and not re.fullmatch(alphabet, character):
            gain = -math.inf
        else:
            gain = _cost(part, index, lists) - draw if alphanumeric else -16
        if bits + gain <= 0:
            bits = characters = 0
            unlike = False
            continue
        bits += int(gain)
        characters += 1
        unlike = unlike or bool(re.match("[0-9!#$%^*=~?@&+]", character))
        if alphanumeric and (
            (unlike and characters >= 9 and bits >= 22 * 16)
            or (not unlike and characters >= 12 and bits >= 34 * 16)
        ):
            return True
    return False


def _cost(part: str, index: int, lists: Lists) -> int:
    """Sixteenths of a bit of a letter or digit in text."""
    character = part[index]
    before = part[index - 1] if index else ""
    last_word = re.search("([A-Za-z0-9])[^A-Za-z0-9]*$", part[:index])
    if re.fullmatch("[A-Za-z]", before):
        row, case = ord(before.lower()) - ord("a") + 1, 2 if before.isupper() else 1
    elif before.isdigit():
        row, case = 27, 3
    else:
        row, case = 28 if last_word and last_word.group(1).isdigit() else 0, 0
    if character.isdigit():
        return lists.character_cost[row][26] + 53
    letter = ord(character.lower()) - ord("a")
    return lists.character_cost[row][letter] + lists.case_cost[case][character.isupper()]


def has_known_key(text: str, lists: Lists) -> bool:
    """A beginning of the list, and enough behind it."""
    for beginning, fewest in lists.shapes:
        pattern = f"(?<![A-Za-z0-9]){re.escape(beginning)}(?=([A-Za-z0-9_-]*))"
        for match in re.finditer(pattern, text):
            rest = match.group(1)[:64]
            both = re.search("[a-z]", rest) and re.search("[A-Z]", rest)
            if len(rest) >= fewest and (both or re.search("[0-9]", rest)):
                return True
    return False


def has_secret_parameter(text: str, lists: Lists) -> bool:
    """A password before the @ of an address, or a parameter named like a secret."""
    authority = re.split("[/?#]", text.partition("://")[2])[0]
    if re.match("[^:]*:.+@", authority, re.DOTALL):
        return True
    for match in re.finditer("[?&#;]([A-Za-z0-9_-]{,24})=(?=[^&#;]{3})", text):
        if re.split("[_-]", match.group(1))[-1].lower() in lists.parameters:
            return True
    return False
