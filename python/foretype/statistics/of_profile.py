"""The report of one profile."""

from pathlib import Path

from foretype import Profile
from foretype.errors import ModelError
from foretype.model import default_path
from foretype.profile.place import Place
from foretype.statistics.gather import gather
from foretype.statistics.neuron_store import read_neurons
from foretype.statistics.report import Report
from foretype.statistics.words import profile_vocabulary


def report_of(profile: Profile, *, model: Path | None = None) -> Report:
    """Everything that can be said now; what cannot is said in `troubles`.

    Mini-batches that wait in the profile's folder are summed up there, so that the next report
    has less to do.

    Args:
        profile: open; it may be read-only.
        model: whose vocabulary is looked at; None for the default one.

    Raises:
        SettingError: scipy is not installed.
    """
    folder = profile.stats().folder
    neurons, troubles = read_neurons(Place(folder), save=True) if folder else (None, [])
    try:
        vocabulary = profile_vocabulary(profile, model or default_path())
    except ModelError as error:
        vocabulary = None
        troubles.append(f"Without a model there is no vocabulary to look at. {error}")
    return gather(profile.statistics(), neurons=neurons, vocabulary=vocabulary, troubles=troubles)
