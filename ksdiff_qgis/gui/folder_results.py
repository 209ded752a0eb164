# SPDX-License-Identifier: GPL-2.0-or-later
"""Adds the results of a scheduler's workers to the project, one by one as they are completed."""

from __future__ import annotations

from qgis.core import QgsProcessingContext, QgsProcessingFeedback, QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..algorithms.folder import Arrival, result_of_folder
from ..layers.sources import same_file


class Arrivals(QObject):
    """Adds results in the main thread, from any thread."""

    _came = pyqtSignal(object)

    def __init__(self) -> None:
        super().__init__()
        self._came.connect(self._add)

    def add(self, arrival: Arrival) -> None:
        """Add a result, from any thread."""
        self._came.emit(arrival)

    def _add(self, arrival: Arrival) -> None:
        project = QgsProject.instance()
        layers = project.mapLayers().values()
        if any(same_file(arrival.path, layer.source()) for layer in layers):
            return
        layer = QgsRasterLayer(arrival.path, arrival.name)
        if not layer.isValid():
            return  # the end of the run adds what can be opened then
        project.addMapLayer(layer)
        context = QgsProcessingContext()
        context.setProject(project)
        details = QgsProcessingContext.LayerDetails(arrival.name, project)
        result = result_of_folder(arrival.folder, arrival.group, arrival.label)
        result.attach(details)
        result.postProcessLayer(layer, context, QgsProcessingFeedback())
