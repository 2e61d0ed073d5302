"""The slow forward pass: its parts against plain formulas, the whole against good sense."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretype.model.tokenizer import open_tokenizer
from foretype.reference.llama import ReferenceModel, log_likelihood, rotary, rotate
from foretype.reference.tiny_model import write_tiny_model

PROSE = (
    "The history of the Roman Empire is a long and complicated one. After the death of Caesar, "
    "Rome was torn by civil war, and it was not until Octavian defeated Mark Antony at Actium "
    "that peace returned."
)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> ReferenceModel:
    path = tmp_path_factory.mktemp("model") / "tiny"
    return ReferenceModel.load(write_tiny_model(path, heads=4, kv_heads=2))


class OneByOne:
    """The formulas of the papers, a position and a head at a time."""

    def __init__(self, model: ReferenceModel) -> None:
        self.model = model
        self.keys: dict[tuple[int, int, int], np.ndarray] = {}
        self.values: dict[tuple[int, int, int], np.ndarray] = {}

    def logits(self, tokens: list[int]) -> np.ndarray:
        """After the last token."""
        for position, token in enumerate(tokens):
            x = self.model.embedding[token].astype(np.float64)
            for layer in range(self.model.config.layers):
                x = x + self.attention(f"layers.{layer}.attention.", layer, position, x)
                x = x + self.ffn(f"layers.{layer}.ffn.", x)
        return self.model.embedding @ self.norm("final_norm", x)

    def attention(self, prefix: str, layer: int, position: int, x: np.ndarray) -> np.ndarray:
        config, weights = self.model.config, self.model.weights
        x = self.norm(prefix + "norm", x)
        for head, key in enumerate((weights[prefix + "key"] @ x).reshape(-1, 64)):
            self.keys[layer, head, position] = turned(key, position, config.rope_base)
        for head, value in enumerate((weights[prefix + "value"] @ x).reshape(-1, 64)):
            self.values[layer, head, position] = value
        mixed = []
        for head, query in enumerate((weights[prefix + "query"] @ x).reshape(-1, 64)):
            shared = head // (config.heads // config.kv_heads)
            query = turned(query, position, config.rope_base)
            scores = [query @ self.keys[layer, shared, t] / 8 for t in range(position + 1)]
            shares = np.exp(scores) / np.exp(scores).sum()
            mixed.append(sum(w * self.values[layer, shared, t] for t, w in enumerate(shares)))
        return weights[prefix + "output"] @ np.concatenate(mixed)

    def ffn(self, prefix: str, x: np.ndarray) -> np.ndarray:
        weights = self.model.weights
        x = self.norm(prefix + "norm", x)
        gate = weights[prefix + "gate"] @ x
        return weights[prefix + "down"] @ (
            gate / (1 + np.exp(-gate)) * (weights[prefix + "up"] @ x)
        )

    def norm(self, name: str, x: np.ndarray) -> np.ndarray:
        root = np.sqrt((x * x).mean() + self.model.config.norm_epsilon)
        return x / root * self.model.weights[name]


def turned(x: np.ndarray, position: int, base: float) -> np.ndarray:
    """Dimensions i and i + 32 as one complex number."""
    angle = position * base ** (-np.arange(32) / 32)
    number = (x[:32] + 1j * x[32:]) * np.exp(1j * angle)
    return np.concatenate([number.real, number.imag])


@given(st.lists(st.integers(0, 299), min_size=1, max_size=6))
def test_logits_are_those_of_the_formulas(tiny: ReferenceModel, tokens: list[int]) -> None:
    found = tiny.logits(np.array(tokens))[-1]
    expected = OneByOne(tiny).logits(tokens)
    assert np.abs(found - expected).max() < 1e-3 * np.abs(expected).max()


def test_what_comes_later_changes_nothing_before(tiny: ReferenceModel) -> None:
    one, other = tiny.logits(np.array([5, 6, 7, 8])), tiny.logits(np.array([5, 6, 9, 8]))
    assert np.allclose(one[:2], other[:2], rtol=1e-5)
    assert not np.allclose(one[2:], other[2:], rtol=1e-2)


def test_rotation_makes_scores_depend_on_distance_only(tiny: ReferenceModel) -> None:
    random = np.random.default_rng(0)
    query, key = random.standard_normal((2, 1, 64), np.float32)
    turned_query, turned_key = (rotate(x, *rotary(12, tiny.config)) for x in (query, key))
    distance_three = [turned_query[t] @ turned_key[t - 3] for t in range(3, 12)]
    assert np.allclose(distance_three, distance_three[0], rtol=1e-3)


def test_likelihoods_are_normalised(tiny: ReferenceModel) -> None:
    total = sum(np.exp(log_likelihood(tiny, np.array([0, 7, token]))[-1]) for token in range(300))
    assert total == pytest.approx(1, rel=1e-3)


def test_the_default_model_finds_plain_prose_likely(model_path: Path) -> None:
    reference = ReferenceModel.load(model_path)
    read = [reference.config.begin_token, *open_tokenizer(model_path).encode(PROSE.encode())]
    likelihood = log_likelihood(reference, np.array(read))
    # In bits for a byte, since vocabularies differ. The same words backwards take 2.3.
    assert -likelihood.sum() / np.log(2) / len(PROSE) < 1.2
