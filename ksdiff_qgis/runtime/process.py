# SPDX-License-Identifier: GPL-2.0-or-later
"""One run of the worker: one request, a stream of events, one result.

Rasters go by path; only JSON lines go through the pipes. The calling thread must not be QGIS'
main thread: it waits, and looks ten times a second whether the user has cancelled.
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

from ..language import tr
from . import environment, envs
from .child import Child
from .errors import RunCancelled, RunError
from .exits import explain, mismatch, told, unstartable
from .lockfile import using

POLL_S = 0.1
STRANGE_LINES = 20  # shown of what a worker says that is no event
# The fields of a request that name a file to write.
WRITTEN = (
    *("out", "spread", "report", "sam_map", "q2n_map", "error_map"),
    *("out_pan", "out_ms", "out_reference", "csv", "json"),
)


@dataclass(frozen=True)
class Limits:
    """Seconds. The three of cancelling stay below 3 s together."""

    hello: float = 120.0  # a cold import under a virus scanner takes its time
    silence: float = 300.0
    polite: float = 1.8  # the worker gives itself 1.5 s to end in order
    terminate: float = 0.5
    exit: float = 10.0


class Feedback(Protocol):
    """What a run needs of `QgsProcessingFeedback`."""

    def isCanceled(self) -> bool: ...
    def setProgress(self, progress: float) -> None: ...
    def setProgressText(self, text: str) -> None: ...
    def pushInfo(self, info: str) -> None: ...
    def pushWarning(self, warning: str) -> None: ...
    def pushDebugInfo(self, info: str) -> None: ...
    def reportError(self, error: str, fatalError: bool = False) -> None: ...


def run(
    request: Mapping[str, Any],
    feedback: Feedback,
    command: Sequence[str],
    limits: Limits | None = None,
    measured: Callable[[Mapping[str, Any]], None] | None = None,
) -> dict[str, Any]:
    """Run the worker once and return its `result` event.

    Parameters
    ----------
    request : the request; its `protocol` is the version that the worker must speak.
    feedback : receives log and progress, and tells whether the user has cancelled.
    command : program and arguments of the worker.
    limits : time limits.
    measured : called with each event `measure`, of a training.

    Raises
    ------
    RunCancelled : the user cancelled; the worker has ended.
    RunError : anything else; the worker has ended.
    """
    try:
        child = Child(command, environment.clean(os.environ))
    except OSError as error:
        raise unstartable(command[0], error) from error
    talk = _Conversation(child, command[0], feedback, limits or Limits(), measured)
    try:
        # Meanwhile nobody deletes the environment, if it is one of the plugin's.
        with using(Path(command[0]).parent.parent / envs.FACTS):
            return talk.hold(request)
    finally:
        child.close()
        if talk.worker:
            _clear_up([request[name] for name in WRITTEN if request.get(name)], talk.worker)


class _Conversation:
    """The plugin's half of the talk with one worker."""

    def __init__(
        self,
        child: Child,
        python: str,
        feedback: Feedback,
        limits: Limits,
        measured: Callable[[Mapping[str, Any]], None] | None = None,
    ) -> None:
        self._child = child
        self._python = python
        self._feedback = feedback
        self._limits = limits
        self._measured = measured
        self._progress = _ProgressText()
        self._protocol: Any = None
        self._greeted = False
        self.worker: int | None = None  # process number, once it has told

    def hold(self, request: Mapping[str, Any]) -> dict[str, Any]:
        self._protocol = request.get("protocol")
        self._child.send(request)
        last = self._last_event()
        if last is None:
            code = self._child.exit_code(self._limits.exit)
            raise explain(code, self._child.tail(), self._python, self._greeted)
        # It may still have files to close; a worker that stays on is ended by `close`.
        self._child.hang_up()
        code = self._child.exit_code(self._limits.exit)
        if last["type"] == "error":
            raise told(last)
        if code != 0:
            # The result was in place before it was reported: only the farewell failed.
            self._feedback.pushDebugInfo(tr("The worker left with code {}.").format(code))
        return last

    def _last_event(self) -> dict[str, Any] | None:
        """Listen until `result` or `error`; None when the worker ended without either."""
        deadline = time.monotonic() + self._limits.hello
        idle_dead = strange = 0
        while True:
            if self._feedback.isCanceled():
                if self._limits.polite > 5.0:
                    self._feedback.pushInfo(tr("Stopping; what was done is saved first."))
                self._child.stop(self._limits.polite, self._limits.terminate)
                raise RunCancelled
            try:
                line = self._child.line(POLL_S)
            except EOFError:
                return None
            if time.monotonic() > deadline:
                raise self._silent()
            if line is None:
                # A grandchild can hold the pipe open after the worker's death: no end comes.
                idle_dead = idle_dead + 1 if self._child.exit_code() is not None else 0
                if idle_dead > 5:
                    return None
                continue
            event = _parse(line)
            if event is None:
                strange += 1
                if strange <= STRANGE_LINES:
                    self._feedback.pushDebugInfo(line[:200])
                continue
            self._take(event)
            if event["type"] in ("result", "error"):
                return event
            deadline = time.monotonic() + self._limits.silence

    def _take(self, event: Mapping[str, Any]) -> None:
        kind = event["type"]
        if kind == "hello":
            self._hello(event)
        elif not self._greeted and kind != "error":
            text = tr("What was started is not a worker of KSDiff.")
            raise RunError(text, mismatch(), "Protocol")
        elif kind == "progress":
            self._show_progress(event)
        elif kind == "measure" and self._measured is not None:
            self._measured(event)
        elif kind == "log":
            self._log(str(event.get("level", "info")), str(event.get("message", "")))

    def _hello(self, event: Mapping[str, Any]) -> None:
        if event.get("protocol") != self._protocol:
            text = tr("The worker speaks version {} of the protocol, the plugin version {}.")
            said = text.format(event.get("protocol"), self._protocol)
            raise RunError(said, mismatch(), "Protocol")
        self._greeted = True
        self.worker = event.get("pid")
        self._feedback.pushInfo(
            tr("KSDiff {} with Python {}, onnxruntime {}.").format(
                event.get("version", "?"), event.get("python", "?"), event.get("onnxruntime", "?")
            )
        )

    def _show_progress(self, event: Mapping[str, Any]) -> None:
        fraction = _number(event.get("fraction"))
        if fraction is not None:
            self._feedback.setProgress(100.0 * min(max(fraction, 0.0), 1.0))
        text = self._progress.next(
            str(event.get("message", "")), _number(event.get("remaining_s")), time.monotonic()
        )
        if text:
            self._feedback.setProgressText(text)

    def _log(self, level: str, message: str) -> None:
        if level == "error":
            self._feedback.reportError(message)
        elif level == "warning":
            self._feedback.pushWarning(message)
        else:
            self._feedback.pushInfo(message)

    def _silent(self) -> RunError:
        waited, remedy = self._limits.silence, ""
        message = tr("The worker of KSDiff has not said a word for {:.0f} s and was ended.")
        if not self._greeted:
            waited, remedy = self._limits.hello, environment.to_mend(self._python)
            message = tr("The worker of KSDiff did not start within {:.0f} s.")
        tail = "\n".join(self._child.tail()[-5:])
        return RunError((message.format(waited) + "\n" + tail).strip(), remedy, "Silent")


def _clear_up(targets: Sequence[str], worker: int) -> None:
    """Remove the unfinished files of a worker that was killed, known by the names it gives them.

    A file is made in a hidden folder beside its target (core/raster/writer.py). A worker that ends
    by itself leaves none, and another worker's are not touched.
    """
    for target in map(os.path.realpath, targets):
        folder, name = os.path.split(target)
        with contextlib.suppress(OSError):
            for entry in Path(folder).iterdir():
                if entry.name.startswith(f".{name}.{socket.gethostname()}-{worker}-"):
                    shutil.rmtree(entry, ignore_errors=True)


class _ProgressText:
    """Chooses which progress messages to show: the dialog keeps each one as a line of its log."""

    EVERY_S = 10.0

    def __init__(self) -> None:
        self._stage: str | None = None
        self._shown = ""
        self._shown_at = 0.0

    def next(self, message: str, remaining_s: float | None, now: float) -> str | None:
        """The text to show now, or None.

        A new stage is shown at once, news within a stage ("tile 3 of 900") now and then.
        """
        stage = re.sub(r"\d+", "", message)
        if stage == self._stage and now - self._shown_at < self.EVERY_S:
            return None
        text = message
        if remaining_s is not None and remaining_s >= 1:
            text = tr("{}, {} left").format(message, _duration(remaining_s))
        if text == self._shown:
            return None
        self._stage, self._shown, self._shown_at = stage, text, now
        return text


def _duration(seconds: float) -> str:
    if seconds < 90:
        return tr("about {:.0f} s").format(seconds)
    if seconds < 5400:
        return tr("about {:.0f} min").format(seconds / 60)
    return tr("about {:.1f} h").format(seconds / 3600)


def _parse(line: str) -> dict[str, Any] | None:
    """An event, or None for a line that is none."""
    try:
        event = json.loads(line)
    except ValueError:
        return None
    return event if isinstance(event, dict) and isinstance(event.get("type"), str) else None


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        return None
    return float(value)
