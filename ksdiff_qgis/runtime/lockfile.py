# SPDX-License-Identifier: GPL-2.0-or-later
"""Locks that the system takes back from a process that ends, however it ends."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO

from .. import paths
from ..language import tr
from .errors import RunError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

TRIES = 10  # `held` takes a lock too, for a moment
_PAUSE_S = 0.1


class Lock:
    """One installer at a time: held within a ``with`` block.

    Raises RunError where another one holds it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] | None = None

    def __enter__(self) -> Lock:
        for _ in range(TRIES):
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                file = self._path.open("ab")
                # Its last holder may have deleted what we opened: then it is nobody's lock.
                if _taken(file) and _same(file, self._path):
                    self._file = file
                    return self
                file.close()
            except OSError as error:
                text = tr("The folder {} cannot be written: {}.")
                remedy = tr(
                    "Give yourself the right to write there, or let the environment variable {} "
                    "name another folder."
                )
                raise RunError(
                    text.format(self._path.parent, error.strerror),
                    remedy.format(paths.HOME_VARIABLE),
                    "Permission",
                ) from error
            time.sleep(_PAUSE_S)
        text = tr("The environment is being worked on by another QGIS.")
        raise RunError(text, tr("Wait until it is done, and try again."), "Locked")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is None:
            return
        if sys.platform == "win32":  # what is open cannot be deleted there, by nobody
            self._file.close()
        with contextlib.suppress(OSError):
            self._path.unlink()
        self._file.close()
        self._file = None


def held(path: Path, shared: bool = False) -> bool:
    """Whether somebody holds a file; nobody does where it is not there.

    Parameters
    ----------
    shared : do not count those that have it by `using`.
    """
    try:
        with path.open("rb" if shared else "r+b") as file:
            return not _taken(file, shared)
    except OSError:
        return False


@contextlib.contextmanager
def using(path: Path) -> Iterator[None]:
    """Hold a file together with others, if it is there: `held` tells that somebody does.

    On Windows it is enough that it is open: its folder cannot be renamed then.
    """
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):
            file = stack.enter_context(path.open("rb"))
            if sys.platform != "win32":
                _taken(file, shared=True)
        yield


def _taken(file: IO[bytes], shared: bool = False) -> bool:
    """Lock an open file until it is closed; False where somebody else has."""
    try:
        if sys.platform == "win32":
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def _same(file: IO[bytes], path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False
