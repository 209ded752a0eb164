# SPDX-License-Identifier: GPL-2.0-or-later
"""Input and result side by side, with a map theme and a second map view of QGIS."""

from __future__ import annotations

from typing import ClassVar

from qgis.core import QgsMapThemeCollection, QgsProject, QgsRasterLayer
from qgis.gui import QgisInterface, QgsMapCanvas
from qgis.PyQt import sip
from qgis.PyQt.QtWidgets import QDockWidget, QWidget

from ..language import tr


class BeforeView:
    """A second map view that shows the input and follows the main map.

    View and map theme belong to the project and stay when the plugin is unloaded; only the
    following ends.

    Parameters
    ----------
    iface : QGIS' interface to its windows.
    before, after : layers of the project.
    """

    _open: ClassVar[list[BeforeView]] = []

    def __init__(self, iface: QgisInterface, before: QgsRasterLayer, after: QgsRasterLayer) -> None:
        name = tr("{}: before").format(after.name())
        theme = QgsMapThemeCollection.MapThemeRecord()
        theme.addLayerRecord(QgsMapThemeCollection.MapThemeLayerRecord(before))
        project = QgsProject.instance()
        project.mapThemeCollection().insert(name, theme)
        project.layerTreeRoot().findLayer(after.id()).setItemVisibilityCheckedParentRecursive(True)
        self._name, self._main = name, iface.mapCanvas()
        known = {canvas.objectName(): canvas for canvas in iface.mapCanvases()}
        self.canvas: QgsMapCanvas = known.get(name) or _dock(iface.createNewMapCanvas(name))
        self.canvas.setDestinationCrs(self._main.mapSettings().destinationCrs())
        self.canvas.setTheme(name)
        extent = self._main.mapSettings().layerExtentToOutputExtent(after, after.extent())
        if not self._main.extent().intersects(extent):
            self._main.setExtent(extent)
        self._main.extentsChanged.connect(self._follow)
        self._main.refresh()
        self._follow()
        for earlier in [view for view in BeforeView._open if view._name == name]:
            earlier._stop_following()
        BeforeView._open.append(self)

    @classmethod
    def release_all(cls) -> None:
        """Stop following in all views, when the plugin is unloaded."""
        for view in list(cls._open):
            view._stop_following()

    def _stop_following(self) -> None:
        self._main.extentsChanged.disconnect(self._follow)
        BeforeView._open.remove(self)

    def _follow(self) -> None:
        """Set the main map's centre and scale."""
        if not sip.isdeleted(self.canvas):
            self.canvas.setExtent(self._main.extent())
            self.canvas.zoomScale(self._main.scale())  # the views may differ in shape
            self.canvas.refresh()


def _dock(canvas: QgsMapCanvas) -> QgsMapCanvas:
    """Dock the window of a new map view, which floats by default."""
    widget: QWidget | None = canvas
    while widget is not None and not isinstance(widget, QDockWidget):
        widget = widget.parentWidget()
    if widget is not None:
        widget.setFloating(False)
    return canvas
