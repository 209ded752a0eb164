# SPDX-License-Identifier: GPL-2.0-or-later
"""Making one environment: venv and pip, or uv, from a lock file; then its self-test."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .. import paths
from ..language import tr
from . import envs, selftest
from .child import Child
from .diagnostics import diagnose
from .errors import RunCancelled, RunError
from .log import Log
from .pipsettings import variables
from .process import Feedback
from .pythons import BasePython

TRIES = 3
PAUSE_S = 3.0
_POLL_S = 0.1
_WEIGHED_EVERY_S = 1.0
_TOLD_LINES = 12
# What pip does, and with what, without the folders it comes from.
_FETCHING = re.compile(r"(Collecting|Processing|Downloading) (?:.*[/\\])?([^/\\]+)$")
# Shares of the progress bar.
_MADE, _FETCHED, _UNPACKED = 5.0, 75.0, 92.0


@dataclass(frozen=True)
class Job:
    """What to make.

    Parameters
    ----------
    size : ``light``, ``full`` or ``gpu``.
    least_mb, usual_mb : megabytes fetched, and on the disk: at least, and with the usual torch.
    base : the Python it is made from.
    folder : where it is made; does not exist yet.
    log : file that everything said is added to.
    wheels, proxy, uv : see `managed.Plan`.
    """

    size: str
    least_mb: tuple[int, int]
    usual_mb: tuple[int, int]
    base: BasePython
    folder: Path
    log: Path
    wheels: Path | None = None
    proxy: Mapping[str, str] = field(default_factory=dict)
    uv: str = ""


def install(job: Job, feedback: Feedback) -> dict[str, Any]:
    """Make the environment and test it; returns what is written to its `env.json`.

    Where it fails or is cancelled, the folder is removed again.

    Raises
    ------
    RunCancelled, RunError
    """
    started = time.monotonic()
    try:
        job.folder.mkdir(parents=True)
        (job.folder / envs.INCOMPLETE).write_text(
            f"KSDiff is making an environment here, process {os.getpid()}.\n", encoding="utf-8"
        )
        with Log(job.log) as log:
            log.write(f"Size {job.size}, Python {job.base.path}, folder {job.folder}")
            facts = _Work(job, feedback, log).do()
            facts["seconds"] = round(time.monotonic() - started, 1)
            text = json.dumps(facts, indent=1) + "\n"
            (job.folder / envs.FACTS).write_text(text, encoding="utf-8")
            (job.folder / envs.INCOMPLETE).unlink()
            log.write(f"Ready after {facts['seconds']} s.")
        return facts
    except BaseException as error:
        with contextlib.suppress(RunError):  # what is still open stays, known as unfinished
            envs.delete(job.folder)
        if isinstance(error, OSError):
            text = tr("The environment cannot be made: {}.").format(error)
            raise _told([str(error)], text) from error
        raise


class _Work:
    """The steps of one job."""

    def __init__(self, job: Job, feedback: Feedback, log: Log) -> None:
        self._job, self._feedback, self._log = job, feedback, log
        self._python = str(envs.python_of(job.folder))
        self._fetched = job.folder / ".fetched"  # by pip or uv, until it is installed
        self._variables = {**variables(os.environ, job.proxy), **self._places()}
        self._count = 0
        self._usual = False  # whether torch is that of the package index
        self._share = self._weighed = 0.0
        self._total = 0  # of packages; while it is none, nothing is counted

    def do(self) -> dict[str, Any]:
        job = self._job
        _check_room(job, job.least_mb)
        self._show(0.0, tr("Making the environment"))
        if job.uv:
            made = [job.uv, "venv", "--allow-existing", "--no-project", "--python", job.base.path]
            self._must([*made, str(job.folder)])
        else:
            self._must([job.base.path, "-I", "-m", "venv", str(job.folder)])
        lock, links = self._choose()
        if lock == envs.lock_path(job.size):
            _check_room(job, job.usual_mb)
            self._usual = True
        self._total = len(set(re.findall(r"(?m)^([\w.-]+)==", lock.read_text(encoding="utf-8"))))
        self._show(_MADE, tr("Fetching the packages"))
        self._fetch([*self._installer(links), "-r", str(lock)])
        shutil.rmtree(self._fetched, ignore_errors=True)
        self._show(_UNPACKED, tr("Self-test"))
        found = selftest.run(self._python, self._feedback)
        self._judge(found)
        return {
            "size": job.size,
            "lock": envs.lock_hash(job.size),
            "variant": lock.stem,
            "python": ".".join(map(str, job.base.version)),
            "base": job.base.path,
            "starts": envs.started_by(Path(self._python)),
            "packages": {name: found.get(name) for name in (*paths.packages(), "torch")},
            "selftest": found.get("selftest"),
            "made": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        }

    def _places(self) -> dict[str, str]:
        """Have pip and uv put what they fetch on the disk that was checked, to find it again."""
        (self._fetched / "tmp").mkdir(parents=True)
        cache = dict.fromkeys(("PIP_CACHE_DIR", "UV_CACHE_DIR"), str(self._fetched / "cache"))
        return {**cache, **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(self._fetched / "tmp"))}

    def _choose(self) -> tuple[Path, list[str]]:
        """The lock to install, and folders of wheels to look into.

        On Linux torch comes with CUDA, unless pip is set up for the builds for the CPU, or they
        are in the folder of wheels: these are taken where they can be had.
        """
        job, links = self._job, [str(self._job.wheels)] if self._job.wheels else []
        usual = envs.lock_path(job.size)
        if job.size != "full" or not job.base.platform.startswith("linux"):
            return usual, links
        cpu = envs.lock_path("cpu")
        torch = re.search(r"(?m)^torch==.*\n(?:[ \t]+--hash.*\n?)+", cpu.read_text("utf-8"))
        if torch is None:
            return usual, links
        self._show(_MADE, tr("Looking for PyTorch's build for the CPU"))
        wheels = self._fetched / "wheels"
        wheels.mkdir()
        wanted = wheels / "torch.txt"
        wanted.write_text(torch[0], encoding="utf-8")
        asked = [*self._installer(links), "--dry-run", "-r", str(wanted)]
        if not job.uv:
            where = ["--retries", "1", "--dest", str(wheels), "-r", str(wanted)]
            asked = [*self._installer(links, "download"), *where]
        code, _ = self._run(asked)
        if code != 0:
            return usual, links
        self._log.write("PyTorch's build for the CPU can be had, and is taken.")
        return cpu, [*links, *([] if job.uv else [str(wheels)])]

    def _installer(self, links: Sequence[str], does: str = "install") -> list[str]:
        """Command line of pip or uv but for what to install.

        The lock names every package there is to be, so dependencies are not looked for.
        """
        common = ["--require-hashes", "--only-binary", ":all:", "--no-deps"]
        common += ["--no-index"] if self._job.wheels else []
        common += [word for folder in links for word in ("--find-links", folder)]
        if self._job.uv:
            return [self._job.uv, "pip", "install", "--python", self._python, *common]
        quiet = ["--disable-pip-version-check", "--no-input", "--progress-bar", "off"]
        user = ["--no-user", "--no-warn-script-location"] if does == "install" else []
        pip = [self._python, "-I", "-u", "-X", "utf8", "-m", "pip"]
        return [*pip, does, *quiet, *user, *common]

    def _fetch(self, asked: Sequence[str]) -> None:
        """Install; what the network did wrong is tried again, nothing else."""
        for left in reversed(range(TRIES)):
            self._count = 0
            code, lines = self._run(asked)
            if code == 0:
                return
            failed = tr("The packages could not be installed (exit code {}).").format(code)
            error = _told(lines, failed, self._job.size)
            if error.kind != "Network" or not left:
                raise error
            self._feedback.pushWarning(tr("{} Trying again.").format(error.message))
            self._wait(PAUSE_S)

    def _must(self, asked: Sequence[str]) -> None:
        code, lines = self._run(asked)
        if code != 0:
            failed = tr("The environment could not be made (exit code {}).").format(code)
            raise _told(lines, failed)

    def _run(self, asked: Sequence[str]) -> tuple[int | None, list[str]]:
        """Run a program to its end: exit code and all that it said."""
        self._log.write("> " + " ".join(asked))
        lines: list[str] = []
        try:
            child = Child(asked, self._variables, merged=True)
        except OSError as error:
            text = tr("{} cannot be started: {}.").format(asked[0], error)
            raise _told([str(error)], text) from error
        child.hang_up()
        try:
            while True:
                self._check()
                self._weigh()
                try:
                    line = child.line(_POLL_S)
                except EOFError:
                    return child.exit_code(10.0), lines
                if line is not None:
                    lines.append(line)
                    self._log.write(line)
                    self._heard(line)
        finally:
            child.close()

    def _heard(self, line: str) -> None:
        """Progress, from what pip says."""
        said = _FETCHING.match(re.sub(r" \(from .*", "", line.strip()))
        if said and self._total:
            # Each package is collected, or processed where it is a file; what is large, fetched.
            self._count += said[1] != "Downloading"
            self._advance(self._count / self._total)
            self._feedback.setProgressText(f"{said[1]} {said[2]}")
        elif line.startswith("Installing collected packages") or line.startswith("Prepared "):
            self._share = 1.0
            self._show(_FETCHED, tr("Unpacking, which can take some minutes"))

    def _weigh(self) -> None:
        """Progress, from what has come: one package can be most of it, and uv tells of none."""
        if not self._total or time.monotonic() - self._weighed < _WEIGHED_EVERY_S:
            return
        self._weighed = time.monotonic()
        size, uv = 0, bool(self._job.uv)  # pip keeps the files, uv what was in them
        for folder, _, names in os.walk(self._fetched / ("cache" if uv else "tmp")):
            with contextlib.suppress(OSError):  # one has gone meanwhile
                size += sum(Path(folder, name).stat().st_size for name in names)
        expected = (self._job.usual_mb if self._usual else self._job.least_mb)[uv]
        self._advance(size / 1e6 / expected)

    def _advance(self, share: float) -> None:
        """Show how much has been fetched; of two ways to tell, the one that is further."""
        if share > self._share:
            self._share = min(share, 1.0)
            self._feedback.setProgress(_MADE + (_FETCHED - _MADE) * self._share)

    def _show(self, percent: float, text: str) -> None:
        self._feedback.setProgress(percent)
        self._feedback.setProgressText(text)

    def _check(self) -> None:
        if self._feedback.isCanceled():
            self._log.write("Cancelled.")
            raise RunCancelled

    def _wait(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._check()
            time.sleep(_POLL_S)

    def _judge(self, found: Mapping[str, Any]) -> None:
        """Whether what was asked for is what runs; a GPU that does not is never passed over."""
        tested = found.get("selftest") or {}
        self._log.write("Self-test: " + json.dumps(tested))
        gpu = self._job.size == "gpu"
        wrong = selftest.problem(tested, gpu, self._job.base.platform)
        if wrong and gpu:
            text = tr("The packages for the GPU were installed, but the GPU did not run: {}")
            remedy = tr(
                "Install the current NVIDIA driver and try again, or choose the size full, which "
                "runs on the CPU."
            )
            raise RunError(text.format(wrong), remedy, "SelfTest")
        if wrong:
            text = tr("The self-test failed. {}").format(wrong)
            raise RunError(text, tr("Please report it."), "SelfTest")


def _check_room(job: Job, size_mb: tuple[int, int]) -> None:
    """Whether the disk has room: what is fetched lies there twice, for now and for a next try."""
    free = shutil.disk_usage(job.folder).free / 1e6
    fetched = 0 if job.wheels else 2 * size_mb[0]
    needed = (fetched + size_mb[1]) * 1.1
    if free < needed:
        text = tr(
            "The disk has too little room: about {:.0f} MB are needed in {} while the packages are "
            "installed, {:.0f} MB are free."
        ).format(needed, job.folder.parent, free)
        remedy = tr(
            "Free some space, choose the size light, or let the environment variable {} name a "
            "folder on another disk."
        ).format(paths.HOME_VARIABLE)
        raise RunError(text, remedy, "Disk")


def _told(lines: Sequence[str], otherwise: str, size: str = "light") -> RunError:
    """What a program's lines mean, with the last of them."""
    said = [line for line in lines if line.strip()]
    known = diagnose("\n".join(said), size)
    tail = "\n".join(said[-_TOLD_LINES:])
    if known is None:
        return RunError(f"{otherwise}\n{tail}".strip(), tr("The log has more of it."), "Install")
    return RunError(known.message, known.remedy, known.kind)
