# SPDX-License-Identifier: GPL-2.0-or-later
"""An algorithm run in the background for one of our own windows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qgis.core import (
    QgsApplication,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProject,
)
from qgis.PyQt.QtCore import QObject, pyqtSignal


class Told(QgsProcessingFeedback):
    """What an algorithm says, as signals: it speaks in another thread than the windows are in."""

    said = pyqtSignal(str)

    def __init__(self) -> None:
        super().__init__(False)
        self.failure = ""

    def pushInfo(self, info: str) -> None:
        self.said.emit(info)

    def pushWarning(self, warning: str) -> None:
        self.said.emit(warning)

    def pushCommandInfo(self, info: str) -> None:
        self.said.emit(info)

    def setProgressText(self, text: str) -> None:
        self.said.emit(text)

    def reportError(self, error: str, fatalError: bool = False) -> None:
        self.failure = error
        self.said.emit(error)


class Job(QObject):
    """One run of an algorithm as a task of QGIS; keeps alive what QGIS does not.

    Signals: `said` a line of its log, `progressed` percent, `done` whether it went well, its
    outputs, and the last error it reported.
    """

    said = pyqtSignal(str)
    progressed = pyqtSignal(float)
    done = pyqtSignal(bool, dict, str)

    def __init__(self, algorithm: str, parameters: Mapping[str, Any], parent: QObject) -> None:
        super().__init__(parent)
        self._context = QgsProcessingContext()
        self._context.setProject(QgsProject.instance())
        self._told = Told()
        self._told.said.connect(self.said)
        self._told.progressChanged.connect(self.progressed)
        self._context.setFeedback(self._told)
        made = QgsApplication.processingRegistry().createAlgorithmById(algorithm)
        self._task = QgsProcessingAlgRunnerTask(made, dict(parameters), self._context, self._told)
        self._task.executed.connect(self._end)

    def start(self) -> None:
        """Hand it to QGIS' task manager."""
        QgsApplication.taskManager().addTask(self._task)

    def cancel(self) -> None:
        """Have it stop as soon as it can; `done` follows."""
        self._told.cancel()

    @property
    def cancelled(self) -> bool:
        """Whether somebody cancelled, here or in QGIS' list of tasks."""
        return bool(self._told.isCanceled()) or self._task.isCanceled()

    def _end(self, good: bool, results: dict[str, Any]) -> None:
        self.done.emit(good and not self.cancelled, results, self._told.failure)
