"""The `tokenizers` library set up as the core's tokenizer is: what that must equal."""

from tokenizers import Tokenizer
from tokenizers.models import BPE
from tokenizers.pre_tokenizers import ByteLevel, Digits, Sequence

from foretype.model.vocabulary import BYTE_OF_CHARACTER, Vocabulary

CHARACTER_OF_BYTE = {byte: character for character, byte in BYTE_OF_CHARACTER.items()}


def library_tokenizer(vocabulary: Vocabulary) -> Tokenizer:
    """SmolLM2's settings. No control tokens are registered, so no text encodes to one."""
    texts = [_printable(token) for token in vocabulary.tokens]
    merges = [(texts[left], texts[right]) for left, right in vocabulary.merges.tolist()]
    tokenizer = Tokenizer(BPE({text: token for token, text in enumerate(texts)}, merges))
    split = [Digits(individual_digits=True), ByteLevel(add_prefix_space=False, use_regex=True)]
    tokenizer.pre_tokenizer = Sequence(split)
    return tokenizer


def _printable(token: bytes) -> str:
    return "".join(CHARACTER_OF_BYTE[byte] for byte in token)
