"""A random model of a few kilobytes, for tests: right in every shape, wise in nothing."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from foretype.model.coded import CodedGroups, quantize_coded
from foretype.model.config import Config
from foretype.model.container import container_metadata, write_container
from foretype.model.groups import Dense, Int4Groups, Int8Groups, quantize_int4, quantize_int8
from foretype.model.progress import no_progress
from foretype.model.tensors import container_tensors
from foretype.model.vocabulary import TEXT_BOUNDARY, Vocabulary

SPECIALS = (TEXT_BOUNDARY, b"<|im_start|>", b"<|im_end|>")
LONGEST_TOKEN = 6  # bytes
SEEDLINGS = b" etaoinshrdlu"  # what merged tokens grow from


class RandomModel:
    """A Source of normally distributed weights, the same for the same seed."""

    def __init__(
        self, config: Config, vocabulary: Vocabulary, seed: int, *, others_bits: int | None = None
    ) -> None:
        self.config = config
        self.vocabulary = vocabulary
        self.name = "tiny"
        self.licence = "Apache-2.0"
        self.narrows = True
        self.others_bits = others_bits
        self._random = np.random.default_rng(seed)

    def matrix(self, name: str) -> Int4Groups:
        """Outputs about as large as inputs."""
        rows, columns = self.config.matrices()[name.split(".", 2)[2]]
        return quantize_int4(self._normal(rows, columns) / np.sqrt(np.float32(columns)), name=name)

    def dense(self, name: str) -> Dense:
        """As `matrix` or `embedding`, whichever it is; it takes the same random numbers."""
        return (self.embedding() if name == "embedding" else self.matrix(name)).dense()

    def embedding(self) -> Int8Groups | CodedGroups:
        """Rows by token id."""
        weights = self._normal(self.config.vocabulary, self.config.width)
        if self.others_bits is not None:
            return quantize_coded(weights, self.others_bits, name="embedding").in_bits(4)
        return quantize_int8(weights, name="embedding")

    def norm(self, name: str) -> Dense:
        """Near one."""
        return np.float32(1) + self._normal(self.config.width) / np.float32(10)

    def sha256(self) -> str:
        """There are no bytes that the weights were read from."""
        return "0" * 64

    def _normal(self, *shape: int) -> Dense:
        return self._random.standard_normal(shape, np.float32)


def write_tiny_model(
    path: Path,
    *,
    seed: int = 0,
    layers: int = 2,
    width: int = 64,
    heads: int = 2,
    kv_heads: int = 1,
    ffn_width: int = 96,
    merges: int = 41,
    attention_windows: tuple[int, ...] = (),
    common: Sequence[int] = (),
    others_bits: int | None = None,
) -> Path:
    """Write a container of 3 control tokens, 256 bytes and `merges` longer tokens."""
    vocabulary = replace(random_vocabulary(merges, seed=seed), common=common)
    config = Config(
        layers=layers,
        width=width,
        heads=heads,
        kv_heads=kv_heads,
        head_width=64,
        ffn_width=ffn_width,
        vocabulary=len(vocabulary.tokens),
        rope_base=10000.0,
        norm_epsilon=1e-5,
        begin_token=vocabulary.begin_token(otherwise=0),
        attention_windows=attention_windows,
    )
    source = RandomModel(config, vocabulary, seed, others_bits=others_bits)
    metadata = container_metadata(
        config,
        name=source.name,
        licence=source.licence,
        source="made by foretype.reference.tiny_model",
        source_sha256=source.sha256(),
    )
    write_container(path, metadata, list(container_tensors(source, no_progress)))
    return path


def random_vocabulary(merges: int, *, seed: int) -> Vocabulary:
    """Control tokens first, then bytes, then tokens merged from earlier ones."""
    random = np.random.default_rng(seed)
    tokens = [*SPECIALS, *(bytes([byte]) for byte in range(256))]
    growing = [len(SPECIALS) + byte for byte in SEEDLINGS]
    pairs: list[tuple[int, int]] = []
    while len(pairs) < merges:
        left, right = (int(token) for token in random.choice(growing, 2))
        merged = tokens[left] + tokens[right]
        if len(merged) <= LONGEST_TOKEN and merged not in tokens:
            pairs.append((left, right))
            growing.append(len(tokens))
            tokens.append(merged)
    return Vocabulary(tokens, np.array(pairs, np.uint32).reshape(-1, 2), range(len(SPECIALS)))
