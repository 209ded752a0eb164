# SPDX-License-Identifier: GPL-2.0-or-later
"""Base of the algorithms that sharpen with a network."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from qgis.core import QgsProcessingFeedback, QgsProcessingOutputBoolean

from .. import models
from ..language import tr
from ..layers.sources import full_path
from . import methods
from . import parameters as p
from .pansharpening import PansharpeningAlgorithm, output_parameters
from .values import Values
from .worker_algorithm import Outputs, Result


class NetworkAlgorithm(PansharpeningAlgorithm):
    """Sharpen a pair with a network; the method is the `key` of the subclass.

    `compare_default` is the default of comparing the methods on the scene.
    """

    title = "{} pansharpening"
    compare_default: ClassVar[bool]
    texts: ClassVar[Outputs] = {
        **PansharpeningAlgorithm.texts,
        "ADAPTATION": ("adaptation", "Effect of fine-tuning the network to the scene"),
        "DEVICE_USED": ("device", "Device used"),
        "MODEL_USED": ("model", "Model used"),
    }

    def displayName(self) -> str:
        return tr(self.title).format(methods.NETWORKS[self.key])

    def method(self, values: Values) -> str:
        """Return the method that the user has chosen."""
        return self.key

    def fine_tuning_default_s(self) -> int:
        """Return the default of the seconds for fine-tuning the network to the scene."""
        return 0

    def method_parameters(self) -> list[p.Parameter]:
        """Return the parameters of this method only, placed after the inputs."""
        raise NotImplementedError

    def method_outputs(self) -> list[p.Parameter]:
        """Return the destinations of this method only, placed last."""
        return []

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        super().initAlgorithm(configuration)
        self.addOutput(QgsProcessingOutputBoolean("ADAPTED", tr("The network was fine-tuned")))

    def parameters(self) -> list[p.Parameter]:
        fine_tuning = tr(
            "Before sharpening, {0} is trained on the scene itself: at reduced resolution, where "
            "the original MS is the reference, and at full resolution, where the result must agree "
            "with MS and PAN. It is used only if a test at reduced resolution shows that it lowers "
            "the error; the log shows by how much. "
            "It needs the package torch in the plugin's Python environment; without it the network "
            "is used as it is."
        )
        compare = p.flag(
            p.SCENE_TEST,
            "Compare with the other methods",
            "Runs all methods on sampled windows of the scene at reduced resolution, where "
            "the original MS is the reference. It takes seconds; the log shows the scores. "
            "'scene-fit' and 'exp' are compared only if a report is written.",
            self.compare_default,
        )
        seconds = p.adapt(
            self.fine_tuning_default_s(), fine_tuning.format(methods.NETWORKS[self.key])
        )
        more = (p.align(), compare, *p.network(self.key), p.tile(), p.seed(), p.sensor())
        return [
            *p.inputs(),
            *self.method_parameters(),
            p.with_field(seconds, "fields.FineTuning"),
            *map(p.as_advanced, more),
            *output_parameters(),
            *self.method_outputs(),
        ]

    def options_problem(self, values: Values) -> str:
        return super().options_problem(values) or self._model_problem(values)

    def _model_problem(self, values: Values) -> str:
        """Return why the model cannot be used with this method and this MS; empty if it can."""
        name, method = values.text(p.MODEL), self.method(values)
        if name == p.AUTO or method not in (*methods.NETWORKS, methods.AUTO):
            return ""
        if name == p.MODEL_CUSTOM:
            file = values.text(p.MODEL_FILE)
            if not file:
                return tr("The model 'custom' needs a model file (advanced parameter).")
            if not Path(file).is_file():
                return tr("The model file does not exist: {}").format(file)
            model = models.read(Path(file))
        else:
            model = models.find_or_missing(name)
        # The comparison takes the model for the network of this algorithm.
        problem = methods.model_problem(self.key if method == methods.AUTO else method, model)
        if problem:
            return problem
        counts = sorted(self.ms_band_counts(values))
        problems = [models.bands_problem(model, count) for count in counts]
        return problems[0] if problems and all(problems) else ""

    def method_request(self, values: Values) -> dict[str, Any]:
        model = values.text(p.MODEL)
        known = models.find(model)
        if model == p.MODEL_CUSTOM:
            model = full_path(values.text(p.MODEL_FILE))
        elif known is not None and not known.shipped:
            model = str(known.path)  # the worker finds only the shipped models by name
        return {
            "method": self.method(values),
            "adapt": values.integer(p.ADAPT),
            "scene_test": values.flag(p.SCENE_TEST),
            "model": None if model == p.AUTO else model,
            "device": values.text(p.DEVICE),
            "seed": values.integer(p.SEED),
        }

    def outputs(self, result: Result, feedback: QgsProcessingFeedback) -> dict[str, Any]:
        return {**super().outputs(result, feedback), "ADAPTED": result.get("adapted")}
