"""The trie alone: what a suggestion and what learning cost, by how much is known."""

import time
from collections.abc import Sequence
from typing import Any

from foretype import Engine
from foretype.bench import trie_store
from foretype.bench.measured import circumstances, percentiles
from foretype.bench.sample import LETTER, pseudo_messages
from foretype.replay.clock import clocked

SIZES = (1_000, 10_000, 100_000)
STORE_SIZES = (100_000, 1_000_000)
ASKED_CHARACTERS = 3_000
WARM_UP_ASKS = 50


def measure(*, words: Sequence[int] = SIZES, ngrams: Sequence[int] = STORE_SIZES) -> dict[str, Any]:
    """By words learned: learning, memory, latency of suggestions; by n-grams: the store alone."""
    engine = Engine.open(language_model=False)
    return circumstances() | {
        "by_words_learned": {str(n): _of(engine, n) for n in words},
        "store_by_ngrams": {str(n): _store(n) for n in ngrams},
    }


def _store(ngrams: int) -> dict[str, Any]:
    """Made-up words: each is as likely anywhere, so more n-grams are new than in real text."""
    messages = pseudo_messages(max(ngrams, 2_000), seed=1)
    return trie_store.measure(trie_store.uses_of(messages), ngrams=ngrams)


def _of(engine: Engine, words: int) -> dict[str, Any]:
    profile = engine.profile()
    messages = pseudo_messages(words, seed=1)
    start = time.process_time()
    for message in messages:
        profile.learn(message)
    learned_s = time.process_time() - start
    wall_us, processor_us, within_us = [], [], []
    session = engine.session(profile, proposers="trie")
    for character in (messages[0] + "\n" + LETTER)[:ASKED_CHARACTERS]:
        session.type(character)
        _, wall_s, processor_s = clocked(session.suggest)
        wall_us.append(wall_s * 1e6)
        processor_us.append(processor_s * 1e6)
        within_us.append(session.timing.trie_us)
    return {
        "ngrams": profile.ngrams,
        "memory_bytes": profile.memory_bytes,
        "learn_us_per_word": round(learned_s * 1e6 / words, 2),
        "suggestions": len(wall_us) - WARM_UP_ASKS,
        "suggest_at_the_door": percentiles(wall_us[WARM_UP_ASKS:], unit="us"),
        "suggest_processor_time": percentiles(processor_us[WARM_UP_ASKS:], unit="us"),
        "suggest_within_the_trie": percentiles(within_us[WARM_UP_ASKS:], unit="us"),
    }
