# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs of algorithms in the background, for the plugin's own windows."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from qgis.core import (
    QgsApplication,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProject,
)
from qgis.PyQt.QtCore import QObject, pyqtSignal
from qgis.PyQt.QtWidgets import QApplication

from ..algorithms.worker_algorithm import QUIET

_CANCEL_TIMEOUT_S = 10.0


class SignalFeedback(QgsProcessingFeedback):
    """Feedback that emits the log as a signal, since the algorithm runs in another thread.

    Progress texts are also emitted on their own.
    """

    logged = pyqtSignal(str)
    status = pyqtSignal(str)

    def __init__(self) -> None:
        super().__init__(False)
        self.failure = ""

    def pushInfo(self, info: str) -> None:
        self.logged.emit(info)

    def pushWarning(self, warning: str) -> None:
        self.logged.emit(warning)

    def pushCommandInfo(self, info: str) -> None:
        self.logged.emit(info)

    def setProgressText(self, text: str) -> None:
        self.logged.emit(text)
        self.status.emit(text)

    def reportError(self, error: str, fatalError: bool = False) -> None:
        self.failure = error
        self.logged.emit(error)


class BackgroundRun(QObject):
    """A run of an algorithm as a QGIS task; owns the objects that QGIS does not keep alive.

    A `quiet` one shows no message in QGIS' message bar.

    Signals: `logged` (a line of the log), `status` (progress text with the time left), `progressed`
    (percent), `finished` (success, outputs, last error reported).
    """

    #: Those that were started by `start_detached` and have not ended.
    detached: ClassVar[list[BackgroundRun]] = []

    logged = pyqtSignal(str)
    status = pyqtSignal(str)
    progressed = pyqtSignal(float)
    finished = pyqtSignal(bool, dict, str)

    def __init__(
        self,
        algorithm: str,
        parameters: Mapping[str, Any],
        parent: QObject,
        quiet: bool = False,
    ) -> None:
        super().__init__(parent)
        self._context = QgsProcessingContext()
        self._context.setProject(QgsProject.instance())
        self._feedback = SignalFeedback()
        self._feedback.setProperty(QUIET, quiet)
        self._feedback.logged.connect(self.logged)
        self._feedback.status.connect(self.status)
        self._feedback.progressChanged.connect(self.progressed)
        self._context.setFeedback(self._feedback)
        self._task = QgsProcessingAlgRunnerTask(
            QgsApplication.processingRegistry().createAlgorithmById(algorithm),
            dict(parameters),
            self._context,
            self._feedback,
        )
        self._task.executed.connect(self._end)

    def start(self) -> None:
        """Start the run in QGIS' task manager."""
        QgsApplication.taskManager().addTask(self._task)

    def cancel(self) -> None:
        """Request cancellation; `finished` follows."""
        self._feedback.cancel()

    @property
    def cancelled(self) -> bool:
        """Return whether the run was cancelled, here or in QGIS' task list."""
        return bool(self._feedback.isCanceled()) or self._task.isCanceled()

    def _end(self, good: bool, results: dict[str, Any]) -> None:
        self.finished.emit(good and not self.cancelled, results, self._feedback.failure)


def start_detached(
    algorithm: str,
    parameters: Mapping[str, Any],
    ended: Callable[[BackgroundRun, bool, dict[str, Any], str], None],
) -> BackgroundRun:
    """Start a quiet run that may outlive its window: a cancelled one takes a moment to end.

    `ended` is called with the run, success, outputs and the last error.
    """
    job = BackgroundRun(algorithm, parameters, QApplication.instance(), quiet=True)
    BackgroundRun.detached.append(job)

    def end(good: bool, results: dict[str, Any], failure: str) -> None:
        BackgroundRun.detached.remove(job)
        job.deleteLater()
        ended(job, good, results, failure)

    job.finished.connect(end)
    job.start()
    return job


def end_detached() -> None:
    """Cancel the detached runs and wait for them, when the plugin is unloaded."""
    for job in BackgroundRun.detached:
        job.cancel()
    deadline = time.monotonic() + _CANCEL_TIMEOUT_S
    while BackgroundRun.detached and time.monotonic() < deadline:
        QApplication.processEvents()
        time.sleep(0.01)
