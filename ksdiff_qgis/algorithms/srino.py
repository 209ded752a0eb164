# SPDX-License-Identifier: GPL-2.0-or-later

"""`ksdiff:srino`: sharpen with SRINO, a sampling method that can map its uncertainty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from qgis.core import QgsProcessingContext, QgsProcessingFeedback

from ..language import tr
from ..layers.result import ResultLayer
from ..layers.style import MapResult
from . import parameters as p
from .align import project_layer
from .methods import SRINO
from .network import NetworkAlgorithm

STEPS = "STEPS"
SPREAD, SPREAD_SEEDS = "SPREAD", "SPREAD_SEEDS"

_SPREAD_NAME = "Standard deviation over seeds"


class SRINOAlgorithm(NetworkAlgorithm):
    """Sharpen a pair with SRINO; comparison and fine-tuning are off by default."""

    method = SRINO
    compare_default = False
    fine_tuning_default_s = 0
    destinations: ClassVar[dict[str, str]] = {
        **NetworkAlgorithm.destinations,
        "spread": SPREAD,
    }

    def shortDescription(self) -> str:
        return tr("Sharpens a multispectral image by diffusion and maps the uncertainty.")

    def tags(self) -> list[str]:
        return tr(
            "pansharpen,pan-sharpening,fusion,multispectral,satellite,deep learning,diffusion,"
            "neural operator,uncertainty,spread"
        ).split(",")

    def method_parameters(self) -> list[p.Parameter]:
        title = tr("Sampling steps, 0 = default of the model")
        steps = p.number(STEPS, title, defaultValue=0, minValue=0, maxValue=100)
        return [
            p.explained(
                steps,
                tr(
                    "Number of steps from noise to image; the run time grows with it. Few steps "
                    "give the best estimate, many steps one possible sample."
                ),
            )
        ]

    def method_outputs(self) -> list[p.Parameter]:
        seeds = p.number(
            SPREAD_SEEDS,
            tr("Number of seeds"),
            defaultValue=4,
            minValue=2,
            maxValue=100,
        )
        return [
            p.explained(
                p.raster_output(SPREAD, _SPREAD_NAME, optional=True),
                tr(
                    "Uncertainty of SRINO: a GeoTIFF of the standard deviation of the results from "
                    "several seeds at each pixel, mean over the bands, in DN. It takes many times "
                    "as long as the image alone."
                ),
            ),
            p.advanced(
                seeds,
                tr("Number of seeds for the standard deviation, at least 2."),
            ),
        ]

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        super().initAlgorithm(configuration)
        for output in p.numbers({"STEPS_USED": "Sampling steps used"}):
            self.addOutput(output)

    def method_request(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> dict[str, Any]:
        return {
            **super().method_request(parameters, context),
            "steps": self.parameterAsInt(parameters, STEPS, context) or None,
            "spread_seeds": self.parameterAsInt(parameters, SPREAD_SEEDS, context),
        }

    def result_layers(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> Mapping[str, ResultLayer]:
        pan, ms = self.pan_and_ms(parameters, context)
        ms = project_layer(ms, context) or ms
        spread = MapResult(ms, SPREAD, tr(_SPREAD_NAME), (pan, ms))
        layers = super().result_layers(parameters, context)
        layers[p.OUTPUT].below = spread
        return {**layers, SPREAD: spread}

    def outputs(
        self, result: Mapping[str, Any], feedback: QgsProcessingFeedback
    ) -> Mapping[str, Any]:
        self._result_layers[SPREAD].abstract = tr(
            "Standard deviation over {} seeds, mean over the bands, in DN."
        ).format(self._request["spread_seeds"])
        return {**super().outputs(result, feedback), "STEPS_USED": result.get("steps")}
