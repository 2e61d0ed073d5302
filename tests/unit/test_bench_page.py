"""The page of figures."""

import json
from pathlib import Path
from typing import Any

import pytest

from foretype.bench.page import section, write_page
from foretype.errors import DataError

WHERE = {"machine": "a machine", "commit": "0123456789abcdef", "threads": 1}
TRIE = WHERE | {
    "by_words_learned": {
        "1000": {
            "ngrams": 4000,
            "memory_bytes": 160000,
            "learn_us_per_word": 2.5,
            "suggest_at_the_door": {"p50_us": 10.0, "p95_us": 50.0, "p99_us": 4000.0},
            "suggest_processor_time": {"p50_us": 9.0, "p95_us": 49.0, "p99_us": 89.0},
        }
    },
    "store_by_ngrams": {
        "1000000": {
            "ngrams": 1000002,
            "units_learned": 299037,
            "memory_bytes_each": 24.0,
            "resident_bytes_each": 26.0,
            "snapshot_bytes_each": 5.0,
            "learn": {"p50_us": 3.0, "p95_us": 4.0, "p99_us": 8.0, "max_us": 300.0},
            "look_up": {"p50_us": 12.0, "p95_us": 28.0, "p99_us": 34.0, "max_us": 54.0},
            "save_ms": 90.5,
            "load_ms": 37.5,
        }
    },
}
KEYSTROKE = WHERE | {
    "keystrokes": 1000,
    "kernel": "avx2",
    "latency": {"p50_ms": 0.5, "p95_ms": 9.0, "p99_ms": 30.0, "max_ms": 31.0},
    "latency_processor_time": {"p50_ms": 0.4, "p95_ms": 8.0, "p99_ms": 20.0, "max_ms": 21.0},
    "share_without_forward_pass": 0.7,
    "share_over_budget": 0.01,
}
STATISTICS = WHERE | {
    "keystrokes": 1000,
    "kernel": "avx2",
    "with_ms_per_keystroke": 5.05,
    "without_ms_per_keystroke": 5.0,
    "cost": 0.01,
    "cost_low": 0.008,
    "cost_high": 0.012,
}
RATES = {
    "decoded_tokens_per_s_median": 250.0,
    "decoded_tokens_per_s_best": 260.0,
    "prompt_tokens_per_s_median": 500.0,
    "prompt_tokens_per_s_best": 510.0,
}
LANGUAGE_MODEL = WHERE | {
    "prompt_tokens": 128,
    "runs": 8,
    "subjects": {"avx2, full head": RATES},
    "decoding_rate_ratio": {"avx2 / peer": {"ratio": 2.5, "ratio_low": 2.25, "ratio_high": 2.75}},
}


@pytest.mark.parametrize(
    ("part", "figures", "row"),
    [
        (
            "trie",
            TRIE,
            "| 1000 | 4,000 | 160,000 | 2.5 | 10.0 | 50.0 | 4,000.0 | 9.0 | 49.0 | 89.0 |",
        ),
        (
            "trie",
            TRIE,
            "| 1,000,002 | 24.0 | 26.0 | 5.0 | 3.0 | 8.0 | 300.0 | 12.0 | 34.0 | 90.5 | 37.5 |",
        ),
        ("keystroke", KEYSTROKE, "| wall | 0.50 | 9.00 | 30.00 | 31.00 |"),
        ("statistics", STATISTICS, "| cost (95 % interval) | 1.00 % (0.80 to 1.20) |"),
        ("lm", LANGUAGE_MODEL, "| avx2, full head | 250.0 | 260.0 | 500.0 | 510.0 |"),
        ("lm", LANGUAGE_MODEL, "| avx2 / peer | 2.50 (2.25 to 2.75) |"),
    ],
)
def test_a_section_has_the_figures_and_its_command(
    part: str, figures: dict[str, Any], row: str
) -> None:
    page = section(part, figures)
    assert row in page.splitlines()
    assert f"`foretype bench {part}" in page
    assert "a machine, commit `0123456789ab`" in page


def test_the_page_has_a_section_for_each_file_that_is_there(tmp_path: Path) -> None:
    (tmp_path / "trie.json").write_text(json.dumps(TRIE))
    (tmp_path / "keystroke.json").write_text(json.dumps(KEYSTROKE))
    write_page(tmp_path, tmp_path / "page.md")
    headings = [
        line for line in (tmp_path / "page.md").read_text().splitlines() if line[:2] == "##"
    ]
    assert headings == ["## Trie", "## Keystroke"]


def test_no_figures_no_page(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none of replay\.json"):
        write_page(tmp_path, tmp_path / "page.md")
    assert not (tmp_path / "page.md").exists()


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "trie.json").write_text("{")
    with pytest.raises(DataError, match=r"trie\.json"):
        write_page(tmp_path, tmp_path / "page.md")
