# SPDX-License-Identifier: GPL-2.0-or-later
"""The dialogs of our algorithms: opened filled in, and deleted with the plugin."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

from qgis.core import Qgis, QgsProject, QgsRasterLayer
from qgis.gui import QgsProcessingAlgorithmDialogBase
from qgis.PyQt import sip
from qgis.PyQt.QtWidgets import QApplication, QComboBox, QDialog

from ..algorithms import parameters as p
from ..algorithms.worker import WorkerAlgorithm
from ..algorithms.workflow import AlignSharpenAssess
from ..language import tr
from . import selection

PANSHARPEN = "ksdiff:ksdiff"
TRAIN = "ksdiff:train"
_PATIENCE_S = 35.0  # a training saves what it has first


def open_algorithm(algorithm: str, parameters: dict[str, Any]) -> QDialog | None:
    """Open an algorithm's dialog, filled in. The caller keeps it alive."""
    import processing

    # By id: QGIS copies the algorithm, and crashed on copies of instances.
    dialog = processing.createAlgorithmDialog(algorithm, parameters)
    if dialog is not None:
        dialog.show()
    return dialog


def open_pansharpening(layers: list[QgsRasterLayer]) -> QDialog | None:
    """Open the main job for layers, or for what is in the project.

    It says where that was a choice among several, and where there was nothing to choose.
    """
    project = QgsProject.instance()
    found = selection.pair(layers, project)
    chosen = selection.parameters(found)
    dialog = open_algorithm(PANSHARPEN, chosen)
    if dialog is None:
        return None
    _leave_open(dialog, {p.PAN, p.MS} - chosen.keys())
    for title, text in (
        (tr("Several layers fit"), selection.doubt(found, project)),
        ("", selection.lack(found, layers, project)),
    ):
        if text:
            dialog.messageBar().pushMessage(title, text, Qgis.MessageLevel.Info, 0)
    return dialog


def _leave_open(dialog: QDialog, names: Iterable[str]) -> None:
    """No layer for these parameters: QGIS has put the active one where none was given."""
    for name in names:
        widget = dialog.mainWidget().wrappers[name].wrappedWidget()
        widget.findChild(QComboBox).setCurrentIndex(-1)


def delete_all() -> None:
    """Every dialog of our algorithms, the toolbox' and hidden ones too.

    QGIS only hides a closed one; it would go on asking an algorithm that the plugin took along.
    What still runs is cancelled first: its thread works with what the dialog owns.
    """
    ours = [
        window
        for window in QApplication.topLevelWidgets()
        # By class: the provider may be gone already, and its algorithms would still point to it.
        if isinstance(window, QgsProcessingAlgorithmDialogBase)
        and isinstance(window.algorithm(), (WorkerAlgorithm, AlignSharpenAssess))
    ]
    running = [window for window in ours if window.cancelButton().isEnabled()]
    for window in running:
        window.cancelButton().click()
    deadline = time.monotonic() + _PATIENCE_S
    while any(w.cancelButton().isEnabled() for w in running) and time.monotonic() < deadline:
        QApplication.processEvents()
        time.sleep(0.01)
    for window in ours:
        window.close()
        if window not in running or not window.cancelButton().isEnabled():
            sip.delete(window)
