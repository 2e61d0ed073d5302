"""What is kept about one user, and all that its owner may do with it."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from datetime import date, datetime, timedelta
from types import TracebackType
from typing import Self, TypeVar

from foretype import _core
from foretype._text import to_bytes, to_str
from foretype.profile.counted import Counted
from foretype.profile.facts import ContextFacts, Forgotten, ProfileStats, Tally, WordFacts
from foretype.profile.forgetting import Drop, everything, holding, since
from foretype.profile.keeper import Keeper
from foretype.profile.known import context_facts, newest_words, to_day, word_count, word_facts
from foretype.profile.records import to_ms

Result = TypeVar("Result")


class Profile:
    """One user's n-grams, last messages, habits and wishes.

    Made by `Engine.profile`, in memory, or by `Engine.open_profile`, in files. It may be shared
    by the sessions of one thread. Leaving a `with` block closes it.

    What is learned reaches the files within two seconds, and a finished message or a wish at once,
    without being waited for; `flush` waits. What forgets comes back when no file holds it any
    more, and raises StorageError if that cannot be done yet.
    """

    def __init__(
        self,
        engine: _core.Engine,
        core: _core.Profile,
        keeper: Keeper,
        *,
        today: Callable[[], date] = date.today,
    ) -> None:
        self._today = today
        self._engine = engine
        self._core = core
        self._keeper = keeper
        self._day = date.min
        self._set_today()
        self._finalizer = weakref.finalize(self, _close_quietly, keeper)

    def learn(self, text: str, *, context: str = "", day: date | None = None) -> None:
        """Learn a finished message that the owner wrote: its n-grams and, as memory, its text.

        Args:
            text: the message.
            context: what it belongs to (a client, an app, a site), "" for nothing in particular.
            day: when it was written; None for today.
        """
        self._set_today()
        if day is not None:
            self._core.set_day(to_day(day))
        try:
            self._core.learn(to_bytes(text), to_bytes(context))
        finally:
            if day is not None:
                self._core.set_day(to_day(self._day))
        self._keeper.hurry()

    def forget(self, text: str) -> Forgotten:
        """Forget a word, in every case form, or a phrase: every n-gram that holds two of its
        words next to each other. Afterwards no file of the profile holds it, but for a blocked
        word or the name of a context, which are the owner's own words; the note says so.
        """
        if not text.strip():
            return Forgotten(0, 0)
        forgotten = self._forget(lambda: self._core.forget(to_bytes(text)), holding(text))
        return forgotten.noting(self._still_named(text))

    def forget_since(self, when: datetime | timedelta) -> Forgotten:
        """Take back what was learned from a moment on, or in the last so many minutes.

        This reaches as far as the journal: a day, or to where something in it was forgotten. The
        note says so where that is less than was asked for.
        """
        moment = datetime.now() - when if isinstance(when, timedelta) else when
        start = to_ms(moment.timestamp())
        operations = b"".join(row.ops for row in self._keeper.rows(start))
        reach = self._keeper.complete_since_ms
        forgotten = self._forget(lambda: self._core.take_back(operations), since(start))
        if start >= reach:
            return forgotten
        until = datetime.fromtimestamp(reach / 1000)
        return forgotten.noting(
            f"What was learned before {until:%Y-%m-%d %H:%M:%S} can no longer be told apart."
        )

    def forget_context(self, name: str) -> Forgotten:
        """Forget what was learned in one context, and the context."""
        return self._forget(lambda: self._core.forget_context(to_bytes(name)), holding(name))

    def forget_all(self) -> Forgotten:
        """Forget everything; sessions drop what they computed from it at their next step."""
        before = self._core.ngrams(), len(self._core.messages())

        def act() -> tuple[int, int]:
            self._core.forget_all()
            return before

        return self._forget(act, everything, files=True)

    def block(self, word: str) -> bool:
        """Never suggest or learn this word again. False for what is not one word."""
        return self._wish(lambda: self._core.block(to_bytes(word)))

    def unblock(self, word: str) -> bool:
        """Take `block` back. False if it was not blocked."""
        return self._wish(lambda: self._core.unblock(to_bytes(word)))

    @property
    def blocked(self) -> tuple[str, ...]:
        """The blocked words, in small letters."""
        return tuple(to_str(word) for word in self._core.blocked())

    def show(self, word: str) -> WordFacts | None:
        """Why this word is known; None if the user never wrote it."""
        return word_facts(self._core, word)

    def words(
        self,
        prefix: str = "",
        *,
        context: str | None = None,
        own_only: bool = True,
        limit: int | None = None,
    ) -> list[WordFacts]:
        """The words that begin with `prefix`, those learned last first.

        Args:
            prefix: in any case.
            context: what was learned in this one only, "" in common; None for all.
            own_only: leave out what English already has.
            limit: at most so many.
        """
        words = newest_words(self._core, prefix, context, own_only=own_only, limit=limit)
        found = (word_facts(self._core, word) for word in words)
        return [facts for facts in found if facts is not None]

    def contexts(self) -> tuple[ContextFacts, ...]:
        """The contexts that have been named, by name."""
        return context_facts(self._core)

    def set_private(self, context: str, private: bool) -> None:
        """What is learned in a private context is offered there only, also what was until now."""
        self._wish(lambda: self._core.set_private(to_bytes(context), private))

    @property
    def paused(self) -> bool:
        """While true nothing is learned or remembered. Kept with the profile."""
        return self._core.paused

    @paused.setter
    def paused(self, value: bool) -> None:
        def act() -> None:
            self._core.paused = value

        self._wish(act)

    def stats(self) -> ProfileStats:
        """How much is known, and how much room it takes."""
        contexts = self.contexts()
        return ProfileStats(
            words=word_count(self._core),
            ngrams=self._core.ngrams(),
            max_ngrams=self._core.max_ngrams,
            memory_bytes=self._core.memory_bytes(),
            file_bytes=self._keeper.file_bytes(),
            contexts=len(contexts),
            messages=len(self._core.messages()),
            blocked=len(self._core.blocked()),
            paused=self.paused,
            folder=self._keeper.folder,
        )

    def tally(self) -> Tally:
        """What became of suggestions, and the keys they saved."""
        return Tally(*self._core.tally())

    def statistics(self) -> Counted:
        """What was counted for `foretype.statistics`, at this moment."""
        core = self._core
        return Counted(
            core.hit_table(), core.prototypes(), core.neighbours(), core.statistics_refused()
        )

    @property
    def ngrams(self) -> int:
        """How many n-grams of the user's own are known, of all orders."""
        return self._core.ngrams()

    @property
    def memory_bytes(self) -> int:
        """Memory that the n-grams take, in bytes."""
        return self._core.memory_bytes()

    @property
    def read_only(self) -> bool:
        """Whether what is learned is not kept, since another process writes this profile."""
        return self._keeper.read_only

    @property
    def trouble(self) -> str | None:
        """One sentence on what cannot be written, or what was found when the files were opened."""
        return self._keeper.trouble

    def learned_digests(self) -> set[bytes]:
        """The digests that `note_learned` was given: texts of the past, learned from files."""
        return self._keeper.learned_files()

    def note_learned(self, digest: bytes) -> None:
        """Keep, in one step with what was learned until now, that a text of the past was."""
        self._keeper.mark_learned(digest)

    def compact(self) -> None:
        """Drop the least useful n-grams beyond the limit, and write the files anew."""
        self._keeper.compact()

    def flush(self) -> None:
        """Wait until everything learned is on the disk. Raises StorageError if it cannot be."""
        self._keeper.flush()

    def close(self) -> None:
        """Write the rest and let others write. Raises StorageError if something was not written.

        Sessions may go on, in memory.
        """
        if self._finalizer.detach() is not None:
            self._keeper.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _copy_of_core(self) -> _core.Profile:
        """The profile as it is at this moment; what is learned later does not change it."""
        copy = _core.Profile(self._engine)
        copy.keep_journal(False)
        copy.load(self._core.save())
        return copy

    def _touched(self) -> None:
        """A session may have learned something. On the typing path: waits for nothing."""
        self._keeper.touch()

    def _finished(self) -> None:
        """A session has finished a message. On the typing path too."""
        self._set_today()
        self._keeper.hurry()

    def _set_today(self) -> None:
        today = self._today()
        if today != self._day:
            self._day = today
            self._core.set_day(to_day(today))

    def _wish(self, act: Callable[[], Result]) -> Result:
        """Change what the core's operations tell: it holds at once, and is written at once."""
        result = act()
        self._keeper.hurry()
        return result

    def _forget(
        self, act: Callable[[], tuple[int, int]], drop: Drop, *, files: bool = False
    ) -> Forgotten:
        aside = ", ".join(self._keeper.set_aside())
        forgotten = Forgotten(*self._keeper.forget(act, drop, files=files))
        if not aside:
            return forgotten
        return forgotten.noting(
            f"The damaged files that were set aside may have held it and were deleted: {aside}."
        )

    def _still_named(self, text: str) -> str:
        """Where the owner's own wishes still hold what was forgotten."""
        wanted = text.casefold()
        if any(wanted in word.casefold() for word in self.blocked):
            return "It is still on the list of blocked words."
        if any(wanted in to_str(name).casefold() for name, _, _ in self._core.contexts()):
            return "It is still part of the name of a context."
        return ""


def _close_quietly(keeper: Keeper) -> None:
    """For a profile that nobody closed: what fails has been said by the keeper."""
    from foretype.errors import StorageError

    try:
        keeper.close()
    except StorageError:
        return
