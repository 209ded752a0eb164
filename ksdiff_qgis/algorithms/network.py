# SPDX-License-Identifier: GPL-2.0-or-later

"""Base of the algorithms that sharpen with a network."""

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
from ..layers.geometry import data_bands
from ..layers.sources import full_path
from . import methods
from . import parameters as p
from .pansharpening import PansharpeningAlgorithm


class NetworkAlgorithm(PansharpeningAlgorithm):
    """Sharpen a pair with a network; a subclass names the method and adds its own parameters.

    `compare_default` and `fine_tuning_default_s` are the defaults of comparing the methods on the
    scene, and of the seconds for fine-tuning the network to it.
    """

    method: ClassVar[str]
    compare_default: ClassVar[bool]
    fine_tuning_default_s: ClassVar[int]

    def name(self) -> str:
        return self.method

    def displayName(self) -> str:
        return tr("{} pansharpening").format(methods.NETWORKS[self.method])

    def method_parameters(self) -> list[p.Parameter]:
        """Return the parameters of this method only, placed after the inputs."""
        raise NotImplementedError

    def method_outputs(self) -> list[p.Parameter]:
        """Return the destinations of this method only, placed last."""
        return []

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        name = methods.NETWORKS[self.method]
        compare = QgsProcessingParameterBoolean(
            p.SCENE_TEST, tr("Compare with the other methods"), defaultValue=self.compare_default
        )
        fine_tuning = tr(
            "Before sharpening, {0} is trained on the scene itself at reduced resolution, where "
            "the original MS is the reference. This is first tested at a still coarser resolution, "
            "for the same time, and only done if it lowers the error; the log shows by how much. "
            "It needs the package torch in the plugin's Python environment; without it the network "
            "is used as it is."
        )
        parameters = [
            *p.inputs(),
            p.align(),
            *self.method_parameters(),
            p.explained(
                compare,
                tr(
                    "Runs all methods on sampled windows of the scene at reduced resolution, where "
                    "the original MS is the reference. It takes seconds; the log shows the scores."
                ),
            ),
            p.adapt(self.fine_tuning_default_s, fine_tuning.format(name)),
            *p.network(self.method),
            p.tile(),
            p.seed(),
            p.advanced(p.sensor()),
            *p.output(),
            *self.method_outputs(),
        ]
        for parameter in parameters:
            self.addParameter(parameter)
        self.add_result_outputs()
        strings = {
            "ADAPTATION": "Effect of fine-tuning the network to the scene",
            "DEVICE_USED": "Device used",
            "MODEL_USED": "Model used",
        }
        for output in p.strings(strings):
            self.addOutput(output)
        self.addOutput(QgsProcessingOutputBoolean("ADAPTED", tr("The network was fine-tuned")))

    def problem(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        return super().problem(parameters, context) or self._model_problem(parameters, context)

    def _model_problem(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        """Return why the model cannot be used with this method and this MS; empty if it can."""
        name = self.parameterAsString(parameters, p.MODEL, context)
        if name == p.AUTO:
            return ""
        if name == p.MODEL_CUSTOM:
            file = self._model_file(parameters, context)
            if not file:
                return tr("The model 'custom' needs a model file (advanced parameter).")
            if not Path(file).is_file():
                return tr("The model file does not exist: {}").format(file)
            model = models.read(Path(file))
        else:
            missing = models.ModelInfo(Path(name), problem=tr("it does not exist"))
            model = models.find(name) or missing
        reason = models.misfit(model, self.method)
        if reason:
            fitting = ", ".join(each.name for each in models.fitting(self.method))
            return tr("{} cannot use the model '{}': {}. Usable models: {}.").format(
                methods.NETWORKS[self.method], model.name, reason, fitting
            )
        _, ms = self.pan_and_ms(parameters, context)
        bands = self.ms_bands(parameters, context) or data_bands(ms)
        return models.bands_problem(model, len(bands))

    def _model_file(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        return self.parameterAsString(parameters, p.MODEL_FILE, context) or ""

    def method_request(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> dict[str, Any]:
        model = self.parameterAsString(parameters, p.MODEL, context)
        known = models.find(model)
        if model == p.MODEL_CUSTOM:
            model = full_path(self._model_file(parameters, context))
        elif known is not None and not known.shipped:
            model = str(known.path)  # the worker finds only the shipped models by name
        return {
            "method": self.method,
            "adapt": self.parameterAsInt(parameters, p.ADAPT, context),
            "scene_test": self.parameterAsBool(parameters, p.SCENE_TEST, context),
            "model": None if model == p.AUTO else model,
            "device": self.parameterAsString(parameters, p.DEVICE, context),
            "seed": self.parameterAsInt(parameters, p.SEED, context),
        }

    def outputs(
        self, result: Mapping[str, Any], feedback: QgsProcessingFeedback
    ) -> Mapping[str, Any]:
        return {
            **super().outputs(result, feedback),
            "ADAPTED": result.get("adapted"),
            "ADAPTATION": result.get("adaptation"),
            "DEVICE_USED": result.get("device"),
            "MODEL_USED": result.get("model"),
        }
