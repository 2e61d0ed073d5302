"""The profile as the page shows it, ready for JSON. Reads only; on the engine's thread."""

from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

from foretype.profile.explain import reasons

if TYPE_CHECKING:
    from foretype import Profile

NEW_WORDS = 9
FOUND_WORDS = 40


def profile_facts(profile: "Profile", here: str) -> dict[str, Any]:
    """Room, state, contexts, blocked words, newest words, and what became of suggestions.

    `here` is the context of the tab that asks: what is private elsewhere is no news in it.
    """
    stats, tally = profile.stats(), profile.tally()
    contexts = profile.contexts()
    private = here in {context.name for context in contexts if context.private}
    return {
        "ngrams": stats.ngrams,
        "max_ngrams": stats.max_ngrams,
        "memory_bytes": stats.memory_bytes,
        "file_bytes": stats.file_bytes,
        "folder": None if stats.folder is None else str(stats.folder),
        "paused": profile.paused,
        "read_only": profile.read_only,
        "trouble": profile.trouble,
        "new_words": _new_words(profile, here if private else ""),
        "contexts": [asdict(context) for context in contexts],
        "blocked": list(profile.blocked),
        "tally": asdict(tally) | {"wrong": tally.wrong},
    }


def _new_words(profile: "Profile", context: str) -> list[str]:
    """The newest words with a letter in them; numbers are no news."""
    words = (facts.word for facts in profile.words(context=context, limit=3 * NEW_WORDS))
    return [word for word in words if any(map(str.isalpha, word))][:NEW_WORDS]


def found_words(profile: "Profile", prefix: str) -> dict[str, Any]:
    """The newest words that begin so: common English too, once something is looked for."""
    found = profile.words(prefix, own_only=not prefix, limit=FOUND_WORDS + 1)
    words = [{"word": facts.word, "uses": facts.uses, "rung": facts.rung} for facts in found]
    return {"words": words[:FOUND_WORDS], "more": len(found) > FOUND_WORDS}


def word_facts(profile: "Profile", word: str) -> dict[str, Any]:
    """Why a word is known, in sentences; none if it is not the user's."""
    facts = profile.show(word)
    return {
        "word": word if facts is None else facts.word,
        "reasons": [] if facts is None else list(reasons(facts, today=date.today())),
        "blocked": word.casefold() in {blocked.casefold() for blocked in profile.blocked},
    }
