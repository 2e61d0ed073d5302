"""What the user's hits, misses and the language model's states say, computed between keystrokes.

Definitions: docs/formats/statistics.md. Matching needs the extra "stats" (scipy); everything else
works without.
"""

from foretype.statistics.gather import gather
from foretype.statistics.report import Report

__all__ = ["Report", "gather"]
