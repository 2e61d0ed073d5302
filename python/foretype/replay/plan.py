"""Which simulated users are run: the eight configurations, and the runs beside them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product

from foretype.errors import SettingError

ATTENTIONS = ("attentive", "half_attentive")
USERS = ("word", "phrase")
POINTS = ("free", "quiet")
QUIET_WRONG_PER_100_WORDS = 10.0
MENU_ENTRIES = 3

HEADLINE = "attentive/word/free"
QUIET = "attentive/word/quiet"
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
    dial: float = QUIET_WRONG_PER_100_WORDS

    @property
    def wrong_per_100_words(self) -> float | None:
        """What the engine's gate is asked to keep to; None: always show the best."""
        return self.dial if self.point == "quiet" else None


CONFIGURATIONS = {
    "/".join(parts): Configuration(*parts) for parts in product(ATTENTIONS, USERS, POINTS)
} | {MENU: Configuration("attentive", "word", "free", menu=MENU_ENTRIES)}

RUNS = (*CONFIGURATIONS, SAVED, BITS)

_DIAL = "attentive/word/dial="


def run_of_dial(dial: float) -> str:
    """The run of the attentive word user with the dial at so many wrong in 100 words."""
    return QUIET if dial == QUIET_WRONG_PER_100_WORDS else f"{_DIAL}{dial:g}"


def configuration_of(run: str) -> Configuration | None:
    """The simulated user of a run; None for the runs that are something else."""
    if run.startswith(_DIAL):
        return Configuration("attentive", "word", "quiet", dial=float(run.removeprefix(_DIAL)))
    return CONFIGURATIONS.get(run)


def configurations(runs: Iterable[str]) -> list[tuple[str, Configuration]]:
    """Those of the runs that are simulated users, in the runs' order."""
    found = ((run, configuration_of(run)) for run in runs)
    return [(run, configuration) for run, configuration in found if configuration is not None]


def is_on_the_dial_curve(run: str) -> bool:
    """Whether it is the attentive word user with the dial somewhere."""
    return run == QUIET or run.startswith(_DIAL)


def runs_of(only: str | None, *, menu: bool = False, dials: Sequence[float] = ()) -> list[str]:
    """The runs to make, the headline first; `only` is a list of names with commas."""
    chosen = set(RUNS)
    if only:
        chosen = {name.strip().replace("half-", "half_") for name in only.split(",")}
        unknown = sorted(chosen - set(RUNS))
        if unknown:
            raise SettingError(f"No run is called {unknown[0]!r}; there are: {', '.join(RUNS)}.")
    if menu:
        chosen.add(MENU)
    dialled = [run_of_dial(dial) for dial in sorted(set(dials))]
    chosen |= set(dialled)
    return [name for name in RUNS if name in chosen] + [
        name for name in dialled if name not in RUNS
    ]
