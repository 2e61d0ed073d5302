"""Neurons over mini-batches with a planted truth, their file, and what waits for it."""

from __future__ import annotations

import dataclasses
import stat
from pathlib import Path

import numpy as np
import pytest
from profile_files import open_store
from scripted_core import ScriptedCore

from foretype.errors import ProfileError
from foretype.profile import minibatches
from foretype.profile.minibatches import DIMENSIONS, MOST_WAITING, MiniBatch
from foretype.profile.place import Place
from foretype.statistics import neuron_file
from foretype.statistics.neuron_store import read_neurons
from foretype.statistics.neurons import MOST_MATCHED, REFERENCE_BATCHES, Layer, Neurons

UNITS = 40


def truth(seed: int = 0, units: int = UNITS) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((units, DIMENSIONS)).astype(np.float32)


def minibatch(means: np.ndarray, *, layer: int = 3, activity: float = 0.5) -> MiniBatch:
    sizes = np.full(len(means), activity, "<f4")
    return MiniBatch(layer, 256, means.astype("<f4").tobytes(), sizes.tobytes())


def seen(*batches: np.ndarray) -> Layer:
    layer = Layer.of(len(batches[0]))
    for means in batches:
        layer = layer.seeing(means, np.ones(len(means), np.float32))
    return layer


def test_units_that_keep_their_places_have_no_variance() -> None:
    source = np.random.default_rng(1)
    noisy = [truth() + 0.2 * source.standard_normal((UNITS, DIMENSIONS)) for _ in range(9)]
    layer = seen(*(means.astype(np.float32) for means in noisy))
    variance = layer.variance()
    assert variance is not None
    assert (variance.variance, variance.batches) == (0, 9 - REFERENCE_BATCHES)
    assert layer.margin() > 0.5


def test_a_pair_that_changes_places_is_found() -> None:
    swapped = truth()
    swapped[[4, 9]] = swapped[[9, 4]]
    layer = seen(*[truth()] * REFERENCE_BATCHES, truth(), swapped, truth(), swapped)
    variance = layer.variance()
    assert variance is not None
    assert variance.per_unit.nonzero()[0].tolist() == [4, 9]
    assert variance.per_unit[[4, 9]] == pytest.approx([0.5, 0.5])


def test_unlike_minibatches_are_matched_as_by_chance() -> None:
    layer = seen(*(truth(seed) for seed in range(34)))
    variance = layer.variance()
    assert variance is not None
    assert variance.unbiased == pytest.approx(variance.baseline, abs=0.02)


def test_units_that_do_the_same_leave_no_margin() -> None:
    alike = truth()
    alike[1] = alike[0]
    assert seen(*[alike] * 4).margin() == pytest.approx(0, abs=1e-6)


def test_constant_signatures_are_no_error() -> None:
    layer = seen(*[np.zeros((5, DIMENSIONS), np.float32)] * 5)
    variance = layer.variance()
    assert variance is not None
    assert variance.variance == 0
    assert layer.margin() == 0


def test_what_is_kept_of_a_layer_does_not_grow() -> None:
    layer = seen(*[truth(units=6)] * (MOST_MATCHED + REFERENCE_BATCHES + 5))
    assert layer.matches.shape == (MOST_MATCHED, 6)
    assert len(layer.margins) == MOST_MATCHED
    assert layer.batches == MOST_MATCHED + REFERENCE_BATCHES + 5


def test_activity_is_the_mean_over_all_minibatches() -> None:
    neurons = Neurons({})
    for activity in (1.0, 2.0, 6.0, 3.0):
        neurons = neurons.seeing(minibatch(truth(), activity=activity))
    assert neurons.layers[3].activity == pytest.approx(np.full(UNITS, 3.0))


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf, 1e30])
def test_numbers_that_are_none_are_left_out(number: float) -> None:
    damaged = truth()
    damaged[2, 3] = number
    neurons = Neurons({}).seeing(minibatch(truth())).seeing(minibatch(damaged))
    neurons = neurons.seeing(minibatch(truth(), activity=float("nan")))
    assert neurons.refused == 2
    assert neurons.layers[3].batches == 1


def test_another_model_begins_anew() -> None:
    neurons = Neurons({}).seeing(minibatch(truth())).seeing(minibatch(truth(units=7)))
    assert (neurons.layers[3].units, neurons.layers[3].batches) == (7, 1)


def some_neurons() -> Neurons:
    neurons = Neurons({}, digested=("statistics.minibatch.000000000000001",))
    for layer in (0, 3, 29):
        for seed in range(REFERENCE_BATCHES + 2):
            neurons = neurons.seeing(minibatch(truth(seed), layer=layer))
    return neurons


def equal(a: Neurons, b: Neurons) -> bool:
    return (
        a.digested == b.digested
        and a.layers.keys() == b.layers.keys()
        and all(
            np.array_equal(left, dataclasses.astuple(b.layers[number])[field])
            for number, layer in a.layers.items()
            for field, left in enumerate(dataclasses.astuple(layer))
        )
    )


def test_the_file_gives_back_what_was_written() -> None:
    for neurons in (some_neurons(), Neurons({})):
        assert equal(neuron_file.from_bytes(neuron_file.to_bytes(neurons)), neurons)


def test_size_of_the_file() -> None:
    """As docs/formats/statistics.md has it: a model of 30 layers stays below 10 MB."""
    layer = dataclasses.replace(
        Layer.of(1536),
        matches=np.zeros((MOST_MATCHED, 1536), np.uint16),
        margins=np.zeros(MOST_MATCHED, np.float32),
        batches=MOST_MATCHED,
    )
    data = neuron_file.to_bytes(Neurons(dict.fromkeys(range(30), layer)))
    assert len(data) == 20 + 30 * (20 + 1536 * (2 * 64 + 4 + 2 * 32) + 4 * 32) + 4
    assert len(data) < 10_000_000


def test_damaged_minibatches_are_refused_in_a_sentence() -> None:
    data = minibatches.to_bytes(minibatch(truth()))
    assert minibatches.from_bytes(data) == minibatch(truth())
    for damaged in (
        b"",
        data[:20],
        data[:-1],
        data + b"\0",
        b"x" + data[1:],
        data[:99] + b"12345678" + data[107:],
    ):
        with pytest.raises(ProfileError):
            minibatches.from_bytes(damaged)


def waiting_in(folder: Path, count: int) -> Place:
    place = Place(folder)
    batches = [minibatch(truth(seed)) for seed in range(count)]
    minibatches.keep(place, batches, now_ms=1_790_000_000_000)
    return place


def test_minibatches_wait_in_private_files_and_the_oldest_go(tmp_path: Path) -> None:
    place = waiting_in(tmp_path, MOST_WAITING + 3)
    waiting = place.minibatches()
    assert len(waiting) == MOST_WAITING
    assert minibatches.from_bytes(waiting[0].read_bytes()) == minibatch(truth(3))
    assert {stat.S_IMODE(path.stat().st_mode) for path in waiting} == {0o600}


def test_what_waits_is_summed_up_once(tmp_path: Path) -> None:
    place = waiting_in(tmp_path, 5)
    looked, _ = read_neurons(place, save=False)
    assert len(place.minibatches()) == 5
    summed, troubles = read_neurons(place, save=True)
    assert not troubles
    assert not place.minibatches()
    assert stat.S_IMODE(place.neurons.stat().st_mode) == 0o600
    again, _ = read_neurons(place, save=True)
    assert looked.layers[3].batches == summed.layers[3].batches == again.layers[3].batches == 5


def test_a_crash_before_what_waited_was_removed_counts_nothing_twice(tmp_path: Path) -> None:
    place = waiting_in(tmp_path, 3)
    kept = {path: path.read_bytes() for path in place.minibatches()}
    read_neurons(place, save=True)
    for path, data in kept.items():
        path.write_bytes(data)
    again, _ = read_neurons(place, save=True)
    assert again.layers[3].batches == 3


def test_damage_is_said_and_counting_begins_anew(tmp_path: Path) -> None:
    place = waiting_in(tmp_path, 3)
    read_neurons(place, save=True)
    place.neurons.write_bytes(place.neurons.read_bytes()[:-5])
    waiting_in(tmp_path, 2)
    place.minibatches()[0].write_bytes(b"nonsense")
    neurons, troubles = read_neurons(place, save=True)
    assert neurons.layers[3].batches == 1
    assert [sentence.split(" ", 2)[0] for sentence in troubles] == [
        "statistics.neurons",
        "Mini-batches",
    ]
    assert read_neurons(place, save=True)[1] == []


def test_forgetting_everything_meanwhile_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = waiting_in(tmp_path, 2)
    write = Place.write

    def forgotten_while_writing(self: Place, path: Path, data: bytes) -> None:
        place.remove_statistics()
        write(self, path, data)

    monkeypatch.setattr(Place, "write", forgotten_while_writing)
    read_neurons(place, save=True)
    assert not place.neurons.exists()


def test_a_store_keeps_minibatches_and_forgets_them_with_everything(tmp_path: Path) -> None:
    core = ScriptedCore()
    store = open_store(tmp_path, core)
    core.signatures = [tuple(minibatch(truth()))]
    store.rest()
    place = Place(tmp_path)
    assert len(place.minibatches()) == 1
    read_neurons(place, save=True)
    core.signatures = [tuple(minibatch(truth()))]
    store.rest()
    kept = (place.neurons, *place.minibatches())
    assert place.file_bytes() > sum(path.stat().st_size for path in kept)
    store.forget(lambda: core.forget("word"), lambda row: False)
    assert place.neurons.exists()
    assert len(place.minibatches()) == 1
    store.forget(lambda: None, lambda row: True, files=True)
    assert not place.neurons.exists()
    assert not place.minibatches()
    store.close()
