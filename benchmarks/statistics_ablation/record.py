"""Types messages as the replay does and notes, at each word start, what the core's ring got."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from foretype import Engine, Profile, Suggestion, _core
from foretype.replay.data import Author, ScoredMessage
from foretype.replay.simulate import is_right
from foretype.replay.words import borders
from foretype.statistics.gather import read_neighbours, read_prototypes

STEPS = 2  # of thinking between two keys, as in the replay
PRIOR_WORDS = 16.0  # core/src/statistics/prototypes.cpp


class Start(NamedTuple):
    """Where a word begins."""

    author: int
    message: int
    state: np.ndarray  # [64]
    ranking: np.ndarray  # [5] hashes
    truth: int  # hash of the word that was written
    centroids: np.ndarray  # [n, 64] of the prototypes at this moment
    hit_rate: float  # of the first proposal in the region, before this word


class Key(NamedTuple):
    """One key with something proposed."""

    author: int
    message: int
    hit_rate: float
    probability: float
    typed: int  # letters of the word before the caret, at most 3
    right: bool


class Recording(NamedTuple):
    starts: list[Start]
    keys: list[Key]


def record(engine: Engine, author: Author) -> Recording:
    """Type an author's scored messages by hand, with everything asked at every key."""
    profile = engine.profile()
    for text in author.history:
        profile.learn(text)
    session = engine.session(profile)
    found = Recording([], [])
    for message in author.scored:
        session.type(message.text[: message.start])
        ends = borders(message.text)
        hit_rate = 0.5
        before = _newest(profile)
        for offset in range(message.start, len(message.text)):
            suggestion = session.suggest()
            newest = _newest(profile)
            if newest is not None and newest != before:
                start = _start(author.number, message, offset, newest, profile)
                found.starts.append(start)
                hit_rate = start.hit_rate
            before = newest
            if suggestion is not None:
                found.keys.append(_key(author, message, offset, suggestion, ends, hit_rate))
            session.type(message.text[offset])
            for _ in range(STEPS):
                if not session.think():
                    break
        session.finish()
    return found


def _newest(profile: Profile) -> tuple[bytes, list[int]] | None:
    ring = profile._core.neighbours()
    return ring[-1] if ring else None


def _start(
    author: int,
    message: ScoredMessage,
    offset: int,
    entry: tuple[bytes, list[int]],
    profile: Profile,
) -> Start:
    states, rankings = read_neighbours([entry], [])
    centroids, rate = _region(states, profile)
    rest = message.text[offset:].encode()
    units = _core.units(rest)
    word = rest[units[0][0] : units[0][1]] if units else b""
    return Start(author, message.number, states[0], rankings[0], _hash(word), centroids, rate)


def _region(states: np.ndarray, profile: Profile) -> tuple[np.ndarray, float]:
    """As Prototypes::hit_rate has it: drawn towards the share of all where little is known."""
    prototypes = read_prototypes(*profile._core.prototypes(), [])
    of_all = (prototypes.hits.sum() + 1) / (prototypes.events.sum() + 2)
    if not len(prototypes.centroids):
        return prototypes.centroids, float(of_all)
    region = int(prototypes.region_of(states)[0])
    hits, events = prototypes.hits[region], prototypes.events[region]
    rate = (hits + PRIOR_WORDS * of_all) / (events + PRIOR_WORDS)
    return prototypes.centroids, float(rate)


def _key(
    author: Author,
    message: ScoredMessage,
    offset: int,
    suggestion: Suggestion,
    ends: bytearray,
    hit_rate: float,
) -> Key:
    first = suggestion.candidates[0]
    typed = 0
    while typed < 3 and offset > typed and message.text[offset - typed - 1].isalnum():
        typed += 1
    right = is_right(first.text, message.text, offset, ends)
    return Key(author.number, message.number, hit_rate, first.probability, typed, right)


def _hash(word: bytes) -> int:
    """32-bit FNV-1a, as core/src/statistics/neighbours.cpp."""
    value = 0x811C9DC5
    for byte in word:
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return value
