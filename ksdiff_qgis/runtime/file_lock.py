# SPDX-License-Identifier: GPL-2.0-or-later
"""File locks, which the system releases when a process ends, however it ends."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_TRIES = 10  # `is_locked` takes the lock, too, for a moment
_PAUSE_S = 0.1


@contextlib.contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold a lock file within a ``with`` block; it is created for that, and deleted afterwards.

    Raises BlockingIOError if another process holds it, OSError if it cannot be created.
    """
    file = _acquire(path)
    try:
        yield
    finally:
        if sys.platform == "win32":  # an open file cannot be deleted there
            file.close()
        with contextlib.suppress(OSError):
            path.unlink()
        file.close()


def _acquire(path: Path) -> IO[bytes]:
    for _ in range(_TRIES):
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("ab")
        # The previous holder may have deleted the file that we opened.
        if _try_lock(file) and _is_same_file(file, path):
            return file
        file.close()
        time.sleep(_PAUSE_S)
    raise BlockingIOError(f"{path} is locked")


@contextlib.contextmanager
def shared(path: Path) -> Iterator[None]:
    """Hold a shared lock on a file within a ``with`` block, if the file exists.

    On Windows it is enough to keep the file open: its folder cannot be renamed then.
    """
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):
            file = stack.enter_context(path.open("rb"))
            if sys.platform != "win32":
                _try_lock(file, to_share=True)
        yield


def is_locked(path: Path, to_share: bool = False) -> bool:
    """Return whether another process holds a lock on a file; False if there is no file.

    Parameters
    ----------
    to_share : ignore shared locks.
    """
    try:
        with path.open("rb" if to_share else "r+b") as file:
            return not _try_lock(file, to_share)
    except OSError:
        return False


def _try_lock(file: IO[bytes], to_share: bool = False) -> bool:
    """Lock an open file until it is closed; return False if another process has it."""
    try:
        if sys.platform == "win32":
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, (fcntl.LOCK_SH if to_share else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def _is_same_file(file: IO[bytes], path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False
