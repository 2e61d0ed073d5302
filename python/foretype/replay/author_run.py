"""One author, one run: a fresh profile, the history learned, the scored part typed."""

import os
from collections.abc import Callable, Iterator
from typing import Any, TypeVar, cast

from foretype.replay.aborts import AbortedError, aborted
from foretype.replay.clock import clocked
from foretype.replay.data import Author, ScoredMessage
from foretype.replay.places import Places
from foretype.replay.plan import BITS, HEADLINE, SAVED, Configuration, configuration_of
from foretype.replay.port import Field, Profile, RemoteTiming, Session, Suggestion, System
from foretype.replay.saved import SAVED_KS, saved_at
from foretype.replay.settings import Settings
from foretype.replay.simulate import Show, looks_of, type_message

MEMORY_CHARACTERS = 1024
"""Of the author's earlier messages, before the text whose bits are counted: about 256 tokens."""

Result = TypeVar("Result")
Outcome = dict[str, Any]
Progress = Callable[[int], None]

Ask = tuple[float, float, float, float, bool, float, float | None, float | None, float]
"""Milliseconds on the wall, milliseconds of the processor, microseconds in the trie,
milliseconds in the LM, deadline kept, milliseconds of thinking before the next key,
microseconds of ranking and gate (None where there are none), microseconds in which the key
before was taken in (None before a message's first key), milliseconds of the processor for
thinking."""


def run_author(
    system: System, author: Author, run: str, *, settings: Settings, progress: Progress
) -> Outcome:
    """The outcome as plain values; `progress` hears of each message's characters when done.

    A peer's process that dies on the way is an outcome too: {"aborted": where}.
    """
    try:
        if run == BITS:
            return _bits(system, author, settings, progress)
        if run == SAVED:
            return _saved(system, author, settings, progress)
        configuration = configuration_of(run)
        assert configuration is not None
        timed = settings.timed and run == HEADLINE
        return _configuration(system, author, configuration, settings, progress, timed=timed)
    except AbortedError as error:
        return aborted(error)


def scored_messages(author: Author, settings: Settings) -> tuple[ScoredMessage, ...]:
    """All that is scored, or its first few messages where only a share is wanted."""
    return author.scored[: settings.messages_per_author]


def _learned(system: System, author: Author) -> Profile:
    profile = system.profile()
    for text, day in zip(author.history, author.history_days, strict=True):
        system.live_on(day)
        profile.learn(text)
    return profile


def _configuration(
    system: System,
    author: Author,
    configuration: Configuration,
    settings: Settings,
    progress: Progress,
    *,
    timed: bool,
) -> Outcome:
    profile = _learned(system, author)
    session = system.session(
        profile,
        proposers=settings.proposers,
        wrong_per_100_words=configuration.wrong_per_100_words,
    )
    while session.think():  # the field was opened a while before the first key
        pass
    watch = _TimedSession(session, settings, remote=system.remote)
    field: Field = watch if timed else session
    suggest = watch.suggest if timed else _plain(session, settings)
    counts, latencies = [], []
    places = Places()
    for message in scored_messages(author, settings):
        system.live_on(message.day)
        looks = looks_of(configuration, seed=settings.seed, author=author.number, message=message)
        shows: list[Show] = []
        counts.append(
            type_message(field, message, configuration, looks=looks, suggest=suggest, shows=shows)
        )
        places.add(message, shows)
        latencies.append(watch.take())
        progress(counts[-1].characters)
    outcome: Outcome = {"counts": counts} | places.to_json()
    if timed:
        outcome |= {
            "latencies": latencies,
            "load_average": os.getloadavg()[0],
            "profile_bytes": profile.memory_bytes,
            "resident_bytes": system.resident_bytes(),
        }
    return outcome


def _plain(session: Session, settings: Settings) -> Callable[[], Suggestion | None]:
    def suggest() -> Suggestion | None:
        suggestion = session.suggest(budget_ms=settings.budget_ms)
        return think(session, suggestion, settings.think_steps)

    return suggest


def think(session: Session, shown: Suggestion | None, steps: int) -> Suggestion | None:
    """What the engine does until the next key, as far as a quick typist leaves time for it.

    Returns what then stands on the screen: what was shown, perhaps with more behind it.
    """
    while steps > 0 and session.think():
        shown = session.extended() or shown
        steps -= 1
    return session.extended() or shown


class _TimedSession:
    """A field that keeps, for each ask, what it took at the engine's door, and the key before."""

    def __init__(self, session: Session, settings: Settings, *, remote: bool) -> None:
        self._session = session
        self._settings = settings
        self._remote = remote
        self._asks: list[Ask] = []
        self._taken_in_us: float | None = None

    def type(self, text: str) -> None:
        """The session learns from it, labels what it had proposed, learns to rank."""
        self._take_in(lambda: self._session.type(text))

    def accept(self, *, words: int | None = 1) -> str:
        """The same for what comes in at once."""
        return self._take_in(lambda: self._session.accept(words=words))

    def finish(self) -> None:
        """Sent: no key."""
        self._session.finish()
        self._taken_in_us = None

    def _take_in(self, key: Callable[[], Result]) -> Result:
        result, wall_s, _ = clocked(key)
        self._taken_in_us = None if self._remote else round(wall_s * 1e6, 1)
        return result

    def suggest(self) -> Suggestion | None:
        """Ask once, then let the engine think; only the first is waited for."""
        first, wall_s, processor_s = clocked(self._ask)
        timing = self._session.timing
        times = (wall_s * 1e3, processor_s * 1e3)
        if self._remote:
            times = (timing.total_ms, cast(RemoteTiming, timing).processor_ms)
        total, processor = (round(each, 4) for each in times)
        steps = self._settings.think_steps
        suggestion, *thought_s = clocked(lambda: think(self._session, first, steps))
        lm_ms = round(timing.lm_ms, 4)
        think_ms, think_processor_ms = (round(seconds * 1e3, 4) for seconds in thought_s)
        own = (timing.rank_us, self._taken_in_us, think_processor_ms)
        self._asks.append(
            (total, processor, timing.trie_us, lm_ms, timing.complete, think_ms, *own)
        )
        return suggestion

    def _ask(self) -> Suggestion | None:
        return self._session.suggest(budget_ms=self._settings.budget_ms)

    def take(self) -> list[Ask]:
        """The asks since the last take, in order."""
        asks, self._asks = self._asks, []
        return asks


def _saved(system: System, author: Author, settings: Settings, progress: Progress) -> Outcome:
    outcome: Outcome = {}
    for passes, k in enumerate(SAVED_KS):
        session = system.session(
            _learned(system, author), proposers=settings.proposers, wrong_per_100_words=None
        )
        outcome[f"saved_at_{k}"] = saved = []
        for message in scored_messages(author, settings):
            system.live_on(message.day)
            saved.append(saved_at(session, message, k))
            characters = len(message.text) - message.start
            done, now = (characters * n // len(SAVED_KS) for n in (passes, passes + 1))
            progress(now - done)
    return outcome


def _bits(system: System, author: Author, settings: Settings, progress: Progress) -> Outcome:
    bits = []
    if not system.can_score or settings.proposers == "trie":
        progress(author.characters)
    else:
        for message, earlier in _with_earlier(author, settings):
            head, scored = message.text[: message.start], message.text[message.start :]
            nats_alone = system.negative_log_likelihood(scored, head)
            nats_memory = system.negative_log_likelihood(scored, earlier + head)
            size = len(scored.encode("utf-8", "surrogatepass"))
            bits.append((size, nats_alone, nats_memory))
            progress(len(scored))
    return {"bits": bits}


def _with_earlier(author: Author, settings: Settings) -> Iterator[tuple[ScoredMessage, str]]:
    """Each scored message with the end of what the author wrote before it."""
    earlier = "".join(text + "\n" for text in author.history)[-MEMORY_CHARACTERS:]
    for message in scored_messages(author, settings):
        yield message, earlier
        earlier = (earlier + message.text + "\n")[-MEMORY_CHARACTERS:]
