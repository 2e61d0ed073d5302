"""Autocomplete that runs on your own device and learns your words as you type."""

from foretype._engine import Engine
from foretype._field import Field
from foretype._profile import Profile
from foretype._session import Session
from foretype._suggestion import Candidate, Suggestion, Timing

__all__ = ["Candidate", "Engine", "Field", "Profile", "Session", "Suggestion", "Timing"]
