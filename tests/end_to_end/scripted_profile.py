"""A profile that holds messages as they are: the public API's shape, for tests of page and command.

A word is a run of letters; it counts as English when it stands in ENGLISH, as the user's otherwise.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from foretype.profile.facts import (
    ContextFacts,
    Forgotten,
    FormFacts,
    ProfileStats,
    Tally,
    WordFacts,
)

ENGLISH = frozenset("ask has plans the and typed hello".split())
TODAY = date(2026, 11, 24)
NOTHING = Tally(0, 0, 0, 0, 0, 0, 0)


@dataclass
class ScriptedProfile:
    paused: bool = False
    read_only: bool = False
    trouble: str | None = None
    messages: list[str] = field(default_factory=list)  # oldest first
    learned_in: list[str] = field(default_factory=list)  # the context of each message
    private: dict[str, bool] = field(default_factory=lambda: {"": False})
    blocked: tuple[str, ...] = ()
    forgotten: list[object] = field(default_factory=list)  # what was asked to be forgotten
    closed: bool = False
    counted: Tally = NOTHING

    @property
    def ngrams(self) -> int:
        return len(self._words(""))

    @property
    def memory_bytes(self) -> int:
        return 1000 * self.ngrams

    def learn(self, text: str, *, context: str = "", day: date | None = None) -> None:
        if not self.paused and text:
            self.messages.append(text)
            self.learned_in.append(context)
            self.private.setdefault(context, False)

    def tally(self) -> Tally:
        return self.counted

    def forget(self, text: str) -> Forgotten:
        kept = [not re.search(rf"(?i)\b{re.escape(text)}\b", message) for message in self.messages]
        return self._keep(text, kept)

    def forget_since(self, when: datetime | timedelta) -> Forgotten:
        return self._keep(when, [False] * len(self.messages))

    def forget_context(self, name: str) -> Forgotten:
        return self._keep(f"context {name}", [context != name for context in self.learned_in])

    def forget_all(self) -> Forgotten:
        return self._keep("everything", [False] * len(self.messages))

    def block(self, word: str) -> bool:
        if not word.isalpha():
            return False
        self.blocked = (*self.blocked, word)
        return True

    def unblock(self, word: str) -> None:
        self.blocked = tuple(other for other in self.blocked if other != word)

    def show(self, word: str) -> WordFacts | None:
        folded = word.casefold()
        known = [one for one in self._words(folded) if one.casefold() == folded]
        return self._facts(known) if known else None

    def words(
        self,
        prefix: str = "",
        *,
        context: str | None = None,
        own_only: bool = True,
        limit: int | None = None,
    ) -> list[WordFacts]:
        words = [word.casefold() for word in reversed(self._words(prefix.casefold(), context))]
        wanted = [word for word in dict.fromkeys(words) if not own_only or word not in ENGLISH]
        return [facts for word in wanted[:limit] if (facts := self.show(word))]

    def stats(self) -> ProfileStats:
        return ProfileStats(
            words=len(set(self._words(""))),
            ngrams=self.ngrams,
            max_ngrams=1_000_000,
            memory_bytes=self.memory_bytes,
            file_bytes=2000 * self.ngrams,
            contexts=len(self.private),
            messages=len(self.messages),
            blocked=len(self.blocked),
            paused=self.paused,
            folder=Path("scripted-folder"),
        )

    def contexts(self) -> tuple[ContextFacts, ...]:
        return tuple(self._context_facts(name, private) for name, private in self.private.items())

    def _context_facts(self, name: str, private: bool) -> ContextFacts:
        messages = self.learned_in.count(name)
        return ContextFacts(name, private, words=0, ngrams=10 * messages, messages=messages)

    def set_private(self, name: str, private: bool) -> None:
        self.private[name] = private

    def compact(self) -> None:
        pass

    def flush(self) -> None:
        pass

    def close(self) -> None:
        self.closed = True

    def words_beginning(self, letters: str) -> list[str]:
        blocked = {word.casefold() for word in self.blocked}
        return [
            word
            for word in reversed(self._words(""))
            if word.startswith(letters) and word.casefold() not in blocked
        ]

    def _words(self, prefix: str, context: str | None = None) -> list[str]:
        messages = zip(self.messages, self.learned_in, strict=True)
        text = " ".join(one for one, where in messages if self._counts_in(context, where))
        return [word for word in re.findall(r"\w+", text) if word.casefold().startswith(prefix)]

    def _counts_in(self, context: str | None, where: str) -> bool:
        """What is learned in a shared context counts in common, too."""
        common = context == "" and not self.private[where]
        return context is None or context == where or common

    def _facts(self, uses: list[str]) -> WordFacts:
        forms = tuple(FormFacts(form, uses.count(form), 0) for form in dict.fromkeys(uses))
        contexts = tuple(dict.fromkeys(self._contexts_of(uses[0])))
        rung = "offered" if len(uses) < 2 else "confirmed"
        return WordFacts(uses[-1], forms, len(uses), 0, 0, TODAY, TODAY, rung, contexts)

    def _contexts_of(self, word: str) -> Iterator[str]:
        for message, context in zip(self.messages, self.learned_in, strict=True):
            if re.search(rf"(?i)\b{re.escape(word)}\b", message):
                yield context

    def _keep(self, asked: object, kept: list[bool]) -> Forgotten:
        self.forgotten.append(asked)
        before, messages = self.ngrams, len(self.messages)
        pairs = zip(self.messages, self.learned_in, kept, strict=True)
        left = [(message, context) for message, context, keep in pairs if keep]
        self.messages = [message for message, _ in left]
        self.learned_in = [context for _, context in left]
        return Forgotten(before - self.ngrams, messages - len(self.messages))
