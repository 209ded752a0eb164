# SPDX-License-Identifier: GPL-2.0-or-later
"""Install an environment with venv and pip, or uv, and test it.

It takes minutes and belongs off the main thread; it is cancelled through the feedback.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from .. import paths
from ..language import tr
from . import environments, worker_run
from .diagnosis import diagnose
from .environments import FACTS, INCOMPLETE, requirements_path
from .errors import Kind, RunCancelled, RunError
from .install_plan import Plan, amount, installer_variables
from .processes import ChildProcess
from .worker_run import Feedback

TRIES = 3
RETRY_PAUSE_S = 3.0
MEASURE_EVERY_S = 1.0
_POLL_S = 0.1
_SHOWN_LINES = 12
_MAX_LOG_BYTES = 1_000_000
# PyTorch's build for the CPU of Linux, with its hashes.
_CPU_BUILD = re.compile(r"(?m)^torch==\S+\+cpu .*\n(?:[ \t]+--hash.*\n?)+")
# What pip does with which file, without its folder.
_PIP_STEP = re.compile(r"(Collecting|Processing|Downloading) (?:.*[/\\])?([^/\\]+)$")
# Percentages of the progress bar at the end of a step.
_CREATED, _DOWNLOADED, _UNPACKED = 5.0, 75.0, 92.0

Log = Callable[[str], None]


def install(plan: Plan, feedback: Feedback) -> environments.Status:
    """Install an environment; return the new status.

    It is made in a new folder and tested, and only then earlier environments are removed. If it
    fails or is cancelled, earlier environments stay, and nothing incomplete is left. An earlier
    environment that is in use is removed by the next installation.

    Raises RunCancelled if the user cancelled, RunError if it failed.
    """
    with environments.installation_lock(plan.home):
        for each in environments.all_of(plan.home):
            if not each.facts:
                _try_delete(each.folder, feedback)
        folder = environments.free_folder(plan.home, plan.size.name)
        _install_into(folder, plan, feedback)
        for each in environments.all_of(plan.home):
            if each.folder != folder:
                feedback.setProgressText(tr("Removing the previous environment"))
                _try_delete(each.folder, feedback)
    feedback.setProgress(100.0)
    return environments.status(plan.home)


def _try_delete(folder: Path, feedback: Feedback) -> None:
    try:
        environments.delete(folder)
    except RunError as error:
        feedback.pushWarning(str(error))


def _install_into(folder: Path, plan: Plan, feedback: Feedback) -> None:
    """Install into a new folder; delete it if that fails, and name the log in the remedy."""
    started, path = time.monotonic(), environments.log_path(plan.home)
    try:
        folder.mkdir(parents=True)
        (folder / INCOMPLETE).write_text(
            f"KSDiff is installing into this folder, process {os.getpid()}.\n", encoding="utf-8"
        )
        log = _open_log(path)
        log(f"Size {plan.size.name}, Python {plan.base.path}, folder {folder}")
        facts = _Installation(folder, plan, feedback, log).run()
        facts["seconds"] = round(time.monotonic() - started, 1)
        text = json.dumps(facts, indent=1) + "\n"
        (folder / FACTS).write_text(text, encoding="utf-8")
        (folder / INCOMPLETE).unlink()
        log(f"Ready after {facts['seconds']} s.")
    except BaseException as error:
        with contextlib.suppress(RunError):  # open files stay, in a folder marked as incomplete
            environments.delete(folder)
        if isinstance(error, OSError):
            text = tr("The environment cannot be created: {}.").format(error)
            raise _failure([str(error)], text) from error
        if isinstance(error, RunError) and not isinstance(error, RunCancelled):
            error.remedy = (error.remedy + "\n" + tr("Log: {}").format(path)).strip()
        raise


def _open_log(path: Path) -> Log:
    """Return a function that appends a line to the log; a long log is renamed before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_file() and path.stat().st_size > _MAX_LOG_BYTES:
        with contextlib.suppress(OSError):
            path.replace(path.with_suffix(".log.1"))

    def write(line: str) -> None:
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')}  {line}\n")

    return write


class _Installation:
    """The steps of one installation."""

    def __init__(self, folder: Path, plan: Plan, feedback: Feedback, log: Log) -> None:
        self._folder, self._plan, self._feedback, self._log = folder, plan, feedback, log
        self._python = str(environments.python_of(folder))
        # Downloads go to the disk that is checked, and are found again to measure progress.
        self._downloads = folder / ".fetched"
        (self._downloads / "tmp").mkdir(parents=True)
        cache, temporary = str(self._downloads / "cache"), str(self._downloads / "tmp")
        self._variables = {
            **installer_variables(os.environ, plan.proxy),
            **dict.fromkeys(("PIP_CACHE_DIR", "UV_CACHE_DIR"), cache),
            **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), temporary),
        }

    def run(self) -> dict[str, Any]:
        """Install; return the content of `env.json`."""
        plan = self._plan
        expected = (plan.size.download_mb, plan.size.disk_mb)
        self._check_space(expected)
        self._show(0.0, tr("Creating the environment"))
        self._create()
        requirements = requirements_path(plan.size.name)
        self._show(_CREATED, tr("Downloading the packages"))
        progress = _DownloadProgress(
            requirements, self._downloads, expected, bool(plan.uv), self._feedback
        )
        links = self._links(requirements, progress)
        self._install_packages([*self._installer(links), "-r", str(requirements)], progress)
        shutil.rmtree(self._downloads, ignore_errors=True)
        self._show(_UNPACKED, tr("Self-test"))
        found = worker_run.self_test(self._python, self._feedback)
        self._judge(found.get("selftest") or {})
        return {
            "size": plan.size.name,
            "lock": environments.requirements_hash(plan.size.name),
            "python": ".".join(map(str, plan.base.version)),
            "base": plan.base.path,
            "starts": environments.link_target(Path(self._python)),
            "packages": {name: found.get(name) for name in (*paths.packages(), "torch")},
            "selftest": found.get("selftest"),
            "made": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        }

    def _check_space(self, size_mb: tuple[int, int]) -> None:
        """Raise RunError if the disk is too full.

        Downloads are stored twice: as pip's cache, and unpacked temporarily.
        """
        download, disk = size_mb
        free = shutil.disk_usage(self._folder).free / 1e6
        needed = ((0 if self._plan.wheels else 2 * download) + disk) * 1.1
        if free < needed:
            text = tr(
                "There is not enough disk space: about {} are needed in {} during the "
                "installation, {} are free."
            ).format(amount(round(needed)), self._folder.parent, amount(round(free)))
            remedy = tr(
                "Free some space, choose the size light, or set the environment variable {} to a "
                "folder on another disk."
            ).format(paths.HOME_VARIABLE)
            raise RunError(text, remedy, Kind.DISK)

    def _create(self) -> None:
        plan = self._plan
        command = [plan.base.path, "-I", "-m", "venv", str(self._folder)]
        if plan.uv:
            command = [plan.uv, "venv", "--allow-existing", "--no-project", "--python"]
            command += [plan.base.path, str(self._folder)]
        code, lines = self._execute(command)
        if code != 0:
            text = tr("The environment could not be created (exit code {}).").format(code)
            raise _failure(lines, text)

    def _links(self, requirements: Path, progress: _DownloadProgress) -> list[str]:
        """Return where packages are that the package index lacks.

        Of PyTorch for Linux it has the build with CUDA only, ten times as large: that for the CPU
        is on a page of PyTorch's, if pip is not configured for a mirror of it.
        """
        if self._plan.wheels:
            return [str(self._plan.wheels)]
        torch = _CPU_BUILD.search(requirements.read_text("utf-8"))
        if torch is None or not self._plan.base.platform.startswith("linux"):
            return []
        page = paths.torch_cpu_page()
        if self._plan.uv:
            return [page]
        # Fetched alone, since pip would read the page again for every package.
        wheels = self._downloads / "wheels"
        wheels.mkdir()
        wanted = wheels / "torch.txt"
        wanted.write_text(torch[0], encoding="utf-8")
        command = [*self._installer([page], "download"), "--dest", str(wheels), "-r", str(wanted)]
        self._install_packages(command, progress)
        return [str(wheels)]

    def _installer(self, links: Sequence[str], command: str = "install") -> list[str]:
        """Return the command line of pip or uv, without the packages.

        The requirements name every package, so dependencies are not resolved.
        """
        common = ["--require-hashes", "--only-binary", ":all:", "--no-deps"]
        common += ["--no-index"] if self._plan.wheels else []
        common += [word for folder in links for word in ("--find-links", folder)]
        if self._plan.uv:
            return [self._plan.uv, "pip", "install", "--python", self._python, *common]
        quiet = ["--disable-pip-version-check", "--no-input", "--progress-bar", "off"]
        user = ["--no-user", "--no-warn-script-location"] if command == "install" else []
        pip = [self._python, "-I", "-u", "-X", "utf8", "-m", "pip"]
        return [*pip, command, *quiet, *user, *common]

    def _install_packages(self, command: Sequence[str], progress: _DownloadProgress) -> None:
        """Install; retry after failures of the network, and only those."""
        for left in reversed(range(TRIES)):
            progress.packages = 0
            code, lines = self._execute(command, progress)
            if code == 0:
                return
            text = tr("The packages could not be installed (exit code {}).").format(code)
            error = _failure(lines, text, self._plan.size.name)
            if error.kind != Kind.NETWORK or not left:
                raise error
            self._feedback.pushWarning(tr("{} Trying again.").format(error.message))
            until = time.monotonic() + RETRY_PAUSE_S
            while time.monotonic() < until:
                self._check_cancelled()
                time.sleep(_POLL_S)

    def _execute(
        self, command: Sequence[str], progress: _DownloadProgress | None = None
    ) -> tuple[int | None, list[str]]:
        """Run a program; return its exit code and its output."""
        self._log("> " + " ".join(command))
        lines: list[str] = []
        try:
            child = ChildProcess(command, self._variables, merge_stderr=True)
        except OSError as error:
            text = tr("{} cannot be started: {}.").format(command[0], error)
            raise _failure([str(error)], text) from error
        child.close_input()
        try:
            while True:
                self._check_cancelled()
                if progress:
                    progress.measure()
                try:
                    line = child.read_line(_POLL_S)
                except EOFError:
                    return child.exit_code(10.0), lines
                if line is not None:
                    lines.append(line)
                    self._log(line)
                    if progress:
                        progress.read(line)
        finally:
            child.close()

    def _check_cancelled(self) -> None:
        if self._feedback.isCanceled():
            self._log("Cancelled.")
            raise RunCancelled

    def _show(self, percent: float, text: str) -> None:
        self._feedback.setProgress(percent)
        self._feedback.setProgressText(text)

    def _judge(self, tested: Mapping[str, Any]) -> None:
        """Raise RunError if the self-test failed, or the GPU did not run."""
        self._log("Self-test: " + json.dumps(tested))
        gpu = self._plan.size.name == "gpu"
        problem = worker_run.self_test_problem(tested, gpu, self._plan.base.platform)
        if problem:
            remedy = tr("Please report it.")
            if gpu:
                remedy = tr(
                    "Install the current NVIDIA driver and try again, or choose the size full, "
                    "which runs on the CPU."
                )
            text = tr("The self-test failed. {}").format(problem)
            raise RunError(text, remedy, Kind.SELF_TEST)


class _DownloadProgress:
    """Progress of the download, from pip's output and from the bytes on the disk.

    Of the two the larger counts: a single package can be most of the bytes, and uv prints nothing.
    """

    def __init__(
        self,
        requirements: Path,
        downloads: Path,
        expected_mb: tuple[int, int],
        uv: bool,
        feedback: Feedback,
    ) -> None:
        text = requirements.read_text(encoding="utf-8")
        self._all_packages = len(set(re.findall(r"(?m)^([\w.-]+)==", text)))
        self.packages = 0  # collected by pip
        # pip keeps the files in its temporary folder, uv their content in its cache; what was
        # fetched alone lies in a folder of wheels.
        self._folders = [downloads / name for name in (("cache",) if uv else ("tmp", "wheels"))]
        self._expected_mb = expected_mb[uv]
        self._feedback = feedback
        self._share = self._measured_at = 0.0

    def read(self, line: str) -> None:
        """Follow a line of pip's output."""
        step = _PIP_STEP.match(re.sub(r" \(from .*", "", line.strip()))
        if step:
            # Each package is collected, or processed if it is a file; then it may be downloaded.
            self.packages += step[1] != "Downloading"
            self._advance(self.packages / self._all_packages)
            self._feedback.setProgressText(f"{step[1]} {step[2]}")
        elif line.startswith(("Installing collected packages", "Prepared ")):
            self._advance(1.0)
            self._feedback.setProgressText(tr("Unpacking, which can take some minutes"))

    def measure(self) -> None:
        """Measure the downloaded bytes, once a second."""
        if time.monotonic() - self._measured_at < MEASURE_EVERY_S:
            return
        self._measured_at = time.monotonic()
        size = 0
        for folder, _, names in (found for each in self._folders for found in os.walk(each)):
            with contextlib.suppress(OSError):  # a file was deleted meanwhile
                size += sum(Path(folder, name).stat().st_size for name in names)
        self._advance(size / 1e6 / self._expected_mb)

    def _advance(self, share: float) -> None:
        if share > self._share:
            self._share = min(share, 1.0)
            self._feedback.setProgress(_CREATED + (_DOWNLOADED - _CREATED) * self._share)


def _failure(lines: Sequence[str], otherwise: str, size: str = "light") -> RunError:
    """Return the error for a program that failed: its diagnosis, or else its last lines."""
    output = [line for line in lines if line.strip()]
    known = diagnose("\n".join(output), size)
    if known is not None:
        return known
    tail = "\n".join(output[-_SHOWN_LINES:])
    remedy = tr("The log contains the complete output.")
    return RunError(f"{otherwise}\n{tail}".strip(), remedy, Kind.INSTALL)
