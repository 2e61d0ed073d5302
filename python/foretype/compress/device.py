"""Where torch computes, and how it is told to do so well on a CPU."""

import ctypes
import os
import sys

import torch

from foretype.errors import SettingError

# glibc's mallopt: give nothing back to the system, so that no page is cleared twice. Training on
# two cores gains 10 to 20 %.
TRIM_THRESHOLD, TOP_PAD, MMAP_MAX = -1, -2, -4
TOP_PAD_BYTES = 1 << 30


def choose(wanted: str) -> torch.device:
    """auto, cpu or cuda. Raises SettingError where there is no such device."""
    if wanted == "cuda" and not torch.cuda.is_available():
        raise SettingError("There is no CUDA device here: use --device cpu.")
    if wanted == "auto":
        wanted = "cuda" if torch.cuda.is_available() else "cpu"
    return torch.device(wanted)


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
