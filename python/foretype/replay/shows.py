"""The shows of a run, each with its place in what the author wrote."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from foretype.replay.places import SETTLED_CHARACTERS


class Shows:
    """Columns, one row a show, in order.

    `message` counts over all authors, as the rows of `Counts` do; `author` is an index.
    """

    def __init__(self, outcomes: Sequence[dict[str, Any]]) -> None:
        rows = [show for outcome in outcomes for show in outcome["shows"]]
        table = np.array(rows, dtype=np.float64).reshape(-1, 5)
        per_author = [len(outcome["shows"]) for outcome in outcomes]
        messages = [len(outcome["counts"]) for outcome in outcomes]
        first = np.cumsum([0, *messages])[:-1]
        self.author: npt.NDArray[np.int64] = np.repeat(np.arange(len(outcomes)), per_author)
        self.message: npt.NDArray[np.int64] = table[:, 0].astype(np.int64) + first[self.author]
        self.settled = table[:, 1] >= SETTLED_CHARACTERS
        self.probability = table[:, 2]
        self.right = table[:, 3]
        self.wrong = table[:, 4]
