"""The extra that matching needs: scipy, imported at its first use. The rest works without."""

from importlib.util import find_spec

import numpy as np
import numpy.typing as npt

from foretype.errors import SettingError

Costs = npt.NDArray[np.float64]
Units = npt.NDArray[np.intp]

MISSING = "Matching units needs scipy: install it with pip install 'foretype[stats]'."


def require() -> None:
    """Raises SettingError, before any work is done, where scipy is not installed."""
    if find_spec("scipy") is None:
        raise SettingError(MISSING)


def assign(costs: Costs) -> Units:
    """The column of each row [L] in the cheapest one-to-one assignment (Hungarian method).

    Raises SettingError where scipy is not installed.
    """
    try:
        from scipy.optimize import linear_sum_assignment
    except ImportError:
        raise SettingError(MISSING) from None
    columns: Units = linear_sum_assignment(costs)[1]
    return columns


def shortest_paths(size: int, arcs: tuple[Units, Units], lengths: Costs, *, limit: float) -> Costs:
    """Between all of `size` nodes [L, L], over arcs (from, to) longer than 0; inf beyond `limit`.

    Raises SettingError where scipy is not installed.
    """
    try:
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import dijkstra
    except ImportError:
        raise SettingError(MISSING) from None
    found: Costs = dijkstra(csr_array((lengths, arcs), shape=(size, size)), limit=limit)
    return found
