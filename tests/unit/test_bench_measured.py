"""How benchmarks sum up."""

import pytest

from foretype.bench.measured import circumstances, percentiles, rate, ratio


def test_percentiles_are_nearest_ranks() -> None:
    expected = {"p50_ms": 50, "p95_ms": 95, "p99_ms": 99, "max_ms": 100}
    assert percentiles(list(range(100, 0, -1)), unit="ms") == expected
    assert percentiles([3.0], unit="us") == {"p50_us": 3, "p95_us": 3, "p99_us": 3, "max_us": 3}


def test_a_rate_has_its_median_and_its_best() -> None:
    assert rate(100, [1.0, 2.0, 4.0], name="tokens") == {
        "tokens_per_s_median": 50.0,
        "tokens_per_s_best": 100.0,
    }


def test_a_ratio_is_the_median_over_neighbouring_runs() -> None:
    # a machine that slows down threefold slows both: the ratio stays
    found = ratio([1.0, 2.0, 3.0], [2.5, 5.0, 7.5])
    assert found == {"ratio": 2.5, "ratio_low": 2.5, "ratio_high": 2.5}


def test_the_interval_of_a_ratio_is_around_it() -> None:
    found = ratio([1.0] * 8, [2.0, 2.1, 2.2, 2.3, 2.4, 2.5, 2.6, 2.7])
    assert 2.0 <= found["ratio_low"] < found["ratio"] < found["ratio_high"] <= 2.7
    assert found["ratio"] == pytest.approx(2.35)


def test_every_benchmark_says_where_it_was_made() -> None:
    assert circumstances().keys() == {"machine", "commit", "threads", "load_average_1_minute"}
