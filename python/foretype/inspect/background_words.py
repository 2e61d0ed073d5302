"""The words of the English background with their probabilities: docs/formats/background.md."""

from importlib import resources
from pathlib import Path

import numpy as np

from foretype import _core

LEVELS_AT = 32  # bytes before the 256 probabilities
LEVELS = 256


def background_words(path: Path | None = None) -> list[tuple[str, float]]:
    """(word, probability) of every word; `path` None for the one in the package.

    Raises BackgroundError if the file is damaged.
    """
    shipped = resources.files("foretype").joinpath("data", "background.bin")
    data = path.read_bytes() if path else shipped.read_bytes()
    _core.Background.parse(data)
    words, bigrams = (int.from_bytes(data[at : at + 4], "little") for at in (16, 20))
    levels = np.frombuffer(data, "<f4", LEVELS, LEVELS_AT)
    starts_at = LEVELS_AT + 4 * LEVELS
    starts = np.frombuffer(data, "<u4", words + 1, starts_at).tolist()
    level_at = starts_at + 8 * (words + 1) + 2 * bigrams
    probabilities = levels[np.frombuffer(data, "u1", words, level_at)].tolist()
    text = data[level_at + words + bigrams :]
    return [
        (text[begin:end].decode(), probability)
        for begin, end, probability in zip(starts, starts[1:], probabilities, strict=False)
    ]
