"""What the owner of a profile may ask and do, on the real core."""

import gc
import sqlite3
import threading
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from profile_files import files_holding, largest_file

from foretype import Engine, Profile
from foretype.errors import StorageError
from foretype.profile import Forgotten
from foretype.profile.known import word_rows
from foretype.profile.records import Section


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine.open(language_model=False)


@pytest.fixture
def profile(engine: Engine) -> Profile:
    return engine.profile()


def type_text(engine: Engine, profile: Profile, text: str) -> None:
    session = engine.session(profile, proposers="trie")
    for character in text:
        session.type(character)
    session.finish()


def suggests(engine: Engine, profile: Profile, before: str) -> str:
    session = engine.session(profile, proposers="trie")
    session.type(before)
    suggestion = session.suggest()
    return suggestion.text if suggestion else ""


def test_why_a_word_is_known(profile: Profile) -> None:
    profile.learn("the Quarkon is here", day=date(2026, 1, 5))
    profile.learn("Quarkon again. the Quarkon", day=date(2026, 2, 6))
    facts = profile.show("quarkon")
    assert facts is not None
    assert (facts.word, facts.uses, facts.rung) == ("Quarkon", 3, "confirmed")
    assert [(form.text, form.inside, form.opening) for form in facts.forms] == [("Quarkon", 2, 1)]
    assert (facts.first_day, facts.last_day) == (date(2026, 1, 5), date(2026, 2, 6))
    assert facts.contexts == ("",)
    assert profile.show("unknown") is None


def test_where_a_word_was_written(profile: Profile) -> None:
    profile.learn("Quarkon", context="client")
    profile.learn("Zorgel", context="client")
    profile.learn("Zorgel")
    assert [profile.show(word).contexts for word in ("Quarkon", "Zorgel")] == [
        ("client",),
        ("", "client"),
    ]
    assert profile.show("zorgel").uses == 2


def test_words_are_the_users_own_the_newest_first(profile: Profile) -> None:
    profile.learn("Zorgel and Quarkon and Quarkon and Qualitar meet")
    assert [facts.word for facts in profile.words()] == ["Qualitar", "Quarkon", "Zorgel"]
    assert [facts.word for facts in profile.words("QUA", limit=1)] == ["Qualitar"]
    profile.learn("Farolux", day=date(2025, 1, 5))
    assert profile.words()[-1].word == "Farolux"
    assert "and" in [facts.word for facts in profile.words(own_only=False)]


def test_a_private_context_is_counted_apart(profile: Profile) -> None:
    profile.learn("secret Quarkon", context="client")
    profile.learn("open Zorgel")
    profile.set_private("client", True)
    assert [facts.word for facts in profile.words(context="")] == ["Zorgel"]
    assert [facts.word for facts in profile.words(context="client")] == ["Quarkon"]
    assert {facts.word for facts in profile.words()} == {"Quarkon", "Zorgel"}
    [context] = profile.contexts()
    assert (context.name, context.private, context.messages) == ("client", True, 1)


def test_stats_say_what_is_there(engine: Engine, tmp_path: Path) -> None:
    with engine.open_profile(tmp_path) as profile:
        profile.learn("Quarkon one", context="client")
        profile.block("Zorgel")
        profile.paused = True
        profile.compact()
        stats = profile.stats()
    assert (stats.words, stats.contexts, stats.messages, stats.blocked) == (2, 1, 1, 1)
    assert (stats.paused, stats.folder, stats.max_ngrams) == (True, tmp_path, 1_000_000)
    assert 0 < stats.ngrams < 20
    assert stats.file_bytes > 20_000


def test_what_was_learned_and_wished_is_kept(engine: Engine, tmp_path: Path) -> None:
    with engine.open_profile(tmp_path) as profile:
        type_text(engine, profile, "we meet Quarkon at noon. ")
        profile.learn("secret Zorgel", context="client")
        profile.set_private("client", True)
        profile.block("Blorp")
        profile.paused = True
        before = profile._core.save()
    with engine.open_profile(tmp_path) as again:
        assert again._core.save() == before
        assert again.paused
        assert again.blocked == ("blorp",)
        assert suggests(engine, again, "we meet Qu").rstrip() == "arkon"


def test_the_journal_alone_is_as_good_as_the_snapshot(engine: Engine, tmp_path: Path) -> None:
    writer = engine.open_profile(tmp_path)
    type_text(engine, writer, "we meet Quarkon at noon. ")
    writer.learn("secret Zorgel", context="client")
    writer.set_private("client", True)
    writer.flush()
    reader = engine.open_profile(tmp_path)
    assert reader.read_only
    assert reader._core.save() == writer._core.save()
    writer.close()


FORGETTABLE = "Please meet QUARKONIA and Quarkonia's team, quarkonia or Quarkonia."


def test_a_forgotten_word_lies_in_no_file_and_is_never_suggested(
    engine: Engine, tmp_path: Path
) -> None:
    with engine.open_profile(tmp_path) as profile:
        profile.learn(FORGETTABLE)
        profile.compact()
        type_text(engine, profile, FORGETTABLE)
        profile.learn(FORGETTABLE, context="client")
        profile.flush()
        assert files_holding(tmp_path, b"quarko")
        gone = profile.forget("quarkoniA")
        assert gone.ngrams > 0
        assert gone.messages == 3
        for part in (b"quark", b"konia"):
            assert files_holding(tmp_path, part) == []
        assert profile.show("Quarkonia") is None
        for before in ("Q", "Quark", "please meet qu", "QUARK"):
            assert "konia" not in suggests(engine, profile, before).lower()
    for part in (b"quark", b"konia"):
        assert files_holding(tmp_path, part) == []
    with engine.open_profile(tmp_path) as again:
        assert again.show("Quarkonia") is None
        assert again.show("team") is not None


def test_a_forgotten_phrase_is_not_said_again(engine: Engine, tmp_path: Path) -> None:
    with engine.open_profile(tmp_path) as profile:
        for _ in range(3):
            profile.learn("the Quarkon deal closes tomorrow")
        assert suggests(engine, profile, "the Quarkon d").startswith("eal")
        profile.forget("Quarkon deal")
        assert profile.show("Quarkon") is not None
        assert files_holding(tmp_path, b"Quarkon deal") == []
        rows = [row for row in profile._core.ngram_rows(b"", 0, 1000)[0] if b"quarkon" in row[0]]
        assert b"deal" not in [unit for _, unit, _, _ in rows]


def test_what_the_owner_still_names_is_said(profile: Profile) -> None:
    profile.block("Quarkonia")
    profile.learn("meet us", context="Megacorp")
    assert "blocked words" in profile.forget("QUARKONIA").note
    assert "name of a context" in profile.forget("megacorp").note


def test_nothing_is_forgotten_by_nothing(profile: Profile) -> None:
    profile.learn("meet Quarkonia")
    assert profile.forget(" \n") == Forgotten(0, 0)
    assert profile.show("Quarkonia") is not None
    assert profile._keeper.rows(0)


def test_the_last_minutes_are_taken_back(engine: Engine, tmp_path: Path) -> None:
    profile = engine.open_profile(tmp_path)
    profile.learn("before Quarkon")
    profile.flush()
    begin = datetime.now() + timedelta(milliseconds=2)
    while datetime.now() < begin:
        pass
    type_text(engine, profile, "after Zorgelton Quarkon. ")
    gone = profile.forget_since(begin)
    assert (gone.messages, gone.note) == (1, "")
    assert gone.ngrams > 0
    assert profile.show("Zorgelton") is None
    assert profile.show("Quarkon").uses == 1
    assert files_holding(tmp_path, b"zorgelton") == []
    profile.close()


def test_taking_back_says_how_far_it_reached(profile: Profile) -> None:
    profile.learn("one Quarkon")
    profile.forget("Quarkon")
    profile.learn("two")
    assert "can no longer be told apart" in profile.forget_since(timedelta(minutes=10)).note
    assert profile.show("two") is None


def test_a_context_is_forgotten_with_its_name(engine: Engine, tmp_path: Path) -> None:
    with engine.open_profile(tmp_path) as profile:
        profile.learn("meet Quarkonia", context="Megacorp")
        profile.learn("meet Zorgel")
        profile.compact()
        profile.learn("more Quarkonia", context="Megacorp")
        profile.flush()
        profile.forget_context("Megacorp")
        assert [facts.word for facts in profile.words()] == ["Zorgel"]
        for part in (b"megac", b"quarkon"):
            assert files_holding(tmp_path, part) == []


def test_everything_is_forgotten(engine: Engine, tmp_path: Path) -> None:
    with engine.open_profile(tmp_path) as profile:
        profile.learn("meet Quarkonia", context="client")
        profile.note_learned(b"digest")
        profile.compact()
        gone = profile.forget_all()
        assert gone.messages == 1
        assert (profile.ngrams, profile.contexts(), profile.learned_digests()) == (0, (), set())
        assert files_holding(tmp_path, b"quarkonia") == []


def test_damaged_files_go_with_what_is_forgotten(engine: Engine, tmp_path: Path) -> None:
    aside = tmp_path / "profile.damaged-2026-01-01T00-00-00.db"
    with engine.open_profile(tmp_path) as profile:
        aside.write_bytes(b"Quarkonia")
        gone = profile.forget("Quarkonia")
    assert not aside.exists()
    assert aside.name in gone.note


def test_what_cannot_be_wiped_is_said_and_wiped_later(engine: Engine, tmp_path: Path) -> None:
    profile = engine.open_profile(tmp_path)
    profile.learn("meet Quarkonia")
    profile.flush()
    with largest_file(0), pytest.raises(StorageError, match="still lies in the profile's files"):
        profile.forget("Quarkonia")
    assert profile.show("Quarkonia") is None
    profile.flush()
    assert files_holding(tmp_path, b"quarkonia") == []
    profile.close()


def test_blocked_words(profile: Profile) -> None:
    assert profile.block("QUARKONIA")
    assert not profile.block("two words")
    assert profile.blocked == ("quarkonia",)
    profile.learn("meet Quarkonia")
    assert profile.show("Quarkonia") is None
    assert profile.unblock("Quarkonia")
    assert profile.blocked == ()


def test_texts_of_the_past_are_learned_once(engine: Engine, tmp_path: Path) -> None:
    with engine.open_profile(tmp_path) as profile:
        profile.learn("from a file", day=date(2020, 5, 4))
        profile.note_learned(b"\x01\x02")
    with engine.open_profile(tmp_path) as again:
        assert again.learned_digests() == {b"\x01\x02"}
        assert again.show("file").last_day == date(2020, 5, 4)


def test_what_is_learned_during_a_snapshot_counts_once(engine: Engine, tmp_path: Path) -> None:
    profile = engine.open_profile(tmp_path)

    def learn() -> None:
        for number in range(10_000):
            profile.learn("".join("abcdefghij"[int(digit)] for digit in f"{number:06}"))

    thread = threading.Thread(target=learn)
    thread.start()
    while thread.is_alive():
        profile.compact()
        beside = engine.open_profile(tmp_path, read_only=True)
        assert {row[1] + row[2] for row in word_rows(beside._core, b"")} <= {1}
    profile.close()
    with engine.open_profile(tmp_path) as again:
        assert again._core.save() == profile._core.save()


@pytest.mark.parametrize("refused", ["profile", "trie/0", "trie/1", "rank", "statistics"])
@pytest.mark.parametrize("copy", [True, False])
def test_what_the_core_refuses_comes_from_the_copy_or_is_left_out(
    engine: Engine, tmp_path: Path, refused: str, copy: bool
) -> None:
    with engine.open_profile(tmp_path) as profile:
        profile.learn("meet Quarkon")
        profile.learn("meet Zorgel", context="client")
        profile.set_private("client", True)
        profile.compact()
    damage_within(tmp_path / "profile.db", refused)
    if not copy:
        (tmp_path / "profile.backup.db").unlink()
    with engine.open_profile(tmp_path) as again:
        assert "set aside" in (again.trouble or "")
        known = {facts.word for facts in again.words()}
    of_it = {
        "profile": {"Quarkon"},
        "trie/0": {"Zorgel"},
        "trie/1": {"Quarkon"},
        "rank": {"Quarkon", "Zorgel"},
        "statistics": {"Quarkon", "Zorgel"},
    }
    assert known == ({"Quarkon", "Zorgel"} if copy else of_it[refused])
    with engine.open_profile(tmp_path) as whole:
        assert whole.trouble is None


def test_a_profile_of_an_older_version_has_no_counts(engine: Engine, tmp_path: Path) -> None:
    with engine.open_profile(tmp_path) as profile:
        profile.learn("meet Quarkon")
        profile.compact()
    with sqlite3.connect(tmp_path / "profile.db") as connection:
        connection.execute("DELETE FROM section WHERE name IN ('rank', 'statistics')")
    connection.close()
    with engine.open_profile(tmp_path) as again:
        assert again.trouble is None
        assert again.show("Quarkon") is not None
        type_text(engine, again, "meet Quarkon, and meet ")
    with engine.open_profile(tmp_path) as last:
        assert last.trouble is None


def damage_within(path: Path, name: str) -> None:
    """Damage one section before its checksum is computed, as a faulty memory would."""
    with sqlite3.connect(path) as connection:
        read = "SELECT place, number, bytes FROM section WHERE name = ?"
        place, number, data = connection.execute(read, (name,)).fetchone()
        damaged = bytearray(data)
        damaged[len(data) // 2] ^= 1
        section = Section(name, number, bytes(damaged))
        write = "UPDATE section SET bytes = ?, crc = ? WHERE place = ?"
        connection.execute(write, (section.data, section.crc, place))
    connection.close()


def test_a_profile_that_nobody_closed_is_written(engine: Engine, tmp_path: Path) -> None:
    profile = engine.open_profile(tmp_path)
    profile.learn("kept Quarkon")
    del profile
    gc.collect()
    with engine.open_profile(tmp_path) as again:
        assert not again.read_only
        assert again.show("Quarkon") is not None


def test_a_closed_profile_goes_on_in_memory(engine: Engine, tmp_path: Path) -> None:
    profile = engine.open_profile(tmp_path)
    profile.close()
    profile.close()
    type_text(engine, profile, "still Quarkon. ")
    assert profile.show("Quarkon") is not None
    with pytest.raises(StorageError, match="is closed"):
        profile.flush()
    with engine.open_profile(tmp_path) as again:
        assert again.show("Quarkon") is None
