"""The core's tables of words and costs, read from its sources for the slow twin."""

import re
from functools import cache
from pathlib import Path

from foretype.reference.secret_lists import Lists

CONTEXT = Path(__file__).parents[2] / "core" / "src" / "context"


def table(file: str, name: str) -> str:
    """What stands in the braces of one array."""
    source = (CONTEXT / file).read_text("utf-8")
    match = re.search(rf"\b{name}\b[^;]*?=(.*?);\n", source, re.DOTALL)
    assert match, f"{file} has no {name}"
    return match.group(1)


def strings(file: str, name: str) -> list[str]:
    return re.findall(r'"([^"]*)"', table(file, name))


def roles(file: str, name: str) -> dict[str, str]:
    return dict(re.findall(r'\{"(\w+)", Role::(\w+)\}', table(file, name)))


def costs(name: str) -> list[list[int]]:
    rows = re.findall(r"\{([\d, ]+)\}", table("randomness_table.cpp", name))
    return [[int(cost) for cost in row.split(",")] for row in rows]


@cache
def core_lists() -> Lists:
    """All of them."""
    countries = "".join(strings("numbers.cpp", "kIbanLengths"))
    shapes = re.findall(r'\{"([^"]+)", (\d+)\}', table("key_shapes.cpp", "kShapes"))
    return Lists(
        roles=roles("secret_words.cpp", "kRoles"),
        endings=roles("secret_words.cpp", "kEndings"),
        everyday_words=frozenset(strings("secret_words.cpp", "kEverydayWords")),
        shapes=[(beginning, int(fewest)) for beginning, fewest in shapes],
        parameters=frozenset(strings("parameters.cpp", "kSecretNames")),
        iban_lengths={country: int(n) for country, n in re.findall(r"(\D\D)(\d\d)", countries)},
        character_cost=costs("kCharacterCost"),
        case_cost=costs("kCaseCost"),
    )
