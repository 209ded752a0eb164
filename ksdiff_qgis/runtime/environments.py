# SPDX-License-Identifier: GPL-2.0-or-later
"""The Python environments made by the plugin: folders, state, removal.

An environment is the folder ``<home>/envs/<size>`` or ``<home>/envs/<size>-<number>``; names are
short because Windows limits paths to 259 characters. It contains ``.incomplete`` while it is being
made or deleted, and ``env.json`` once it is complete. Other folders are never touched.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

from .. import paths
from ..language import later, tr
from .errors import Kind, RunError, how_to_install, how_to_repair
from .processes import exclusive_lock, is_locked

PYTHON_VARIABLE = "KSDIFF_PYTHON"
#: Setting of Processing: the address of a Dask scheduler.
SCHEDULER_SETTING = "KSDIFF_SCHEDULER"
INCOMPLETE, FACTS, LOCK = ".incomplete", "env.json", ".lock"
_NAME = re.compile(r"(?:light|full|gpu)(?:-[0-9a-f]+)?")


@dataclass(frozen=True)
class Environment:
    """An environment made by the plugin; its facts are `env.json`, empty while incomplete."""

    folder: Path
    facts: Mapping[str, Any]

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return python_of(self.folder)

    @property
    def gpus(self) -> list[str]:
        """Names of the GPUs that its self-test found, in the order of their numbers."""
        torch = (self.facts.get("selftest") or {}).get("torch") or {}
        return [str(name) for name in torch.get("gpus") or ()]

    @property
    def size(self) -> str:
        """``light``, ``full`` or ``gpu``; from the folder's name while it is incomplete."""
        return str(self.facts.get("size") or self.folder.name.split("-")[0])

    @property
    def works(self) -> bool:
        """Return whether it is complete, and the Python it was made from is unchanged.

        If the interpreter's link leads to another version, it starts but misses the packages. On
        Windows the interpreter is not a link; it starts the one that it was made from.
        """
        base = Path(str(self.facts.get("base", "")))
        same = self.facts.get("starts") == link_target(self.python)
        return bool(self.facts) and self.python.is_file() and base.is_file() and same

    @property
    def current(self) -> bool:
        """Return whether its packages are those of this version of the plugin."""
        return self.facts.get("lock") == requirements_hash(self.size)


def folder_of(home: Path) -> Path:
    """Return the folder of the environments."""
    return home / "envs"


def log_path(home: Path | None = None) -> Path:
    """Return the log file of the installations."""
    return (home or paths.home()) / "logs" / "install.log"


def python_of(folder: Path) -> Path:
    """Return the interpreter in an environment's folder."""
    scripts = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    return folder.joinpath(*scripts)


def link_target(python: Path) -> str:
    """Return the name of the file that an interpreter's link leads to, e.g. `python3.12`."""
    return Path(os.path.realpath(python)).name


def requirements_path(size: str) -> Path:
    """Return the requirements file of a size: every package with version and hashes."""
    return paths.RESOURCES / "locks" / (size + ".txt")


def requirements_hash(size: str) -> str:
    """Return a short hash of the requirements; empty for an unknown size."""
    try:
        text = requirements_path(size).read_text(encoding="utf-8")
    except OSError:
        return ""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:8]


def all_of(home: Path) -> list[Environment]:
    """Return all environments of the plugin, incomplete ones included, newest first."""
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
            found.append(Environment(folder, _read_facts(folder / FACTS)))
    return sorted(found, key=lambda each: str(each.facts.get("made", "")), reverse=True)


def usable(home: Path) -> Environment | None:
    """Return the environment that runs take; None if there is none."""
    return next((each for each in all_of(home) if each.works and each.current), None)


def free_folder(home: Path, size: str) -> Path:
    """Return a folder that no environment has yet."""
    folder, number = folder_of(home) / size, 1
    while os.path.lexists(folder):
        number += 1
        folder = folder.with_name(f"{size}-{number}")
    return folder


def _read_facts(path: Path) -> dict[str, Any]:
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return facts if isinstance(facts, dict) else {}


# --- state ---


class State(Enum):
    """State of the environments; the values are outputs of the algorithm `ksdiff:runtime`."""

    MISSING = "missing"
    BUSY = "busy"
    UNFINISHED = "unfinished"
    OUTDATED = "outdated"
    BROKEN = "broken"
    READY = "ready"


_SUMMARIES = {
    State.MISSING: later("The Python environment of KSDiff is not installed."),
    State.BUSY: later("The Python environment of KSDiff is being installed or removed."),
    State.UNFINISHED: later("The Python environment of KSDiff was not installed completely."),
    State.OUTDATED: later(
        "The Python environment of KSDiff was installed by another version of the plugin."
    ),
    State.BROKEN: later(
        "The Python that KSDiff's environment was created from is missing or has changed."
    ),
    State.READY: later("The Python environment of KSDiff is ready ({})."),
}


@dataclass(frozen=True)
class Status:
    """State of the environments, and the environment it refers to.

    Parameters
    ----------
    state : the state.
    size : ``light``, ``full`` or ``gpu``; empty if missing.
    folder : the environment's folder, if there is one.
    python : its interpreter; empty unless ready.
    facts : content of its `env.json`: `python`, `packages`, `selftest`, `made`, ...
    """

    state: State
    size: str = ""
    folder: Path | None = None
    python: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def summary(self) -> str:
        """The state as a sentence."""
        return tr(_SUMMARIES[self.state]).format(self.size)

    @property
    def remedy(self) -> str:
        """What to do; empty if ready."""
        if self.state is State.READY:
            return ""
        if self.state is State.BUSY:
            return tr("Wait until it has finished, and try again.")
        if self.state in (State.MISSING, State.UNFINISHED):
            return how_to_install(self.size)
        return how_to_repair(self.size)


def status(home: Path | None = None) -> Status:
    """Return the state of the environments; reads files only and starts nothing."""
    home = home or paths.home()
    found = all_of(home)
    working = [each for each in found if each.works]
    best = next((each for each in working if each.current), working[0] if working else None)
    if is_locked(folder_of(home) / LOCK, to_share=True):
        return Status(State.BUSY, best.size if best else "", best.folder if best else None)
    if best is not None:
        state = State.READY if best.current else State.OUTDATED
        python = str(best.python) if best.current else ""
        return Status(state, best.size, best.folder, python, best.facts)
    complete = next((each for each in found if each.facts), None)
    if complete is not None:
        return Status(State.BROKEN, complete.size, complete.folder, "", complete.facts)
    if found:
        return Status(State.UNFINISHED, found[0].size, found[0].folder)
    return Status(State.MISSING)


# --- remedies for an interpreter ---


def how_to_fix(python: str, environ: Mapping[str, str] = os.environ) -> str:
    """Return what to do about an interpreter that does not work, depending on its origin."""
    folder = Path(python).parent.parent
    for each in all_of(folder.parent.parent):
        if each.folder == folder:
            return how_to_repair(each.size)
    if folder == paths.ROOT / ".venv":
        return tr("Create it again: `make env`.")
    named = environ.get(PYTHON_VARIABLE, "").strip()
    return how_to_correct(variable_name() if named else setting_name())


def how_to_correct(origin: str) -> str:
    """Return what to do about an interpreter that the user named."""
    text = tr("Correct or clear {}; then the plugin's own environment is used.").format(origin)
    if usable(paths.home()) is None:
        text += " " + tr("It has to be installed first. {}").format(how_to_install())
    return text


def variable_name() -> str:
    """Return a description of the environment variable that names an interpreter."""
    return tr("the environment variable {}").format(PYTHON_VARIABLE)


def setting_name() -> str:
    """Return a description of the setting that names an interpreter."""
    return tr("the setting in Options > Processing > Providers > KSDiff")


# --- removal ---


def delete(folder: Path) -> None:
    """Delete an environment, or leave it unchanged.

    The folder is renamed first: on Windows that fails, before anything is lost, if a file in it is
    open. The marker is deleted last, so that remains are recognised as incomplete.

    Raises RunError: it is in use or cannot be deleted.
    """
    if is_locked(folder / FACTS):
        text = tr("The environment {} is in use by a run of KSDiff.").format(folder)
        remedy = tr("Wait until the run has finished, or cancel it, and try again.")
        raise RunError(text, remedy, Kind.LOCKED)
    try:
        folder = folder.rename(free_folder(folder.parents[1], folder.name.split("-")[0]))
        marker = folder / INCOMPLETE
        marker.touch()
        for path in folder.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            elif path != marker:
                path.unlink()
        shutil.rmtree(folder)
    except OSError as error:
        text = tr("The environment cannot be removed: {} ({}).")
        remedy = tr(
            "A file may be in use: wait for running KSDiff algorithms, close other QGIS windows, "
            "and try again."
        )
        text = text.format(error.filename or folder, error.strerror)
        raise RunError(text, remedy, Kind.PERMISSION) from error


def remove(home: Path | None = None) -> list[Path]:
    """Delete all environments of the plugin, incomplete ones included, logs and times of runs.

    Other folders are not touched. Returns the deleted folders.

    Raises RunError: an environment is in use, or another QGIS is installing.
    """
    home = home or paths.home()
    if not folder_of(home).is_dir():
        return []
    with installation_lock(home):
        folders = [each.folder for each in all_of(home)]
        for folder in folders:
            delete(folder)
        log = log_path(home)
        for path in (log, log.with_suffix(".log.1"), paths.runs(home)):
            with contextlib.suppress(OSError):
                path.unlink()
    for folder in (folder_of(home), log.parent, home):
        with contextlib.suppress(OSError):  # not empty
            folder.rmdir()
    return folders


@contextlib.contextmanager
def installation_lock(home: Path) -> Iterator[None]:
    """Let only one process at a time install or remove.

    Raises RunError: another process holds the lock, or the folder is not writable.
    """
    path = folder_of(home) / LOCK
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(exclusive_lock(path))
        except BlockingIOError as error:
            busy = Status(State.BUSY)
            raise RunError(busy.summary, busy.remedy, Kind.LOCKED) from error
        except OSError as error:
            text = tr("The folder {} is not writable: {}.")
            remedy = tr(
                "Change its permissions, or set the environment variable {} to another folder."
            )
            raise RunError(
                text.format(path.parent, error.strerror),
                remedy.format(paths.HOME_VARIABLE),
                Kind.PERMISSION,
            ) from error
        yield
