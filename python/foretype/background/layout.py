"""Writes the background file that docs/formats/background.md describes."""

import struct
import zlib

import numpy as np

from foretype.background.counts import Floats
from foretype.background.estimate import Model

MAGIC = b"FTWORDS\n"
VERSION = 1
LEVELS = 256
NEVER = LEVELS - 1  # the level of probability 0
LEAST = 1e-9  # the smallest probability that has a level of its own


def levels() -> Floats:
    """[256] Falling probabilities, evenly spaced by logarithm; the last one is 0."""
    steps = np.exp(np.linspace(0, np.log(LEAST), LEVELS - 1))
    return np.append(steps, 0.0).astype(np.float32).astype(np.float64)


def level_below(probabilities: Floats) -> bytes:
    """The level of each probability or the next one below, so that no sum grows beyond 1."""
    step = -np.log(LEAST) / (LEVELS - 2)
    position = np.ceil(-np.log(np.maximum(probabilities, LEAST)) / step - 1e-6)
    position = np.where(probabilities > 0, np.clip(position, 0, NEVER - 1), NEVER)
    return position.astype(np.uint8).tobytes()


def encode(model: Model) -> bytes:
    """The whole file."""
    texts = [word.encode() for word in model.words]
    text_ends = np.cumsum([0, *map(len, texts)])
    row_ends = np.searchsorted(model.rows, np.arange(len(texts) + 1))
    body = b"".join(
        [
            levels().astype("<f4").tobytes(),
            text_ends.astype("<u4").tobytes(),
            row_ends.astype("<u4").tobytes(),
            model.followers.astype("<u2").tobytes(),
            level_below(model.unigrams),
            level_below(model.bigrams),
            *texts,
        ]
    )
    sizes = struct.pack("<4I", len(texts), len(model.rows), int(text_ends[-1]), 0)
    head = MAGIC + struct.pack("<2I", VERSION, zlib.crc32(sizes + body))
    return head + sizes + body
