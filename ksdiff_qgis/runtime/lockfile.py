# SPDX-License-Identifier: GPL-2.0-or-later
"""One installer at a time: a file with the number of the process that works."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import time
from pathlib import Path
from types import TracebackType

from .. import paths
from .errors import RunError


class Lock:
    """Held within a ``with`` block.

    A lock whose process has ended is taken over.

    Raises RunError where another process holds it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def __enter__(self) -> Lock:
        for _ in range(2):
            try:
                self._descriptor = self._create()
            except FileExistsError:
                if holder(self._path) is not None or not _discard(self._path):
                    break
                continue
            except OSError as error:
                raise RunError(
                    f"The folder {self._path.parent} cannot be written: {error.strerror}.",
                    "Give yourself the right to write there, or let the environment variable "
                    f"{paths.HOME_VARIABLE} name another folder.",
                    "Permission",
                ) from error
            told = {"pid": os.getpid(), "host": socket.gethostname()}
            os.write(self._descriptor, json.dumps(told).encode())
            return self
        raise RunError(
            f"The environment is being worked on by another QGIS (process "
            f"{holder(self._path) or 'unknown'}).",
            f"Wait until it is done. If no other QGIS is open, delete the file {self._path}.",
            "Locked",
        )

    def _create(self) -> int:
        with contextlib.suppress(FileExistsError):
            self._path.parent.mkdir(parents=True)
        return os.open(self._path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
        with contextlib.suppress(OSError):
            self._path.unlink()


def holder(path: Path) -> int | None:
    """The process that holds a lock; None where nobody does, or nobody alive."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        pid, host = int(told["pid"]), str(told["host"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        # Just being written, or cut off by a crash: its age tells.
        return None if _is_old(path) else 0
    if host == socket.gethostname() and not _lives(pid, path):
        return None
    return pid


def _is_old(path: Path, seconds: float = 60.0) -> bool:
    try:
        return time.time() - path.stat().st_mtime > seconds
    except OSError:
        return True


def _lives(pid: int, path: Path) -> bool:
    if os.name == "nt":
        # To signal 0 would end the process there. But its holder keeps the file open, and what is
        # open cannot be renamed.
        try:
            path.rename(path)
        except OSError:
            return True
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _discard(path: Path) -> bool:
    """Take a dead lock away. By renaming, so that of two who see it only one does."""
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.rename(aside)
        if holder(aside) is not None:  # somebody was quicker, and this is theirs
            aside.rename(path)
            return False
        aside.unlink()
    except OSError:
        return not path.exists()
    return True
