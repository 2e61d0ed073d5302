"""The runtime against its slow twin, its caches against reading anew, and its deadline."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
from quantised_twin import tokens_of, twin_of

from foretype import Engine, Session, _core
from foretype.model.groups import Dense
from foretype.reference.llama import ReferenceModel, log_likelihood
from foretype.reference.tiny_model import write_tiny_model

TEXTS = [
    "the other train is the one that is late",
    "Is it? \u00e9t\u00e9, \U0001f600 and\n\nso on: 1234.",
    " ",
    "the " * 60,
    "one, two: three. " * 24,  # longer than a window of attention
]
KINDS = {
    "plain": {},
    "windows": {"attention_windows": (64, 0)},
    "common": {"common": list(range(3, 300, 3)), "attention_windows": (100, 64)},
    "others": {"common": list(range(4, 260, 4)), "others_bits": 3},
}


@pytest.fixture(scope="module", params=KINDS.values(), ids=KINDS)
def tiny_path(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    folder = tmp_path_factory.mktemp("model")
    return write_tiny_model(folder / "tiny", heads=4, kv_heads=2, merges=120, **request.param)


@pytest.fixture(scope="module")
def engine(tiny_path: Path) -> Engine:
    return Engine.open(tiny_path)


def text_rows_only(model: ReferenceModel, tokens: np.ndarray) -> Dense:
    """[T-1]: log-probability of each token among those that text can have: no control tokens."""
    logits = model.logits(tokens[:-1])[:, 3:].astype(np.float64)
    top = logits.max(axis=-1)
    likelihood: Dense = logits[np.arange(len(logits)), tokens[1:] - 3] - top
    likelihood -= np.log(np.exp(logits - top[:, None]).sum(axis=-1))
    return likelihood


@pytest.mark.parametrize("kernels", _core.kernels_available())
@pytest.mark.parametrize("text", TEXTS)
def test_likelihood_is_that_of_the_slow_twin(tiny_path: Path, text: str, kernels: str) -> None:
    engine = Engine.open(tiny_path, kernels=kernels)
    tokens = tokens_of(tiny_path, text)
    expected = -text_rows_only(twin_of(tiny_path), tokens)
    found = engine.negative_log_likelihood(text)
    # Keys and values are kept as binary16; a rounding of activations may fall to the other side.
    assert found == pytest.approx(expected.sum(), rel=2e-3, abs=0.3)


def test_text_before_is_read_and_not_scored(tiny_path: Path, engine: Engine) -> None:
    before, text = "on the other", " train"
    tokens = tokens_of(tiny_path, before, text)
    scored = len(tokens_of(tiny_path, text)) - 1
    expected = -text_rows_only(twin_of(tiny_path), tokens)[-scored:].sum()
    assert engine.negative_log_likelihood(text, before) == pytest.approx(
        expected, rel=2e-3, abs=0.3
    )


def test_likelihoods_add_up(engine: Engine) -> None:
    whole = engine.negative_log_likelihood("on the train")
    parts = engine.negative_log_likelihood("on") + engine.negative_log_likelihood(
        " the train", "on"
    )
    assert parts == pytest.approx(whole, rel=1e-4)
    assert engine.negative_log_likelihood("") == 0


def test_a_text_longer_than_the_window_is_scored(engine: Engine) -> None:
    short, long = (engine.negative_log_likelihood("the one on the train " * n) for n in (30, 300))
    assert long / 300 == pytest.approx(short / 30, rel=0.1)


def session_of(engine: Engine, *, text: str = "", **tuning: float) -> Session:
    profile = engine.profile()
    profile.paused = True
    session = engine.session(profile, **tuning)
    session.set_text(text)
    return session


def computed(session: Session, key: str) -> int:
    session.type(key)
    session.suggest(budget_ms=-1)
    return session.timing.lm_tokens


def test_only_what_changed_is_computed(engine: Engine) -> None:
    text = "the other one is on the train to the sea " * 4
    session = session_of(engine, text=text, rounds=0)
    session.suggest(budget_ms=-1)
    assert session.timing.lm_tokens > 60
    for key in "the":
        assert computed(session, key) <= 1
    assert computed(session, " ") <= 5
    session.erase(1)
    assert computed(session, "n") <= 2
    session.set_text(text[:80] + "x" + text[80:])
    assert computed(session, " x") < 0.7 * len(tokens_of(engine.model_path, text))  # type: ignore[arg-type]


def test_typing_along_a_computed_path_costs_nothing(engine: Engine) -> None:
    text = "the other one is on"
    tuning = {"rounds": 6, "tokens_a_round": 6, "smallest_share": 0.0, "candidates": 24}
    suggestion = session_of(engine, text=text, **tuning).suggest(budget_ms=-1)
    assert suggestion is not None
    complete = 0
    for candidate in suggestion.candidates:
        session = session_of(engine, text=text, **tuning)
        session.suggest(budget_ms=-1)
        session.set_text(text + candidate.text + " ")
        session.suggest(budget_ms=0)
        assert session.timing.lm_tokens == 0
        complete += session.timing.complete
    assert complete > 0


def test_no_time_leaves_the_trie_and_later_keys_complete(engine: Engine) -> None:
    profile = engine.profile()
    profile.learn("the quarterly numbers")
    session = engine.session(profile)
    session.set_text("the train is late " * 8 + "the quart")
    suggestion = session.suggest(budget_ms=0)
    assert suggestion is not None
    assert (suggestion.words[0].rstrip(), suggestion.source) == ("erly", "trie")
    assert (session.timing.complete, session.timing.lm_tokens) == (False, 0)
    for _ in range(2000):
        session.suggest(budget_ms=0.05)
        if session.timing.complete:
            break
    assert session.timing.complete


def test_a_budget_is_kept(model_path: Path) -> None:
    session = session_of(Engine.open(model_path))
    session.set_text("The committee met on Monday and agreed on the following points. " * 9)
    took = []
    for _ in range(6):
        begin = time.perf_counter()
        session.suggest(budget_ms=30)
        took.append(1000 * (time.perf_counter() - begin))
        assert not session.timing.complete or session.timing.cached_tokens > 0
    # One batch may end late; the machine may be shared.
    assert sorted(took)[len(took) // 2] < 90


def test_thinking_ahead_reads_the_text(engine: Engine) -> None:
    session = session_of(engine, text="the other one is on the tr")
    steps = 0
    while session.think() and steps < 300:
        steps += 1
    session.suggest(budget_ms=0)
    assert 0 < steps < 300
    assert session.timing.complete


def test_the_default_model_knows_some_english(model_path: Path) -> None:
    engine = Engine.open(model_path)
    session = engine.session(engine.profile(), proposers="lm")
    session.set_text("Thank you very mu")
    suggestion = session.suggest(budget_ms=-1)
    assert suggestion is not None
    assert suggestion.candidates[0].text.rstrip() == "ch"
    plain = engine.negative_log_likelihood("The meeting is at ten o'clock.")
    assert plain < engine.negative_log_likelihood("Clock the at ten is o' meeting.")


def test_the_default_model_equals_its_twin(model_path: Path) -> None:
    engine, text = Engine.open(model_path), "Thank you for your letter of last week."
    expected = -log_likelihood(ReferenceModel.load(model_path), tokens_of(model_path, text)).sum()
    assert engine.negative_log_likelihood(text) == pytest.approx(expected, rel=0.03)
