"""The tokens of a model file: their bytes, their rows of the embedding, how they were merged."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors import safe_open

from foretype import _core
from foretype._text import to_bytes
from foretype.errors import ErrorCode
from foretype.model import Progress
from foretype.model.config import Config
from foretype.model.groups import Dense
from foretype.model.mapped import model_error
from foretype.model.stored import stored_head
from foretype.model.tokenizer import read_vocabulary

STAGE = "reading the model's tokens"


@dataclass(frozen=True)
class ModelTokens:
    """Everything by token id.

    `texts[id]` is a token's bytes, `embedding` [tokens, width] its row, `merges` [count, 2] the
    pairs of ids that were merged, in rank order. Control tokens are in `specials`.
    """

    model: str
    texts: tuple[bytes, ...]
    merges: npt.NDArray[np.uint32]
    specials: frozenset[int]
    embedding: Dense

    def __len__(self) -> int:
        return len(self.texts)

    @cached_property
    def _tokenizer(self) -> _core.Tokenizer:
        return _core.Tokenizer(self.texts, self.merges, sorted(self.specials))

    def encode(self, text: str) -> list[int]:
        """The token ids of a text."""
        return self._tokenizer.encode(to_bytes(text))

    def encode_bytes(self, text: bytes) -> list[int]:
        """The same of UTF-8."""
        return self._tokenizer.encode(text)

    @cached_property
    def parts(self) -> dict[int, tuple[int, int]]:
        """The two tokens that each merged token is made of, by its id, in rank order."""
        ids = {text: token for token, text in enumerate(self.texts) if token not in self.specials}
        found: dict[int, tuple[int, int]] = {}
        for left, right in self.merges.tolist():
            found.setdefault(ids[self.texts[left] + self.texts[right]], (left, right))
        return found


def readable(token: bytes) -> str:
    """A token for people: in quotes, so that its spaces can be seen."""
    text = token.decode("utf-8", "backslashreplace")
    plain = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    return f"“{plain}”"


def read_tokens(path: Path, progress: Progress) -> ModelTokens:
    """Read them from a container. Raises ModelError if there is none or it is damaged."""
    progress(STAGE, 0, 2)
    vocabulary = read_vocabulary(path)
    progress(STAGE, 1, 2)
    with safe_open(path, framework="numpy") as file:
        names = set(file.keys())
        width = Config.from_metadata(file.metadata()).width
        head = stored_head(width, names, file.get_tensor)
        rows = file.get_tensor("head.row_of_token")
        model = file.metadata()["name"]
    embedding = head[rows]
    if not np.isfinite(embedding).all():
        detail = "its embedding holds numbers that are none"
        raise model_error(path, ErrorCode.CORRUPT, detail)
    tokens = ModelTokens(
        model=model,
        texts=tuple(vocabulary.tokens),
        merges=vocabulary.merges,
        specials=frozenset(vocabulary.specials),
        embedding=embedding,
    )
    progress(STAGE, 2, 2)
    return tokens
