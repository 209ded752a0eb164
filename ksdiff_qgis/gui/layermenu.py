# SPDX-License-Identifier: GPL-2.0-or-later
"""The action in the context menu of raster layers."""

from __future__ import annotations

from qgis.gui import QgisInterface
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QAction, QDialog

from .. import compat, paths
from ..language import tr
from . import dialogs, selection


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

    def open_dialog(self) -> None:
        """Open the main job, filled in with the clicked layer and its partner, or with both."""
        layers = selection.selected(self._iface)
        if layers:
            self._dialog = dialogs.open_pansharpening(layers)
