"""A core that counts words and keeps messages: what storage is tested with."""

from __future__ import annotations

import json
from collections import Counter

from foretype.errors import ErrorCode, ProfileError

Sections = list[tuple[str, bytes]]


class ScriptedCore:
    """The profile of the core, as far as storage sees it. Operations are JSON lines."""

    def __init__(self) -> None:
        self.words: Counter[str] = Counter()
        self.messages: list[str] = []
        self.journal: list[str] = []
        self.refuses: set[str] = set()
        self.most_words: int | None = None
        self.journal_kept = True
        self.counts: tuple[int, ...] = (0,) * 7
        self.counted = b""
        self.signatures: list[tuple[int, int, bytes, bytes]] = []

    def learn(self, text: str) -> None:
        self._do({"learn": text})
        if self.journal_kept:
            self.journal.append(json.dumps({"learn": text}, ensure_ascii=False))

    def keep_journal(self, kept: bool) -> None:
        self.journal_kept = kept

    def _do(self, step: dict[str, str]) -> None:
        self.words.update(step["learn"].split())
        self.messages.append(step["learn"])

    def drain(self) -> bytes:
        ops = "\n".join(self.journal).encode("utf-8", "surrogatepass")
        self.journal.clear()
        return ops

    def replay(self, ops: bytes) -> int:
        steps = ops.decode("utf-8", "surrogatepass").split("\n")
        for step in steps:
            self._do(json.loads(step))
        return len(steps)

    def checkpoint(self) -> tuple[bytes, Sections]:
        return self.drain(), self.save()

    def save(self) -> Sections:
        messages = json.dumps(self.messages, ensure_ascii=False)
        words = json.dumps(dict(sorted(self.words.items())), ensure_ascii=False)
        return [("profile", _bytes(messages)), ("trie/0", _bytes(words)), *self.save_counts()]

    def load(self, sections: Sections) -> None:
        found = dict(sections)
        for name in ("profile", "trie/0"):
            if name not in found:
                raise ProfileError(f"section {name} is missing", code=ErrorCode.TRUNCATED)
            if found[name] and name in self.refuses:
                raise ProfileError(f"section {name} is refused", code=ErrorCode.CORRUPT)
        self.counted = found.get("statistics", b"")
        self.messages = json.loads(found["profile"] or b"[]")
        self.words = Counter(json.loads(found["trie/0"] or b"{}"))

    def forget(self, word: str) -> tuple[int, int]:
        forms = [form for form in self.words if form.casefold() == word.casefold()]
        for form in forms:
            del self.words[form]
        kept = [m for m in self.messages if word.casefold() not in m.casefold()]
        gone = len(self.messages) - len(kept)
        self.messages = kept
        self.journal.clear()
        return len(forms), gone

    def take_back(self, ops: bytes) -> tuple[int, int]:
        taken = ScriptedCore()
        taken.replay(ops)
        self.words -= taken.words
        for message in taken.messages:
            self.messages.remove(message)
        return sum(taken.words.values()), len(taken.messages)

    def tally(self) -> tuple[int, ...]:
        return self.counts

    def save_counts(self) -> Sections:
        return [("statistics", self.counted)] if self.counted else []

    def take_signatures(self) -> list[tuple[int, int, bytes, bytes]]:
        taken, self.signatures = self.signatures, []
        return taken

    def make_room(self) -> int:
        before = len(self.words)
        if self.most_words is not None:
            self.words = Counter(dict(self.words.most_common(self.most_words)))
        return before - len(self.words)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ScriptedCore) and (self.words, self.messages) == (
            other.words,
            other.messages,
        )

    __hash__ = None  # type: ignore[assignment]


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
