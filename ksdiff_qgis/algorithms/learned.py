# SPDX-License-Identifier: GPL-2.0-or-later

"""What pansharpening by a network has in common, whichever the method."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputBoolean,
    QgsProcessingParameterBoolean,
)

from .. import models
from ..language import tr
from . import checks, sources
from . import parameters as p
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
            tr("Compare with the other methods"),
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
        return super().problem(parameters, context) or self._model_problem(parameters, context)

    def _model_problem(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        """What is wrong with the model for this method and this MS."""
        name = self.parameterAsString(parameters, p.MODEL, context)
        if name == p.AUTO:
            return ""
        if name == p.MODEL_CUSTOM:
            file = self._model_file(parameters, context)
            if checks.model_file(file):
                return checks.model_file(file)
            model = models.read(Path(file))
        else:
            model = models.find(name) or models.Model(Path(name), problem=tr("it is not there"))
        why = models.misfit(model, self.method)
        if why:
            fits = ", ".join(each.name for each in models.fitting(self.method))
            return tr("{} cannot use the model '{}': {}. It can use: {}.").format(
                p.LEARNED[self.method], model.name, why, fits
            )
        _, ms = self.pan_and_ms(parameters, context)
        bands = self.ms_bands(parameters, context) or checks.data_bands(ms)
        return models.bands_problem(model, len(bands))

    def how(self, parameters: dict[str, Any], context: QgsProcessingContext) -> dict[str, Any]:
        model = self.parameterAsString(parameters, p.MODEL, context)
        own = models.find(model)
        if model == p.MODEL_CUSTOM:
            model = sources.full_path(self._model_file(parameters, context))
        elif own is not None and not own.shipped:
            model = str(own.path)  # the worker knows the shipped ones by their names
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
