"""What is kept about a user between programs: files, and what they tell their owner."""

from foretype.profile.export import export_profile, import_profile
from foretype.profile.facts import (
    ContextFacts,
    Forgotten,
    FormFacts,
    ProfileStats,
    WordFacts,
)
from foretype.profile.place import PROFILE_VARIABLE, default_folder

__all__ = [
    "PROFILE_VARIABLE",
    "ContextFacts",
    "Forgotten",
    "FormFacts",
    "ProfileStats",
    "WordFacts",
    "default_folder",
    "export_profile",
    "import_profile",
]
