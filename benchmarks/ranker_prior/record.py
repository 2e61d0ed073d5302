"""What the ranker sees of an author's history, labelled by what the author wrote."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from foretype import Engine
from foretype.replay.data import Author, ScoredMessage, read_authors
from foretype.replay.words import borders

SCORED = 6000
"""Characters at the end of each author, which replay scores and nothing here looks at."""


class Recorded(NamedTuple):
    """Of one author: n candidates in rising order of rounds."""

    author: int
    features: NDArray[np.float32]  # [n, features]
    right: NDArray[np.bool_]  # [n] the author wrote this word next
    round: NDArray[np.int32]  # [n]
    space: NDArray[np.float32]  # [n] P(a space follows), -1 where not known
    spaced: NDArray[np.bool_]  # [n] right, and a space followed


def record(model: Path | None, data: Path, number: int, characters: int) -> Recorded:
    """Type the last `characters` of an author's history, knowing what came before them."""
    author = read_authors(data, score_last=SCORED + characters)[number]
    engine = Engine.open(model)
    day = [(*author.history_days, author.scored[0].day)[0]]
    profile = engine.profile(today=lambda: day[0])
    for text, day[0] in zip(author.history, author.history_days, strict=True):
        profile.learn(text)
    session = engine.session(
        profile, ranker=0, passed_over=0, learns_judgement=0, candidates=12, statistics=0
    )
    rows: list[tuple[list[float], bool, int, float, bool]] = []
    rounds = 0
    for message in before_the_scored(author):
        day[0] = message.day
        session.set_text(message.text[: message.start])
        may_end = borders(message.text)
        for offset in range(message.start, len(message.text)):
            for text, features, space in candidates(session._core.suggest(-1)[3]):
                end = offset + len(text)
                right = message.text.startswith(text, offset) and may_end[end] == 1
                follows = right and message.text.startswith(" ", end)
                rows.append((features, right, rounds, space, follows))
            rounds += 1
            session.type(message.text[offset])
        session.finish()
    columns = tuple(zip(*rows, strict=True)) or ([], [], [], [], [])
    return Recorded(
        number,
        np.array(columns[0], np.float32),
        np.array(columns[1], np.bool_),
        np.array(columns[2], np.int32),
        np.array(columns[3], np.float32),
        np.array(columns[4], np.bool_),
    )


def before_the_scored(author: Author) -> list[ScoredMessage]:
    """The messages that end before the part that replay scores begins."""
    total = sum(len(message.text) - message.start for message in author.scored)
    kept, passed = [], 0
    for message in author.scored:
        passed += len(message.text) - message.start
        if passed > total - SCORED:
            break
        kept.append(message)
    return kept


def candidates(found: list[tuple]) -> list[tuple[str, list[float], float]]:
    """Text without the space that it may hold, features, P(a space follows)."""
    listed = []
    for text, *_, features, holds_space, space in found:
        bare = text[:-1] if holds_space else text
        listed.append((bare.decode("utf-8", "replace"), features, space))
    return listed
