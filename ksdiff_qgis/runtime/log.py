# SPDX-License-Identifier: GPL-2.0-or-later
"""The log of installations."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

_MOST_BYTES = 1_000_000


class Log:
    """The file that everything said is added to; an old one is put aside."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_file() and path.stat().st_size > _MOST_BYTES:
            with contextlib.suppress(OSError):
                path.replace(path.with_suffix(".log.1"))
        self._file = path.open("a", encoding="utf-8")

    def __enter__(self) -> Log:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def write(self, line: str) -> None:
        """Add a line, with the time."""
        self._file.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')}  {line}\n")
        self._file.flush()
