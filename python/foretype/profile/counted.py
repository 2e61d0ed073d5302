"""What a profile counted for statistics, as the core hands it out."""

from __future__ import annotations

from typing import NamedTuple


class Counted(NamedTuple):
    """No text. Numbers are little endian; docs/formats/statistics.md says in which order."""

    hit_table: bytes
    """uint32 [outcome 5][rank 5][confidence 10][typed 4][source 3]."""
    prototypes: tuple[bytes, list[int], list[int]]
    """float32 [n][64], and the hits and misses of each."""
    neighbours: list[tuple[bytes, list[int]]]
    """Of the last word starts, oldest first: float32 [64], and the proposals' hashes, best first.
    In memory only, so that a profile that was just opened has none."""
    refused: int
    """States and tokens that were passed over since the start: a damaged model's numbers."""
