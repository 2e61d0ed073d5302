"""The one engine and profile behind all tabs, and the one thread that works with them."""

import asyncio
import contextlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from foretype.serve.messages import Ask, Finish, Message
from foretype.serve.new_words import NewWords
from foretype.serve.tab import Tab

if TYPE_CHECKING:
    from foretype import Engine, Profile, Session

Result = TypeVar("Result")

# A visitor should see much and be disturbed little: half the wrong shows of an open dial cost a
# tenth of the savings.
USUAL_DIAL = 50.0


class Desk:
    """Owns the engine's thread.

    Invariant: engine, profile and sessions are touched by that thread only, because they are
    not thread safe and because the event loop must stay free for the next key.
    """

    def __init__(self, engine: "Engine", profile: "Profile") -> None:
        self._engine = engine
        self._profile = profile
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="foretype-engine")
        self._wrong_per_100_words: float | None = USUAL_DIAL
        self._version = 0
        self._new_words = NewWords(engine.session(engine.profile(), proposers="trie"))

    async def run(self, job: Callable[..., Result], *arguments: Any) -> Result:
        """Runs `job` on the engine's thread and waits without blocking the event loop."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, job, *arguments)

    def later(self, job: Callable[[], None]) -> None:
        """Runs `job` on the engine's thread, if the desk is not closed; waits for nothing."""
        with contextlib.suppress(RuntimeError):
            self._thread.submit(job)

    def new_tab(self) -> Tab:
        """A tab with a session of its own. On the engine's thread."""
        return Tab(self._open_session, lambda: self._version)

    def _open_session(self) -> "Session":
        dial = self._wrong_per_100_words
        return self._engine.session(self._profile, wrong_per_100_words=dial)

    def facts(self) -> dict[str, Any]:
        """What the page shows of engine and profile. On the engine's thread."""
        model = self._engine.model_path
        return {
            "kernel": self._engine.kernels,
            "model": None if model is None else _model_name(model),
            "wrong_per_100_words": self._wrong_per_100_words,
            "profile": self._profile_facts(),
        }

    def news(self, message: Message, known: int) -> tuple[int, dict[str, Any] | None]:
        """Takes in what `message` taught, on the engine's thread.

        Returns the count of n-grams, and the profile's facts if that is another than `known`.
        """
        if not self._profile.paused:
            self._take_in(message)
        ngrams = self._profile.ngrams
        return ngrams, (self._profile_facts() if ngrams != known else None)

    def _take_in(self, message: Message) -> None:
        match message:
            case Ask(before=before):
                self._new_words.typed(before)
            case Finish(text=text):
                self._new_words.finished(text)

    def _profile_facts(self) -> dict[str, Any]:
        return {
            "paused": self._profile.paused,
            "ngrams": self._profile.ngrams,
            "memory_bytes": self._profile.memory_bytes,
            "new_words": self._new_words.newest(),
        }

    def pause(self, paused: bool) -> None:
        """Stops or resumes learning. On the engine's thread."""
        self._profile.paused = paused

    def forget(self) -> None:
        """Forgets all that was learned; every tab opens a new session. On the engine's thread."""
        self._profile.forget_all()
        self._new_words.forget()
        self._version += 1

    def turn_dial(self, wrong_per_100_words: float | None) -> None:
        """How often a suggestion may be wrong; None for always the best. On the engine's thread."""
        self._wrong_per_100_words = wrong_per_100_words
        self._version += 1

    def close(self) -> None:
        """Ends the engine's thread; what is queued is not worked on."""
        self._thread.shutdown(wait=True, cancel_futures=True)


def _model_name(path: Path) -> str:
    """The model's name, from a file such as NAME.foretype.safetensors."""
    return path.name.removesuffix(".safetensors").removesuffix(".foretype")
