"""Builds the background of English from a file of texts."""

from dataclasses import dataclass
from pathlib import Path

from foretype import _core
from foretype.background.corpus import Progress, messages
from foretype.background.counts import count
from foretype.background.estimate import Size, estimate
from foretype.background.layout import encode
from foretype.errors import DataError
from foretype.model.atomic import atomic_write

MAX_BYTES = 3_000_000


@dataclass(frozen=True)
class Built:
    """What was written."""

    path: Path
    words: int
    bigrams: int
    size_bytes: int


def build(data: Path, output: Path, *, size: Size | None = None, progress: Progress) -> Built:
    """Count `data`, write the background file `output` whole or not at all.

    Raises DataError if `data` cannot be counted, StorageError if `output` cannot be written.
    """
    counts = count(messages(data, progress=progress))
    if not len(counts.pairs):
        raise DataError(f"{data} holds no text that may be counted.")
    progress("estimating", 0, 1)
    model = estimate(counts, size or Size())
    content = encode(model)
    _core.Background.parse(content)  # never ship what the core would refuse
    with atomic_write(output) as file:
        file.write(content)
    progress("estimating", 1, 1)
    return Built(output, len(model.words), len(model.rows), len(content))
