"""The tokenizer in a model container: docs/formats/model.md."""

import itertools
from pathlib import Path

from safetensors import safe_open

from foretype import _core
from foretype.model.mapped import open_model
from foretype.model.vocabulary import Vocabulary


def read_vocabulary(model: Path) -> Vocabulary:
    """The vocabulary in a model container. Raises ModelError."""
    open_model(model).close()  # says in a sentence what is the matter with a file
    with safe_open(model, framework="numpy") as file:
        offsets = file.get_tensor("tokenizer.token_offsets").tolist()
        data = file.get_tensor("tokenizer.token_bytes").tobytes()
        merges = file.get_tensor("tokenizer.merges").reshape(-1, 2)
        specials = file.get_tensor("tokenizer.specials").tolist()
        parted = "tokenizer.common" in file.keys()  # noqa: SIM118 - it is no dictionary
        common = file.get_tensor("tokenizer.common").tolist() if parted else []
    tokens = [data[begin:end] for begin, end in itertools.pairwise(offsets)]
    return Vocabulary(tokens, merges, specials, common)


def open_tokenizer(model: Path) -> _core.Tokenizer:
    """The tokenizer of a model container. Raises ModelError."""
    vocabulary = read_vocabulary(model)
    return _core.Tokenizer(vocabulary.tokens, vocabulary.merges, vocabulary.specials)
