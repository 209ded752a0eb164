# SPDX-License-Identifier: GPL-2.0-or-later
"""The folder of a run: whose it is, and for one training at a time."""

from __future__ import annotations

import csv
import hashlib
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from core.errors import InputError, OutputError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

log = logging.getLogger(__name__)

MARK = "ksdiff-run.lock"
"""Says that a folder is a run's, and is locked while one trains there."""
CHECKPOINT = "checkpoint.pt"
HISTORY = 200
"""Points, at most, of what an earlier run of the same folder came to."""


@contextmanager
def taken(run: Path) -> Iterator[None]:
    """Take the folder for one training; made where it is missing.

    The system gives the lock back when a process ends, however it does. Raises InputError where
    the folder holds something else, or another training is at work in it.
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
            if sys.platform == "win32":  # what is open cannot be deleted there
                file.close()
            _leave(run, made)


def done(run: Path) -> None:
    """The model is written: the next training in the folder begins anew. The tables stay."""
    try:
        (run / CHECKPOINT).unlink(missing_ok=True)
    except OSError as error:
        log.warning("%s cannot be removed: %s.", run / CHECKPOINT, error.strerror)


def fingerprint(data: Path) -> str:
    """SHA-256 of a training set. Raises InputError where it cannot be read."""
    digest = hashlib.sha256()
    try:
        with data.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    except OSError as error:
        raise InputError("training-data-unreadable", data=data, reason=error.strerror) from error
    return digest.hexdigest()


def history(run: Path, steps: dict[int, int]) -> Iterator[dict[str, Any]]:
    """What an earlier run in the folder came to, as measurements."""
    rows = _rows(run / "loss.csv")
    chosen = {*range(0, len(rows), max(len(rows) // HISTORY, 1)), len(rows) - 1}
    for row in (rows[number] for number in sorted(chosen) if rows):
        stage = int(row["stage"])
        yield {
            "stage": stage, "step": int(row["step"]), "steps": steps[stage],
            "loss": float(row["image"]), "validation": None,
        }  # fmt: skip


def _check(run: Path) -> None:
    """Raise InputError for a folder with what is no run's: a run replaces files by their names."""
    try:
        found = {entry.name for entry in run.iterdir()} if run.exists() else set()
    except OSError as error:
        raise InputError("run-folder-unusable", run=run, reason=error.strerror) from error
    if found and not found & {MARK, CHECKPOINT}:
        raise InputError("run-folder-occupied", run=run, file=min(found))


def _lock(file: IO[str]) -> None:
    """Raises BlockingIOError or PermissionError where another process has it."""
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
        log.debug("%s: this disk knows no locks (%s)", file.name, error)


def _leave(run: Path, made: bool) -> None:
    """A training that was refused leaves no folder."""
    with suppress(OSError):
        if made and {entry.name for entry in run.iterdir()} == {MARK}:
            (run / MARK).unlink()
            run.rmdir()


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))
