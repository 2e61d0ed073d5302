"""Resident memory of this process."""

from pathlib import Path


def resident_bytes() -> int | None:
    """VmRSS in bytes, None where the system does not say (no /proc)."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return None
    for line in status.splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return None
