"""Presage as a system under replay: each author has a process and a home folder of their own."""

import ctypes
import json
import os
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from foretype.errors import SettingError
from foretype.replay.aborts import AbortedError
from foretype.replay.menu import Entry, Menu
from foretype.replay.port import Profile, Proposers, Session
from foretype.replay.presage.process import LIBRARY
from foretype.replay.settings import Settings

PROGRAM = Path(__file__).with_name("process.py")
USER_DATABASE = Path(".presage", "lm.db")
_SHORTEST = {"GREEDY_SUGGESTION_THRESHOLD": "1"}
SELECTORS = {
    "default": ({"SUGGESTIONS": "1"}, {"SUGGESTIONS": "3"}),
    "favoured": (
        {"SUGGESTIONS": "1"} | _SHORTEST,
        {"SUGGESTIONS": "3"} | _SHORTEST | {"REPEAT_SUGGESTIONS": "yes"},
    ),
}
"""By kind: what is set of Presage's selector, for a ghost text and for the menu of three.

The favoured one does better on development data: a word that is typed to its end takes no place
among the suggestions, and in a menu what was passed over comes again.
"""
KINDS = tuple(SELECTORS)


def check_installed() -> None:
    """Raises SettingError if there is no library of Presage."""
    try:
        ctypes.CDLL(LIBRARY)
    except OSError:
        raise SettingError(
            f"There is no {LIBRARY}: install Presage first (Debian: apt-get install libpresage1v5)."
        ) from None


class PresageProcess:
    """The child process and its home; one JSON line there, one back."""

    def __init__(self, selector: dict[str, str], *, program: Path = PROGRAM) -> None:
        self._home = tempfile.TemporaryDirectory(prefix="presage-")
        self._process = subprocess.Popen(
            [sys.executable, "-I", str(program), *map("=".join, selector.items())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
            env=os.environ | {"HOME": self._home.name},
        )
        self.facts: dict[str, Any] = self._receive("while starting")

    def ask(self, do: str, *, where: str, **values: Any) -> dict[str, Any]:
        """The answer to one request. Raises AbortedError, which says `where`."""
        assert self._process.stdin is not None
        with suppress(OSError):  # a process that has ended is told by what it does not answer
            self._process.stdin.write(json.dumps({"do": do, **values}) + "\n")
            self._process.stdin.flush()
        return self._receive(where)

    def database_bytes(self) -> int:
        """Of the user database."""
        with suppress(OSError):
            return (Path(self._home.name) / USER_DATABASE).stat().st_size
        return 0

    def close(self) -> None:
        """End the process and forget what it learned."""
        if self._process.poll() is None:
            self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        self._process.wait()
        self._home.cleanup()

    def _receive(self, where: str) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            how = _ending(self._process.wait())
            raise AbortedError(f"The process of Presage ended with {how} {where}.")
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise AbortedError(f"Presage gave up {where}: {answer['error']}.")
        return answer


def _ending(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"code {code}"


class PresageProfile:
    """One author: the process, and what it was told so far."""

    def __init__(self, process: PresageProcess) -> None:
        self.process = process
        self._learned = 0

    @property
    def memory_bytes(self) -> int:
        """Its user database, a file."""
        return self.process.database_bytes()

    def learn(self, text: str) -> None:
        """By Presage's own call."""
        self._learned += 1
        where = f"while learning message {self._learned} of the history"
        self.process.ask("learn", where=where, text=text)


@dataclass(slots=True)
class Cost:
    """All of it is the n-grams'; `total_ms` is measured in the peer's process."""

    total_ms: float = 0.0
    processor_ms: float = 0.0
    lm_ms: float = 0.0
    rank_us: None = None
    complete: bool = True

    @property
    def trie_us(self) -> float:
        """The same in microseconds."""
        return self.total_ms * 1e3


class PresageSession:
    """A field; Presage learns from it by itself as the text changes."""

    def __init__(self, profile: PresageProfile) -> None:
        self._process = profile.process
        self._message = 1
        self._text = ""
        self._shown = ""
        self.timing = Cost()

    def type(self, text: str) -> None:
        """Typed at the caret."""
        self._text += text

    def suggest(self, *, budget_ms: float = 30.0) -> Menu | None:
        """As many words as it was asked for at most; it has no deadline of ours."""
        answer = self._predict(self._text)
        self.timing = Cost(answer["ms"], answer["processor_ms"])
        entries = tuple(map(Entry, answer["texts"]))
        self._shown = entries[0].text if entries else ""
        return Menu(entries) if entries else None

    def think(self) -> bool:
        """Nothing to do between keys."""
        return False

    def extended(self) -> None:
        """Shows one word."""

    def accept(self, *, words: int | None = 1) -> str:
        """Takes the first word."""
        self._text += self._shown
        return self._shown

    def finish(self) -> None:
        """A last line end makes Presage learn the last word too; then the field is empty."""
        self._predict(self._text + "\n")
        self._text = ""
        self._message += 1

    def _predict(self, text: str) -> dict[str, Any]:
        where = f"after {len(text)} characters of scored message {self._message}"
        return self._process.ask("predict", where=where, text=text)


class PresageSystem:
    """Drives Presage; one author at a time."""

    kernels = "presage"
    threads = 1
    can_score = False
    remote = True

    def __init__(self, *, kind: str, menu: bool, program: Path = PROGRAM) -> None:
        self._selector = SELECTORS[kind][menu]
        self._menu_selector = SELECTORS[kind][True]
        self._program = program
        self._process = self._start()
        self._is_fresh = True
        self._facts = self._process.facts
        self.name = f"Presage ({self._facts['library']}), {kind}"
        self.model_path: Path | None = None
        model = Path(self._facts["settings"].get("default_model", ""))
        if model.is_file():
            self.model_path = model

    def live_on(self, day: date) -> None:
        """Its counts know no days."""

    def profile(self) -> Profile:
        """A fresh user: another process, another user database."""
        if not self._is_fresh:
            self._process.close()
            self._process = self._start()
        self._is_fresh = False
        return PresageProfile(self._process)

    def session(
        self, profile: Profile, *, proposers: Proposers, wrong_per_100_words: float | None
    ) -> Session:
        """A field; Presage has no threshold to be quiet by."""
        assert isinstance(profile, PresageProfile)
        return PresageSession(profile)

    def negative_log_likelihood(self, text: str, before: str = "") -> float:
        """Presage tells no probabilities."""
        raise NotImplementedError

    def resident_bytes(self) -> int | None:
        """Of the peer's process."""
        resident: int | None = self._process.ask("resident", where="when asked its size")["bytes"]
        return resident

    def settings(self) -> dict[str, object]:
        """What the configuration in use says, and how Presage is driven."""
        settings: dict[str, object] = dict(self._facts["settings"])
        if self.model_path:
            settings["default_model"] = self.model_path.name
        return settings | {
            "suggestions": self._selector["SUGGESTIONS"],
            "set_for_the_menu_of_three": " ".join(map("=".join, self._menu_selector.items())),
            "history": "its own learn call, message by message; a fresh user database each author",
            "asked": "after every key, with the text of the message up to the caret",
            "completion": "its own completion call, which holds a space behind the word; "
            "a word that is typed to its end already is not shown",
            "deadline": None,
        }

    def close(self) -> None:
        """End the peer's process."""
        self._process.close()

    def _start(self) -> PresageProcess:
        return PresageProcess(self._selector, program=self._program)


def open_system(settings: Settings) -> PresageSystem:
    """Start the peer of the kind that `settings.opener_options` name, with a menu or not."""
    options = settings.opener_options or {}
    return PresageSystem(kind=options["kind"], menu=options.get("menu") == "yes")
