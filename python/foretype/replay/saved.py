"""saved@k of ChaI-TEA (arXiv 2412.18377), for comparison with its published figures only.

Read from the paper and its released `metrics.py`: the text is typed word by word; at each
word the engine offers up to k completions of any length; the longest that matches the
author's text, case-insensitively and to a word's end, is accepted at the cost of one key;
otherwise the next word is typed. saved@k = (accepted characters - accepts) /
(characters - 1) of a message, then averaged over messages.
"""

from foretype.replay.data import ScoredMessage
from foretype.replay.port import Session, Suggestion
from foretype.replay.words import borders

SAVED_KS = (1, 5)


def saved_at(session: Session, message: ScoredMessage, k: int) -> float:
    """Type one message word by word, send it, and return its saved@k."""
    text = message.text
    may_end = borders(text)
    offset = message.start
    if offset:
        session.type(text[:offset])
    saved = 0
    while offset < len(text):
        accepted = 0
        if _at_word_start(text, offset):
            accepted = _longest_match(session.suggest(), k, text, offset, may_end)
            saved += max(0, accepted - 1)
        step = accepted or _next_word_start(text, offset) - offset
        session.type(text[offset : offset + step])
        offset += step
    session.finish()
    return saved / max(1, len(text) - message.start - 1)


def completions(suggestion: Suggestion, k: int) -> list[str]:
    """Up to k: the ghost text, then its shorter runs of words, then the menu's other words."""
    offered = ["".join(suggestion.words[:count]) for count in range(len(suggestion.words), 0, -1)]
    offered += [candidate.text for candidate in suggestion.candidates]
    return [text for text in dict.fromkeys(offered) if text.strip()][:k]


def _longest_match(
    suggestion: Suggestion | None, k: int, text: str, offset: int, may_end: bytearray
) -> int:
    """Length of the longest completion that the author wrote, 0 if none is right."""
    longest = 0
    for completion in completions(suggestion, k) if suggestion else ():
        end = offset + len(completion)
        if end <= len(text) and may_end[end] and text[offset:end].lower() == completion.lower():
            longest = max(longest, len(completion))
    return longest


def _at_word_start(text: str, offset: int) -> bool:
    return not text[offset].isspace() and (offset == 0 or text[offset - 1].isspace())


def _next_word_start(text: str, offset: int) -> int:
    offset += 1
    while offset < len(text) and not _at_word_start(text, offset):
        offset += 1
    return offset
