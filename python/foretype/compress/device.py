"""Where torch computes, and how it is told to do so well on a CPU."""

import ctypes
import os
import sys
import time
from pathlib import Path

import torch

from foretype.errors import SettingError

# glibc's mallopt: give nothing back to the system, so that no page is cleared twice. Training on
# two cores gains 10 to 20 %.
TRIM_THRESHOLD, TOP_PAD, MMAP_MAX = -1, -2, -4
TOP_PAD_BYTES = 1 << 30
PROBED = (1024, 576, 1536)  # tokens, columns, rows of the product that is timed
GAIN = 1.2  # times as fast that bfloat16 must be to be worth its rounding


def choose(wanted: str) -> torch.device:
    """auto, cpu or cuda. Raises SettingError where there is no such device."""
    if wanted == "cuda" and not torch.cuda.is_available():
        raise SettingError("There is no CUDA device here: use --device cpu.")
    if wanted == "auto":
        wanted = "cuda" if torch.cuda.is_available() else "cpu"
    return torch.device(wanted)


def half(precision: str, device: torch.device, *, kept: Path) -> bool:
    """Whether products with matrices are computed in bfloat16: said, or because it is faster.

    What was found stays in the folder `kept`, so that a run that goes on computes the same bits.
    """
    if precision != "auto":
        return precision == "bfloat16"
    place = kept / "precision"
    if not place.is_file():
        wide, narrow = (_seconds(kind, device) for kind in (torch.float32, torch.bfloat16))
        place.write_text("bfloat16" if wide > GAIN * narrow else "float32", "ascii")
    return place.read_text("ascii") == "bfloat16"


def _seconds(kind: torch.dtype, device: torch.device) -> float:
    """The shortest of some products of one layer's size."""
    tokens, columns, rows = PROBED
    x = torch.ones(tokens, columns, dtype=kind, device=device)
    weights = torch.ones(rows, columns, dtype=kind, device=device)
    taken = []
    for _ in range(8):
        started = time.perf_counter()
        float((x @ weights.T)[0, 0])  # waits for the device
        taken.append(time.perf_counter() - started)
    return min(taken)


def prepare(device: torch.device) -> None:
    """Set this process up for long sums that come out the same each time."""
    torch.set_flush_denormal(True)
    torch.backends.cuda.matmul.allow_tf32 = False
    if device.type == "cpu":
        if "OMP_NUM_THREADS" not in os.environ:
            torch.set_num_threads(_processors())
        _keep_pages()


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _keep_pages() -> None:
    if not sys.platform.startswith("linux"):
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(MMAP_MAX, 0)
        mallopt(TRIM_THRESHOLD, -1)
        mallopt(TOP_PAD, TOP_PAD_BYTES)
