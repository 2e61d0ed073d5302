"""Reads what the owner wrote before there was a profile, and learns it."""

from foretype.past.learn import Learned, Learner, learn_past, learn_reading
from foretype.past.own_text import own_text
from foretype.past.owner import Guess
from foretype.past.read import Reading, read_past
from foretype.past.written import Counts, Skip, Trouble, Written

__all__ = [
    "Counts",
    "Guess",
    "Learned",
    "Learner",
    "Reading",
    "Skip",
    "Trouble",
    "Written",
    "learn_past",
    "learn_reading",
    "own_text",
    "read_past",
]
