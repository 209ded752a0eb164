# SPDX-License-Identifier: GPL-2.0-or-later

"""`ksdiff:ksdiff`: the main job, by KSDiff or whatever is better on this scene."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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

_ADAPT = 60  # seconds


class KSDiff(Pansharpening):
    """Sharpen a pair with KSDiff in the worker."""

    method = p.KSDIFF

    def name(self) -> str:
        return self.method

    def displayName(self) -> str:
        return tr("KSDiff pansharpening")

    def shortDescription(self) -> str:
        return tr("Sharpens a multispectral image with a finer panchromatic one.")

    def tags(self) -> list[str]:
        words = "pansharpen,pan-sharpening,fusion,multispectral,satellite,deep learning,diffusion"
        return tr(words).split(",")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        compare = QgsProcessingParameterBoolean(
            p.SCENE_TEST,
            tr("Compare with the classical methods on this scene"),
            defaultValue=True,
        )
        parameters = [
            *p.inputs(),
            p.explained(
                p.choice(p.METHOD, tr("Method"), [p.AUTO, self.method], p.AUTO),
                tr(
                    "'auto' takes KSDiff, unless the error of a classical method in the comparison "
                    "on this scene is more than 10 % lower: then that one. 'ksdiff' takes KSDiff, "
                    "whatever the comparison says of the others."
                ),
            ),
            p.explained(
                compare,
                tr(
                    "Runs all methods on scattered windows of the scene at reduced resolution, "
                    "where MS itself is the truth. It takes seconds; the log shows the scores."
                ),
            ),
            p.adapt(
                _ADAPT,
                tr(
                    "Before it sharpens the scene, KSDiff learns on it: on the pair made coarser, "
                    "where MS itself is the truth. That is first tested one step coarser still, "
                    "for as long again, and only done where it lowers the error; the log tells by "
                    "how much. It needs the package torch in KSDiff's Python environment; without "
                    "it the network is used as it is."
                ),
            ),
            *p.network(self.method),
            p.tile(),
            p.seed(),
            p.advanced(p.sensor()),
            *p.output(),
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
        return (
            super().problem(parameters, context)
            or self._model_problem(parameters, context)
            or self._method_problem(parameters, context)
        )

    def _model_problem(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        if self.parameterAsString(parameters, p.MODEL, context) != p.MODEL_CUSTOM:
            return ""
        return checks.model_file(self._model_file(parameters, context))

    def _method_problem(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        automatic = self.parameterAsString(parameters, p.METHOD, context) == p.AUTO
        if not automatic or self.parameterAsBool(parameters, p.SCENE_TEST, context):
            return ""
        return tr(
            "The method 'auto' needs the comparison: tick 'Compare with the classical methods on "
            "this scene', or choose the method 'ksdiff'."
        )

    def how(self, parameters: dict[str, Any], context: QgsProcessingContext) -> dict[str, Any]:
        model = self.parameterAsString(parameters, p.MODEL, context)
        if model == p.MODEL_CUSTOM:
            model = sources.full_path(self._model_file(parameters, context))
        return {
            "method": self.parameterAsString(parameters, p.METHOD, context),
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
