"""A vocabulary in the printable form that other formats keep: `from_printable` the other way."""

from foretype.model.vocabulary import BYTE_OF_CHARACTER, Vocabulary

CHARACTER_OF_BYTE = {byte: character for character, byte in BYTE_OF_CHARACTER.items()}


def token_texts(vocabulary: Vocabulary) -> list[str]:
    """Every token in GPT-2's printable alphabet; control tokens as their names."""
    control = set(vocabulary.specials)
    return [
        data.decode("utf-8", "replace") if token in control else printable(data)
        for token, data in enumerate(vocabulary.tokens)
    ]


def merge_texts(vocabulary: Vocabulary) -> list[str]:
    """Both halves of every merge, with a space between, in rank order."""
    texts = token_texts(vocabulary)
    return [f"{texts[left]} {texts[right]}" for left, right in vocabulary.merges.tolist()]


def printable(data: bytes) -> str:
    """Every byte as one visible character."""
    return "".join(CHARACTER_OF_BYTE[byte] for byte in data)
