# SPDX-License-Identifier: GPL-2.0-or-later

"""`ksdiff:srino`: by SRINO, which samples, and so can tell where it is unsure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from qgis.core import QgsProcessingContext, QgsProcessingFeedback

from ..gui.result import ResultLayer
from ..gui.style import MapStyle
from ..language import tr
from . import parameters as p
from .align import in_project
from .learned import Learned

STEPS = "STEPS"
SPREAD, SPREAD_SEEDS = "SPREAD", "SPREAD_SEEDS"

_SPREAD_NAME = "Spread over seeds"


class SRINO(Learned):
    """Sharpen a pair with SRINO in the worker.

    Who takes it has chosen the method: there is no choice among several, and what takes longer,
    comparing and adapting, is done on demand.
    """

    method = p.SRINO
    compares = False
    adapts = 0
    targets: ClassVar[dict[str, str]] = {**Learned.targets, "spread": SPREAD}

    def shortDescription(self) -> str:
        return tr("Sharpens a multispectral image by diffusion, and shows where that is unsure.")

    def tags(self) -> list[str]:
        return tr(
            "pansharpen,pan-sharpening,fusion,multispectral,satellite,deep learning,diffusion,"
            "neural operator,uncertainty,spread"
        ).split(",")

    def own_parameters(self) -> list[p.Parameter]:
        title = tr("Steps (0: as many as the model wants)")
        steps = p.number(STEPS, title, defaultValue=0, minValue=0, maxValue=100)
        return [
            p.explained(
                steps,
                tr(
                    "In how many steps the image is made of noise. The time grows with them. Few "
                    "give the best estimate, many one of the samples that are possible."
                ),
            )
        ]

    def own_outputs(self) -> list[p.Parameter]:
        seeds = p.number(
            SPREAD_SEEDS, tr("Seeds of the spread"), defaultValue=4, minValue=2, maxValue=100
        )
        return [
            p.explained(
                p.raster_output(SPREAD, _SPREAD_NAME, optional=True),
                tr(
                    "Where SRINO is unsure: a GeoTIFF of how far its results from several seeds "
                    "lie apart, as the standard deviation at each pixel, mean over the bands, in "
                    "digital numbers. It takes many times as long as the image alone."
                ),
            ),
            p.advanced(
                seeds,
                tr("From how many seeds the spread is taken, if it is asked for; from 2 on."),
            ),
        ]

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        super().initAlgorithm(configuration)
        for output in p.numbers({"STEPS_USED": "Steps taken"}):
            self.addOutput(output)

    def how(self, parameters: dict[str, Any], context: QgsProcessingContext) -> dict[str, Any]:
        return {
            **super().how(parameters, context),
            "steps": self.parameterAsInt(parameters, STEPS, context) or None,
            "spread_seeds": self.parameterAsInt(parameters, SPREAD_SEEDS, context),
        }

    def styles(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> Mapping[str, ResultLayer]:
        pan, ms = self.pan_and_ms(parameters, context)
        ms = in_project(ms, context) or ms
        spread = MapStyle(ms, SPREAD, tr(_SPREAD_NAME), above=(pan, ms))
        styles = super().styles(parameters, context)
        styles[p.OUTPUT].over = spread
        return {**styles, SPREAD: spread}

    def results(
        self, result: Mapping[str, Any], feedback: QgsProcessingFeedback
    ) -> Mapping[str, Any]:
        self._styles[SPREAD].about = tr(
            "Standard deviation over {} seeds, mean over the bands, in digital numbers."
        ).format(self._request["spread_seeds"])
        return {**super().results(result, feedback), "STEPS_USED": result.get("steps")}
