# SPDX-License-Identifier: GPL-2.0-or-later
"""The folder of a run: it holds nothing else, and one training at a time."""

from __future__ import annotations

import hashlib
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from core.errors import InputError, OutputError
from training.curves import CHECKPOINT, read_table

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

log = logging.getLogger(__name__)

#: Marks the folder of a run; locked while one trains there.
MARK = "ksdiff-run.lock"
#: Largest number of points that report an earlier run in the folder.
HISTORY = 200


@contextmanager
def locked(run: Path) -> Iterator[None]:
    """Lock the folder for one training; create it if it does not exist.

    The system releases the lock when a process ends, in whatever way. Raises InputError if the
    folder holds other files or another training runs in it, OutputError if it is not writable.
    """
    _check(run)
    made = not run.exists()
    try:
        run.mkdir(parents=True, exist_ok=True)
        file = (run / MARK).open("a", encoding="utf-8")
    except OSError as error:
        raise OutputError("run-folder-not-writable", run=run, reason=error.strerror) from error
    with file:
        try:
            _lock(file)
        except (BlockingIOError, PermissionError) as error:
            raise InputError("run-folder-locked", run=run) from error
        try:
            yield
        finally:
            if sys.platform == "win32":  # an open file cannot be deleted there
                file.close()
            _remove_if_unused(run, made)


def delete_checkpoint(run: Path) -> None:
    """Delete the checkpoint, so that the next training begins anew; the tables stay."""
    try:
        (run / CHECKPOINT).unlink(missing_ok=True)
    except OSError as error:
        log.warning("%s cannot be removed: %s.", run / CHECKPOINT, error.strerror)


def fingerprint(data: Path) -> str:
    """Return the SHA-256 of a training set. Raises InputError where it cannot be read."""
    digest = hashlib.sha256()
    try:
        with data.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    except OSError as error:
        raise InputError("training-data-unreadable", data=data, reason=error.strerror) from error
    return digest.hexdigest()


def history(run: Path, steps: dict[int, int]) -> Iterator[dict[str, Any]]:
    """Yield losses of an earlier run in the folder, as measurements."""
    rows = read_table(run / "loss.csv")
    chosen = {*range(0, len(rows), max(len(rows) // HISTORY, 1)), len(rows) - 1}
    for row in (rows[number] for number in sorted(chosen) if rows):
        stage = int(row["stage"])
        yield {
            "stage": stage, "step": int(row["step"]), "steps": steps[stage],
            "loss": float(row["image"]), "validation": None,
        }  # fmt: skip


def _check(run: Path) -> None:
    """Raise InputError for a folder of other files: a run replaces files by their names."""
    try:
        found = {entry.name for entry in run.iterdir()} if run.exists() else set()
    except OSError as error:
        raise InputError("run-folder-unusable", run=run, reason=error.strerror) from error
    if found and not found & {MARK, CHECKPOINT}:
        raise InputError("run-folder-occupied", run=run, file=min(found))


def _lock(file: IO[str]) -> None:
    """Lock a file; raise BlockingIOError or PermissionError where another process has."""
    try:
        if sys.platform == "win32":
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.fstat(file.fileno()).st_nlink == 0:  # deleted by its last holder, just now
                raise BlockingIOError
    except (BlockingIOError, PermissionError):
        raise
    except OSError as error:
        log.debug("%s: no locks on this disk (%s)", file.name, error)


def _remove_if_unused(run: Path, made: bool) -> None:
    """Remove the folder of a training that was refused."""
    with suppress(OSError):
        if made and {entry.name for entry in run.iterdir()} == {MARK}:
            (run / MARK).unlink()
            run.rmdir()
