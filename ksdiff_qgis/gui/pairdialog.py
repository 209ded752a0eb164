# SPDX-License-Identifier: GPL-2.0-or-later
"""The dialog of the algorithms on a PAN and an MS: the pair is filled in, or its fields are empty.

QGIS' own dialog puts the active layer into every field of a layer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import qgis.utils
from processing.gui.AlgorithmDialog import AlgorithmDialog
from processing.gui.BatchAlgorithmDialog import BatchAlgorithmDialog
from qgis.core import QgsProcessingAlgorithm, QgsProcessingContext, QgsProject
from qgis.PyQt.QtWidgets import QComboBox, QWidget

from ..algorithms import parameters as p
from ..algorithms.pansharpening import PansharpeningAlgorithm
from ..algorithms.quality import FUSED
from . import selection
from .estimatelabel import EstimateLabel

_LAYERS = (p.PAN, p.MS, FUSED)


class PairDialog(AlgorithmDialog):
    """QGIS' dialog, filled in with the selected pair, or the best one of the project."""

    def __init__(self, algorithm: QgsProcessingAlgorithm, parent: QWidget | None = None) -> None:
        super().__init__(algorithm, parent=parent)
        self.estimate: EstimateLabel | None = None
        if isinstance(algorithm, PansharpeningAlgorithm):
            self.estimate = EstimateLabel(self)
            self.mainWidget().layout().addWidget(self.estimate)
        project = QgsProject.instance()
        layers = selection.selected(qgis.utils.iface) if qgis.utils.iface else []
        found = selection.found(project, layers) or selection.found(project)
        self.setParameters({**dict.fromkeys(_LAYERS), **found})

    def setParameters(self, parameters: Mapping[str, Any]) -> None:
        """Set values; where one of the layers is told, those that are not given are cleared."""
        told = set(_LAYERS) & parameters.keys()
        given = {
            name: value
            for name, value in parameters.items()
            if name not in told or value is not None
        }
        super().setParameters(given)
        if told:
            self._clear(set(_LAYERS) - given.keys())

    def runAsBatch(self) -> None:
        """Open the batch dialog with the values of this one in its first row."""
        wrappers = self.mainWidget().wrappers
        inputs = [d.name() for d in self.algorithm().parameterDefinitions()]
        values = {name: wrappers[name].parameterValue() for name in inputs if name in wrappers}
        self.close()
        batch = BatchAlgorithmDialog(self.algorithm().create(), parent=self.parentWidget())
        fill_row(batch, values)
        batch.show()

    def _clear(self, names: Iterable[str]) -> None:
        wrappers = self.mainWidget().wrappers
        for name in names:
            if name in wrappers:
                wrappers[name].wrappedWidget().findChild(QComboBox).setCurrentIndex(-1)


def make_dialog(
    algorithm: QgsProcessingAlgorithm, parent: QWidget | None = None
) -> PairDialog | None:
    """Return the dialog of an algorithm on a pair; None for another one, which has QGIS' own."""
    names = {definition.name() for definition in algorithm.parameterDefinitions()}
    return PairDialog(algorithm, parent) if {p.PAN, p.MS} <= names else None


def fill_row(batch: BatchAlgorithmDialog, values: Mapping[str, Any]) -> None:
    """Set the values of the first row of a batch dialog; its files to write stay empty."""
    panel, context = batch.mainWidget(), QgsProcessingContext()
    context.setProject(QgsProject.instance())
    for name, value in values.items():
        if not batch.algorithm().parameterDefinition(name).isDestination():
            wrapper = panel.wrappers[0][panel.parameter_to_column[name]]
            wrapper.setParameterValue(value, context)
