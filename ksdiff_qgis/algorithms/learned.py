# SPDX-License-Identifier: GPL-2.0-or-later

"""What pansharpening by a network has in common, whichever the method."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputBoolean,
    QgsProcessingParameterBoolean,
)

from . import checks, sources
from . import parameters as p
from .base import tr
from .pansharpen import Pansharpening


class Learned(Pansharpening):
    """Sharpens a pair by a network; a subclass names the method and adds what is its own.

    `compares` and `adapts` are what happens unless somebody says otherwise: whether the methods
    are compared on the scene, and for how many seconds the network learns on it.
    """

    method: ClassVar[str]
    compares: ClassVar[bool]
    adapts: ClassVar[int]

    def name(self) -> str:
        return self.method

    def displayName(self) -> str:
        return tr("{} pansharpening").format(p.LEARNED[self.method])

    def own_parameters(self) -> list[p.Parameter]:
        """What only this method is asked, after the inputs; for the subclass."""
        raise NotImplementedError

    def own_outputs(self) -> list[p.Parameter]:
        """What only this method writes, last."""
        return []

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        name = p.LEARNED[self.method]
        compare = QgsProcessingParameterBoolean(
            p.SCENE_TEST,
            tr("Compare with the other methods on this scene"),
            defaultValue=self.compares,
        )
        learn = tr(
            "Before it sharpens the scene, {0} learns on it: on the pair made coarser, "
            "where MS itself is the truth. That is first tested one step coarser still, "
            "for as long again, and only done where it lowers the error; the log tells by "
            "how much. It needs the package torch in the plugin's Python environment; without "
            "it the network is used as it is."
        )
        parameters = [
            *p.inputs(),
            p.align(),
            *self.own_parameters(),
            p.explained(
                compare,
                tr(
                    "Runs all methods on scattered windows of the scene at reduced resolution, "
                    "where MS itself is the truth. It takes seconds; the log shows the scores."
                ),
            ),
            p.adapt(self.adapts, learn.format(name)),
            *p.network(self.method),
            p.tile(),
            p.seed(),
            p.advanced(p.sensor()),
            *p.output(),
            *self.own_outputs(),
        ]
        for parameter in parameters:
            self.addParameter(parameter)
        self.add_results()
        strings = {
            "ADAPTATION": "What adapting the network to the scene does",
            "DEVICE_USED": "Device used",
            "MODEL_USED": "Model used",
        }
        for output in p.strings(strings):
            self.addOutput(output)
        self.addOutput(QgsProcessingOutputBoolean("ADAPTED", tr("The network was adapted")))

    def problem(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        problem = super().problem(parameters, context)
        custom = self.parameterAsString(parameters, p.MODEL, context) == p.MODEL_CUSTOM
        if problem or not custom:
            return problem
        return checks.model_file(self._model_file(parameters, context))

    def how(self, parameters: dict[str, Any], context: QgsProcessingContext) -> dict[str, Any]:
        model = self.parameterAsString(parameters, p.MODEL, context)
        if model == p.MODEL_CUSTOM:
            model = sources.full_path(self._model_file(parameters, context))
        return {
            "method": self.method,
            "adapt": self.parameterAsInt(parameters, p.ADAPT, context),
            "scene_test": self.parameterAsBool(parameters, p.SCENE_TEST, context),
            "model": None if model == p.AUTO else model,
            "device": self.parameterAsString(parameters, p.DEVICE, context),
            "seed": self.parameterAsInt(parameters, p.SEED, context),
        }

    def results(
        self, result: Mapping[str, Any], feedback: QgsProcessingFeedback
    ) -> Mapping[str, Any]:
        return {
            **super().results(result, feedback),
            "ADAPTED": result.get("adapted"),
            "ADAPTATION": result.get("adaptation"),
            "DEVICE_USED": result.get("device"),
            "MODEL_USED": result.get("model"),
        }

    def _model_file(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        return self.parameterAsString(parameters, p.MODEL_FILE, context) or ""
