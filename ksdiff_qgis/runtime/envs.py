# SPDX-License-Identifier: GPL-2.0-or-later
"""The folders of the plugin's own environments: which there are, and in what state.

``<home>/envs/<size>/`` is one, or ``<size>-<number>``; short, since Windows allows a path but 259
characters. ``.incomplete`` in it marks that it is being made or deleted, ``env.json`` that it is
ready. A folder with neither, or another name, is not ours.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .. import paths
from ..language import tr
from . import lockfile
from .errors import RunError

INCOMPLETE, FACTS, LOCK = ".incomplete", "env.json", ".lock"
_NAME = re.compile(r"(?:light|full|gpu)(?:-[0-9a-f]+)?")


@dataclass(frozen=True)
class Environment:
    """An environment of ours.

    Parameters
    ----------
    folder : where it lies.
    facts : of `env.json`; empty while it is not ready.
    """

    folder: Path
    facts: Mapping[str, Any]

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return python_of(self.folder)

    @property
    def size(self) -> str:
        """``light``, ``full`` or ``gpu``; its folder is called so, unfinished too."""
        return str(self.facts.get("size") or self.folder.name.split("-")[0])

    @property
    def ready(self) -> bool:
        """Whether it was finished, and the Python that it was made from is still there.

        A link that leads to another version now starts, but does not see the packages. On Windows
        the interpreter is no link, but starts the one that it was made from.
        """
        base = Path(str(self.facts.get("base", "")))
        same = self.facts.get("starts") == started_by(self.python)
        return bool(self.facts) and self.python.is_file() and base.is_file() and same

    @property
    def current(self) -> bool:
        """Whether it is made of what this version of the plugin asks for."""
        return self.facts.get("lock") == lock_hash(self.size)


def folder_of(home: Path) -> Path:
    """Where the environments lie."""
    return home / "envs"


def python_of(folder: Path) -> Path:
    """The interpreter in an environment's folder."""
    scripts = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    return folder.joinpath(*scripts)


def started_by(python: Path) -> str:
    """Name of what an interpreter leads to, with its version where it has one: `python3.12`."""
    return Path(os.path.realpath(python)).name


def lock_path(size: str) -> Path:
    """The file that says what a size is made of."""
    return paths.RESOURCES / "locks" / (size + ".txt")


def lock_hash(size: str) -> str:
    """What tells one lock from another; empty for a size that is none."""
    try:
        text = lock_path(size).read_text(encoding="utf-8")
    except OSError:
        return ""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:8]


def all_of(home: Path) -> list[Environment]:
    """Every environment of ours, unfinished ones too; the newest first."""
    try:
        folders = list(folder_of(home).iterdir())
    except OSError:
        return []
    found = []
    for folder in folders:
        if folder.is_symlink() or not _NAME.fullmatch(folder.name):
            continue
        if (folder / INCOMPLETE).is_file():
            found.append(Environment(folder, {}))
        elif (folder / FACTS).is_file():
            found.append(Environment(folder, _facts(folder / FACTS)))
    return sorted(found, key=lambda each: str(each.facts.get("made", "")), reverse=True)


def usable(home: Path) -> Environment | None:
    """The environment to run the worker with: ready, and made from the current lock."""
    return next((each for each in all_of(home) if each.ready and each.current), None)


def free(home: Path, size: str) -> Path:
    """A folder that no environment has yet."""
    folder, number = folder_of(home) / size, 1
    while os.path.lexists(folder):
        number += 1
        folder = folder.with_name(f"{size}-{number}")
    return folder


def delete(folder: Path) -> None:
    """Delete an environment, or leave it as it was.

    It is renamed first: on Windows that fails, before anything is lost, where something in it is
    open. Its mark goes last, so that what is left by then is known as unfinished.

    Raises
    ------
    RunError : it is in use, or cannot be deleted.
    """
    if lockfile.held(folder / FACTS):
        text = tr("The environment {} is in use by a run of KSDiff.").format(folder)
        remedy = tr("Wait until it is done, or cancel it, and try again.")
        raise RunError(text, remedy, "Locked")
    try:
        folder = folder.rename(free(folder.parents[1], folder.name.split("-")[0]))
        mark = folder / INCOMPLETE
        mark.touch()
        for path in folder.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            elif path != mark:
                path.unlink()
        shutil.rmtree(folder)
    except OSError as error:
        text = tr("The environment cannot be removed: {} ({}).")
        remedy = tr(
            "It may be in use: wait for what runs in KSDiff, close other QGIS windows, and try "
            "again."
        )
        said = text.format(error.filename or folder, error.strerror)
        raise RunError(said, remedy, "Permission") from error


def _facts(path: Path) -> dict[str, Any]:
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return facts if isinstance(facts, dict) else {}
