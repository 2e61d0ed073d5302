"""The numbers of `foretype inspect`, from arrays whose answer is known by hand."""

import json
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from inspect_samples import (
    CD,
    DAY,
    SPACE,
    SPACE_A,
    SPACE_AB,
    A,
    B,
    C,
    D,
    layer,
    table,
    tokens,
    word,
)

from foretype.errors import DataError
from foretype.inspect.background_words import background_words
from foretype.inspect.calibration import calibration
from foretype.inspect.coverage import coverage, sizes
from foretype.inspect.effective_rank import effective_rank, ranks, spectrum
from foretype.inspect.hit_rates import Rate, regions, right_by_rank
from foretype.inspect.model_tokens import readable
from foretype.inspect.neurons import activity_shares, merge_candidates, prune_candidates, swap_rate
from foretype.inspect.projection import cells, principal_components, range_of, sample
from foretype.inspect.replay_points import read_replay
from foretype.inspect.usage import novelty, own_ranking, public_ranking, token_uses
from foretype.statistics.prototypes import Prototypes


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        (b" the", "“ the”"),
        (b"\n\t", "“\\n\\t”"),
        (b"\xe2\x80", "“\\xe2\\x80”"),
        ("é".encode(), "“é”"),
        (b"<b>", "“<b>”"),
    ],
)
def test_a_token_is_readable(token: bytes, expected: str) -> None:
    assert readable(token) == expected


def test_background_words_are_the_shipped_ones() -> None:
    words = background_words()
    probability = dict(words)
    assert probability["the"] > probability["ledger"] > 0
    assert sum(probability.values()) <= 1.0001
    assert [text for text, _ in words if not text] == [""]  # the start of a message


def test_uses_count_each_word_with_the_space_before_it() -> None:
    uses = token_uses([word("ab", 3), word("cd", 2)], tokens())
    assert {token: int(uses[token]) for token in np.flatnonzero(uses)} == {
        SPACE_AB: 3, SPACE: 2, CD: 2,
    }  # fmt: skip


def test_the_public_ranking_goes_by_probability_and_ends_with_what_no_word_needs() -> None:
    ranking = public_ranking([("ab", 0.1), ("cd", 0.3)], tokens())
    assert ranking[:3].tolist() == [SPACE, CD, SPACE_AB]
    assert sorted(ranking.tolist()) == list(range(len(tokens())))
    assert ranking[3:].tolist() == sorted(ranking[3:].tolist())


def test_sizes_begin_with_one_and_end_with_all() -> None:
    assert sizes(11).tolist() == [1, 2, 3, 4, 6, 8, 11]
    assert sizes(1).tolist() == [1]


def test_coverage_counts_uses_and_cuts_dropped_tokens_into_kept_ones() -> None:
    words = [word("ab", 3), word("cd", 1)]
    uses = token_uses(words, tokens())  # " ab" 3, " " 1, "cd" 1
    found = coverage(words, uses, own_ranking(uses), tokens())
    assert found.covered[:3].tolist() == pytest.approx([0.6, 0.8, 1.0])
    assert found.kept_for(0.6) == 1
    assert found.kept_for(0.61) == 2
    assert found.kept_for(1.0) == 3
    # All kept: 3 x 1 + 1 x 2 tokens for 4 words; only " ab" kept: "cd" becomes "c", "d".
    assert found.tokens_per_100_words[-1] == pytest.approx(125)
    assert found.extra(1) == pytest.approx(25)
    assert found.extra(3) == 0


def test_a_dropped_token_is_cut_as_far_as_bytes() -> None:
    words = [word("ab", 1)]
    uses = token_uses(words, tokens())
    ranking = np.array([C, D, CD, A, B, SPACE, SPACE_A, SPACE_AB, 0, 9, 10])
    found = coverage(words, uses, ranking, tokens())
    assert found.tokens_per_100_words[found.sizes.tolist().index(6)] == pytest.approx(300)


def test_coverage_of_nothing_is_nothing() -> None:
    found = coverage([], np.zeros(11, np.int64), np.arange(11), tokens())
    assert not found.covered.any()
    assert not found.tokens_per_100_words.any()


def test_novelty_compares_the_newest_words_with_the_older_ones() -> None:
    old = [word(text, 5, DAY + timedelta(days=n)) for n, text in enumerate(["ab"] * 9)]
    found = novelty([*old, word("abcd", 1, DAY + timedelta(days=30))], tokens())
    assert found is not None
    assert (found.words, found.since) == (1, DAY + timedelta(days=30))
    assert found.known_share == pytest.approx(0.5)  # " ab" was known, "cd" was not


def test_novelty_needs_older_words() -> None:
    assert novelty([], tokens()) is None
    assert novelty([word("ab"), word("cd")], tokens()) is None


def test_effective_rank_of_equal_values_is_their_number() -> None:
    assert effective_rank(np.ones(7)) == pytest.approx(7)
    assert effective_rank(np.array([3.0, 0.0, 0.0])) == pytest.approx(1)
    assert effective_rank(np.array([3.0, 1.0])) == pytest.approx(
        np.exp(-(0.75 * np.log(0.75) + 0.25 * np.log(0.25)))
    )
    assert effective_rank(np.zeros(4)) == 0


@pytest.mark.parametrize("shape", [(30, 6), (4, 6)])
def test_a_spectrum_is_that_of_the_singular_values(shape: tuple[int, int]) -> None:
    rows = np.random.default_rng(1).normal(size=shape).astype(np.float32)
    expected = np.linalg.svd(rows.astype(np.float64), compute_uv=False)
    assert spectrum(rows).singular_values == pytest.approx(expected, rel=1e-4)


def test_ranks_compare_used_rows_with_as_many_random_ones() -> None:
    rows = np.random.default_rng(2).normal(size=(60, 8)).astype(np.float32)
    rows[:10, 1:] = 0  # the owner's lie on a line
    uses = np.zeros(60, np.int64)
    uses[:10] = 4
    found = ranks(rows, uses)
    assert found.rows_used == 10
    assert found.used is not None
    assert found.random is not None
    assert found.used.effective_rank == pytest.approx(1, abs=0.01)
    assert found.random.effective_rank > 4
    assert ranks(rows, np.zeros(60, np.int64)).used is None


def test_principal_components_find_planted_directions() -> None:
    source = np.random.default_rng(3)
    planted = source.normal(size=(500, 2)) * [5, 2]
    turn, _ = np.linalg.qr(source.normal(size=(6, 6)))
    rows = (planted @ turn[:2] + 7).astype(np.float32)
    found = principal_components(rows)
    assert found.shares == pytest.approx((25 / 29, 4 / 29), abs=0.02)
    centred = planted - planted.mean(0)
    for number in range(2):
        assert abs(np.corrcoef(found.places[:, number], centred[:, number])[0, 1]) > 0.99


def test_principal_components_are_the_same_for_a_mirrored_order() -> None:
    rows = np.random.default_rng(4).normal(size=(80, 5)).astype(np.float32)
    straight, turned = principal_components(rows), principal_components(rows[::-1].copy())
    assert turned.places[::-1] == pytest.approx(straight.places, abs=1e-4)


def test_the_ends_of_an_axis_are_the_outermost_tokens() -> None:
    rows = np.array([[0, 1], [9, 0], [-9, 0], [3, -1]], np.float32)
    low, high = principal_components(rows).ends(0, 1)
    assert {int(low[0]), int(high[0])} == {1, 2}


def test_a_sample_holds_all_used_tokens_and_is_the_same_every_time() -> None:
    uses = np.zeros(1000, np.int64)
    uses[[5, 900, 7]] = [2, 9, 4]
    mine, rest = sample(uses, others=50)
    assert mine.tolist() == [900, 7, 5]
    assert len(rest) == 50
    assert not uses[rest].any()
    assert sample(uses, others=50)[1].tolist() == rest.tolist()
    assert sample(uses, used=2)[0].tolist() == [900, 7]


def test_a_range_holds_the_share_that_was_asked_for() -> None:
    places = np.random.default_rng(5).normal(size=(1000, 2)) @ [[3, 1], [0, 0.5]]
    ellipse = range_of(places.astype(np.float32), 0.9)
    assert ellipse is not None
    assert ellipse.holds(places).mean() == pytest.approx(0.9, abs=0.002)
    assert ellipse.holds(0.999 * (ellipse.outline() - ellipse.middle) + ellipse.middle).all()
    assert not ellipse.holds(1.001 * (ellipse.outline() - ellipse.middle) + ellipse.middle).any()


@pytest.mark.parametrize("places", [np.zeros((0, 2)), np.ones((2, 2)), np.ones((9, 2))])
def test_a_range_needs_places_that_differ(places: np.ndarray) -> None:
    assert range_of(places, 0.9) is None


def test_cells_hide_what_is_rare() -> None:
    places = np.array([[0, 0]] * 6 + [[1, 1]] * 2 + [[2, 2]], float)
    grid, x, y = cells(places, across=2, least=3)
    assert grid[0, 0] == 6
    assert grid[1, 1] == 3
    assert np.isnan(grid[0, 1])
    assert np.isnan(grid[1, 0])
    assert (x.tolist(), y.tolist()) == ([0.5, 1.5], [0.5, 1.5])
    assert np.isnan(cells(places, across=2, least=7)[0]).all()


def test_a_rate_has_wilsons_interval() -> None:
    rate = Rate(np.array([10, 0]), np.array([8, 0]))
    low, high = rate.interval
    assert rate.rate[0] == pytest.approx(0.8)
    assert (low[0], high[0]) == pytest.approx((0.490, 0.943), abs=0.001)
    assert np.isnan([rate.rate[1], low[1], high[1]]).all()


def test_a_rate_counts_what_was_taken_or_typed_as_right() -> None:
    found = table(
        shown={(0, 9, 0, 0): 10, (0, 2, 1, 1): 4},
        accepted={(0, 9, 0, 0): 6},
        typed_through={(0, 9, 0, 0): 1, (0, 2, 1, 1): 1},
    )
    rate = Rate.of(found.by("confidence"))
    assert rate.shown.tolist() == [0, 0, 4, 0, 0, 0, 0, 0, 0, 10]
    assert rate.right.tolist() == [0, 0, 1, 0, 0, 0, 0, 0, 0, 7]


def test_right_words_are_counted_by_rank_also_where_they_were_not_shown() -> None:
    found = table(
        shown={(0, 5, 0, 0): 9},
        accepted={(0, 5, 0, 0): 3},
        missed={(1, 5, 0, 0): 2, (4, 0, 0, 0): 1},
    )
    assert right_by_rank(found).tolist() == [3, 2, 0, 0, 1]


def test_regions_come_best_first() -> None:
    hits, misses = np.array([4, 1, 9, 0, 2]), np.array([6, 1, 1, 0, 1])
    found = regions(Prototypes(np.zeros((5, 64)), hits, misses))
    assert found.large.shown.tolist() == [10, 10]
    assert found.large.right.tolist() == [9, 4]
    assert (found.rest.shown.tolist(), found.rest.right.tolist()) == ([5], [3])
    assert found.word_starts == 25


def test_calibration_by_hand() -> None:
    found = calibration(
        table(
            shown={(0, 9, 0, 0): 30, (0, 2, 0, 0): 10},
            accepted={(0, 9, 0, 0): 27, (0, 2, 0, 0): 4},
        )
    )
    # 0.90 of 0.95 in 30 shows, 0.40 of 0.25 in 10.
    assert found.expected_error == pytest.approx((30 * 0.05 + 10 * 0.15) / 40)
    assert found.bias == pytest.approx((31 - (30 * 0.95 + 10 * 0.25)) / 40)


def test_calibration_without_a_show_is_no_number() -> None:
    found = calibration(table())
    assert np.isnan(found.expected_error)
    assert np.isnan(found.bias)


def test_units_that_nearly_coincide_and_swap_could_be_merged() -> None:
    reference = np.eye(4, 64)
    reference[1] = reference[0] + 0.05 * reference[2]
    seen = layer(reference, np.ones(4), [[1, 0, 2, 3], [0, 1, 2, 3], [1, 0, 2, 3]])
    (pair,) = merge_candidates(7, seen)
    assert (pair.layer, pair.first, pair.second) == (7, 0, 1)
    assert pair.similarity == pytest.approx(1 / np.sqrt(1 + 0.05**2), abs=1e-3)
    assert pair.swaps == pytest.approx(2 / 3)
    assert swap_rate(seen, 2, 3) == 0


def test_units_that_coincide_but_stay_are_no_candidates_nor_are_unmatched_ones() -> None:
    same = np.ones((2, 64))
    assert merge_candidates(0, layer(same, np.ones(2), [[0, 1]] * 5)) == []
    assert merge_candidates(0, layer(same, np.ones(2))) == []
    assert merge_candidates(0, layer(np.zeros((2, 64)), np.ones(2), [[1, 0]])) == []


def test_units_that_hardly_act_could_be_dropped() -> None:
    seen = layer(np.eye(5, 64), np.array([2.0, 0.02, 2.0, 0.0, 4.0]))
    assert activity_shares(seen) == pytest.approx([1, 0.01, 1, 0, 2])
    assert [(idle.unit, round(idle.share, 3)) for idle in prune_candidates(3, seen)] == [
        (3, 0.0),
        (1, 0.01),
    ]
    assert prune_candidates(3, layer(np.eye(2, 64), np.zeros(2))) == []


def figures(ks: float, wrong: float) -> dict[str, float]:
    return {
        "ks": ks,
        "ks_low": ks - 0.01,
        "ks_high": ks + 0.01,
        "wrong_per_100_words": wrong,
        "precision": 0.5,
    }


def test_replay_reports_give_points_and_the_dials_curve(tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    report = {
        "system": "foretype 0.1.0",
        "words": 1000,
        "results": {"attentive": {"word": {"free": figures(0.4, 200), "quiet": figures(0.2, 9)}}},
        "dial_curve": [
            {"dial": 20, "ks": 0.3, "wrong_per_100_words": 18, "precision": 0.7},
            {"dial": 5, "ks": 0.1, "wrong_per_100_words": 4, "precision": 0.9},
        ],
    }
    path.write_text(json.dumps(report))
    found = read_replay(path)
    assert (found.name, found.words) == ("mine", 1000)
    assert [(p.name, p.ks, p.ks_low) for p in found.points] == [
        ("attentive, word, free", 0.4, pytest.approx(0.39)),
        ("attentive, word, quiet", 0.2, pytest.approx(0.19)),
    ]
    assert [(p.dial, p.ks) for p in found.curve] == [(20, 0.3), (5, 0.1)]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"words": 1, "results": {"a": {"b": 3}}}', "é"])
def test_what_is_no_replay_report_is_told_in_a_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "other.json"
    path.write_text(text)
    with pytest.raises(DataError, match=r"other\.json is no replay report"):
        read_replay(path)
    with pytest.raises(DataError, match="Cannot read"):
        read_replay(tmp_path / "missing.json")
