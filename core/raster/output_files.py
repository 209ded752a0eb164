# SPDX-License-Identifier: GPL-2.0-or-later
"""Paths of output files: checks, a hidden folder beside each, and the move into place."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from core.errors import OutputError
from core.gdal_names import is_path
from core.raster.reader import files_of

SUFFIXES = ("", ".tif", ".tiff", ".gtiff")
SIDECARS = (".aux.xml", ".ovr", ".msk")
# Side files that creation options ask GDAL for.
ASKED_FOR = (".tfw", ".wld", ".RPB", "_RPC.TXT", ".IMD")
_unfinished: set[Path] = set()


def check_target(
    path: Path, inputs: Iterable[Path | str], suffixes: tuple[str, ...] = SUFFIXES
) -> Path:
    """Return the real path to write to; raise OutputError if it cannot be written or is an input.

    Writing is tried, since modes do not tell all that a disk or system forbids.
    """
    target = Path(os.path.realpath(path))
    if target.suffix.lower() not in suffixes:
        ending = next(filter(None, suffixes))
        kind = "a GeoTIFF's name" if suffixes == SUFFIXES else f"the name of a {ending} file"
        raise OutputError("output-suffix", path=path, kind=kind, ending=ending)
    try:
        if not target.parent.is_dir():
            raise OutputError("output-folder-missing", folder=target.parent)
        if target.exists() and not target.is_file():
            raise OutputError("output-not-a-file", path=path)
    except OSError as error:  # a name that is too long, or in a folder without permission
        reason = error.strerror
        raise OutputError("output-not-writable", path=path, reason=reason) from error
    for source in inputs:
        if is_path(str(source)) and Path(os.path.realpath(source)) == target:
            raise OutputError("output-is-input", path=path)
        # What does not exist yet is no part of an input.
        if target.exists() and any(_same_file(target, name) for name in files_of(source)):
            raise OutputError("output-is-source-of-input", path=path, source=source)
    if target.exists():
        _check_replaceable(target)
    with folder_beside(target):
        return target


def _check_replaceable(target: Path) -> None:
    """Raise OutputError for a file that is read-only or that another program has open."""
    if not target.stat().st_mode & 0o222:
        raise OutputError("output-read-only", target=target)
    try:
        with target.open("r+b"):
            pass
        target.replace(target)  # fails on Windows for an open file
    except PermissionError as error:
        raise OutputError("output-in-use", target=target) from error
    except OSError as error:
        reason = error.strerror
        raise OutputError("output-not-writable", path=target, reason=reason) from error


def _same_file(target: Path, name: str) -> bool:
    try:
        return target.samefile(name)
    except (OSError, ValueError):  # another kind of name that GDAL can open
        return False


def make_folder(folder: Path) -> None:
    """Create a folder with its parents, unless it exists; raise OutputError if that fails."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _not_writable(folder, error) from error


def _not_writable(folder: Path, error: OSError) -> OutputError:
    return OutputError("output-folder-not-writable", folder=folder, reason=error.strerror)


@contextmanager
def folder_beside(target: Path) -> Iterator[Path]:
    """Provide a hidden folder beside the target, and remove it afterwards in any case."""
    remove_stale(target)
    try:
        prefix = f"{_prefix(target)}{os.getpid()}-"
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=target.parent))
    except OSError as error:
        raise _not_writable(target.parent, error) from error
    _unfinished.add(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        _unfinished.discard(folder)


def put_in_place(made: Path, target: Path) -> None:
    """Move a finished file to its target, with its side files; stale side files are removed."""
    _sync(made)
    try:
        made.replace(target)
    except PermissionError as error:
        raise OutputError("output-in-use", target=target) from error
    for suffix in SIDECARS:
        side, old = Path(f"{made}{suffix}"), Path(f"{target}{suffix}")
        with suppress(OSError):
            if side.exists():
                side.replace(old)
            else:
                old.unlink(missing_ok=True)
    for ending in ASKED_FOR:
        side = made.with_name(f"{made.stem}{ending}")
        with suppress(OSError):
            if side.exists():
                side.replace(target.with_name(f"{target.stem}{ending}"))
    _sync(target.parent)


def _sync(path: Path) -> None:
    """Flush a file or folder to disk, so that a power cut cannot leave an empty target."""
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _prefix(target: Path) -> str:
    return f".{target.name}.{socket.gethostname()}-"


def remove_stale(target: Path) -> None:
    """Remove the folders that killed runs for the same target left."""
    if os.name == "nt":  # where `os.kill(process, 0)` ends the process
        return
    try:
        found = [each for each in target.parent.iterdir() if each.name.startswith(_prefix(target))]
    except OSError:  # a folder may be writable and not readable
        return
    for folder in found:
        number = folder.name[len(_prefix(target)) :].partition("-")[0]
        if number.isdigit() and not _alive(int(number)):
            shutil.rmtree(folder, ignore_errors=True)


def _alive(process: int) -> bool:
    with suppress(PermissionError):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return False
    return True


def remove_unfinished() -> None:
    """Remove all unfinished files, for a process that ends without unwinding."""
    for folder in tuple(_unfinished):
        shutil.rmtree(folder, ignore_errors=True)
