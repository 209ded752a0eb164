# SPDX-License-Identifier: GPL-2.0-or-later
"""One run of the worker: one request, a stream of events, one result; and its self-test.

Only JSON lines go through the pipes; rasters are passed by path. Do not call from QGIS' main
thread: a run blocks, and polls ten times a second whether the user has cancelled.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import re
import shutil
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from .. import language, paths
from ..language import tr
from . import diagnosis
from .environments import FACTS, how_to_fix
from .errors import Kind, RunCancelled, RunError
from .interpreter import worker_command
from .processes import ChildProcess, clean_environment, shared_lock
from .worker_translation import in_users_words, table_in_users_words

POLL_S = 0.1
MAX_OTHER_LINES = 20  # lines of the worker that are no events, and are logged
# Fields of a request that name a file to write.
WRITTEN = (
    *("out", "spread", "report", "sam_map", "q2n_map", "error_map"),
    *("out_pan", "out_ms", "out_reference", "out_folder", "csv", "json", "save_fit"),
)


@dataclass(frozen=True)
class Limits:
    """Time limits in seconds; cancelling (poll, polite, terminate) takes less than 3 s."""

    hello: float = 120.0  # a cold import under a virus scanner takes long
    silence: float = 300.0
    polite: float = 1.8  # the worker itself needs up to 1.5 s to stop
    terminate: float = 0.5
    exit: float = 10.0


class Feedback(Protocol):
    """The part of `QgsProcessingFeedback` that a run uses."""

    def isCanceled(self) -> bool: ...
    def setProgress(self, progress: float) -> None: ...
    def setProgressText(self, text: str) -> None: ...
    def pushInfo(self, info: str) -> None: ...
    def pushWarning(self, warning: str) -> None: ...
    def pushDebugInfo(self, info: str) -> None: ...
    def pushConsoleInfo(self, info: str) -> None: ...
    def reportError(self, error: str, fatalError: bool = False) -> None: ...


def run(
    request: Mapping[str, Any],
    feedback: Feedback,
    command: Sequence[str],
    limits: Limits | None = None,
    measured: Callable[[Mapping[str, Any]], None] | None = None,
    show_progress: bool = True,
) -> dict[str, Any]:
    """Run the worker once and return its `result` event.

    Parameters
    ----------
    request : the request; its `protocol` is the version that the worker must have.
    feedback : receives log and progress, and tells whether the user has cancelled.
    command : program and arguments of the worker.
    limits : time limits.
    measured : called with each `measure` event of a training.
    show_progress : whether it moves the progress bar.

    Raises RunCancelled if the user cancelled, RunError for anything else; the worker has ended.
    """
    try:
        child = ChildProcess(command, clean_environment(os.environ))
    except OSError as error:
        raise diagnosis.cannot_start(command[0], error, how_to_fix(command[0])) from error
    session = _Session(child, command[0], feedback, limits or Limits(), measured, show_progress)
    try:
        # An environment of the plugin is not deleted while a run holds this lock.
        with shared_lock(Path(command[0]).parent.parent / FACTS):
            return session.run(request)
    finally:
        child.close()
        if session.worker:
            remove_leftovers(
                [request[name] for name in WRITTEN if request.get(name)], session.worker
            )


class _Session:
    """The plugin's side of the communication with one worker."""

    def __init__(
        self,
        child: ChildProcess,
        python: str,
        feedback: Feedback,
        limits: Limits,
        measured: Callable[[Mapping[str, Any]], None] | None,
        show_progress: bool,
    ) -> None:
        self._child = child
        self._python = python
        self._feedback = feedback
        self._limits = limits
        self._measured = measured
        self._show_fraction = show_progress
        self._progress = ProgressText()
        self._protocol: Any = None
        self._greeted = False
        self.worker: int | None = None  # its process id, from its `hello` event

    def run(self, request: Mapping[str, Any]) -> dict[str, Any]:
        self._protocol = request.get("protocol")
        self._child.send({**request, "language": language.name()})
        last = self._last_event()
        if last is None:
            code, tail = self._child.exit_code(self._limits.exit), self._child.stderr_tail()
            raise diagnosis.unexpected_exit(
                code, tail, self._python, self._greeted, how_to_fix(self._python)
            )
        # The worker may still close files; one that does not end is ended by `close`.
        self._child.close_input()
        code = self._child.exit_code(self._limits.exit)
        if last["type"] == "error":
            raise diagnosis.reported(last)
        if code != 0:  # the result was complete before it was reported
            self._feedback.pushDebugInfo(tr("The worker exited with code {}.").format(code))
        return last

    def _last_event(self) -> dict[str, Any] | None:
        """Handle events until `result` or `error`; return None if the worker ends without."""
        deadline = time.monotonic() + self._limits.hello
        dead_polls = other_lines = 0
        while True:
            if self._feedback.isCanceled():
                if self._limits.polite > 5.0:
                    self._feedback.pushInfo(tr("Stopping; the results so far are saved first."))
                self._child.stop(self._limits.polite, self._limits.terminate)
                raise RunCancelled
            try:
                line = self._child.read_line(POLL_S)
            except EOFError:
                return None
            if time.monotonic() > deadline:
                raise self._silent()
            if line is None:
                # A grandchild may hold the pipe open after the worker's end: no EOF comes.
                dead_polls = dead_polls + 1 if self._child.exit_code() is not None else 0
                if dead_polls > 5:
                    return None
                continue
            event = _parse(line)
            if event is None:
                other_lines += 1
                if other_lines <= MAX_OTHER_LINES:
                    self._feedback.pushDebugInfo(line[:200])
                continue
            self._handle(event)
            if event["type"] in ("result", "error"):
                return event
            deadline = time.monotonic() + self._limits.silence

    def _handle(self, event: Mapping[str, Any]) -> None:
        kind = event["type"]
        if kind == "hello":
            self._hello(event)
        elif not self._greeted and kind != "error":
            text = tr("The program that was started is not KSDiff's worker.")
            raise RunError(text, diagnosis.how_to_match(), Kind.PROTOCOL)
        elif kind == "progress":
            self._show_progress(event)
        elif kind == "measure" and self._measured is not None:
            self._measured(event)
        elif kind == "log":
            level, message = str(event.get("level", "info")), str(event.get("message", ""))
            self._log(level, message if level == "table" else in_users_words(message))

    def _hello(self, event: Mapping[str, Any]) -> None:
        if event.get("protocol") != self._protocol:
            text = tr("The worker has version {} of the protocol, the plugin version {}.")
            text = text.format(event.get("protocol"), self._protocol)
            raise RunError(text, diagnosis.how_to_match(), Kind.PROTOCOL)
        self._greeted = True
        self.worker = event.get("pid")
        self._feedback.pushInfo(
            tr("KSDiff {} with Python {}, onnxruntime {}.").format(
                event.get("version", "?"), event.get("python", "?"), event.get("onnxruntime", "?")
            )
        )

    def _show_progress(self, event: Mapping[str, Any]) -> None:
        fraction = _number(event.get("fraction"))
        if fraction is not None and self._show_fraction:
            self._feedback.setProgress(100.0 * min(max(fraction, 0.0), 1.0))
        text = self._progress.next(
            in_users_words(str(event.get("message", ""))),
            _number(event.get("remaining_s")),
            time.monotonic(),
        )
        if text:
            self._feedback.setProgressText(text)

    def _log(self, level: str, message: str) -> None:
        if level == "error":
            self._feedback.reportError(message)
        elif level == "warning":
            self._feedback.pushWarning(message)
        elif level == "table":
            show_table(self._feedback, table_in_users_words(message))
        else:
            self._feedback.pushInfo(message)

    def _silent(self) -> RunError:
        waited, remedy = self._limits.silence, ""
        message = tr("KSDiff's worker did not answer for {:.0f} s and was ended.")
        if not self._greeted:
            waited, remedy = self._limits.hello, how_to_fix(self._python)
            message = tr("KSDiff's worker did not start within {:.0f} s.")
        tail = "\n".join(self._child.stderr_tail()[-5:])
        return RunError((message.format(waited) + "\n" + tail).strip(), remedy, Kind.SILENT)


def show_table(feedback: Feedback, text: str) -> None:
    """Log lines whose columns stay aligned: of even letters, and spaces that HTML keeps."""
    feedback.pushConsoleInfo(text.replace(" ", "\u00a0"))


def remove_leftovers(targets: Sequence[str], worker: int) -> None:
    """Remove the temporary folders of a worker that was killed.

    Host and process id are in their names (core/raster/output_files.py). Those of other workers
    stay.
    """
    for target in map(os.path.realpath, targets):
        is_folder = os.path.isdir(target)  # noqa: PTH112 - of many results
        folder, name = (target, "") if is_folder else os.path.split(target)
        with contextlib.suppress(OSError):
            for entry in Path(folder).iterdir():
                mine = f".{socket.gethostname()}-{worker}-" in entry.name
                if mine and entry.name.startswith(f".{name}"):
                    shutil.rmtree(entry, ignore_errors=True)


class ProgressText:
    """Selects the progress messages to show, since the dialog logs each one as a line."""

    EVERY_S = 10.0

    def __init__(self) -> None:
        self._stage: str | None = None
        self._shown = ""
        self._shown_at = 0.0

    def next(self, message: str, remaining_s: float | None, now: float) -> str | None:
        """Return the text to show now, or None.

        A new stage is shown at once, progress within a stage ("tile 3 of 900") every 10 s.

        Parameters
        ----------
        message : progress message; messages that differ in numbers only are of one stage.
        remaining_s : estimated remaining time, if known.
        now : current time in seconds.
        """
        stage = re.sub(r"\d+", "", message)
        if stage == self._stage and now - self._shown_at < self.EVERY_S:
            return None
        text = message
        if remaining_s is not None and remaining_s >= 1:
            text = tr("{}, {} left").format(message, duration(remaining_s))
        if text == self._shown:
            return None
        self._stage, self._shown, self._shown_at = stage, text, now
        return text


def duration(seconds: float) -> str:
    """Return a time as a text: about 80 s, about 12 min."""
    if seconds < 90:
        return tr("about {:.0f} s").format(seconds)
    if seconds < 5400:
        return tr("about {:.0f} min").format(seconds / 60)
    return tr("about {:.1f} h").format(seconds / 3600)


def _parse(line: str) -> dict[str, Any] | None:
    """Return the event of a line; None if it is no event."""
    try:
        event = json.loads(line)
    except ValueError:
        return None
    return event if isinstance(event, dict) and isinstance(event.get("type"), str) else None


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        return None
    return float(value)


# --- self-test ---


def self_test(python: str, feedback: Feedback) -> dict[str, Any]:
    """Have the worker sharpen a tiny pair on each device; return its `result` event.

    The progress bar is left to the installation that it belongs to.

    Raises RunCancelled or RunError, as `run` does.
    """
    request = {"protocol": paths.protocol_version(), "task": "check", "selftest": True}
    command = worker_command(python, paths.WORKER)
    return run(request, feedback, command, show_progress=False)


def self_test_problem(tested: Mapping[str, Any], gpu: bool = False, platform: str = "") -> str:
    """Return what failed in a self-test; empty if nothing did.

    Parameters
    ----------
    tested : the entry `selftest` of the result.
    gpu : whether a GPU must have worked.
    platform : see `sizes.platform_name`; on Windows, PyTorch has no CUDA.
    """
    devices = {str(each.get("device")): each for each in tested.get("devices", [])}
    torch = tested.get("torch") or {}
    problems = [
        f"{name}: {each.get('reason') or tr('no result')}"
        for name, each in devices.items()
        if not each.get("passed")
    ]
    if "cpu" not in devices:
        problems.append(tr("cpu: not tested"))
    if not tested.get("raster"):
        problems.append(tr("A raster that was written is not read back the same."))
    if torch.get("reason"):
        problems.append(f"PyTorch: {torch['reason']}")
    if gpu and "cuda" not in devices:
        problems.append(tr("onnxruntime does not list CUDA."))
    if gpu and platform.startswith("linux") and "cuda" not in torch.get("devices", []):
        problems.append(tr("PyTorch does not find CUDA."))
    return " ".join(problems)
