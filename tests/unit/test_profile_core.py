"""A profile at the core's door: operations out and in again, sections, the owner's wishes."""

from __future__ import annotations

import struct
import zlib

import pytest

from foretype import Engine, Profile, _core
from foretype.errors import ErrorCode, ProfileError

MESSAGES = (
    (b"Please review the quarterly numbers before Monday.", b""),
    (b"The Zanzibark file goes to Anna.", b"work"),
    (b"Please review the file.", b"work"),
    (b"Thanks a lot, see you then.", b"home"),
)


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine.open(language_model=False)


def empty(engine: Engine, day: int = 20_000) -> _core.Profile:
    profile = _core.Profile(engine._core)
    profile.set_day(day)
    return profile


def learned(engine: Engine) -> _core.Profile:
    profile = empty(engine)
    for day, (text, context) in enumerate(MESSAGES, start=20_000):
        profile.set_day(day)
        profile.learn(text, context)
    return profile


def test_what_is_drained_makes_the_same_profile(engine: Engine) -> None:
    profile = learned(engine)
    operations = profile.drain()
    assert profile.drain() == b""
    twin = empty(engine)
    assert twin.replay(operations) > 30
    assert twin.drain() == b""
    assert twin.save() == profile.save()
    assert twin.ngrams() == profile.ngrams()
    assert twin.contexts() == profile.contexts()


def test_operations_come_in_pieces(engine: Engine) -> None:
    profile, twin = empty(engine), empty(engine)
    for text, context in MESSAGES:
        profile.learn(text, context)
        twin.replay(profile.drain())
    assert twin.save() == profile.save()
    assert twin.ngrams() == profile.ngrams()


def test_a_profile_without_a_journal_keeps_no_operations(engine: Engine) -> None:
    profile = empty(engine)
    profile.keep_journal(False)
    profile.learn(*MESSAGES[0])
    assert profile.drain() == b""


def test_sections_hold_all_that_is_no_ngram(engine: Engine) -> None:
    profile = learned(engine)
    profile.paused = True
    assert profile.block(b"Zanzibark")
    twin = empty(engine)
    twin.load(profile.save())
    assert twin.save() == profile.save()
    assert twin.messages() == profile.messages() != []
    assert twin.blocked() == [b"zanzibark"]
    assert twin.paused


def test_sections_hold_the_ngrams_of_each_context(engine: Engine) -> None:
    profile = learned(engine)
    profile.set_private(b"home", True)
    twin = empty(engine)
    twin.learn(b"Nothing of this stays.", b"other")
    twin.load(profile.save())
    assert all_rows(twin) == all_rows(profile)
    assert twin.contexts() == profile.contexts()
    assert twin.drain() == b""
    assert [name for name, _ in profile.save()] == [
        "profile",
        "trie/0",
        "trie/1",
        "trie/2",
        "rank",
        "statistics",
    ]


def counted_profile(engine: Engine) -> Profile:
    """A profile of somebody who took a suggestion."""
    profile = engine.profile()
    profile.learn("Please review the quarterly numbers before Monday.")
    session = engine.session(profile, proposers="trie")
    for letter in "please rev":
        session.type(letter)
        session.suggest()
    assert session.accept() == "iew"
    session.finish()
    assert any(profile._core.hit_table())
    return profile


def counted(engine: Engine) -> _core.Profile:
    return counted_profile(engine)._core


NUMBERS = ("rank", "statistics")


@pytest.mark.parametrize("name", NUMBERS)
def test_sections_of_numbers_need_not_be_there(engine: Engine, name: str) -> None:
    profile, twin = counted(engine), empty(engine)
    sections = profile.save()
    twin.load(sections)
    assert twin.save() == sections
    others = [section for section in sections if section[0] != name]
    for without in (others, [*others, (name, b"")]):
        twin.load(without)
        assert dict(twin.save())[name] == dict(empty(engine).save())[name]
        assert [each for each in twin.save() if each[0] != name] == others
    assert dict(sections)[name] != dict(empty(engine).save())[name]


@pytest.mark.parametrize("name", NUMBERS)
def test_damaged_numbers_are_named_and_change_nothing(engine: Engine, name: str) -> None:
    profile = counted(engine)
    before = profile.save()
    data = dict(before)[name]
    for at in range(len(data)):
        damaged = data[:at] + bytes([data[at] ^ 0x10]) + data[at + 1 :]
        with pytest.raises(ProfileError, match=f"section {name}: the {name} section"):
            profile.load([(each, damaged if each == name else old) for each, old in before])
    assert profile.save() == before


def test_numbers_that_are_none_are_refused(engine: Engine) -> None:
    profile = counted(engine)
    sections = dict(profile.save())
    body = bytearray(sections["rank"][:-4])
    body[10:18] = struct.pack("<d", float("nan"))
    sections["rank"] = bytes(body) + zlib.crc32(body).to_bytes(4, "little")
    with pytest.raises(ProfileError, match=r"section rank: .*no number"):
        profile.load(list(sections.items()))


def test_what_outcomes_taught_survives_without_a_snapshot(engine: Engine) -> None:
    profile, twin = counted_profile(engine), empty(engine)
    operations = b"".join(row.ops for row in profile._keeper.rows(0))
    for _ in range(2):  # a state: doing it again changes nothing
        twin.replay(operations)
        assert dict(twin.save())["rank"] == dict(profile._core.save())["rank"]
    assert twin.drain() == b""


def test_no_text_lies_in_sections_of_numbers(engine: Engine) -> None:
    sections = dict(counted(engine).save())
    words = (b"please", b"review", b"iew", b"quarterly", b"numbers", b"before", b"onday")
    for name in NUMBERS:
        assert not [word for word in words if word in sections[name].lower()]


def test_forgetting_everything_forgets_the_counts(engine: Engine) -> None:
    profile = counted(engine)
    profile.forget(b"quarterly")
    assert any(profile.hit_table())
    profile.forget_all()
    assert profile.save() == empty(engine).save()


def test_a_journal_goes_on_where_a_snapshot_ended(engine: Engine) -> None:
    profile, twin = learned(engine), empty(engine)
    profile.drain()
    twin.load(profile.save())
    profile.learn(b"And the Zanzibark file is here.", b"work")
    profile.set_private(b"home", True)
    twin.replay(profile.drain())
    assert all_rows(twin) == all_rows(profile)
    assert twin.save() == profile.save()


@pytest.mark.parametrize("lost", ["profile", "trie/0", "trie/1"])
def test_a_lost_section_is_named_and_can_be_done_without(engine: Engine, lost: str) -> None:
    profile, twin = learned(engine), empty(engine)
    sections = profile.save()
    missing = [section for section in sections if section[0] != lost]
    with pytest.raises(ProfileError, match=f"section {lost}"):
        twin.load(missing)
    damaged = [(name, data[:-1] if name == lost else data) for name, data in sections]
    with pytest.raises(ProfileError, match=f"section {lost}"):
        twin.load(damaged)
    assert twin.ngrams() == 0
    twin.load([*missing, (lost, b"")])
    assert (twin.ngrams() == 0) == (lost == "trie/0")
    assert (twin.messages() == []) == (lost == "profile")


def test_messages_know_where_and_when(engine: Engine) -> None:
    expected = [(context, day, text) for day, (text, context) in enumerate(MESSAGES, start=20_000)]
    assert learned(engine).messages() == expected


def test_each_context_remembers_as_much(engine: Engine) -> None:
    profile = empty(engine)
    profile.learn(b"Hello there.", b"work")
    for number in range(200):
        profile.learn(b"This is message number %d of so many others." % number)
    kept = profile.messages()
    assert kept[0] == (b"work", 20_000, b"Hello there.")
    assert 3500 < sum(len(text) for _, _, text in kept[1:]) <= 4096


@pytest.mark.parametrize("cut", [1, 5, -1])
def test_damaged_operations_keep_what_stood_before(engine: Engine, cut: int) -> None:
    profile = learned(engine)
    good = profile.drain()
    profile.learn(b"One more thing.")
    bad = profile.drain()[:cut]
    twin = empty(engine)
    with pytest.raises(ProfileError) as error:
        twin.replay(good + bad)
    assert error.value.code == ErrorCode.TRUNCATED
    other = empty(engine)
    other.replay(good)
    assert twin.ngrams() >= other.ngrams()
    assert twin.messages() == other.messages()


def test_an_operation_of_another_version_is_named(engine: Engine) -> None:
    with pytest.raises(ProfileError, match="journal operation 99 is unknown"):
        empty(engine).replay(b"\x63")


def newer(section: bytes) -> bytes:
    """The section in another version, with the checksum of that."""
    body = section[:8] + b"\x09" + section[9:-4]
    return body + zlib.crc32(body).to_bytes(4, "little")


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (lambda data: data[:4], ErrorCode.TRUNCATED),
        (lambda data: b"x" + data[1:], ErrorCode.WRONG_FORMAT),
        (lambda data: newer(data), ErrorCode.WRONG_VERSION),
        (lambda data: data[:8] + b"\x09" + data[9:], ErrorCode.CORRUPT),
        (lambda data: data[:20] + bytes([data[20] ^ 1]) + data[21:], ErrorCode.CORRUPT),
        (lambda data: data[:-1], ErrorCode.CORRUPT),
    ],
)
def test_a_damaged_section_is_refused(engine: Engine, damage, code) -> None:  # type: ignore[no-untyped-def]
    sections = learned(engine).save()
    bad = [(name, damage(data) if name == "profile" else data) for name, data in sections]
    profile = learned(engine)
    before = profile.save()
    with pytest.raises(ProfileError) as error:
        profile.load(bad)
    assert error.value.code == code
    assert profile.save() == before


def test_only_single_words_are_blocked(engine: Engine) -> None:
    profile = empty(engine)
    assert not profile.block(b"two words")
    assert not profile.block(b"?!")
    assert not profile.block(b"")
    assert profile.block(b"O'Brien")
    assert profile.block(b"o'brien")
    assert profile.blocked() == [b"o'brien"]
    assert not profile.unblock(b"other")
    assert profile.unblock(b"O'BRIEN")
    assert profile.blocked() == []


def test_everything_is_forgotten(engine: Engine) -> None:
    profile = learned(engine)
    profile.block(b"word")
    profile.forget_all()
    assert profile.save() == empty(engine).save()
    assert profile.ngrams() == 0
    assert profile.drain() == b""


def rows(profile: _core.Profile, context: bytes = b"") -> tuple[list[object], list[object]]:
    """Every count of one trie, in an order of its own; days left out."""
    words = [(unit, *counts) for unit, *counts, _, _, _ in profile.words(context, 0, 1 << 30)]
    ngrams: list[object] = []
    first: int | None = 0
    while first is not None:
        found, first = profile.ngram_rows(context, first, 7)
        ngrams += [(units, unit, count) for units, unit, count, _ in found]
    return sorted(words, key=repr), sorted(ngrams, key=repr)


Rows = dict[bytes, tuple[list[object], list[object]]]


def all_rows(profile: _core.Profile) -> Rows:
    names = [b"", *(name for name, _, _ in profile.contexts())]
    return {name: rows(profile, name) for name in names}


def test_a_private_context_is_as_if_never_learned_elsewhere(engine: Engine) -> None:
    profile, without = learned(engine), empty(engine)
    for text, context in MESSAGES:
        if context != b"work":
            without.learn(text, context)
    before = all_rows(profile)
    profile.set_private(b"work", True)
    assert rows(profile) == rows(without)
    assert rows(profile, b"work") == before[b"work"]
    profile.set_private(b"work", False)
    assert all_rows(profile) == before


def test_what_is_learned_while_private_moves_too(engine: Engine) -> None:
    first, later, never = empty(engine), empty(engine), empty(engine)
    first.set_private(b"work", True)
    for profile in (first, later, never):
        for text, context in MESSAGES:
            profile.learn(text, context)
    later.set_private(b"work", True)
    assert all_rows(first) == all_rows(later)
    first.set_private(b"work", False)
    assert all_rows(first) == all_rows(never)


def test_a_context_is_forgotten(engine: Engine) -> None:
    for private in (False, True):
        profile, without = learned(engine), empty(engine)
        profile.set_private(b"work", private)
        for text, context in MESSAGES:
            if context != b"work":
                without.learn(text, context)
        ngrams, messages = profile.forget_context(b"work")
        assert ngrams > 20
        assert messages == 2
        assert all_rows(profile) == all_rows(without)
        assert [text for _, _, text in profile.messages()] == [MESSAGES[0][0], MESSAGES[3][0]]
        assert profile.drain() == b""
        assert profile.forget_context(b"work") == (0, 0)


def test_what_was_learned_in_no_context_is_forgotten(engine: Engine) -> None:
    profile, without = learned(engine), empty(engine)
    for text, context in MESSAGES:
        if context:
            without.learn(text, context)
    assert profile.forget_context(b"")[1] == 1
    assert all_rows(profile) == all_rows(without)


def test_a_stretch_of_operations_is_taken_back(engine: Engine) -> None:
    profile = learned(engine)
    profile.drain()
    before, messages = all_rows(profile), profile.messages()
    profile.learn(b"See the Xanadu plan. See the Xanadu plan.", b"other")
    profile.learn(b"Please review the Xanadu plan.", b"work")
    operations = profile.drain()
    assert all_rows(profile) != before
    ngrams, gone = profile.take_back(operations)
    assert ngrams > 10
    assert gone == 2
    assert all_rows(profile) == before
    assert profile.messages() == messages


def test_damaged_operations_take_nothing_back(engine: Engine) -> None:
    profile = learned(engine)
    operations = profile.drain()
    before = all_rows(profile)
    with pytest.raises(ProfileError):
        profile.take_back(operations[:-1])
    assert all_rows(profile) == before


def test_a_word_says_where_it_is_from(engine: Engine) -> None:
    profile = learned(engine)
    assert profile.describe(b"zanzibarK") == [
        (b"", 0, b"Zanzibark", 1, 0, 0, 0, 20_001, 20_001),
        (b"work", 0, b"Zanzibark", 1, 0, 0, 0, 20_001, 20_001),
    ]
    assert profile.describe(b"review")[0][1:4] == (1, b"review", 2)
    assert profile.describe(b"unheard") == []
    assert len(profile.words(b"", 0, 5)) == 5
    assert profile.words(b"", 0, 9) == profile.words(b"", 0, 5) + profile.words(b"", 5, 4)
    assert profile.words(b"nowhere", 0, 9) == []
    assert profile.ngram_rows(b"nowhere", 0, 9) == ([], None)


def test_rows_make_the_same_profile(engine: Engine) -> None:
    profile, twin = learned(engine), empty(engine)
    for context in (b"", b"work", b"home"):
        for unit, *counts, _ in profile.words(context, 0, 1 << 30):
            twin.add_word_row(context, unit, *counts)
        for units, unit, count, day in profile.ngram_rows(context, 0, 1 << 30)[0]:
            twin.add_ngram_row(context, list(units), unit, count, day)
    assert all_rows(twin) == all_rows(profile)
    assert twin.contexts() == profile.contexts()


FORMS = (b"Zanzibark", b"zanzibark", b"ZANZIBARK", b"ZanziBark")


def all_bytes(profile: _core.Profile) -> bytes:
    """Everything that could go to disk, in small letters."""
    return b"".join(data for _, data in profile.save()).lower() + profile.drain().lower()


@pytest.mark.parametrize("private", [False, True])
def test_a_word_is_forgotten_in_every_form_everywhere(engine: Engine, private: bool) -> None:
    profile = empty(engine)
    profile.set_private(b"home", private)
    for form in FORMS:
        for context in (b"", b"work", b"home"):
            profile.learn(b"The %s file. Ask about %s's file, zanzibark-like." % (form, form))
            profile.learn(b"Mail to ask@%s.org, see #%s." % (form, form), context)
    profile.learn(b"The other file is here.", b"home")
    assert profile.holds(b"zanzibark")
    ngrams, messages = profile.forget(b"ZANZIbark")
    assert ngrams > 50
    assert messages == 24
    assert b"zanzibark" not in all_bytes(profile)
    assert not profile.holds(b"Zanzibark")
    assert profile.describe(b"zanzibark") == []
    assert profile.describe(b"file")[0][3] > 20, "other words keep their counts"
    assert [text for _, _, text in profile.messages()] == [b"The other file is here."]
    assert profile.forget(b"zanzibark") == (0, 0)


def test_words_that_only_contain_a_forgotten_one_stay(engine: Engine) -> None:
    profile = empty(engine)
    profile.learn(b"The art of the start is in the heart.")
    profile.forget(b"art")
    assert profile.describe(b"art") == []
    assert profile.describe(b"start") != []
    assert profile.describe(b"heart") != []


@pytest.mark.parametrize("phrase", [b"Xanadu Plan", b"the  xanadu plan", b"the Xanadu plan, Anna"])
def test_a_phrase_is_forgotten(engine: Engine, phrase: bytes) -> None:
    profile = empty(engine)
    profile.learn(b"See the Xanadu plan, Anna.", b"work")
    profile.learn(b"See the\nXanadu Plan's pages. The other plan is here, and Xanadu is there.")
    profile.learn(b"The other plan is here.")
    assert profile.holds(phrase)
    ngrams, messages = profile.forget(phrase)
    assert ngrams > 5
    assert messages >= 1
    assert not profile.holds(phrase)
    assert profile.describe(b"xanadu") != [], "its words stay"
    found = [(*row[0], row[1].lower()) for row in profile.ngram_rows(b"", 0, 1 << 30)[0]]
    pairs = [row for row in found if any(row[i : i + 2] == (b"xanadu", b"plan") for i in range(4))]
    assert pairs == []
    assert any(row[:2] == (b"other", b"plan") for row in found)


def test_nothing_is_forgotten_for_no_text(engine: Engine) -> None:
    profile = learned(engine)
    before = all_rows(profile)
    assert profile.forget(b"") == profile.forget(b" ") == (0, 0)
    assert profile.forget(b"unheard of") == profile.forget(b"unheard") == (0, 0)
    assert all_rows(profile) == before


def test_room_is_made_in_all_tries(engine: Engine) -> None:
    profile = learned(engine)
    total = sum(len(part) for found in all_rows(profile).values() for part in found)
    assert profile.make_room() == profile.make_room(total) == 0
    dropped = profile.make_room(total // 2)
    assert dropped >= total // 2
    assert sum(count for _, _, count in profile.contexts()) + profile.ngrams() <= total // 2
