"""What a profile has counted, in the forms that the sections take. It holds no text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from foretype import Profile
from foretype.profile import weeks as week_file
from foretype.profile.place import Place
from foretype.statistics.gather import read_prototypes
from foretype.statistics.hits import HitTable
from foretype.statistics.neuron_store import read_neurons
from foretype.statistics.neurons import Layer
from foretype.statistics.prototypes import Prototypes

NO_PROTOTYPES = Prototypes(np.zeros((0, 64)), np.zeros(0, np.int64), np.zeros(0, np.int64))


@dataclass(frozen=True)
class Evidence:
    """A fresh profile has none of it. `troubles` are sentences on what could not be read."""

    table: HitTable = field(default_factory=HitTable.empty)
    prototypes: Prototypes = NO_PROTOTYPES
    layers: Mapping[int, Layer] = field(default_factory=dict)
    weeks: Sequence[week_file.Week] = ()
    troubles: Sequence[str] = ()


def read_evidence(profile: Profile) -> Evidence:
    """Read it from an open profile. Raises SettingError where matching neurons lacks scipy."""
    counted, folder = profile.statistics(), profile.stats().folder
    table = HitTable.from_bytes(counted.hit_table)
    troubles: list[str] = []
    prototypes = read_prototypes(*counted.prototypes, troubles)
    if folder is None:
        return Evidence(table, prototypes, troubles=troubles)
    place = Place(folder)
    neurons, more = read_neurons(place, save=True)
    return Evidence(table, prototypes, neurons.layers, week_file.read(place), troubles + more)
