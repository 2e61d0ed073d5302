"""The background: English unigrams and bigrams under the user's own words."""

from foretype.background.build import MAX_BYTES, Built, build
from foretype.background.estimate import Size

__all__ = ["MAX_BYTES", "Built", "Size", "build"]
