"""The texts that a model is compressed on: what may ship, by kind, with a part held out."""

import gzip
import hashlib
import io
import json
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol

import numpy as np
import numpy.typing as npt

from foretype.errors import DataError, ErrorCode
from foretype.model.progress import Progress, no_progress

# What share of the training each kind gets: people's own messages go before books and web pages,
# whatever there is more of.
WEIGHTS = {"chat": 0.27, "meeting": 0.25, "handbook": 0.22, "web": 0.18, "book": 0.08}
# What a model wrote itself (scripts/write_texts.py) gets as much as all these.
WRITTEN_BY_MODEL = {"model": 1.0}

HELD_OUT_SHARE = 0.02  # of the texts of each kind
# A line this long is no greeting. A text of which nearly all of these stand in longer ones is an
# excerpt: once is enough. One of which many do cannot be held out, since it would be trained on all
# the same.
TELLING_LINE = 40  # characters
EXCERPT_SHARE = 0.8
REPEATED_SHARE = 0.2

# What a row's source holds, first match first.
_KIND_OF_SOURCE = (
    ("openstax", "book"),
    ("irc", "chat"),
    ("QMSum", "meeting"),
    ("handbook", "handbook"),
    ("guide", "handbook"),
)
_KIND_OF_OTHERS = "web"


class Encoder(Protocol):
    """What counting needs of a tokenizer."""

    @property
    def vocabulary(self) -> int:
        """Number of tokens."""

    def encode(self, text: bytes) -> list[int]:
        """Token ids."""


@dataclass(frozen=True, slots=True)
class Source:
    """A work that texts were taken from, for the attribution in NOTICE."""

    name: str
    licence: str
    texts: int
    characters: int


@dataclass(frozen=True, slots=True)
class _Row:
    source: str
    licence: str
    kind: str
    text: str


@dataclass(frozen=True)
class Mix:
    """Texts to train on, by kind, and texts of the same kinds that are never trained on.

    `held_out` depends on the texts alone, not on their order or a seed. Kinds stand in the order
    of their names; a kind of a single text has nothing held out.
    """

    kinds: dict[str, list[str]]
    held_out: dict[str, list[str]]
    weights: dict[str, float]  # of each kind, summing to 1
    _sources: tuple[Source, ...]

    @classmethod
    def read(cls, path: Path, progress: Progress = no_progress) -> "Mix":
        """A file of JSON lines (gzipped if it ends in .gz): `{"source", "license", "text"}`.

        Texts that are shared alike only (CC BY-SA and the like) are left out. A row may name its
        `kind`; else its source says it. Raises DataError, in one sentence.
        """
        rows = [row for row in _rows(path, progress) if may_ship(row.licence)]
        if not rows:
            raise _refused(f"{path} holds no text that may be trained on.")
        texts = _by_kind(rows)
        held_out = {kind: _held_out(group) for kind, group in texts.items()}
        if not any(held_out.values()):
            raise _refused(
                f"{path} holds no text that could be held out to measure by: "
                "at least two different ones of a kind are needed."
            )
        kept = {kind: _without(group, held_out[kind]) for kind, group in texts.items()}
        return cls(kept, held_out, _weights(texts), _sources(rows))

    def sources(self) -> tuple[Source, ...]:
        """The works that the texts are from, sorted by licence and name."""
        return self._sources

    def count(
        self, tokenizer: Encoder, progress: Progress = no_progress
    ) -> npt.NDArray[np.float64]:
        """How often each token stands in the texts to train on, [vocabulary].

        Kinds count by their weights, not by how much text there is of them; the sum is the number
        of tokens.
        """
        counts = {}
        total = sum(len(text) for texts in self.kinds.values() for text in texts)
        done = 0
        for kind, texts in self.kinds.items():
            counts[kind] = np.zeros(tokenizer.vocabulary, np.float64)
            for text in texts:
                tokens = np.array(tokenizer.encode(text.encode()), np.intp)
                counts[kind] += np.bincount(tokens, minlength=tokenizer.vocabulary)
                done += len(text)
                progress("counting", done, total)
        tokens_of = {kind: count.sum() for kind, count in counts.items()}
        weights = {kind: self.weights[kind] for kind in counts if tokens_of[kind]}
        scale = sum(tokens_of.values()) / sum(weights.values())
        weighted = (counts[kind] * (scale * w / tokens_of[kind]) for kind, w in weights.items())
        return np.asarray(sum(weighted, np.zeros(tokenizer.vocabulary)), np.float64)


def may_ship(licence: str) -> bool:
    """False for licences under which what is made from a text must be shared alike."""
    words = licence.upper().replace("_", "-").replace(" ", "-").split("-")
    return not ("SA" in words or ("SHARE" in words and "ALIKE" in words) or "SHAREALIKE" in words)


def _rows(path: Path, progress: Progress) -> Iterator[_Row]:
    try:
        size = path.stat().st_size
        with path.open("rb") as raw:
            for number, line in enumerate(_lines(raw, zipped=path.suffix == ".gz"), start=1):
                if line.strip():
                    yield _row(line, where=f"{path}, line {number},")
                progress("reading", min(raw.tell(), size), size)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(
            f"{path} is damaged: it breaks off or does not unpack; get it again."
        ) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise _refused(f"Cannot read {path}: {reason}.") from error
    except UnicodeDecodeError as error:
        raise _refused(f"{path} is not UTF-8 text.") from error


def _lines(raw: IO[bytes], *, zipped: bool) -> Iterable[str]:
    content: Any = gzip.GzipFile(fileobj=raw) if zipped else raw
    return io.TextIOWrapper(content, "utf-8", newline="\n")


def _row(line: str, *, where: str) -> _Row:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _refused(f"{where} is not JSON.") from error
    if not isinstance(row, dict):
        raise _refused(f"{where} is not a JSON object.")
    for key in ("source", "license", "text"):
        if not isinstance(row.get(key), str):
            raise _refused(f'{where} has no text under "{key}".')
    kind = row.get("kind") or kind_of(row["source"])
    if not isinstance(kind, str):
        raise _refused(f'{where} has a "kind" that is no text.')
    if not row["text"].isascii() and not _is_unicode(row["text"]):
        raise _refused(f'{where} has a "text" with half a character in it (a lone surrogate).')
    return _Row(row["source"], row["license"], kind, row["text"])


def kind_of(source: str) -> str:
    """chat, meeting, handbook, book or web."""
    matches = (kind for part, kind in _KIND_OF_SOURCE if part in source)
    return next(matches, _KIND_OF_OTHERS)


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _by_kind(rows: Iterable[_Row]) -> dict[str, list[str]]:
    """Each text once, whatever excerpts of it the file has; blank ones not at all."""
    texts: dict[str, dict[str, None]] = defaultdict(dict)
    for row in rows:
        if row.text.strip():
            texts[row.kind][row.text] = None
    return {kind: _without_excerpts(list(texts[kind])) for kind in sorted(texts)}


def _without_excerpts(texts: Sequence[str]) -> list[str]:
    excerpts: set[str] = set()
    seen: set[str] = set()
    for text in sorted(texts, key=len, reverse=True):
        lines = _telling(text)
        if lines and len(lines & seen) >= EXCERPT_SHARE * len(lines):
            excerpts.add(text)
        seen |= lines
    return [text for text in texts if text not in excerpts]


def _held_out(texts: Sequence[str]) -> list[str]:
    """The texts of the lowest digests, of those that hardly repeat another one."""
    count = max(1, round(len(texts) * HELD_OUT_SHARE)) if len(texts) > 1 else 0
    times = Counter(line for text in texts for line in _telling(text))
    own = (text for text in texts if not _repeats(_telling(text), times))
    return sorted(own, key=_digest)[:count]


def _repeats(lines: set[str], times: Mapping[str, int]) -> bool:
    return sum(times[line] > 1 for line in lines) > REPEATED_SHARE * len(lines)


def _telling(text: str) -> set[str]:
    return {line for line in text.split("\n") if len(line) >= TELLING_LINE}


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def _without(texts: Iterable[str], left_out: Iterable[str]) -> list[str]:
    gone = set(left_out)
    return [text for text in texts if text not in gone]


def _weights(kinds: Iterable[str]) -> dict[str, float]:
    """Kinds that the table does not know weigh as much as the middle one that it does."""
    middle = sorted(WEIGHTS.values())[len(WEIGHTS) // 2]
    known = WEIGHTS | WRITTEN_BY_MODEL
    raw = {kind: known.get(kind, middle) for kind in kinds}
    total = sum(raw.values())
    return {kind: weight / total for kind, weight in raw.items()}


def _sources(rows: Iterable[_Row]) -> tuple[Source, ...]:
    groups: Mapping[tuple[str, str], list[int]] = defaultdict(list)
    for row in rows:
        groups[row.licence, row.source].append(len(row.text))
    return tuple(
        Source(name, licence, len(lengths), sum(lengths))
        for (licence, name), lengths in sorted(groups.items())
    )


def _refused(sentence: str) -> DataError:
    return DataError(sentence, code=ErrorCode.WRONG_FORMAT)
