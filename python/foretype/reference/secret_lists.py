"""The tables that the slow twin of core/src/context/secrets.h reads by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Lists:
    """The core's tables, under their names there."""

    roles: Mapping[str, str]  # word -> role
    endings: Mapping[str, str]
    everyday_words: frozenset[str]
    shapes: Sequence[tuple[str, int]]  # beginning, fewest characters behind it
    parameters: frozenset[str]
    iban_lengths: Mapping[str, int]  # by country
    character_cost: Sequence[Sequence[int]]  # [29][27], sixteenths of a bit
    case_cost: Sequence[Sequence[int]]  # [4][2]
