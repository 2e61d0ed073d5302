"""Ranking and gate of the core against their slow twin."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretype import _core
from foretype.reference.judgement import Ftrl, Platt, Price, Proposed, features

FEATURES = len(_core.Judgement().weights())
probabilities = st.floats(0, 1)
texts = st.sampled_from([b"e", b"erly", b" next", b"Qbr", b" May", b"\xc3\xa9t\xc3\xa9", b"it's"])
proposed = st.builds(
    Proposed,
    texts,
    probabilities,
    probabilities,
    st.integers(1, 3),
    st.integers(0, 5),
    st.integers(0, 300),
)
vectors = st.lists(st.floats(-10, 10, width=32), min_size=FEATURES, max_size=FEATURES)


@given(
    st.sampled_from([b"", b"q", b"Quart", b"everything"]),
    st.booleans(),
    probabilities,
    st.lists(proposed, max_size=6),
)
def test_features(prefix: bytes, answered: bool, share: float, list_: list[Proposed]) -> None:
    found = _core.features(prefix, answered, share, [tuple(each) for each in list_])
    expected = features(prefix, answered, share, list_)
    assert len(found) == len(expected)
    for ours, theirs in zip(found, expected, strict=True):
        assert ours == pytest.approx(theirs, abs=1e-5)


@settings(max_examples=40)
@given(st.lists(st.tuples(vectors, st.booleans()), max_size=40))
def test_ranker(labels: list[tuple[list[float], bool]]) -> None:
    core = _core.Judgement()
    twin = Ftrl(np.array(core.weights()))
    for x, right in labels:
        assert core.probability(x) == pytest.approx(twin.probability(np.array(x)), abs=1e-9)
        core.learn(x, right)
        twin.learn(np.array(x), right)
    assert core.weights() == pytest.approx(twin.weights, abs=1e-9)


@given(st.lists(st.tuples(probabilities, st.booleans()), max_size=60))
def test_calibration(labels: list[tuple[float, bool]]) -> None:
    core, twin = _core.Judgement(), Platt()
    for p, right in labels:
        assert core.calibrated(p) == pytest.approx(twin.calibrated(p), abs=1e-9)
        core.calibrate(p, right)
        twin.learn(p, right)


@given(st.floats(0, 100), st.lists(st.integers(0, 4), max_size=200))
def test_price(dial: float, words: list[int]) -> None:
    core, twin = _core.Judgement(), Price(dial)
    for wrong in words:
        assert core.price(dial) == pytest.approx(twin.price, rel=1e-9)
        core.finished_word(dial, wrong)
        twin.finished_word(wrong)
    assert core.price(-1) == 0, "no dial, no price"


@given(st.binary(max_size=400), st.integers(0, 400), st.integers(0, 255))
def test_damaged_bytes_are_the_prior(noise: bytes, at: int, byte: int) -> None:
    core = _core.Judgement()
    fresh = core.save()
    if not core.load(noise):
        assert core.save() == fresh
    changed = bytearray(fresh)
    changed[at % len(changed)] = byte
    if core.load(bytes(changed)):
        assert all(np.isfinite(core.weights()))
        assert 0 < core.calibrated(0.3) < 1
        assert np.isfinite(core.price(10.0))
    else:
        assert core.save() == fresh
