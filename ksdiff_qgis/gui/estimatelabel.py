# SPDX-License-Identifier: GPL-2.0-or-later
"""A line in a dialog with the estimate of the run."""

from __future__ import annotations

from qgis.core import QgsProcessingContext, QgsProcessingException, QgsProject
from qgis.gui import QgsProcessingAlgorithmDialogBase
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtWidgets import QLabel

from ..algorithms.run_estimate import Estimate
from ..algorithms.values import Values
from ..language import tr
from ..runtime.errors import RunError
from ..runtime.install_plan import amount
from ..runtime.worker_run import duration

_WAIT_MS = 300  # after a change: a spin box changes many times


class EstimateLabel(QLabel):
    """Follows the fields of a dialog of a pansharpening algorithm."""

    def __init__(self, dialog: QgsProcessingAlgorithmDialogBase) -> None:
        super().__init__()
        self.setWordWrap(True)
        self.setContentsMargins(6, 4, 6, 6)
        self._dialog = dialog
        self.context = QgsProcessingContext()
        self.context.setProject(QgsProject.instance())
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_WAIT_MS)
        self._timer.timeout.connect(self.refresh)
        for field in dialog.mainWidget().wrappers.values():
            field.widgetValueHasChanged.connect(lambda _field: self._timer.start())
        dialog.algorithmFinished.connect(lambda *_: self._timer.start())
        self._timer.start()

    def refresh(self) -> None:
        """Show the estimate for the present values; nothing if a layer is missing."""
        algorithm, given = self._dialog.algorithm(), self._dialog.values()
        self.setVisible(False)
        try:
            expected = algorithm.expected(Values(algorithm, given, self.context))
        except (QgsProcessingException, RunError):
            self.setText("")
            return
        self.setVisible(True)
        self.setText(in_words(expected))


def in_words(expected: Estimate) -> str:
    """Return an estimate as text, with its source."""
    size = _size(expected.file_size)
    if not expected.seconds and not expected.file_size:
        return tr("Time and memory can be estimated after the first run of this kind.")
    if not expected.seconds:
        text = tr(
            "File: up to {}. Time and memory can be estimated after the first run of this kind."
        )
        return text.format(size)
    parts = [duration(expected.seconds)]
    if expected.memory:
        of_memory = tr("{} of memory") if expected.runs else tr("up to {} of memory")
        parts.append(of_memory.format(_size(expected.memory)))
    if expected.file_size:
        of_file = tr("a file of {}") if expected.runs else tr("a file of up to {}")
        parts.append(of_file.format(size))
    if expected.runs:
        return tr("Expected from the last runs of this kind: {}.").format(", ".join(parts))
    text = tr("There was no run of this kind here yet. Measured elsewhere, on {}: {}.")
    return text.format(expected.measured_on, ", ".join(parts))


def _size(size: float) -> str:
    return amount(max(round(size / 1e6), 1))
