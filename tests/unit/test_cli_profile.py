"""`foretype profile`: what each part says and changes, over a scripted profile."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.end_to_end.scripted_profile import ScriptedProfile

from foretype import Engine
from foretype.cli import main, profile_files

HELD = "The process 4242 uses this profile, so nothing can be written here."


@pytest.fixture
def profile(monkeypatch: pytest.MonkeyPatch) -> ScriptedProfile:
    """The one profile that every command of the test opens."""
    profile = ScriptedProfile()
    profile.learn("Ask Brindlewick about Tavenport")
    profile.learn("Brindlewick and brindlewick", context="Acme")

    @contextmanager
    def opened(
        engine: Engine, folder: Path | None = None, *, read_only: bool = False
    ) -> Iterator[ScriptedProfile]:
        yield profile

    monkeypatch.setattr(Engine, "open_profile", opened, raising=False)
    return profile


def run(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What the command prints; it must end well and complain of nothing."""
    code = main(["profile", *words])
    printed, complaint = capsys.readouterr()
    assert (code, complaint) == (0, "")
    return printed


def run_json(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    return json.loads(run(capsys, *words, "--json"))


def check_refused(capsys: pytest.CaptureFixture[str], *words: str, says: str) -> None:
    assert main(["profile", *words]) == 1
    printed, complaint = capsys.readouterr()
    assert printed == ""
    assert complaint.startswith("foretype: ")
    assert complaint.count("\n") == 1
    assert says in complaint


Capture = pytest.CaptureFixture[str]


def test_show_says_why_a_word_is_known(profile: ScriptedProfile, capsys: Capture) -> None:
    printed = run(capsys, "show", "BRINDLEWICK")
    assert "You wrote it 3 times" in printed
    assert "“Brindlewick” twice and “brindlewick” once" in printed
    assert "in “Acme” and outside any context" in printed
    assert "It is confirmed" in printed
    facts = run_json(capsys, "show", "brindlewick")
    assert facts["known"]["uses"] == 3
    assert facts["known"]["last_day"] == "2026-11-24"


def test_show_tells_of_a_block(profile: ScriptedProfile, capsys: Capture) -> None:
    profile.block("tavenport")
    assert "never suggested" in run(capsys, "show", "Tavenport")
    profile.forget_all()
    assert run_json(capsys, "show", "Tavenport") == {
        "word": "Tavenport",
        "blocked": True,
        "known": None,
    }


def test_show_of_an_unknown_word(profile: ScriptedProfile, capsys: Capture) -> None:
    check_refused(capsys, "show", "Quenby", says="“Quenby” is not in the profile")


def test_list_has_the_newest_first(profile: ScriptedProfile, capsys: Capture) -> None:
    title, *rows = run(capsys, "list").splitlines()
    assert title.split() == ["word", "written", "rung", "last", "used", "learned", "in"]
    assert [row.split()[0] for row in rows] == ["brindlewick", "Tavenport", "about"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["tav"], ["Tavenport"]),
        (["--limit", "1"], ["brindlewick"]),
        (["A", "--all"], ["and", "about", "Ask"]),
        (["zz"], []),
    ],
)
def test_list_takes_what_is_asked(
    profile: ScriptedProfile, capsys: Capture, options: list[str], words: list[str]
) -> None:
    assert [facts["word"] for facts in run_json(capsys, "list", *options)] == words


def test_list_says_when_there_are_more(profile: ScriptedProfile, capsys: Capture) -> None:
    assert "--limit 0" in run(capsys, "list", "--limit", "2")
    assert "--limit" not in run(capsys, "list", "--limit", "0")


def test_control_characters_do_not_reach_the_terminal(
    profile: ScriptedProfile, capsys: Capture
) -> None:
    profile.set_private("\x1b[31mred", True)
    assert "\x1b" not in run(capsys, "contexts")


def test_stats_and_contexts(profile: ScriptedProfile, capsys: Capture) -> None:
    stats = run(capsys, "stats")
    assert "7 of at most 1,000,000" in stats
    assert "2 remembered" in stats
    assert run_json(capsys, "stats")["file_bytes"] == 14_000
    assert "“Acme”" in run(capsys, "contexts")


@pytest.mark.parametrize(
    ("options", "asked"),
    [
        (["Kind", "regards"], "Kind regards"),
        (["--since", "10m"], timedelta(minutes=10)),
        (["--since", "2h"], timedelta(hours=2)),
        (["--context", "Acme", "--yes"], "context Acme"),
        (["--all", "--yes"], "everything"),
    ],
)
def test_what_is_asked_is_forgotten(
    profile: ScriptedProfile, capsys: Capture, options: list[str], asked: object
) -> None:
    run(capsys, "forget", *options)
    assert profile.forgotten == [asked]


def test_forget_says_what_went(profile: ScriptedProfile, capsys: Capture) -> None:
    assert run(capsys, "forget", "tavenport") == "Forgotten: 4 n-grams and 1 message.\n"
    assert run(capsys, "forget", "tavenport") == "Nothing of this was known.\n"
    assert run_json(capsys, "forget", "brindlewick") == {"ngrams": 3, "messages": 1, "note": ""}


@pytest.mark.parametrize("options", [["--all"], ["--context", "Acme"]])
def test_a_whole_is_not_forgotten_unasked(
    profile: ScriptedProfile, capsys: Capture, options: list[str]
) -> None:
    check_refused(capsys, "forget", *options, says="--yes")  # nobody sits at this terminal
    assert profile.forgotten == []


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["forget"],
        ["forget", " "],
        ["forget", "word", "--all"],
        ["forget", "--since", "1m", "--context", "a"],
        ["forget", "--since", "noon"],
        ["forget", "--since", "0001-01-01T00:00"],
        ["forget", "--since", "99999999d"],
        ["list", "--limit", "-1"],
        ["private", ""],
    ],
)
def test_strange_options_are_a_matter_of_usage(words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["profile", *words])
    assert ended.value.code == 2


def test_words_are_blocked_and_unblocked(profile: ScriptedProfile, capsys: Capture) -> None:
    said = run(capsys, "block", "Quenby", "Farolux")
    assert said == "“Quenby” and “Farolux” are never suggested from now on.\n"
    assert run(capsys, "blocked") == "Quenby\nFarolux\n"
    assert run_json(capsys, "unblock", "Quenby") == {"blocked": ["Farolux"]}


def test_only_a_word_is_blocked(profile: ScriptedProfile, capsys: Capture) -> None:
    check_refused(capsys, "block", "two words", says="“two words” is not one word")


def test_learning_is_paused_and_resumed(profile: ScriptedProfile, capsys: Capture) -> None:
    assert "resume" in run(capsys, "pause")
    assert profile.paused
    assert run_json(capsys, "resume") == {"paused": False}
    assert not profile.paused


def test_contexts_are_made_private_and_shared(profile: ScriptedProfile, capsys: Capture) -> None:
    assert "offered nowhere else" in run(capsys, "private", "Acme")
    assert profile.private["Acme"]
    assert "private" in run(capsys, "contexts")
    run(capsys, "shared", "Acme")
    assert not profile.private["Acme"]


WRITING = [
    ["forget", "word"],
    ["block", "word"],
    ["unblock", "word"],
    ["pause"],
    ["resume"],
    ["private", "Acme"],
    ["shared", "Acme"],
    ["compact"],
    ["import", "file"],
]


@pytest.mark.parametrize("words", WRITING, ids=lambda words: words[0])
def test_writing_says_who_holds_the_profile(
    profile: ScriptedProfile, capsys: Capture, words: list[str]
) -> None:
    profile.read_only, profile.trouble = True, HELD
    check_refused(capsys, *words, says=HELD)


@pytest.mark.parametrize("words", [["show", "Tavenport"], ["list"], ["stats"], ["blocked"]])
def test_reading_works_while_another_process_holds_it(
    profile: ScriptedProfile, capsys: Capture, words: list[str]
) -> None:
    profile.read_only = True
    run(capsys, *words)


def test_what_could_not_be_written_is_told(profile: ScriptedProfile, capsys: Capture) -> None:
    profile.flush = lambda: setattr(profile, "trouble", "The disk is full.")
    assert main(["profile", "pause"]) == 1
    assert capsys.readouterr().err == "foretype: The disk is full.\n"


def test_export_does_not_replace_a_file_unasked(
    profile: ScriptedProfile, capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(profile_files, "export_profile", lambda _, path: path.write_text("new"))
    path = tmp_path / "out.jsonl"
    assert "7 n-grams written" in run(capsys, "export", str(path))
    path.write_text("old")
    check_refused(capsys, "export", str(path), says="--force")
    assert path.read_text() == "old"
    run(capsys, "export", str(path), "--force")
    assert path.read_text() == "new"


def test_import_says_what_came(
    profile: ScriptedProfile, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        profile_files, "import_profile", lambda profile, _: profile.learn("Farolux Quenby")
    )
    assert run(capsys, "import", "file") == "The profile holds 9 n-grams; before it held 7.\n"
