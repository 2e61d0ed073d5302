from foretype.bench.page import section
from foretype.bench.profile import measure


def test_the_benchmark_measures_and_its_page_says_so() -> None:
    figures = measure(ngrams=1000)
    assert 1000 <= figures["ngrams"] < 1_000_000
    assert 0 < figures["file_bytes_an_ngram"] < 40
    assert 0 < figures["open_best_ms"] <= figures["open_ms"]["p50_ms"]
    page = section("profile", figures)
    assert "`foretype bench profile`" in page
    assert f"| opening, median of runs | {figures['open_ms']['p50_ms']:.0f} ms |" in page
