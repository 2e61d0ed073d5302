"""A profile goes out to a file and comes back the same; added to another it is the sum."""

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretype import Engine, Profile
from foretype.errors import DataError
from foretype.profile import export_profile, import_profile

ENGINE = Engine.open(language_model=False)
CONTEXTS = ["", "client", "Büro"]

words = st.sampled_from(
    ["the", "Quarkon", "QUARKON", "can't", "e-mail", "3pm", "Élan", "\ud800", ","]
)
messages = st.lists(words, min_size=1, max_size=8).map(" ".join)
learning = st.tuples(st.just("learn"), messages, st.sampled_from(CONTEXTS))
wishes = st.one_of(
    st.tuples(st.just("private"), st.sampled_from(CONTEXTS[1:]), st.booleans()),
    st.tuples(st.just("block"), st.sampled_from(["Zorgel", "élan"]), st.none()),
)
lives = st.lists(st.one_of(learning, learning, learning, wishes), max_size=12)


def lived(life) -> Profile:
    profile = ENGINE.profile()
    for what, one, other in life:
        if what == "learn":
            profile.learn(one, context=other)
        elif what == "private":
            profile.set_private(one, other)
        else:
            profile.block(one)
    return profile


def exported(profile: Profile) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "profile.jsonl"
        export_profile(profile, path)
        return path.read_bytes()


def imported(profile: Profile, data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "profile.jsonl"
        path.write_bytes(data)
        import_profile(profile, path)


@given(lives)
@settings(max_examples=60)
def test_import_of_an_export_is_the_identity(life) -> None:
    before = lived(life)
    after = ENGINE.profile()
    imported(after, exported(before))
    assert exported(after) == exported(before)
    for known in (lambda profile: profile._core.messages(), told, lambda profile: profile.blocked):
        assert known(after) == known(before)


def told(profile: Profile) -> list[object]:
    """What the owner is told of each word and each context that holds anything."""
    words = sorted(profile.words(own_only=False), key=lambda facts: facts.word)
    return [*words, *(each for each in profile.contexts() if each.ngrams or each.private)]


@given(lives, lives)
@settings(max_examples=60)
def test_what_is_imported_is_added(first, second) -> None:
    """Word by word: n-grams of a context that is private on one side only are counted apart."""
    other = lived(second)
    sum_of_both = lived(first)
    imported(sum_of_both, exported(other))
    for word in {"the", "quarkon", "can't", "élan"}:
        parts = [profile.show(word) for profile in (lived(first), other)]
        total = sum(part.uses for part in parts if part is not None)
        together = sum_of_both.show(word)
        assert (together.uses if together else 0) == total


@given(lives, lives, st.data())
@settings(max_examples=60)
def test_of_a_damaged_file_nothing_is_imported(life, other, data) -> None:
    lines = exported(lived(other)).splitlines(keepends=True)
    place = data.draw(st.integers(0, len(lines) - 1))
    damage = data.draw(st.sampled_from(["cut", "drop", "garble", "type"]))
    profile = lived(life)
    before = profile._core.save()
    with pytest.raises(DataError, match=r"line \d+.*Nothing was imported|Nothing was imported"):
        imported(profile, b"".join(damaged(lines, place, damage)))
    assert profile._core.save() == before


def damaged(lines: list[bytes], place: int, damage: str) -> list[bytes]:
    if damage == "cut":
        return lines[:place]
    if damage == "drop":
        return lines[:place] + lines[place + 1 :]
    if damage == "garble":
        return [*lines[:place], lines[place][:-3] + b"\n", *lines[place + 1 :]]
    line = json.loads(lines[place])
    name = next(iter(line))
    return [*lines[:place], json.dumps(line | {name: None}).encode() + b"\n", *lines[place + 1 :]]
