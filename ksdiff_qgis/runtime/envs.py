# SPDX-License-Identifier: GPL-2.0-or-later
"""The folders of the plugin's own environments: which there are, and in what state.

``<home>/envs/<size>-<python>-<platform>-<hash of the lock>/`` is one; ``.incomplete`` in it marks
that it is being made, ``env.json`` that it is ready. A folder with neither is not ours.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .. import paths

INCOMPLETE, FACTS, LOCK = ".incomplete", "env.json", ".lock"


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
        """``light``, ``full`` or ``gpu``."""
        return str(self.facts.get("size", ""))

    @property
    def ready(self) -> bool:
        """Whether it was finished, and its interpreter still starts where it did."""
        return bool(self.facts) and self.python.is_file()

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
        folders = [path for path in folder_of(home).iterdir() if path.is_dir()]
    except OSError:
        return []
    found = []
    for folder in folders:
        if (folder / INCOMPLETE).is_file():
            found.append(Environment(folder, {}))
        elif (folder / FACTS).is_file():
            found.append(Environment(folder, _facts(folder / FACTS)))
    return sorted(found, key=lambda each: str(each.facts.get("made", "")), reverse=True)


def usable(home: Path) -> Environment | None:
    """The environment to run the worker with: ready, and made from the current lock."""
    return next((each for each in all_of(home) if each.ready and each.current), None)


def _facts(path: Path) -> dict[str, Any]:
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return facts if isinstance(facts, dict) else {}
