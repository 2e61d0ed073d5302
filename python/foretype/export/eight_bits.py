"""Eight-bit weights as other runtimes have them: one scale for a whole row."""

import numpy as np
import numpy.typing as npt

from foretype.model.groups import INT8_LEVELS, Dense


def quantize_rows(weights: Dense) -> tuple[npt.NDArray[np.int8], Dense]:
    """[rows, columns] -> q in -127..127 and scale [rows]; w = scale * q."""
    largest = np.abs(weights).max(axis=1)
    scale = np.where(largest > 0, largest / np.float32(INT8_LEVELS), np.float32(1))
    q = np.clip(np.rint(weights / scale[:, None]), -INT8_LEVELS, INT8_LEVELS)
    return q.astype(np.int8), scale.astype(np.float32)
