"""The one engine and profile behind all tabs, and the one thread that works with them."""

import asyncio
import contextlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from foretype.serve.profile_view import profile_facts
from foretype.serve.tab import Tab

if TYPE_CHECKING:
    from foretype import Engine, Profile, Session
    from foretype.profile.facts import Tally

Result = TypeVar("Result")

# A visitor should see much and be disturbed little (decision 0017).
USUAL_DIAL = 20.0

# What changes when there is news of the profile: where, its n-grams, its trouble, its tally.
News = tuple[str, int, str | None, "Tally"]


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

    @property
    def profile(self) -> "Profile":
        """What is known about the user. On the engine's thread."""
        return self._profile

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

    def _open_session(self, context: str) -> "Session":
        dial = self._wrong_per_100_words
        return self._engine.session(self._profile, context=context, wrong_per_100_words=dial)

    def facts(self, here: str = "") -> dict[str, Any]:
        """What a tab in the context `here` shows of engine and profile. On the engine's thread."""
        model = self._engine.model_path
        return {
            "kernel": self._engine.kernels,
            "model": None if model is None else _model_name(model),
            "wrong_per_100_words": self._wrong_per_100_words,
            "profile": profile_facts(self._profile, here),
        }

    def news(self, here: str, known: News | None) -> tuple[News, dict[str, Any] | None]:
        """What there is to know now, and the profile's facts if that is other than `known`.

        For a tab in the context `here`; on the engine's thread.
        """
        now = (here, self._profile.ngrams, self._profile.trouble, self._profile.tally())
        return now, (None if now == known else profile_facts(self._profile, here))

    def turn_dial(self, wrong_per_100_words: float | None) -> None:
        """How often a suggestion may be wrong; None for always the best. On the engine's thread."""
        self._wrong_per_100_words = wrong_per_100_words
        self._version += 1

    def close(self) -> None:
        """Ends the engine's thread, after what is queued: tabs take back what was not sent."""
        self._thread.shutdown(wait=True)


def _model_name(path: Path) -> str:
    """The model's name, from a file such as NAME.foretype.safetensors."""
    return path.name.removesuffix(".safetensors").removesuffix(".foretype")
