"""Presage as a completer of words: the program that runs in a process of its own.

Needs the library of Presage (Debian: libpresage1v5), nothing of Foretype. `python process.py
SUGGESTIONS=3 ...`, with settings of Presage's selector, answers JSON lines, one for each:
{"do": "learn", "text"}, {"do": "predict", "text"}, {"do": "resident"}. The first line out says
what was loaded: {"library", "settings"}. An error that Presage itself reports is answered with
{"error"}, and ends the process.

Presage keeps its user database under $HOME, so the caller gives a fresh one for each author.
A library that aborts takes this process with it; the caller sees its signal.
"""

import ctypes
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

LIBRARY = "libpresage.so.1"
NGRAMS = "Presage.Predictors.UserSmoothedNgramPredictor"
SETTINGS = {
    "predictors": "Presage.PredictorRegistry.PREDICTORS",
    "default_model": "Presage.Predictors.DefaultSmoothedNgramPredictor.DBFILENAME",
    "ngram_weights": f"{NGRAMS}.DELTAS",
    "learn": f"{NGRAMS}.LEARN",
    "online_learning": "Presage.ContextTracker.ONLINE_LEARNING",
    "lowercase_mode": "Presage.ContextTracker.LOWERCASE_MODE",
    "repeat_suggestions": "Presage.Selector.REPEAT_SUGGESTIONS",
    "greedy_suggestion_threshold": "Presage.Selector.GREEDY_SUGGESTION_THRESHOLD",
    "combination_policy": "Presage.PredictorActivator.COMBINATION_POLICY",
    "predict_time_ms": "Presage.PredictorActivator.PREDICT_TIME",
}
SELECTOR = "Presage.Selector."

Stream = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)


class PresageError(Exception):
    """A function of Presage answered with an error code."""


class Presage:
    """One user of Presage, through its C functions. Raises PresageError."""

    def __init__(self, selector: dict[str, str]) -> None:
        self._library = ctypes.CDLL(LIBRARY)
        self._handle = ctypes.c_void_p()
        self._past = self._future = ctypes.create_string_buffer(b"")
        # Presage asks for the text through these, for as long as it lives.
        self._ask_past = Stream(lambda _: ctypes.addressof(self._past))
        self._ask_future = Stream(lambda _: ctypes.addressof(self._future))
        self._call("new", self._ask_past, None, self._ask_future, None, made=self._handle)
        for name, value in selector.items():
            variable = (SELECTOR + name).encode()
            self._call("config_set", self._handle, variable, value.encode())

    def setting(self, name: str) -> str:
        """What the configuration in use says."""
        value = ctypes.c_char_p()
        self._call("config", self._handle, name.encode(), made=value)
        return (value.value or b"").decode()

    def learn(self, text: str) -> None:
        """Learn a text as its own learn call does."""
        self._call("learn", self._handle, _bytes(text))

    def predict(self, text: str) -> list[str]:
        """With the caret at the end of `text`: what its suggestions would put there.

        Presage ends each with a space. A suggestion that is typed to its end already would
        put only that there, and is left out.
        """
        self._past = ctypes.create_string_buffer(_bytes(text))
        tokens = ctypes.POINTER(ctypes.c_char_p)()
        self._call("predict", self._handle, made=tokens)
        rests = []
        index = 0
        while (token := tokens[index]) is not None:
            rests.append(self._completion(token))
            index += 1
        self._library.presage_free_string_array(tokens)
        return [rest for rest in rests if rest.strip()]

    def _completion(self, token: bytes) -> str:
        rest = ctypes.c_char_p()
        self._call("completion", self._handle, token, made=rest)
        text = (rest.value or b"").decode("utf-8", "replace")
        self._library.presage_free_string(rest)
        return text

    def _call(self, name: str, *given: Any, made: Any = None) -> None:
        answers = () if made is None else (ctypes.byref(made),)
        code = getattr(self._library, f"presage_{name}")(*given, *answers)
        if code:
            raise PresageError(f"presage_{name} answered with error {code}")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def library_file() -> str:
    """The file that was loaded: its name holds the library's version."""
    for row in Path("/proc/self/maps").read_text().splitlines():
        if "libpresage" in row:
            return Path(row.split(maxsplit=5)[-1]).resolve().name
    return LIBRARY


def resident_bytes() -> int | None:
    """Of this process."""
    rows = Path("/proc/self/status").read_text().splitlines()
    return next((int(row.split()[1]) * 1024 for row in rows if row.startswith("VmRSS")), None)


def answer(presage: Presage, request: dict[str, Any]) -> dict[str, Any]:
    """The answer to one line."""
    match request["do"]:
        case "learn":
            presage.learn(request["text"])
        case "predict":
            wall, processor = time.perf_counter(), time.process_time()
            texts = presage.predict(request["text"])
            return {
                "texts": texts,
                "ms": (time.perf_counter() - wall) * 1e3,
                "processor_ms": (time.process_time() - processor) * 1e3,
            }
        case "resident":
            return {"bytes": resident_bytes()}
    return {}


def serve(selector: dict[str, str]) -> None:
    """Answer requests until the input ends; nothing else may write to standard output."""
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    def tell(message: dict[str, Any]) -> None:
        print(json.dumps(message), file=out, flush=True)

    try:
        presage = Presage(selector)
        settings = {name: presage.setting(variable) for name, variable in SETTINGS.items()}
        tell({"library": library_file(), "settings": settings})
        for line in sys.stdin:
            tell(answer(presage, json.loads(line)))
    except PresageError as error:
        tell({"error": str(error)})


if __name__ == "__main__":
    serve(dict(option.split("=", 1) for option in sys.argv[1:]))
