# SPDX-License-Identifier: GPL-2.0-or-later
"""Dialogs of the algorithms: the log ends with the outcome, and PAN and MS are filled in.

QGIS' own dialog ends its log with the outputs as a dictionary, and puts the active layer into every
field for a layer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import qgis.utils
from processing.gui.AlgorithmDialog import AlgorithmDialog
from processing.gui.BatchAlgorithmDialog import BatchAlgorithmDialog
from qgis.core import (
    Qgis,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProject,
)
from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtWidgets import QComboBox, QDialogButtonBox, QPushButton, QWidget

from ..algorithms import parameters as p
from ..algorithms.pansharpening import PansharpeningAlgorithm
from ..algorithms.quality import FUSED
from ..algorithms.values import Values
from ..algorithms.worker_algorithm import OUTCOME
from ..language import tr
from . import preview, selected_layers
from .estimatelabel import EstimateLabel
from .previewplan import Step

_BELOW_TABS = 2  # place in the layout of QGIS' dialog
_LAYERS = (p.PAN, p.MS, FUSED)


class Dialog(AlgorithmDialog):
    """QGIS' dialog, with the outcome in words below the outputs."""

    def tr(self, text: str, disambiguation: str | None = None, n: int = -1) -> str:
        """Translate a text of QGIS' dialog, which PyQt would look for under this class's name."""
        return QCoreApplication.translate("AlgorithmDialog", text, disambiguation, n)

    def finish(
        self,
        successful: bool,
        result: Mapping[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
        *more: Any,
        **named: Any,
    ) -> None:
        """End a run. QGIS calls this after it has logged the outputs."""
        super().finish(successful, result, context, feedback, *more, **named)
        if successful and feedback.property(OUTCOME):
            self.pushInfo(feedback.property(OUTCOME))


class PairDialog(Dialog):
    """QGIS' dialog, filled in with the selected pair, or the best one of the project."""

    def __init__(self, algorithm: QgsProcessingAlgorithm, parent: QWidget | None = None) -> None:
        super().__init__(algorithm, parent=parent)
        self.estimate: EstimateLabel | None = None
        self.preview_button = QPushButton(tr("Preview"))
        if isinstance(algorithm, PansharpeningAlgorithm):
            self.preview_button.clicked.connect(lambda _checked=False: self._preview())
            role = QDialogButtonBox.ButtonRole.ResetRole  # on the left
            self.buttonBox().addButton(self.preview_button, role)
            self.updateRunButtonVisibility()  # the box has shown all its buttons
            self.estimate = EstimateLabel(self)
            self.layout().insertWidget(_BELOW_TABS, self.estimate)
        wrappers = self.mainWidget().wrappers
        for name in (p.PAN, p.MS):  # where a product may be given, QGIS calls them optional
            wrappers[name].wrappedLabel().setText(algorithm.parameterDefinition(name).description())
        if p.PRODUCT in wrappers:
            wrappers[p.PRODUCT].widgetValueHasChanged.connect(lambda _field: self._take_product())
        project = QgsProject.instance()
        layers = selected_layers.selected(qgis.utils.iface) if qgis.utils.iface else []
        found = selected_layers.found(project, layers) or selected_layers.found(project)
        self.setParameters({**dict.fromkeys(_LAYERS), **found})

    def setParameters(self, parameters: Mapping[str, Any]) -> None:
        """Set values; if any of the layers is among them, the other layers are cleared."""
        layers = set(_LAYERS) & parameters.keys()
        if parameters.get(p.PRODUCT):
            layers |= {p.PAN, p.MS}
        given = {
            name: value
            for name, value in parameters.items()
            if name not in layers or value is not None
        }
        super().setParameters(given)
        if layers:
            self._clear(set(_LAYERS) - given.keys())

    def values(self) -> dict[str, Any]:
        """Return the values of the fields, unchecked."""
        wrappers = self.mainWidget().wrappers
        return {name: field.parameterValue() for name, field in wrappers.items()}

    def runAsBatch(self) -> None:
        """Open the batch dialog with the values of this one in its first row."""
        values = self.values()
        self.close()
        batch = BatchAlgorithmDialog(self.algorithm().create(), parent=self.parentWidget())
        fill_row(batch, values)
        batch.show()

    def _preview(self) -> None:
        """Show the methods on the visible part of the map, or why that is not possible."""
        values, context = self.values(), QgsProcessingContext()
        context.setProject(QgsProject.instance())
        good, problem = self.algorithm().checkParameterValues(values, context)
        if good:
            layers = self.algorithm().pair_layers(Values(self.algorithm(), values, context))
            problem = tr("Only layers can be previewed: load PAN and MS of the product.")
            if layers:
                problem = preview.show(self.algorithm().id(), values, layers[:2], run_whole)
        if problem:
            self._warn(problem)

    def runAlgorithm(self) -> None:
        """Run, or say that a layer is missing; QGIS asks the algorithm about the rest."""
        values, context = self.values(), QgsProcessingContext()
        context.setProject(QgsProject.instance())
        if not values.get(p.PRODUCT) and not (values[p.PAN] and values[p.MS]):
            _, problem = self.algorithm().checkParameterValues(values, context)
            self._warn(problem)
        else:
            super().runAlgorithm()

    def _warn(self, text: str) -> None:
        self.messageBar().clearWidgets()
        self.messageBar().pushMessage("", text, Qgis.MessageLevel.Warning, 0)

    def _take_product(self) -> None:
        """Clear PAN and MS if a product is given, which has both."""
        if self.mainWidget().wrappers[p.PRODUCT].parameterValue():
            self._clear((p.PAN, p.MS))

    def _clear(self, names: Iterable[str]) -> None:
        wrappers = self.mainWidget().wrappers
        for name in names:
            if name in wrappers:
                wrappers[name].wrappedWidget().findChild(QComboBox).setCurrentIndex(-1)


def make_dialog(algorithm: QgsProcessingAlgorithm, parent: QWidget | None = None) -> Dialog:
    """Return the dialog of an algorithm of the plugin."""
    names = {definition.name() for definition in algorithm.parameterDefinitions()}
    if {p.PAN, p.MS} <= names:
        return PairDialog(algorithm, parent)
    return Dialog(algorithm, parent=parent)


def run_whole(step: Step) -> None:
    """Open the dialog of a step of a preview, and run it on the whole scene."""
    import processing

    dialog = processing.createAlgorithmDialog(step.algorithm, dict(step.parameters))
    dialog.show()
    dialog.runButton().click()


def fill_row(batch: BatchAlgorithmDialog, values: Mapping[str, Any]) -> None:
    """Set the values of the first row of a batch dialog; its files to write stay empty."""
    panel, context = batch.mainWidget(), QgsProcessingContext()
    context.setProject(QgsProject.instance())
    for name, value in values.items():
        if not batch.algorithm().parameterDefinition(name).isDestination():
            wrapper = panel.wrappers[0][panel.parameter_to_column[name]]
            wrapper.setParameterValue(value, context)
