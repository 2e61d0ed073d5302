"""One editing session: a text, a caret, and what to suggest there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from foretype import _core
from foretype._profile import Profile
from foretype._suggestion import Candidate, Source, Suggestion, Timing
from foretype._text import to_bytes, to_str

_SOURCES: dict[int, Source] = {1: "trie", 2: "lm", 3: "both"}
Proposers = Literal["both", "trie", "lm"]
Span = tuple[int, int]


class Session:
    """The text of one field and its suggestions. Made by `Engine.session`; one thread at a time.

    Call `suggest` once after every key. Nothing here raises for what someone types: any `str`
    is accepted, and no suggestion is a normal answer.

    What is typed is learned at once, and taken back when it is erased. A session that ends with
    text in the field leaves it learned, like a draft; `set_text("")` takes it back first.
    """

    def __init__(self, core: _core.Session, profile: Profile) -> None:
        self._core = core
        self._profile = profile  # the core shares it; kept so that `profile` can be read back
        self._before = ""
        self._after = ""

    @property
    def text_before(self) -> str:
        """The text before the caret."""
        return self._before

    @property
    def text_after(self) -> str:
        """The text after the caret."""
        return self._after

    @property
    def profile(self) -> Profile:
        """Whose session this is."""
        return self._profile

    def set_text(
        self, before: str, after: str = "", *, untyped: Iterable[Span] | None = None
    ) -> None:
        """Tell the text around the caret as it is now; only what changed is worked on.

        Args:
            before: the text before the caret.
            after: the text after it.
            untyped: (begin, end) of what in `before + after` the user did not type, such as a
                quoted message, in code points. It is not learned. None: what was pasted or told
                before stays so, where it still stands.
        """
        if self._core.refused():
            return
        self._before, self._after = before, after
        spans = None if untyped is None else _in_bytes(untyped, before + after)
        self._core.set_text(to_bytes(before), to_bytes(after), spans)
        self._profile._touched()

    def type(self, text: str) -> None:
        """The user typed this at the caret."""
        self.set_text(self._before + text, self._after)

    def paste(self, text: str) -> None:
        """The user pasted this at the caret: it is context, and not learned."""
        if self._core.refused():
            return
        self._before += text
        self._core.paste(to_bytes(text))

    def erase(self, count: int = 1) -> None:
        """The user erased `count` code points before the caret."""
        self.set_text(self._before[: max(0, len(self._before) - max(0, count))], self._after)

    def suggest(self, *, budget_ms: float = 30.0) -> Suggestion | None:
        """What to show now, within about `budget_ms` milliseconds; None for silence.

        A negative budget waits for the language model however long it takes. Asked again with no
        change between, the answer is the same, or has more behind it.
        """
        return _suggestion(self._core.suggest(int(budget_ms * 1000)))

    def extended(self) -> Suggestion | None:
        """What is shown, with words behind it that have become known since; None: no more.

        For between keys, after `suggest` and after each step of `think`. Text is only added,
        and `accept` takes what this showed last.
        """
        return _suggestion(self._core.extended())

    def think(self) -> bool:
        """Between keys: one small step of work that the next key would otherwise wait for.

        A step takes as long as a few tokens of the language model. Call it again while it
        returns True and no key has been pressed; never calling it costs only speed.
        """
        return self._core.think()

    def accept(self, *, words: int | None = 1) -> str:
        """The user took the next word or words of what is shown, None for all of it.

        Returns what was inserted at the caret, "" if nothing is shown.
        """
        taken = to_str(self._core.accept(-1 if words is None else max(0, words)))
        self._before += taken
        return taken

    def dismiss(self) -> None:
        """The user wants nothing more shown for this word."""
        self._core.dismiss()

    def hush(self) -> None:
        """Show nothing until a letter or digit is typed.

        For what a session cannot see: text came or went by an undo, or some of it is selected.
        Erasing and pasting need no word of it.
        """
        self._core.hush()

    def finish(self) -> None:
        """The message is sent: learned and remembered. The text is empty again."""
        self._core.finish()
        self._profile._finished()
        self._before = self._after = ""

    @property
    def timing(self) -> Timing:
        """What the last `suggest` cost."""
        total, trie, model, rank, computed, cached, complete = self._core.timing()
        return Timing(
            total_ms=total / 1000,
            trie_us=float(trie),
            lm_ms=model / 1000,
            rank_us=float(rank),
            lm_tokens=computed,
            cached_tokens=cached,
            complete=complete,
        )


def _suggestion(answer: tuple[Any, ...] | None) -> Suggestion | None:
    """The core's answer as a value; None where nothing is shown."""
    if answer is None or not answer[0]:
        return None
    _, text, ends, found = answer
    candidates = tuple(Candidate(to_str(entry[0]), _SOURCES[entry[1]], entry[2]) for entry in found)
    words = tuple(to_str(text[begin:end]) for begin, end in zip((0, *ends[:-1]), ends, strict=True))
    best = candidates[0]
    return Suggestion(
        text=to_str(text),
        words=words,
        source=best.source,
        probability=best.probability,
        why=_why(best.source, order=found[0][5], count=found[0][6]),
        candidates=candidates,
    )


def _in_bytes(spans: Iterable[Span], text: str) -> list[Span]:
    """Spans of code points of `text` as spans of its bytes."""

    def offset(position: int) -> int:
        return len(to_bytes(text[: max(0, position)]))

    return [(offset(begin), offset(end)) for begin, end in spans]


def _why(source: Source, *, order: int, count: int) -> str:
    """One short sentence for people."""
    if order >= 2 and count > 0:
        times = "once" if count == 1 else f"{count} times"
        return f"you wrote this {times} after the same {'word' if order == 2 else 'words'}"
    if order == 1:
        return "a word of yours"
    if source == "trie":
        return "common in English"
    return "fits what you wrote, says the language model"
