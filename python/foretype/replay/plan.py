"""Which simulated users are run: the eight configurations, and the runs beside them."""

from dataclasses import dataclass
from itertools import product

from foretype.errors import SettingError

ATTENTIONS = ("attentive", "half_attentive")
USERS = ("word", "phrase")
POINTS = ("free", "quiet")
QUIET_WRONG_PER_100_WORDS = 10.0
MENU_ENTRIES = 3

HEADLINE = "attentive/word/free"
MENU = "top3"
SAVED = "saved"
BITS = "bits"


@dataclass(frozen=True, slots=True)
class Configuration:
    """One simulated user at one operating point; `menu` entries are before their eyes."""

    attention: str
    user: str
    point: str
    menu: int = 1

    @property
    def wrong_per_100_words(self) -> float | None:
        """What the engine's gate is asked to keep to; None: always show the best."""
        return QUIET_WRONG_PER_100_WORDS if self.point == "quiet" else None


CONFIGURATIONS = {
    "/".join(parts): Configuration(*parts) for parts in product(ATTENTIONS, USERS, POINTS)
} | {MENU: Configuration("attentive", "word", "free", menu=MENU_ENTRIES)}

RUNS = (*CONFIGURATIONS, SAVED, BITS)


def runs_of(only: str | None, *, menu: bool = False) -> list[str]:
    """The runs to make, the headline first; `only` is a list of names with commas."""
    chosen = set(RUNS)
    if only:
        chosen = {name.strip().replace("half-", "half_") for name in only.split(",")}
        unknown = sorted(chosen - set(RUNS))
        if unknown:
            raise SettingError(f"No run is called {unknown[0]!r}; there are: {', '.join(RUNS)}.")
    if menu:
        chosen.add(MENU)
    return [name for name in RUNS if name in chosen]
