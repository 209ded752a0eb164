# SPDX-License-Identifier: GPL-2.0-or-later
"""Dialogs of the plugin's algorithms: opened filled in, deleted with the plugin."""

from __future__ import annotations

import time
from typing import Any

from qgis.core import Qgis, QgsProject, QgsRasterLayer
from qgis.gui import QgsProcessingAlgorithmDialogBase
from qgis.PyQt import sip
from qgis.PyQt.QtWidgets import QApplication, QDialog

from ..algorithms import parameters as p
from ..algorithms.worker_algorithm import WorkerAlgorithm
from ..algorithms.workflow import AlignSharpenAssess
from ..language import tr
from . import selected_layers

PANSHARPEN = "ksdiff:ksdiff"
_CANCEL_TIMEOUT_S = 35.0  # a training saves its state first


def open_algorithm(algorithm: str, parameters: dict[str, Any]) -> QDialog | None:
    """Open an algorithm's dialog, filled in; the caller keeps a reference to it."""
    import processing

    # By id: QGIS crashed on copies of algorithm instances.
    dialog = processing.createAlgorithmDialog(algorithm, parameters)
    if dialog is not None:
        dialog.show()
    return dialog


def open_pansharpening(layers: list[QgsRasterLayer]) -> QDialog | None:
    """Open the main dialog with layers, or with the best pair of the project.

    A message says if other pairs were possible, or if PAN or MS was not found.
    """
    project = QgsProject.instance()
    found = selected_layers.pair(layers, project)
    dialog = open_algorithm(
        PANSHARPEN, {p.PAN: None, p.MS: None, **selected_layers.parameters(found)}
    )
    if dialog is None:
        return None
    for title, text in (
        (tr("Several layers match"), selected_layers.ambiguity_message(found, project)),
        ("", selected_layers.missing_message(found, layers, project)),
    ):
        if text:
            dialog.messageBar().pushMessage(title, text, Qgis.MessageLevel.Info, 0)
    return dialog


def delete_all() -> None:
    """Delete all dialogs of the plugin's algorithms, hidden ones and the toolbox' included.

    QGIS only hides a closed dialog, which would later call an algorithm that is gone. Runs are
    cancelled first, since their threads use objects of the dialog.
    """
    ours = [
        window
        for window in QApplication.topLevelWidgets()
        # Not by provider, which may be deleted already.
        if isinstance(window, QgsProcessingAlgorithmDialogBase)
        and isinstance(window.algorithm(), (WorkerAlgorithm, AlignSharpenAssess))
    ]
    running = [window for window in ours if window.cancelButton().isEnabled()]
    for window in running:
        window.cancelButton().click()
    deadline = time.monotonic() + _CANCEL_TIMEOUT_S
    while any(w.cancelButton().isEnabled() for w in running) and time.monotonic() < deadline:
        QApplication.processEvents()
        time.sleep(0.01)
    for window in ours:
        window.close()
        if window not in running or not window.cancelButton().isEnabled():
            sip.delete(window)
