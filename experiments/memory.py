# SPDX-License-Identifier: GPL-2.0-or-later
"""Memory of a process, on Linux."""

from __future__ import annotations

import re
from pathlib import Path


def peak_memory(process: int) -> int:
    """Return the most bytes that a process has held; 0 where it has just ended."""
    return _memory(process, "VmHWM")


def memory_now(process: int) -> int:
    """Return the bytes that a process holds; 0 where it has just ended."""
    return _memory(process, "VmRSS")


def _memory(process: int, field: str) -> int:
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    found = re.search(rf"{field}:\s+(\d+) kB", status)
    return int(found[1]) * 1024 if found else 0
