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
        self.dialog: QDialog | None = None  # the dialog opened last
        self.action = QAction(QIcon(paths.icon("ksdiff")), tr("Pansharpen with KSDiff…"))
        self.action.triggered.connect(self.open_dialog)
        iface.addCustomActionForLayerType(self.action, "", compat.raster_layer_type(), True)

    def remove(self) -> None:
        """Remove the action."""
        self._iface.removeCustomActionForLayerType(self.action)
        self.action.triggered.disconnect(self.open_dialog)
        self.action.deleteLater()
        self.dialog = None

    def open_dialog(self) -> None:
        """Open the main dialog with the selected layer and its partner, or the two selected."""
        layers = selection.selected(self._iface)
        if layers:
            self.dialog = dialogs.open_pansharpening(layers)
