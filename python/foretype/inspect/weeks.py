"""Outcomes week by week."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Week:
    """What was shown, and right, in the week that begins on this Monday."""

    monday: date
    shown: int
    right: int
