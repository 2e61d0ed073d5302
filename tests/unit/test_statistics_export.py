"""Vocabulary, hits, and the exported vector: what it holds and what it does not."""

from __future__ import annotations

import math
import struct
from pathlib import Path

import numpy as np
import pytest

from foretype.errors import DataError
from foretype.profile.counted import Counted
from foretype.profile.minibatches import DIMENSIONS
from foretype.statistics.gather import gather
from foretype.statistics.hits import OUTCOMES, SHAPE, SIZE, HitTable
from foretype.statistics.neurons import Layer, Neurons
from foretype.statistics.report import Report
from foretype.statistics.vector import LENGTH, to_vector
from foretype.statistics.vector_file import (
    SIZE_BYTES,
    Exported,
    from_bytes,
    read_export,
    to_bytes,
    write_export,
)
from foretype.statistics.vocabulary import BUCKETS, bucket_of, vocabulary_range

NO_PROTOTYPES: tuple[bytes, list[int], list[int]] = (b"", [], [])
EMPTY = Counted(bytes(4 * SIZE), NO_PROTOTYPES, [], 0)


def hit_bytes(**counts: int) -> bytes:
    """All in rank 1, confidence 0.7, one letter typed, both sources."""
    table = np.zeros(SHAPE, "<u4")
    for outcome, count in counts.items():
        table[OUTCOMES.index(outcome), 0, 7, 1, 2] = count
    return table.tobytes()


def some_report(seed: int = 0) -> Report:
    source = np.random.default_rng(seed)
    states = source.standard_normal((200, DIMENSIONS)).astype("<f4")
    rankings = [source.permutation(9)[:5].tolist() for _ in states]
    layer = Layer.of(20)
    for _ in range(5):
        means = source.standard_normal((20, DIMENSIONS)).astype(np.float32)
        layer = layer.seeing(means, np.full(20, 0.25, np.float32))
    centroids = states[:7]
    return gather(
        Counted(
            hit_bytes(shown=10, accepted=4, typed_through=2, missed=3, retained=4),
            (centroids.tobytes(), [19, 18, 17, 16, 15, 14, 13], [1] * 7),
            [(s.tobytes(), r) for s, r in zip(states, rankings, strict=True)],
            0,
        ),
        neurons=Neurons({4: layer}),
        vocabulary=vocabulary_range([("cat", 3), ("dog", 2)], list, 256),
    )


def test_tokens_are_counted_with_the_space_before_the_word() -> None:
    found = vocabulary_range([("ab", 3), ("b", 1)], list, 256)
    assert {chr(token): int(n) for token, n in enumerate(found.uses) if n} == {
        " ": 4,
        "a": 3,
        "b": 4,
    }
    assert (found.total, found.distinct) == (11, 3)
    assert found.coverage([0, 1, 2, 3, 500]) == pytest.approx([0, 4 / 11, 8 / 11, 1, 1])
    assert found.coverage_in_order([33, 98, 99]) == pytest.approx([4 / 11, 7 / 11, 1])


def test_no_words_have_no_coverage() -> None:
    found = vocabulary_range([], list, 256)
    assert np.isnan(found.coverage()).all()
    assert found.distinct == 0


@pytest.mark.parametrize("vocabulary", [64, 100, 49_152, 50_257])
def test_buckets_are_runs_of_nearly_equal_length(vocabulary: int) -> None:
    of = bucket_of(np.arange(vocabulary), vocabulary)
    sizes = np.bincount(of)
    assert len(sizes) == BUCKETS
    assert (np.diff(of) >= 0).all()
    assert sizes.max() - sizes.min() <= 1


def test_buckets_hold_all_uses() -> None:
    found = vocabulary_range([("some words", 5)], list, 256)
    uses, distinct = found.buckets()
    assert (uses.sum(), distinct.sum()) == (found.total, found.distinct)


def test_hits_add_up() -> None:
    hits = HitTable.from_bytes(hit_bytes(shown=10, accepted=4, typed_through=2, missed=3))
    total = hits.total()
    assert (total.wrong, total.hit_rate, total.missed) == (4, 0.6, 3)
    assert [line.shown for line in hits.by("typed")] == [0, 10, 0, 0]
    assert [line.shown for line in hits.by("confidence")].index(10) == 7
    assert math.isnan(HitTable.empty().total().hit_rate)


def test_the_vector_tells_the_report() -> None:
    report = some_report()
    again = from_bytes(to_bytes(Exported.of(report))).report()
    assert (again.hits.counts == report.hits.counts).all()
    assert again.prototypes.centroids == pytest.approx(report.prototypes.centroids)
    assert again.prototypes.events.tolist() == [20, 19, 18, 17, 16, 15, 14]
    assert again.word_starts == report.word_starts == 119
    assert report.neighbourhood
    assert again.neighbourhood
    assert again.neighbourhood.permutations == pytest.approx(report.neighbourhood.permutations)
    assert again.neighbourhood.regions == pytest.approx(report.neighbourhood.regions, nan_ok=True)
    assert [layer.layer for layer in again.layers] == [4]
    assert again.layers[0].variance
    assert again.layers[0].variance.variance == pytest.approx(
        report.layers[0].variance.variance if report.layers[0].variance else -1
    )
    assert report.vocabulary
    assert again.vocabulary
    assert again.vocabulary.coverage == pytest.approx(report.vocabulary.coverage)
    assert (to_vector(again) == to_vector(report)).all()


def test_every_vector_is_as_long_and_finite() -> None:
    for report in (gather(EMPTY), some_report(), some_report(1)):
        vector = to_vector(report)
        assert vector.shape == (LENGTH,)
        assert np.isfinite(vector).all()
        assert len(to_bytes(Exported.of(report))) == SIZE_BYTES


def test_the_layout_is_that_of_the_document() -> None:
    """docs/formats/statistics.md, number by number: a change here is a new version."""
    vector = to_vector(some_report())
    shown_cell = ((0 * 10 + 7) * 4 + 1) * 3 + 2
    assert vector[shown_cell] == 10
    assert vector[4 * 600 + shown_cell] == 4  # retained
    assert vector[3000 + 64 : 3000 + 66].tolist() == [19, 1]
    assert vector[5112] == 7  # prototypes that were matched
    assert vector[5117] == 5  # ranks of proposals
    assert vector[5122] == 200  # word starts that were compared
    assert vector[5191 + 4 * 7] == 5  # mini-batches of layer 4
    assert vector[5639] == 5 * 4  # tokens used: three letters and a space, five times
    assert LENGTH == 5785


def test_header_byte_by_byte() -> None:
    data = to_bytes(Exported.of(some_report()))
    assert data[:24] == b"FTSTATV\n" + struct.pack("<IIII", 1, 119, 256, 5785)


def test_the_file_is_read_back_and_damage_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "out.stats"
    data = write_export(path, some_report())
    assert (read_export(path).vector == to_vector(some_report())).all()
    path.write_bytes(data[:1000] + b"\1" + data[1001:])
    with pytest.raises(DataError, match="checksum"):
        read_export(path)
    with pytest.raises(DataError, match="Cannot read"):
        read_export(tmp_path / "nowhere")
    with pytest.raises(DataError, match="Cannot read"):
        read_export(tmp_path)


def test_words_leave_nothing_but_sums_over_buckets() -> None:
    """Two profiles whose words use other tokens of the same buckets export the same."""

    def exported(word: str) -> bytes:
        vocabulary = vocabulary_range([(word, 4)], list, 256)
        return to_bytes(Exported.of(gather(EMPTY, vocabulary=vocabulary)))

    assert exported("`ab") == exported("bca")[:-4] + exported("`ab")[-4:] == exported("cab")
    assert exported("aaa") != exported("abc")  # the number of different tokens does leave
    assert b"secret" not in exported("secret")


def test_rankings_leave_nothing_by_proposal() -> None:
    """Other proposals in the same order give the same vector."""
    source = np.random.default_rng(5)
    states = source.standard_normal((80, DIMENSIONS)).astype("<f4")
    rankings = [source.permutation(6)[:5] for _ in states]

    def exported(name: int) -> np.ndarray:
        ring = [(s.tobytes(), (r + name).tolist()) for s, r in zip(states, rankings, strict=True)]
        return to_vector(gather(EMPTY._replace(neighbours=ring)))

    assert (exported(100) == exported(123_456)).all()


def test_a_mean_of_few_states_does_not_leave() -> None:
    states = np.random.default_rng(6).standard_normal((3, DIMENSIONS)).astype("<f4")
    report = gather(EMPTY._replace(prototypes=(states.tobytes(), [4, 4, 1], [4, 3, 0])))
    assert report.prototypes.events.tolist() == [8, 7, 1]
    again = from_bytes(to_bytes(Exported.of(report))).report()
    assert again.prototypes.events.tolist() == [8]
    assert again.prototypes.centroids == pytest.approx(states[:1])


def test_an_empty_profile_is_an_empty_report() -> None:
    report = gather(EMPTY)
    assert report.is_empty
    assert not report.troubles


def test_one_event_is_reported() -> None:
    report = gather(
        Counted(
            hit_bytes(shown=1, accepted=1),
            (np.ones(64, "<f4").tobytes(), [1], [0]),
            [(np.ones(64, "<f4").tobytes(), [5, 6])],
            0,
        )
    )
    assert not report.is_empty
    assert report.neighbourhood is None
    assert report.prototype_variance is None


def test_constant_states_are_no_error() -> None:
    same = np.ones(64, "<f4").tobytes()
    report = gather(
        Counted(hit_bytes(shown=1), (same * 3, [1, 1, 1], [0, 0, 0]), [(same, [1, 2])] * 200, 0)
    )
    assert report.neighbourhood
    assert report.neighbourhood.permutations == 0
    assert np.isfinite(to_vector(report)).all()


def test_numbers_that_are_none_are_left_out_and_said() -> None:
    good, bad = np.ones(64, "<f4"), np.full(64, np.nan, "<f4")
    report = gather(
        Counted(
            hit_bytes(shown=1)[:-1],
            (np.concatenate((good, bad)).tobytes(), [3, 4], [0, 0]),
            [(good.tobytes(), [1]), (bad.tobytes(), [1]), (good.tobytes(), [2])],
            0,
        )
    )
    assert len(report.troubles) == 3
    assert len(report.prototypes.centroids) == 1
    assert report.neighbourhood
    assert report.neighbourhood.contexts == 2
    assert not report.hits.counts.any()
    assert np.isfinite(to_vector(report)).all()
