"""`foretype profile` and `foretype play` on a real profile in files, as people run them."""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from foretype import Engine, Profile

TEXTS = (
    "Ask Brindlewick about the Tavenport invoices. Kind regards",
    "Brindlewick has the Tavenport ledger. Kind regards",
)
PATIENCE_SECONDS = 20


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "profile"


def environment(folder: Path) -> dict[str, str]:
    return os.environ | {
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "FORETYPE_PROFILE": str(folder),
    }


def foretype(folder: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "foretype.cli", *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        env=environment(folder),
    )


def profile(folder: Path, *words: str | Path) -> str:
    """What the command prints; it must end well and complain of nothing."""
    done = foretype(folder, "profile", *words)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def profile_json(folder: Path, *words: str | Path) -> Any:
    return json.loads(profile(folder, *words, "--json"))


def check_refused(done: subprocess.CompletedProcess[str], says: str) -> None:
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("foretype: ")
    assert done.stderr.count("\n") == 1
    assert says in done.stderr


@contextmanager
def opened(folder: Path) -> Iterator[Profile]:
    with Engine.open(language_model=False).open_profile(folder) as profile:
        yield profile


@pytest.fixture
def taught(folder: Path) -> Path:
    """The folder of a profile that learned TEXTS, the second in the context Acme."""
    with opened(folder) as profile:
        profile.learn(TEXTS[0])
        profile.learn(TEXTS[1], context="Acme")
    return folder


def words(folder: Path, *options: str) -> list[str]:
    return [facts["word"] for facts in profile_json(folder, "list", *options)]


def test_a_profile_that_is_not_there_is_empty_and_not_made(folder: Path) -> None:
    assert profile_json(folder, "stats")["ngrams"] == 0
    assert profile(folder, "list").count("\n") == 1
    assert not folder.exists()


def test_what_was_learned_is_shown(taught: Path) -> None:
    shown = profile(taught, "show", "tavenport")
    assert shown.startswith("Tavenport\n")
    assert "You wrote it twice, today." in shown
    assert "“Acme”" in shown
    assert set(words(taught)) == {"Brindlewick", "Tavenport"}
    assert words(taught, "TAV") == ["Tavenport"]
    assert "ledger" in words(taught, "--all", "--context", "Acme")
    stats = profile_json(taught, "stats")
    assert stats["messages"] == 2
    assert stats["ngrams"] > 20
    assert stats["file_bytes"] > 0
    check_refused(foretype(taught, "profile", "show", "Quenby"), "not in the profile")


def files_hold(folder: Path, text: str) -> bool:
    return any(text.lower().encode() in path.read_bytes().lower() for path in folder.rglob("*.*"))


def test_a_forgotten_word_is_in_no_file(taught: Path) -> None:
    assert files_hold(taught, "brindlewick")
    forgotten = profile_json(taught, "forget", "BRINDLEWICK")
    assert forgotten["ngrams"] > 0
    assert forgotten["messages"] == 2
    assert not files_hold(taught, "brindlewick")
    assert words(taught) == ["Tavenport"]
    assert profile(taught, "forget", "Brindlewick").startswith("Nothing of this was known.")


def test_a_phrase_is_forgotten_and_its_words_stay(taught: Path) -> None:
    assert profile_json(taught, "forget", "Kind", "regards")["ngrams"] > 0
    assert "regards" in words(taught, "--all")


def test_a_context_is_forgotten_and_then_everything(taught: Path) -> None:
    profile(taught, "forget", "--context", "Acme", "--yes")
    assert set(words(taught)) == {"Brindlewick", "Tavenport"}
    assert "ledger" not in words(taught, "--all")
    assert profile_json(taught, "contexts") == []
    profile(taught, "forget", "--all", "--yes")
    assert profile_json(taught, "stats")["ngrams"] == 0


def test_the_last_minutes_are_forgotten(taught: Path) -> None:
    assert "and 2 messages" in profile(taught, "forget", "--since", "10m")
    assert words(taught, "--all") == []


def test_wishes_last(taught: Path) -> None:
    profile(taught, "block", "Kestrel", "zembla")
    profile(taught, "unblock", "Zembla")
    profile(taught, "private", "Acme")
    profile(taught, "pause")
    assert profile_json(taught, "blocked") == ["kestrel"]
    assert profile_json(taught, "contexts")[0]["private"]
    assert profile_json(taught, "stats")["paused"]
    assert profile_json(taught, "show", "kestrel")["blocked"]
    profile(taught, "resume")
    profile(taught, "shared", "Acme")
    assert not profile_json(taught, "contexts")[0]["private"]
    assert not profile_json(taught, "stats")["paused"]


def test_an_export_comes_back(taught: Path, tmp_path: Path) -> None:
    file, other = tmp_path / "words.jsonl", tmp_path / "other"
    before = profile_json(taught, "stats")
    assert str(file) in profile(taught, "export", file)
    check_refused(foretype(taught, "profile", "export", file), "--force")
    assert "before it held 0" in profile(other, "import", file)
    after = profile_json(other, "stats")
    assert (after["ngrams"], after["messages"]) == (before["ngrams"], before["messages"])
    assert "The profile takes" in profile(taught, "compact")
    assert profile_json(taught, "list", "--all") == profile_json(other, "list", "--all")


def test_a_file_that_is_no_export_is_one_sentence(taught: Path, tmp_path: Path) -> None:
    file = tmp_path / "words.jsonl"
    file.write_text("nonsense\n")
    check_refused(foretype(taught, "profile", "import", file), str(file))
    check_refused(foretype(taught, "profile", "import", tmp_path / "none"), "none")


def test_a_past_is_learned_once(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "past.jsonl"
    file.write_text("".join(json.dumps({"text": text}) + "\n" for text in TEXTS))
    assert "Learned 2 texts" in profile(folder, "learn", file)
    assert "Learned 0 texts" in profile(folder, "learn", file)
    assert set(words(folder)) == {"Brindlewick", "Tavenport"}


def test_while_another_process_holds_it_looking_works_and_changing_says_who(taught: Path) -> None:
    with opened(taught):
        looked = foretype(taught, "profile", "show", "Tavenport")
        assert looked.returncode == 0
        assert "You wrote it twice" in looked.stdout
        for part in (("forget", "Tavenport"), ("pause",), ("compact",), ("block", "Zembla")):
            check_refused(foretype(taught, "profile", *part), f"process {os.getpid()}")
    profile(taught, "pause")


# The page


@contextmanager
def playing(folder: Path, *options: str) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """`foretype play` while it runs, and the address that it printed."""
    command = [sys.executable, "-m", "foretype.cli", "play", "--no-open", "--no-language-model"]
    with subprocess.Popen(
        [*command, "--port", "0", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(folder),
    ) as play:
        try:
            assert play.stdout is not None
            printed = ""
            while (found := re.search(r"http://127\.0\.0\.1:\d+/#[\w-]{43}", printed)) is None:
                line = play.stdout.readline()
                assert line, play.stderr.read() if play.stderr else ""
                printed += line
            yield play, found[0]
        finally:
            if play.poll() is None:
                play.kill()


def ask_page(address: str, path: str, fields: dict[str, Any]) -> Any:
    origin, token = address.split("/#")
    request = urllib.request.Request(
        f"{origin}{path}",
        json.dumps(fields).encode(),
        {"Content-Type": "application/json", "Origin": origin, "X-Foretype-Token": token},
    )
    with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
        return json.load(answer)


@pytest.mark.skipif(sys.platform == "win32", reason="sends SIGINT")
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_play_keeps_what_was_changed_and_ends_cleanly(taught: Path, end: signal.Signals) -> None:
    with playing(taught) as (play, address):
        assert ask_page(address, "/api/why", {"word": "tavenport"})["word"] == "Tavenport"
        ask_page(address, "/api/change", {"forget": "Brindlewick"})
        ask_page(address, "/api/change", {"block": "Zembla"})
        play.send_signal(end)
        _, complaints = play.communicate(timeout=PATIENCE_SECONDS)
    assert (play.returncode, complaints) == (0, "")
    assert words(taught) == ["Tavenport"]
    assert profile_json(taught, "blocked") == ["zembla"]


def test_a_second_play_says_that_it_only_reads(taught: Path) -> None:
    with opened(taught), playing(taught) as (play, address):
        facts = ask_page(address, "/api/state", {})["profile"]
        assert facts["read_only"]
        assert f"process {os.getpid()}" in facts["trouble"]
        assert set(facts["new_words"]) == {"Brindlewick", "Tavenport"}
        play.send_signal(signal.SIGINT)
        _, told = play.communicate(timeout=PATIENCE_SECONDS)
    assert told.count("\n") == 1
    assert f"process {os.getpid()}" in told


def test_play_without_a_profile_touches_none(folder: Path) -> None:
    with playing(folder, "--no-profile") as (play, address):
        assert ask_page(address, "/api/state", {})["profile"]["folder"] is None
        play.send_signal(signal.SIGINT)
        play.communicate(timeout=PATIENCE_SECONDS)
    assert not folder.exists()
