# SPDX-License-Identifier: GPL-2.0-or-later
"""The action in the context menu of raster layers."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsProject, QgsRasterLayer
from qgis.gui import QgisInterface, QgsProcessingAlgorithmDialogBase
from qgis.PyQt import sip
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QAction, QApplication, QDialog

from .. import compat, paths
from ..algorithms import parameters as p
from ..algorithms.base import tr
from ..algorithms.checks import extent_in, pixel_size
from ..algorithms.worker import WorkerAlgorithm
from .partner import Candidate, guess

ALGORITHM = "ksdiff:ksdiff"


class LayerMenu:
    """Adds "Pansharpen with KSDiff…" to raster layers; `remove` undoes it.

    Parameters
    ----------
    iface : QGIS' interface to its windows.
    """

    def __init__(self, iface: QgisInterface) -> None:
        self._iface = iface
        self._dialog: QDialog | None = None
        self.action = QAction(QIcon(paths.icon("ksdiff")), tr("Pansharpen with KSDiff…"))
        self.action.triggered.connect(self.open_dialog)
        iface.addCustomActionForLayerType(self.action, "", compat.raster_layer_type(), True)

    def remove(self) -> None:
        self._iface.removeCustomActionForLayerType(self.action)
        self.action.triggered.disconnect(self.open_dialog)
        self.action.deleteLater()
        self._dialog = None
        _delete_dialogs()

    def open_dialog(self) -> None:
        """Open the algorithm's dialog, filled in with the clicked layer and its partner."""
        import processing

        layer = self._iface.activeLayer()
        if not isinstance(layer, QgsRasterLayer):
            return
        # By id: QGIS copies the algorithm, and crashed on copies of instances.
        self._dialog = processing.createAlgorithmDialog(
            ALGORITHM, prefilled(layer, QgsProject.instance())
        )
        if self._dialog is not None:
            self._dialog.show()


def _delete_dialogs() -> None:
    """Every dialog of our algorithms, the toolbox' and hidden ones too.

    QGIS only hides a closed one; it would go on asking an algorithm that the plugin took along.
    """
    for window in QApplication.topLevelWidgets():
        # By class: the provider may be gone already, and its algorithms would still point to it.
        if isinstance(window, QgsProcessingAlgorithmDialogBase) and isinstance(
            window.algorithm(), WorkerAlgorithm
        ):
            window.close()
            sip.delete(window)


def prefilled(layer: QgsRasterLayer, project: QgsProject) -> dict[str, Any]:
    """Parameters of the algorithm for a clicked layer: PAN and MS as far as they can be guessed."""
    clicked = _candidate(layer, layer)
    if clicked is None:
        return {}
    others = []
    for other in project.mapLayers().values():
        if other.id() == layer.id() or not isinstance(other, QgsRasterLayer):
            continue
        candidate = _candidate(other, layer)
        if candidate is not None:
            others.append(candidate)
    pair = guess(clicked, others)
    chosen = {p.PAN: pair.pan, p.MS: pair.ms}
    return {name: layer_id for name, layer_id in chosen.items() if layer_id is not None}


def _candidate(layer: QgsRasterLayer, clicked: QgsRasterLayer) -> Candidate | None:
    """What the guess needs of a layer, in the CRS of the clicked one; None for web layers."""
    if not layer.isValid() or layer.providerType() != "gdal":
        return None
    box = extent_in(layer, clicked.crs())
    if box is None:
        return None
    corners = (box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum())
    return Candidate(layer.id(), layer.name(), corners, pixel_size(box, layer), layer.bandCount())
