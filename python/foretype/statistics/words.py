"""The profile's words as tokens of the model: computed when asked for, kept nowhere."""

from collections.abc import Iterator
from pathlib import Path

from foretype import Profile
from foretype.model.tokenizer import open_tokenizer
from foretype.statistics.vocabulary import VocabularyRange, vocabulary_range


def profile_vocabulary(profile: Profile, model: Path) -> VocabularyRange:
    """The range of the words that the profile knows at this moment, each form as often as used.

    Nothing of it is stored, so what is forgotten in the profile is forgotten here too.
    Raises ModelError.
    """
    tokenizer = open_tokenizer(model)
    return vocabulary_range(_forms(profile), tokenizer.encode, tokenizer.vocabulary)


def _forms(profile: Profile) -> Iterator[tuple[str, int]]:
    for word in profile.words(own_only=False):
        for form in word.forms:
            yield form.text, form.inside + form.opening
