# SPDX-License-Identifier: GPL-2.0-or-later
"""The peak memory of this process."""

from __future__ import annotations

import re
import sys
from pathlib import Path

_STATUS = Path("/proc/self/status")


def peak_memory() -> int:
    """Return the peak resident memory, bytes; 0 where the system does not report it.

    On Linux, ``getrusage`` includes the memory of the parent, QGIS, when it started this process.
    """
    if sys.platform == "darwin":
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        found = re.search(r"VmHWM:\s*(\d+) kB", _STATUS.read_text("ascii"))
    except OSError:
        return 0
    return 1024 * int(found[1]) if found else 0
