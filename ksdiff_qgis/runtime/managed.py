# SPDX-License-Identifier: GPL-2.0-or-later
"""The Python environment that the plugin makes for itself: look, plan, make, remove.

For whoever shows it: `sizes` says what can be chosen and how large it is, `status` what there is,
`plan` what would be done (nothing is fetched yet), `make` does it, `remove` undoes it. All but
`status` and `sizes` raise RunError, whose text is a sentence with what to do. `make` and `remove`
take long and belong off the main thread; cancelling is through the feedback.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .. import paths
from ..language import tr
from . import envs, pythons
from .diagnostics import offline_command
from .environment import to_install, to_repair
from .errors import RunCancelled, RunError
from .install import Job, install
from .lockfile import Lock, held
from .offer import NAMES, RECOMMENDED, Size, least, not_offered, sizes
from .pipsettings import pip_is_set_up
from .process import Feedback

# The longest path below an environment: 19 characters of folders, 167 of a licence in torch.
LONGEST = 190

__all__ = [
    "NAMES",
    "RECOMMENDED",
    "Plan",
    "Size",
    "Status",
    "log_path",
    "make",
    "plan",
    "remove",
    "sizes",
    "status",
]


@dataclass(frozen=True)
class Status:
    """What there is.

    Parameters
    ----------
    state : ``missing``; ``busy``, being worked on by some QGIS; ``unfinished``, left by one that
        ended in between; ``outdated``, made by another version of the plugin; ``broken``, its
        Python has gone or changed; ``ready``.
    message : the same for people, with what to do.
    size : ``light``, ``full`` or ``gpu``; of an unfinished one, what was to be made.
    folder : where it lies, if there is one.
    python : its interpreter; empty unless ready.
    facts : what `env.json` tells: `python`, `packages`, `selftest`, `made`, ...
    """

    state: str
    message: str
    size: str = ""
    folder: Path | None = None
    python: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """What `make` will do.

    Parameters
    ----------
    size : what is installed.
    base : the Python the environment is made from.
    home : the plugin's folder; environments are in its folder ``envs``.
    free_mb : room on that disk.
    wheels : folder of wheels to install from, instead of from the network.
    proxy : environment variables for a proxy; none to leave it to the system's settings.
    uv : path of the program uv where it does the work, else empty: venv and pip do.
    """

    size: Size
    base: pythons.BasePython
    home: Path
    free_mb: int
    wheels: Path | None = None
    proxy: Mapping[str, str] = field(default_factory=dict)
    uv: str = ""

    @property
    def summary(self) -> str:
        """What will be fetched, from where, how large, where to."""
        source = tr("from the package index")
        if self.wheels is not None:
            source = tr("from the folder {}").format(self.wheels)
        said = tr("{}. About {} MB {}, {} MB on the disk ({} MB are free), into {}, with Python {}")
        told = said.format(
            *(self.size.label, self.size.download_mb, source, self.size.disk_mb, self.free_mb),
            *(envs.folder_of(self.home), ".".join(map(str, self.base.version))),
        )
        return f"{told} ({self.base.path}). {self.size.note}".strip()


def status(home: Path | None = None) -> Status:
    """What there is; looks at files only, and starts nothing."""
    home = home or paths.home()
    everything = envs.all_of(home)
    ready = [each for each in everything if each.ready]
    best = next((each for each in ready if each.current), ready[0] if ready else None)
    if held(envs.folder_of(home) / envs.LOCK, shared=True):
        text = tr("The environment is being worked on. Wait until it is done.")
        return Status("busy", text, best.size if best else "", best.folder if best else None)
    if best is not None and best.current:
        text = tr("The environment is ready ({}).").format(best.size)
        return Status("ready", text, best.size, best.folder, str(best.python), best.facts)
    if best is not None:
        text = tr("The environment was made by another version of the plugin.")
        text += " " + to_repair(best.size)
        return Status("outdated", text, best.size, best.folder, "", best.facts)
    for each in everything:
        if each.facts:
            text = tr("The Python that the environment was made from has gone or changed.")
            text += " " + to_repair(each.size)
            return Status("broken", text, each.size, each.folder, "", each.facts)
    if everything:
        left = everything[0]
        text = tr("An installation was not finished: install again.") + " " + to_install(left.size)
        return Status("unfinished", text, left.size, left.folder)
    return Status("missing", tr("No environment has been made yet.") + " " + to_install())


def plan(
    size: str = RECOMMENDED,
    home: Path | None = None,
    python: str = "",
    wheels: Path | None = None,
    proxy: Mapping[str, str] | None = None,
) -> Plan:
    """What would be done to install a size. Nothing is fetched or written.

    Parameters
    ----------
    size : a name of `sizes`.
    home : the plugin's folder; None is `paths.home()`.
    python : the Python to make it from; found when empty.
    wheels : folder of wheels to install from, offline.
    proxy : environment variables for a proxy, as `proxy.variables` gives them.

    Raises
    ------
    RunError : it cannot be done here; it tells why.
    """
    home = home or paths.home()
    gpus = None if size == "gpu" else []  # the driver is asked only where it matters
    chosen = next((each for each in sizes(gpus) if each.name == size), None)
    if chosen is None:
        raise not_offered(size)
    if wheels is not None and not any(wheels.glob("*.whl")):
        text = tr("There are no wheels (files *.whl) in {}.").format(wheels)
        remedy = tr(
            "Fill it, on the same kind of system and Python, with `{}` (the file is in {})."
        )
        remedy = remedy.format(offline_command(size), envs.lock_path(size).parent)
        raise RunError(text, remedy, "Wheel")
    _check_length(envs.free(home, size))
    base, uv = _who_makes_it(python)
    if size == "gpu" and base.version[:2] < pythons.GPU_OLDEST:
        needed = ".".join(map(str, pythons.GPU_OLDEST))
        text = tr("The packages for a GPU need Python {} or newer; {} is older.")
        remedy = tr("Choose another Python as base.")
        raise RunError(text.format(needed, base.path), remedy, "Python")
    return Plan(chosen, base, home, _free_mb(home), wheels, proxy or {}, uv)


def make(todo: Plan, feedback: Feedback) -> Status:
    """Make the environment; returns its status.

    It is made in a new folder and tested; only then are earlier environments removed. Where that
    fails, or the user cancels, what was there before is there still, and nothing unfinished. One
    that a run uses is left for the next time.

    Raises
    ------
    RunCancelled : the user cancelled.
    RunError : anything else.
    """
    with Lock(envs.folder_of(todo.home) / envs.LOCK):
        for left in envs.all_of(todo.home):
            if not left.facts:
                _delete(left.folder, feedback)
        folder = envs.free(todo.home, todo.size.name)
        job = Job(
            size=todo.size.name,
            least_mb=least(todo.size, todo.base.platform),
            usual_mb=(todo.size.download_mb, todo.size.disk_mb),
            base=todo.base,
            folder=folder,
            log=log_path(todo.home),
            wheels=todo.wheels,
            proxy=todo.proxy,
            uv=todo.uv,
        )
        _install(job, feedback)
        for old in envs.all_of(todo.home):
            if old.folder != folder:
                feedback.setProgressText(tr("Removing the environment of before"))
                _delete(old.folder, feedback)
    feedback.setProgress(100.0)
    return status(todo.home)


def remove(home: Path | None = None) -> list[Path]:
    """Delete the environments made by the plugin, unfinished ones too, and the log.

    Folders that are not ours are left alone. Returns what was deleted.

    Raises
    ------
    RunError : something is in use, or the environment is being worked on.
    """
    home = home or paths.home()
    if not envs.folder_of(home).is_dir():
        return []
    with Lock(envs.folder_of(home) / envs.LOCK):
        folders = [each.folder for each in envs.all_of(home)]
        for folder in folders:
            envs.delete(folder)
        log = log_path(home)
        for path in (log, log.with_suffix(".log.1")):
            with contextlib.suppress(OSError):
                path.unlink()
    for folder in (envs.folder_of(home), log.parent, home):
        with contextlib.suppress(OSError):  # not empty: others' things
            folder.rmdir()
    return folders


def _install(job: Job, feedback: Feedback) -> None:
    """Install; what fails is told with where more of it stands, if anything was written there."""
    before = _written(job.log)
    try:
        install(job, feedback)
    except RunCancelled:
        raise
    except RunError as error:
        if _written(job.log) == before:
            raise
        remedy = error.remedy + "\n" + tr("Log: {}").format(job.log)
        raise RunError(error.message, remedy.strip(), error.kind) from error


def _written(log: Path) -> tuple[int, int]:
    """What changes when a file is written."""
    try:
        there = log.stat()
    except OSError:
        return 0, 0
    return there.st_size, there.st_mtime_ns


def _delete(folder: Path, feedback: Feedback) -> None:
    """Delete an environment, or leave it for the next time."""
    try:
        envs.delete(folder)
    except RunError as error:
        feedback.pushWarning(str(error))


def log_path(home: Path | None = None) -> Path:
    """The log of the last installations."""
    return (home or paths.home()) / "logs" / "install.log"


def _who_makes_it(python: str) -> tuple[pythons.BasePython, str]:
    """The base Python, and uv where it shall do the work.

    Where pip has settings of its own, which uv does not know, uv is taken only if there is no
    Python that can do without.
    """
    uv = shutil.which("uv") or ""
    if not uv or not pip_is_set_up(os.environ):
        return pythons.find(python, bool(uv)), uv
    try:
        return pythons.find(python), ""
    except RunError:
        return pythons.find(python, uv=True), uv


def _check_length(folder: Path) -> None:
    """Windows without long paths has 259 characters for each; the longest below it takes 190."""
    if os.name != "nt" or len(str(folder)) + LONGEST <= 259 or _long_paths():
        return
    text = tr("The folder {} has too long a name: Windows would not find the packages in it.")
    remedy = tr(
        "Let the environment variable {} name a short folder, such as C:\\ksdiff, or have long "
        "paths enabled in Windows (LongPathsEnabled)."
    )
    raise RunError(text.format(folder), remedy.format(paths.HOME_VARIABLE), "Path")


def _long_paths() -> bool:
    """Whether Windows was told to allow long paths."""
    if sys.platform != "win32":
        return True
    import winreg

    try:
        where = r"SYSTEM\CurrentControlSet\Control\FileSystem"
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, where) as key:
            return bool(winreg.QueryValueEx(key, "LongPathsEnabled")[0])
    except OSError:
        return False


def _free_mb(home: Path) -> int:
    """Room on the disk that a folder is on, or will be."""
    there = home
    while not there.exists() and there != there.parent:
        there = there.parent
    try:
        return int(shutil.disk_usage(there).free / 1e6)
    except OSError:
        return sys.maxsize
