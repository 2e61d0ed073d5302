"""Projection, prototypes and signatures against their slow twins, and what sessions gather."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from quantised_twin import QuantisedTwin, tokens_of

from foretype import Engine, Field, Profile, _core
from foretype.bench.sample import LETTER
from foretype.model.groups import Dense
from foretype.reference import hidden_space
from foretype.reference.hidden_space import Floats, Means
from foretype.reference.tiny_model import write_tiny_model

TOKENS = 256  # of a mini-batch
SENTENCE = "the other train is the one that is late and the rest of it is on the other road "


@pytest.fixture(scope="module")
def tiny_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model")
    return write_tiny_model(folder / "tiny", heads=4, kv_heads=2, merges=120)


@pytest.fixture(scope="module")
def engine(tiny_path: Path) -> Engine:
    return Engine.open(tiny_path)


def planted(count: int, *, members: int, seed: int = 3) -> tuple[Floats, Floats, np.ndarray]:
    """Centres far apart, states around them in random order, and the centre of each state."""
    random = np.random.default_rng(seed)
    centres = 4 * random.standard_normal((count, 64)).astype(np.float32)
    labels = random.permutation(np.repeat(np.arange(count), members))
    noise = random.standard_normal((len(labels), 64)).astype(np.float32)
    return centres, centres[labels] + noise, labels


def centroids(prototypes: _core.Prototypes) -> Floats:
    return np.frombuffer(prototypes.all()[0], np.float32).reshape(-1, 64)


def matrix(data: bytes) -> Floats:
    return np.frombuffer(data, np.float32).reshape(-1, 64)


@pytest.mark.parametrize("width", [1, 64, 576])
def test_projection_is_its_twin_bit_for_bit(width: int) -> None:
    signs = hidden_space.projection(width)
    x = np.random.default_rng(width).standard_normal(width).astype(np.float32)
    assert _core.Projection(width).project(x.tobytes()) == hidden_space.project(signs, x).tobytes()
    assert all(
        _core.Projection.is_negative(row, column) == (signs[row, column] < 0)
        for row, column in [(0, 0), (63, width - 1), (17, width // 2)]
    )


def test_projection_keeps_lengths() -> None:
    signs = hidden_space.projection(576)
    x = np.random.default_rng(0).standard_normal((200, 576)).astype(np.float32)
    ratios = np.linalg.norm(x @ signs.T, axis=1) / np.linalg.norm(x, axis=1)
    assert abs(ratios.mean() - 1) < 0.03
    assert ratios.std() < 0.15  # about 1 / sqrt(2 * 64)


def test_prototypes_are_their_twin_bit_for_bit() -> None:
    _, states, labels = planted(40, members=5)
    fast, slow = _core.Prototypes(), Means()
    for state, label in zip(states, labels, strict=True):
        assert fast.add(state.tobytes(), bool(label % 2)) == slow.add(state, bool(label % 2))
    found, hits, misses = fast.all()
    assert found == np.stack([each.centroid for each in slow.all]).tobytes()
    assert [(each.hits, each.misses) for each in slow.all] == list(zip(hits, misses, strict=True))
    probe = states[5]
    assert fast.hit_rate(probe.tobytes()) == pytest.approx(slow.hit_rate(probe), rel=1e-12)
    fast.drop_small()
    slow.drop_small()
    assert centroids(fast).tobytes() == np.stack([e.centroid for e in slow.all]).tobytes()


@pytest.mark.parametrize("count", [3, 20, 32])
def test_planted_clusters_are_recovered_with_their_hit_rates(count: int) -> None:
    centres, states, labels = planted(count, members=200)
    random = np.random.default_rng(1)
    rates = random.uniform(0.05, 0.95, count)
    prototypes = _core.Prototypes()
    for state, label in zip(states, labels, strict=True):
        assert prototypes.add(state.tobytes(), bool(random.random() < rates[label]))
    found, hits, misses = prototypes.all()
    means = matrix(found)
    nearest = np.linalg.norm(means[:, None] - centres[None], axis=2).argmin(axis=1)
    assert set(nearest) == set(range(count))  # each planted one has a mean ...
    assert sum(hits) + sum(misses) == len(states)
    for centre in range(count):  # ... and the means at a centre make up its states
        here = nearest == centre
        weights = (np.array(hits) + np.array(misses))[here]
        assert weights.sum() == 200
        mean = (means[here] * weights[:, None]).sum(axis=0) / 200
        assert np.allclose(mean, states[labels == centre].mean(axis=0), atol=1e-3)
        assert np.array(hits)[here].sum() / 200 == pytest.approx(rates[centre], abs=0.12)


def test_one_state_again_and_again_is_one_prototype() -> None:
    prototypes = _core.Prototypes()
    state = np.ones(64, np.float32).tobytes()
    for i in range(100):
        prototypes.add(state, i % 4 == 0)
    assert prototypes.all() == (state, [25], [75])


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e30])
def test_what_a_damaged_model_makes_is_passed_over(bad: float) -> None:
    state = np.ones(64, np.float32)
    prototypes = _core.Prototypes()
    prototypes.add(state.tobytes(), True)
    before = prototypes.all()
    state[40] = bad
    assert not prototypes.add(state.tobytes(), True)
    assert prototypes.all() == before
    signatures = _core.Signatures()
    signatures.fit([8] * 2)
    good, activations = np.ones(64, np.float32).tobytes(), np.ones(8, np.float32)
    signatures.add(0, state.tobytes(), activations.tobytes())
    activations[3] = bad
    signatures.add(0, good, activations.tobytes())
    assert (signatures.tokens(), signatures.refused()) == (0, 2)


def test_damaged_prototypes_are_refused_and_none_are_left() -> None:
    _, states, _ = planted(5, members=3)
    prototypes = _core.Prototypes()
    for state in states:
        prototypes.add(state.tobytes(), True)
    written = prototypes.write()
    twin = _core.Prototypes()
    assert twin.read(written)
    assert twin.all() == prototypes.all()
    nan = np.float32(np.nan).tobytes()
    for damaged in (written[:-1], written + b"\0", written[:3] + nan + written[7:], b"\xff", b""):
        assert not twin.read(damaged)
    assert not twin.read(written[:3] + nan + written[7:])
    assert twin.all() == (b"", [], [])


def test_signatures_are_means_over_a_mini_batch_and_layers_take_turns() -> None:
    random = np.random.default_rng(2)
    states = random.standard_normal((TOKENS, 64)).astype(np.float32)
    activations = random.standard_normal((TOKENS, 24)).astype(np.float32)
    signatures = _core.Signatures()
    signatures.fit([24] * 3)
    for layer in range(2):
        assert signatures.layer() == layer
        for state, activation in zip(states, activations, strict=True):
            signatures.add(layer, state.tobytes(), activation.tobytes())
    assert signatures.layer() == -1  # two wait: who never asks pays nothing
    signatures.add(2, states[0].tobytes(), activations[0].tobytes())
    assert signatures.tokens() == 0
    first, second = signatures.take()
    assert [first[:2], second[:2]] == [(0, TOKENS), (1, TOKENS)]
    assert first[2:] == second[2:]
    assert np.allclose(matrix(first[2]), activations.T @ states / TOKENS, atol=1e-5)
    assert np.allclose(
        np.frombuffer(first[3], np.float32), np.abs(activations).mean(axis=0), atol=1e-5
    )
    assert signatures.layer() == 2
    signatures.add(2, states[0].tobytes(), activations[0].tobytes())
    signatures.wipe()
    assert (signatures.tokens(), signatures.take(), signatures.layer()) == (0, [], 2)


def test_six_layers_of_many_are_watched_in_turn() -> None:
    state, activation = np.ones(64, np.float32), np.ones(4, np.float32)
    signatures = _core.Signatures()
    signatures.fit([4] * 30)
    watched = []
    for _ in range(7):
        watched.append(signatures.layer())
        for _ in range(TOKENS):
            signatures.add(watched[-1], state.tobytes(), activation.tobytes())
        signatures.take()
    assert watched == [2, 7, 12, 17, 22, 27, 2]


class Recorder(QuantisedTwin):
    """Remembers what the FFN of each layer read and did."""

    def _ffn(self, layer: int, x: Dense) -> Dense:
        prefix = f"layers.{layer}.ffn."
        normed = self._norm(prefix + "norm", x)
        gate, up = self._linear(prefix + "gate", normed), self._linear(prefix + "up", normed)
        vars(self).setdefault("seen", {})[layer] = normed, gate / (1 + np.exp(-gate)) * up
        return super()._ffn(layer, x)


def expected(path: Path, text: str, layer: int, first: int) -> tuple[Floats, Floats]:
    """The signature of the text's tokens from number `first` on."""
    plain = Recorder.load(path)
    config = replace(plain.config, layers=layer + 1)
    twin = Recorder(config, plain.weights, plain.embedding)
    twin.hidden(tokens_of(path, text))
    begin = 1 + first  # behind the begin token
    normed, activations = (part[begin : begin + TOKENS] for part in vars(twin)["seen"][layer])
    return hidden_space.signatures(normed, activations)


def agrees(found: tuple[int, int, bytes, bytes], means: Floats, activity: Floats) -> bool:
    """But for a rounding of activations that falls to the other side."""
    difference = matrix(found[2]) - means
    ours = np.frombuffer(found[3], np.float32)
    return bool(
        np.linalg.norm(difference) < 0.01 * np.linalg.norm(means)
        and np.linalg.norm(ours - activity) < 0.01 * np.linalg.norm(activity)
    )


def test_signatures_of_a_text_are_those_of_numpy(engine: Engine, tiny_path: Path) -> None:
    text = SENTENCE * 10
    profile = engine.profile()
    session = engine.session(profile, window=1024)
    session.set_text(text)
    session.suggest(budget_ms=-1)
    first, second = profile._core.take_signatures()
    assert (first[0], second[0]) == (0, 1)
    assert agrees(first, *expected(tiny_path, text, 0, 0))
    # The next layer is watched from the next batch of 32 tokens on, the begin token among them.
    assert agrees(second, *expected(tiny_path, text, 1, TOKENS + 31))
    assert profile._core.statistics_refused() == 0


def test_signatures_of_the_real_model(model_path: Path) -> None:
    engine = Engine.open(model_path)
    text = f"{LETTER} {LETTER}"
    profile = engine.profile()
    session = engine.session(profile)
    session.set_text(text)
    session.suggest(budget_ms=-1)
    (found,) = profile._core.take_signatures()
    assert found[:2] == (2, TOKENS)
    assert len(found[3]) == 4 * 1536
    assert agrees(found, *expected(model_path, text, 2, 0))


def type_out(engine: Engine, profile: Profile, text: str, *, thoughts: int = 10) -> None:
    ahead = {"tokens_a_thought": 16.0, "smallest_thought": 0.0}  # much of what will be written
    session = engine.session(profile, window=1024, **ahead)
    for letter in text:
        session.type(letter)
        session.suggest(budget_ms=-1)
        for _ in range(thoughts):
            session.think()


def test_what_was_computed_ahead_counts_once_it_is_written(engine: Engine) -> None:
    text = SENTENCE * 5
    at_once, typed = engine.profile(), engine.profile()
    session = engine.session(at_once, window=1024)
    session.set_text(text)
    session.suggest(budget_ms=-1)
    type_out(engine, typed, text)
    (first,) = at_once._core.take_signatures()
    (second,) = typed._core.take_signatures()
    assert first == second


def gathered(profile: Profile) -> tuple[int, int, int]:
    """Prototypes' words, neighbours, finished mini-batches."""
    _, hits, misses = profile._core.prototypes()
    taken = profile._core.take_signatures()
    return sum(hits) + sum(misses), len(profile._core.neighbours()), len(taken)


def test_each_word_start_is_gathered_once(engine: Engine) -> None:
    profile = engine.profile()
    session = engine.session(profile)
    words = "the train is on the road "
    for letter in words:
        session.type(letter)
        session.suggest(budget_ms=-1)
        session.suggest(budget_ms=-1)
    count = len(words.split())
    # The first word's beginning was never looked at, and nothing is written at the last.
    assert gathered(profile) == (count - 1, count, 0)
    session.erase(5)
    session.suggest(budget_ms=-1)
    for letter in "rail ":
        session.type(letter)
        session.suggest(budget_ms=-1)
    # What was taken back stays counted; where the caret came back to, nothing was proposed.
    assert gathered(profile)[0] == count - 1


def test_a_hit_is_a_first_proposal_that_was_right(engine: Engine) -> None:
    profile = engine.profile()
    for _ in range(30):
        profile.learn("please review the quarterly numbers today")
    session = engine.session(profile, language_model=0.01)
    for letter in "please review the quarterly numbers ":
        session.type(letter)
        session.suggest(budget_ms=-1)
    _, hits, misses = profile._core.prototypes()
    assert (sum(hits), sum(misses)) == (4, 0)
    for letter in "unheard ":
        session.type(letter)
        session.suggest(budget_ms=-1)
    _, hits, misses = profile._core.prototypes()
    assert (sum(hits), sum(misses)) == (4, 1)


@pytest.mark.parametrize("reason", ["off", "paused", "field", "untyped"])
def test_nothing_is_gathered_where_nothing_is_learned(engine: Engine, reason: str) -> None:
    profile = engine.profile()
    profile.paused = reason == "paused"
    field = Field(type="password") if reason == "field" else Field()
    tuning = {"statistics": 0.0} if reason == "off" else {}
    session = engine.session(profile, field=field, **tuning)
    if reason == "untyped":
        session.paste("what somebody else wrote ")
    text = session.text_before
    for letter in SENTENCE * 8:
        text += letter
        if letter == " ":
            session.set_text(text)
            session.suggest(budget_ms=-1)
            session.think()
    profile.paused = False
    assert gathered(profile) == (0, 0, 0)


def test_prototypes_are_kept_with_the_profile_and_the_rest_is_not(engine: Engine) -> None:
    profile = engine.profile()
    type_out(engine, profile, SENTENCE, thoughts=0)
    twin = engine.profile()
    twin._core.load(profile._core.save())
    assert twin._core.prototypes() == profile._core.prototypes()
    assert len(twin._core.prototypes()[1]) > 0
    assert twin._core.neighbours() == []


def test_forgetting_takes_what_comes_near_to_a_text(engine: Engine) -> None:
    profile = engine.profile()
    type_out(engine, profile, SENTENCE * 12, thoughts=0)
    profile.forget("nothing that was written")
    before, after = profile._core.prototypes(), profile._core
    assert after.neighbours() == []
    assert after.take_signatures() == []
    assert before[1]
    assert all(sum(counts) >= 8 for counts in zip(*before[1:], strict=True))
    profile.forget_all()
    assert profile._core.prototypes() == (b"", [], [])
