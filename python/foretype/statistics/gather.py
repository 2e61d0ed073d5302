"""Gathers what the parts of a profile counted, and computes what is computed from it."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import numpy.typing as npt

from foretype.errors import ProfileError
from foretype.profile.counted import Counted
from foretype.profile.minibatches import DIMENSIONS
from foretype.statistics.hits import RANKS, HitTable
from foretype.statistics.neighbourhood import neighbourhood
from foretype.statistics.neurons import Neurons
from foretype.statistics.proposals import proposal_variance
from foretype.statistics.prototypes import Prototypes, prototype_stability
from foretype.statistics.rankings import NOTHING
from foretype.statistics.report import LayerFigures, Report, Variance, VocabularyFigures
from foretype.statistics.vocabulary import VocabularyRange

MOST_PROTOTYPES = 32

Numbers = npt.NDArray[np.float64]
Rankings = npt.NDArray[np.int64]


def gather(
    counted: Counted,
    *,
    neurons: Neurons | None = None,
    vocabulary: VocabularyRange | None = None,
    troubles: Sequence[str] = (),
) -> Report:
    """One window as a report. Numbers that are none are left out and said in its troubles."""
    said = list(troubles)
    if counted.refused:
        said.append(
            "States of the language model with numbers that are none, as of a damaged model, "
            f"were left out: {counted.refused}."
        )
    hits = _or_empty(lambda: HitTable.from_bytes(counted.hit_table), HitTable.empty(), said)
    prototypes = read_prototypes(*counted.prototypes, said)
    states, rankings = read_neighbours(counted.neighbours, said)
    known = len(prototypes.centroids) > 0
    regions = prototypes.region_of(states) if known else np.zeros(len(states), np.intp)
    stability = prototype_stability(prototypes, states)
    proposals = proposal_variance(rankings, regions) if len(states) else None
    return Report(
        hits=hits,
        prototypes=prototypes,
        prototype_variance=Variance.of(stability.variance, margin=stability.margin)
        if stability
        else None,
        proposal_variance=Variance.of(proposals) if proposals else None,
        neighbourhood=neighbourhood(
            states, rankings, regions=regions, region_count=len(prototypes.centroids)
        ),
        layers=tuple(
            LayerFigures.of(number, layer)
            for number, layer in sorted((neurons.layers if neurons else {}).items())
        ),
        vocabulary=VocabularyFigures.of(vocabulary) if vocabulary else None,
        troubles=tuple(said),
    )


def read_prototypes(
    centroids: bytes, hits: Iterable[int], misses: Iterable[int], said: list[str]
) -> Prototypes:
    """The core's prototypes, those with most events first; a damaged one is left out."""
    points = np.frombuffer(centroids, "<f4").reshape(-1, DIMENSIONS).astype(np.float64)
    found = Prototypes(points, np.array(list(hits), np.int64), np.array(list(misses), np.int64))
    sound = np.isfinite(points.sum(1))
    if not sound.all():
        said.append("Prototypes with numbers that are none were left out.")
    order = np.argsort(-found.events, kind="stable")
    order = order[sound[order]][:MOST_PROTOTYPES]
    return Prototypes(points[order], found.hits[order], found.misses[order])


def read_neighbours(
    ring: Sequence[tuple[bytes, list[int]]], said: list[str]
) -> tuple[Numbers, Rankings]:
    """States [N, 64] and rankings [N, 5], in the order of time; a damaged entry is left out."""
    states = np.zeros((len(ring), DIMENSIONS))
    rankings = np.full((len(ring), RANKS), NOTHING, np.int64)
    for row, (state, ranking) in enumerate(ring):
        states[row] = np.frombuffer(state, "<f4")
        members = list(dict.fromkeys(ranking))[:RANKS]
        rankings[row, : len(members)] = members
    sound = np.isfinite(states.sum(1))
    if not sound.all():
        said.append("Word starts with numbers that are none were left out.")
    return states[sound], rankings[sound]


def _or_empty(read: Callable[[], HitTable], empty: HitTable, said: list[str]) -> HitTable:
    try:
        return read()
    except ProfileError as error:
        said.append(str(error))
        return empty
