"""Readers of statistics on any bytes: an answer, or a sentence. Distances are distances."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from foretype.cli.stats_json import report_json
from foretype.cli.stats_tables import print_report
from foretype.errors import DataError, ForetypeError, ProfileError
from foretype.profile import minibatches
from foretype.profile.counted import Counted
from foretype.statistics import neuron_file, vector_file
from foretype.statistics.gather import gather
from foretype.statistics.hits import SIZE
from foretype.statistics.neurons import Neurons
from foretype.statistics.rankings import fagin
from foretype.statistics.report import Report
from foretype.statistics.vector import LENGTH, to_vector

EMPTY = gather(Counted(bytes(4 * SIZE), (b"", [], []), [], 0))
EXPORTED = vector_file.to_bytes(vector_file.Exported.of(EMPTY))
WAITING = minibatches.to_bytes(minibatches.MiniBatch(2, 256, bytes(4 * 64 * 3), bytes(4 * 3)))
KEPT = neuron_file.to_bytes(Neurons({}).seeing(minibatches.from_bytes(WAITING)))


def printed(report: Report) -> str:
    """Both ways in which a report is told; neither may raise."""
    text = io.StringIO()
    print_report(Console(file=text, width=100), report)
    report_json(report)
    return text.getvalue()


@contextmanager
def a_sentence_at_most(kind: type[ForetypeError]) -> Iterator[None]:
    """Passes over an error of this kind that says in a sentence what is the matter."""
    try:
        yield
    except kind as error:
        if not str(error).endswith("."):
            raise


def sealed(body: bytes) -> bytes:
    return body + zlib.crc32(body).to_bytes(4, "little")


@st.composite
def damaged(draw: st.DrawFn, good: bytes) -> bytes:
    """Cut, lengthened, changed in some places, and often with a right checksum."""
    data = bytearray(good[: draw(st.integers(0, len(good)))] if draw(st.booleans()) else good)
    for _ in range(draw(st.integers(0, 6))):
        if data:
            data[draw(st.integers(0, min(len(data), 200) - 1))] = draw(st.integers(0, 255))
    data += draw(st.binary(max_size=8))
    return sealed(bytes(data[:-4])) if draw(st.booleans()) else bytes(data)


@given(st.one_of(st.binary(max_size=100), damaged(EXPORTED)))
def test_any_bytes_are_an_export_or_a_sentence(data: bytes) -> None:
    with a_sentence_at_most(DataError):
        exported = vector_file.from_bytes(data)
        assert printed(exported.report())


NUMBERS = [0.0, 1.0, -1.0, 0.5, 1e30, -3.4e38, 3.4e38, 5e9, 1e-40]


@given(st.integers(0, 2**32 - 1), st.integers(0, 1 << 24), st.integers(0, 2**32 - 1))
@settings(max_examples=8)
def test_any_finite_numbers_are_shown(starts: int, size: int, seed: int) -> None:
    numbers = np.random.default_rng(seed).choice(NUMBERS, LENGTH).astype(np.float32)
    data = vector_file.to_bytes(vector_file.Exported(starts, size, numbers))
    again = vector_file.from_bytes(data)
    assert (again.vector == numbers).all()
    report = again.report()
    assert printed(report)
    assert np.isfinite(to_vector(report)).all()


@given(st.sampled_from([np.nan, np.inf, -np.inf]), st.integers(0, LENGTH - 1))
def test_numbers_that_are_none_are_refused(number: float, place: int) -> None:
    body = bytearray(EXPORTED[:-4])
    struct.pack_into("<f", body, 24 + 4 * place, number)
    with pytest.raises(DataError, match="none"):
        vector_file.from_bytes(sealed(bytes(body)))


@given(st.one_of(st.binary(max_size=100), damaged(WAITING)))
def test_any_bytes_are_a_minibatch_or_a_sentence(data: bytes) -> None:
    with a_sentence_at_most(ProfileError):
        batch = minibatches.from_bytes(data)
        assert Neurons({}).seeing(batch).seeing(batch).seeing(batch)


@given(st.one_of(st.binary(max_size=100), damaged(KEPT)))
def test_any_bytes_are_neurons_or_a_sentence(data: bytes) -> None:
    with a_sentence_at_most(ProfileError):
        neurons = neuron_file.from_bytes(data)
        assert neuron_file.from_bytes(neuron_file.to_bytes(neurons)).layers.keys()


RANKING = st.permutations(range(9)).map(lambda members: np.array(members[:5]))


@given(RANKING, RANKING)
def test_fagins_distance_is_symmetric_and_bounded(a: np.ndarray, b: np.ndarray) -> None:
    assert fagin(a, b) == fagin(b, a)
    assert 0 <= fagin(a, b) <= 25
    assert (fagin(a, b) == 0) == (a == b).all()


@given(RANKING, RANKING, st.permutations(range(9)))
def test_names_of_members_do_not_matter(a: np.ndarray, b: np.ndarray, names: list[int]) -> None:
    other = np.array(names) + 1000
    assert fagin(other[a], other[b]) == fagin(a, b)
