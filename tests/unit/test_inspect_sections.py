"""What the sections of the report say, and that plotly takes every figure."""

import math
from collections.abc import Iterator
from datetime import date

import numpy as np
import pytest
from inspect_samples import layer, table, tokens, word

from foretype.inspect.calibration import calibration
from foretype.inspect.coverage import coverage
from foretype.inspect.effective_rank import ranks
from foretype.inspect.hit_rates import regions
from foretype.inspect.page.parts import Plot, Section, Table, counted, log_axis, per_cent
from foretype.inspect.projection import principal_components
from foretype.inspect.replay_points import Point, ReplayReport
from foretype.inspect.sections.confidence import confidence
from foretype.inspect.sections.dial import dial
from foretype.inspect.sections.directions import directions
from foretype.inspect.sections.embedding_space import embedding_space
from foretype.inspect.sections.hit_rate import hit_rate
from foretype.inspect.sections.neurons import neurons
from foretype.inspect.sections.vocabulary import vocabulary
from foretype.inspect.usage import Novelty, own_ranking, token_uses
from foretype.profile.facts import Tally
from foretype.profile.weeks import Week
from foretype.statistics.prototypes import Prototypes

WORDS = [word("ab", 3), word("cd", 1), word("abcd", 2)]
NOTHING = np.zeros(len(tokens()), np.int64)
NO_REGIONS = regions(Prototypes(np.zeros((0, 64)), np.zeros(0, int), np.zeros(0, int)))
SHOWN = table(
    shown={(0, 9, 0, 0): 30, (0, 2, 2, 1): 10},
    accepted={(0, 9, 0, 0): 20, (0, 2, 2, 1): 4},
    typed_through={(0, 9, 0, 0): 7},
    missed={(2, 1, 0, 0): 9},
    retained={(0, 9, 0, 0): 18},
)
PLANTED = Prototypes(np.zeros((3, 64)), np.array([9, 2, 1]), np.array([1, 8, 0]))
WEEKS = [
    Week(date(2026, 3, 2), Tally(90, 40, 8, 2, 1, 8, 30)),
    Week(date(2026, 3, 9), Tally(0, 0, 0, 0, 0, 0, 0)),
    Week(date(2026, 3, 16), Tally(95, 50, 25, 5, 3, 20, 99)),
]


def space(*, words: bool = True) -> Section:
    uses = token_uses(WORDS, tokens())
    return embedding_space(tokens(), principal_components(tokens().embedding), uses, words=words)


def needed() -> Section:
    uses = token_uses(WORDS, tokens())
    own = coverage(WORDS, uses, own_ranking(uses), tokens())
    public = coverage(WORDS, uses, np.arange(len(uses)), tokens())
    return vocabulary(own, public, uses, Novelty(3, date(2026, 5, 1), 0.25), width=8)


def units() -> Section:
    same = np.eye(4, 64)
    same[1] = same[0]
    return neurons({5: layer(same, np.array([1, 1, 1, 0.01]), [[1, 0, 2, 3], [0, 1, 2, 3]])})


def traded() -> Section:
    points = (
        Point("attentive, word, free", None, 0.4, 240.0, 0.3, 0.39, 0.41),
        Point("attentive, word, quiet", None, 0.25, 9.6, 0.8, None, None),
    )
    curve = (Point("", 5, 0.2, 5.0, 0.9), Point("", 20, 0.3, 19.0, 0.6))
    return dial([ReplayReport("mine", "foretype", 1000, points, curve)])


FULL = {
    "space": space,
    "space without words": lambda: space(words=False),
    "vocabulary": needed,
    "rank": lambda: directions(ranks(tokens().embedding, token_uses(WORDS, tokens())), width=8),
    "neurons": units,
    "hits": lambda: hit_rate(SHOWN, regions(PLANTED), WEEKS),
    "calibration": lambda: confidence(calibration(SHOWN)),
    "dial": traded,
}
EMPTY = {
    "space": lambda: embedding_space(
        tokens(), principal_components(tokens().embedding), NOTHING, words=True
    ),
    "vocabulary": lambda: vocabulary(
        *[coverage([], NOTHING, np.arange(11), tokens())] * 2, NOTHING, None, width=8
    ),
    "rank": lambda: directions(ranks(tokens().embedding, NOTHING), width=8),
    "neurons": lambda: neurons({}),
    "hits": lambda: hit_rate(table(), NO_REGIONS, []),
    "calibration": lambda: confidence(calibration(table())),
    "dial": lambda: dial([]),
}


def texts(section: Section) -> Iterator[str]:
    yield section.says
    for part in section.parts:
        yield part.title
        yield part.guide


@pytest.mark.parametrize("made", FULL.values(), ids=FULL)
def test_every_plot_has_a_title_a_guide_and_named_axes(made: object) -> None:
    section = made()  # type: ignore[operator]
    assert section.parts
    assert all(text and "nan" not in text.split() for text in texts(section))
    for part in section.parts:
        assert part.guide.endswith(".")
        if isinstance(part, Plot):
            axes = [value for key, value in part.layout.items() if key[1:].startswith("axis")]
            assert len(axes) >= 2
            assert all(axis["title"]["text"] for axis in axes)


@pytest.mark.parametrize("made", [*FULL.values(), *EMPTY.values()], ids=[*FULL, *EMPTY])
def test_plotly_takes_every_figure(made: object) -> None:
    graph_objects = pytest.importorskip("plotly.graph_objects")
    for part in made().parts:  # type: ignore[operator]
        if isinstance(part, Plot):
            traces = [blackened(trace) for trace in part.traces]
            graph_objects.Figure({"data": traces, "layout": blackened(part.layout)})


def blackened(value: object) -> object:
    """The names of colours are the page's; the library knows colours only."""
    if isinstance(value, dict):
        return {key: blackened(each) for key, each in value.items()}
    if isinstance(value, list):
        return [blackened(each) for each in value]
    return "black" if isinstance(value, str) and value.startswith("var(--") else value


@pytest.mark.parametrize("made", EMPTY.values(), ids=EMPTY)
def test_a_fresh_profile_gets_a_plain_sentence_and_no_empty_plot(made: object) -> None:
    section = made()  # type: ignore[operator]
    assert "not" in section.says.lower() or "replay" in section.says
    for part in section.parts:  # the model alone: its tokens and its spectrum
        assert isinstance(part, Plot)
        assert all(len(trace["x"]) for trace in part.traces)


def test_space_says_how_many_tokens_are_used_and_names_them() -> None:
    section = space()
    assert section.says == "Your words are made of 3 of the model's 11 tokens (27 %)."
    (plot,) = section.parts
    own = next(trace for trace in plot.traces if trace["name"] == "yours")
    assert own["text"] == ["“ ab”, used 5 times", "“cd”, used 3 times", "“ ”, used 1 time"]
    others = plot.traces[0]
    assert "“&lt;b&gt;”" in others["text"]


def test_space_without_words_names_no_token_of_the_owners() -> None:
    (plot,) = space(words=False).parts
    assert [trace["type"] for trace in plot.traces[:2]] == ["scatter", "heatmap"]
    named = [text for trace in plot.traces for text in trace.get("text", ())]
    assert not [text for text in named if "used" in text]
    assert len(named) == len(tokens())  # used or not: what is missing would tell as much
    assert plot.traces[1]["z"] == [[None]]  # three are too few to be counted


def test_vocabulary_says_what_is_needed_and_what_it_costs() -> None:
    section = needed()
    assert section.says.startswith("3 tokens cover 99 % of your words; ")
    assert "in your newest words (3, first written since 2026-05-01), 25 % were" in section.says
    curve, cost = section.parts
    assert curve.traces[0]["y"][:3] == [
        pytest.approx(5 / 9, abs=1e-4),
        pytest.approx(8 / 9, abs=1e-4),
        1,
    ]
    assert cost.traces[0]["y"][-1] == 0


def test_directions_compare_with_chance() -> None:
    section = FULL["rank"]()
    assert "as many random ones" in section.says
    assert [trace["name"].split(":")[0] for trace in section.parts[0].traces] == [
        "all tokens", "as many random tokens", "your tokens",
    ]  # fmt: skip


def test_neurons_list_their_candidates() -> None:
    section = units()
    assert section.says == (
        "Of 4 neurons seen in 1 layer of the model, 1 hardly acts on your text, "
        "and 1 pair could be merged."
    )
    by_layer, _, merge, prune = section.parts
    assert by_layer.traces[0]["y"] == [
        0.25
    ]  # two of four units, each matched otherwise once in two
    assert isinstance(merge, Table)
    assert merge.rows == [("5", "0 and 1", "1.000", "50 %")]
    assert prune.rows == [("5", "3", "1 %")]


def test_neurons_that_were_only_seen_have_an_activity() -> None:
    section = neurons({0: layer(np.eye(3, 64), np.array([1.0, 2.0, 0.0]))})
    assert "no pair could be merged. Whether they keep their roles is known after" in section.says
    assert sum(section.parts[0].traces[0]["y"]) == 3
    assert [part.title.split()[0] for part in section.parts] == ["The", "Could"]


def test_hits_say_what_was_right_taken_and_kept() -> None:
    section = hit_rate(SHOWN, regions(PLANTED), WEEKS)
    assert section.says == (
        "Of 40 suggestions shown, 78 % were right and 24 were taken. Of those taken, 75 % stayed."
    )
    titles = [part.title for part in section.parts]
    assert titles[0] == (
        "The first proposal is right 57 % of the time: 90 % in your best region, 20 % in your worst"
    )
    assert titles[1] == "In 2 weeks the share of right suggestions went from 25 % to 60 %"
    assert titles[2] == "At 90–100 % confidence 90 % are right, at 20–30 % 40 %"
    assert titles[3] == "After 0 letters 90 % are right, after 2 40 %"
    assert titles[4].startswith("The right word, if it was in the list, stood first 78 %")
    assert titles[5] == ("Right are 90 % from your words alone, 40 % from the language model alone")


def test_hits_say_what_is_missing() -> None:
    says = hit_rate(SHOWN, NO_REGIONS, WEEKS[:1]).says
    assert "There are no regions yet" in says
    assert "comes with the second week" in says
    assert hit_rate(table(), regions(PLANTED), []).says.startswith("No suggestion has been shown")


def test_confidence_gives_the_expected_error_and_its_direction() -> None:
    assert "(expected calibration error 0.075); on the whole it promises what it keeps" in (
        FULL["calibration"]().says
    )
    boastful = table(shown={(0, 9, 0, 0): 100}, accepted={(0, 9, 0, 0): 40})
    assert "promises too much" in confidence(calibration(boastful)).says
    modest = table(shown={(0, 1, 0, 0): 100}, accepted={(0, 1, 0, 0): 90})
    assert "promises too little" in confidence(calibration(modest)).says


def test_the_dial_draws_its_curve_and_the_points() -> None:
    section = traded()
    (plot,) = section.parts
    assert plot.title == (
        "20 % of the keys are saved at 5 wrong suggestions in 100 words, 40 % at 240"
    )
    assert [trace["name"] for trace in plot.traces] == [
        "along the dial", "attentive, word, free", "attentive, word, quiet",
    ]  # fmt: skip
    assert plot.traces[0]["x"] == [5.0, 19.0]


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (0, "0 %"),
        (0.0004, "0.04 %"),
        (0.0241, "2.4 %"),
        (0.05, "5 %"),
        (0.5, "50 %"),
        (0.995, "99.5 %"),
        (1, "100 %"),
    ],
)
def test_shares_are_written_with_two_digits(share: float, expected: str) -> None:
    assert per_cent(share) == expected


def test_counts_have_their_noun() -> None:
    assert (counted(1, "token"), counted(1200, "token")) == ("1 token", "1,200 tokens")


@pytest.mark.parametrize(
    ("values", "names"),
    [
        ([3, 40], ["1", "2", "5", "10", "20", "50", "100", "200", "500"]),
        ([1, 20000], ["1", "10", "100", "1,000", "10,000", "100,000"]),
        ([0.02, 0.3], ["0.01", "0.02", "0.05", "0.1", "0.2", "0.5", "1", "2", "5"]),
        ([], ["1", "2", "5"]),
    ],
)
def test_an_axis_by_logarithm_has_round_numbers(values: list[float], names: list[str]) -> None:
    axis = log_axis("of something", values)
    assert axis["ticktext"] == names
    assert all(
        math.isclose(tick, float(name.replace(",", "")))
        for tick, name in zip(axis["tickvals"], names, strict=True)
    )
