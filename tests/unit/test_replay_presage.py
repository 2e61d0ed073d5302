"""How the peer Presage is driven: over a scripted program, and over the library if it is there."""

import ctypes
from collections.abc import Iterator
from pathlib import Path

import pytest

from foretype.errors import SettingError
from foretype.replay.aborts import AbortedError
from foretype.replay.port import Session
from foretype.replay.presage import system as driver
from foretype.replay.presage.process import LIBRARY
from foretype.replay.presage.system import PresageSystem, check_installed

SCRIPTED = Path(__file__).with_name("scripted_presage.py")


@pytest.fixture
def scripted() -> Iterator[PresageSystem]:
    system = PresageSystem(kind="default", menu=True, program=SCRIPTED)
    yield system
    system.close()


def field_of(system: PresageSystem, *history: str) -> Session:
    profile = system.profile()
    for text in history:
        profile.learn(text)
    return system.session(profile, proposers="lm", wrong_per_100_words=None)


def menu(field: Session, text: str) -> list[str]:
    field.type(text)
    suggestion = field.suggest()
    return [entry.text for entry in suggestion.candidates] if suggestion else []


def test_a_menu_of_words_and_the_first_is_taken(scripted: PresageSystem) -> None:
    field = field_of(scripted, "meeting member", "mention merger")
    assert menu(field, "the me") == ["eting", "mber", "ntion"]
    assert field.timing.total_ms == 2.0
    assert field.accept() == "eting"
    assert menu(field, " x") == []
    assert scripted.resident_bytes() == 1000


def test_the_last_word_of_a_message_is_learned(scripted: PresageSystem) -> None:
    field = field_of(scripted)
    field.type("zeppelin")
    field.finish()
    assert menu(field, "ze") == ["ppelin"]


def test_each_author_is_a_stranger(scripted: PresageSystem) -> None:
    assert menu(field_of(scripted, "zeppelin"), "z") == ["eppelin"]
    assert menu(field_of(scripted), "z") == []


@pytest.mark.parametrize(
    ("history", "finished", "typed", "says"),
    [
        (["fine", "abort"], 0, "", "SIGABRT while learning message 2 of the history"),
        (["fine"], 2, "then abort", "SIGABRT after 10 characters of scored message 3"),
        ([], 0, "an error", "gave up after 8 characters of scored message 1: .*error 9"),
    ],
)
def test_an_end_in_the_middle_says_where_and_the_next_author_goes_on(
    scripted: PresageSystem, history: list[str], finished: int, typed: str, says: str
) -> None:
    def first_author() -> None:
        field = field_of(scripted, *history)
        for _ in range(finished):
            field.type("fine")
            field.finish()
        menu(field, typed)

    with pytest.raises(AbortedError, match=says):
        first_author()
    assert menu(field_of(scripted, "meeting"), "me") == ["eting"]


def test_the_settings_are_those_in_use(scripted: PresageSystem) -> None:
    settings = scripted.settings()
    assert settings["lowercase_mode"] == "yes"
    assert "default_model" not in settings
    assert scripted.name == "Presage (libpresage.so.0), default"


def test_no_library_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driver, "LIBRARY", "libnone.so.7")
    with pytest.raises(SettingError, match="install Presage first"):
        check_installed()


@pytest.fixture
def library() -> None:
    try:
        ctypes.CDLL(LIBRARY)
    except OSError:
        pytest.skip(f"{LIBRARY} is not installed")


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("kind", ["default", "favoured"])
def test_the_library_itself_learns_and_proposes(kind: str) -> None:
    system = PresageSystem(kind=kind, menu=True)
    try:
        field = field_of(system, "The zorkmid committee met the zorkmid team.")
        assert menu(field, "a zo") == ["rkmid "]
        assert field.accept() == "rkmid "
        field.type("blorple")
        field.finish()
        assert menu(field, "blor") == ["ple "]
        assert field.timing.total_ms > 0
        assert menu(field_of(system), "zork") != ["mid "]
        settings = system.settings()
        assert settings["learn"] == "true"
        assert settings["repeat_suggestions"] == ("no" if kind == "default" else "yes")
        assert "/" not in str(settings["default_model"])
        assert (system.resident_bytes() or 0) > 1e6
    finally:
        system.close()
