"""How many cores this process may keep busy."""

import os
from pathlib import Path
from typing import Final

_QUOTA: Final = Path("/sys/fs/cgroup/cpu.max")


def usable_cores() -> int:
    """Fewer than the machine has where it is held on some, or a container has a share of them.

    Source for the quota: Linux, Documentation/admin-guide/cgroup-v2.rst, cpu.max.
    """
    cores = (
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    )
    return max(1, min(cores, _quota() or cores))


def _quota() -> int | None:
    """Whole cores, or None where there is no limit."""
    try:
        quota, period = _QUOTA.read_text().split()
        return round(int(quota) / int(period))
    except (OSError, ValueError):  # no such file, or "max"
        return None
