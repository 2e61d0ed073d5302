"""The bootstrap, against slow twins and known answers."""

import numpy as np
import pytest

from foretype.replay.statistics import LATENCY_RESAMPLES, Sample, latency


def test_a_ratio_is_the_sums_ratio_with_the_authors_beside_it() -> None:
    sample = Sample([2, 1], seed=1)
    figure = sample.ratio(np.array([1.0, 2.0, 9.0]), np.array([2.0, 4.0, 10.0]))
    assert figure.value == 12 / 16
    assert figure.by_author == {"min": 0.5, "mean": 0.7, "max": 0.9}


def test_savings_are_one_minus_keys_over_characters() -> None:
    figure = Sample([2], seed=1).one_minus_ratio(np.array([3.0, 4.0]), np.array([5.0, 5.0]))
    assert figure.value == pytest.approx(0.3)


def test_within_an_author_as_many_messages_are_drawn_as_there_are() -> None:
    sample = Sample([3, 0, 5], seed=1)
    assert (sample.weights[:, :3].sum(axis=1) == 3).all()
    assert (sample.weights[:, 3:].sum(axis=1) == 5).all()


def test_an_author_of_one_message_adds_no_spread() -> None:
    figure = Sample([1, 1], seed=1).ratio(np.array([1.0, 3.0]), np.array([4.0, 4.0]))
    assert figure.low == figure.value == figure.high == 0.5


def test_the_interval_is_that_of_a_plain_loop() -> None:
    draw = np.random.default_rng(5)
    keys, characters = draw.integers(1, 90, 40).astype(float), np.full(40, 100.0)
    figure = Sample([40], seed=1).ratio(keys, characters)
    plain = []
    for _ in range(4000):
        chosen = draw.integers(0, 40, 40)
        plain.append(keys[chosen].sum() / characters[chosen].sum())
    low, high = np.percentile(plain, [2.5, 97.5])
    assert figure.low == pytest.approx(low, abs=0.02)
    assert figure.high == pytest.approx(high, abs=0.02)


def test_the_interval_holds_the_truth_about_95_times_in_100() -> None:
    draw = np.random.default_rng(6)
    held = 0
    for trial in range(200):
        values = draw.exponential(1.0, 60)
        figure = Sample([30, 30], seed=trial).mean(values)
        assert figure.low is not None
        assert figure.high is not None
        held += figure.low <= 1.0 <= figure.high
    assert 170 <= held <= 200


def test_a_ratio_without_a_denominator_is_unknown_not_a_number() -> None:
    figure = Sample([2], seed=1).ratio(np.zeros(2), np.zeros(2))
    assert (figure.value, figure.low, figure.high) == (None, None, None)
    assert figure.by_author == {"min": None, "mean": None, "max": None}


def test_latency_percentiles_are_nearest_ranks() -> None:
    values = np.arange(100, 0, -1).astype(float)
    figures = latency(Sample([100], seed=1), values, np.arange(100))
    assert (figures["p50"], figures["p95"], figures["p99"], figures["max"]) == (50, 95, 99, 100)
    assert figures["mean"] == 50.5


def test_latency_intervals_are_those_of_messages_drawn_whole() -> None:
    draw = np.random.default_rng(7)
    values, message_of = draw.exponential(1.0, 600), np.repeat(np.arange(20), 30)
    sample = Sample([20], seed=1)
    figures = latency(sample, values, message_of)
    plain = [
        np.percentile(
            np.repeat(values, sample.weights[b][message_of].astype(int)),
            50,
            method="inverted_cdf",
        )
        for b in range(LATENCY_RESAMPLES)
    ]
    low, high = np.percentile(plain, [2.5, 97.5])
    assert figures["p50_low"] == pytest.approx(low)
    assert figures["p50_high"] == pytest.approx(high)


def test_no_latency_is_no_figure() -> None:
    assert latency(Sample([1], seed=1), np.array([]), np.array([], dtype=np.int64)) == {}
