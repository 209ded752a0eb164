# SPDX-License-Identifier: GPL-2.0-or-later
"""`ksdiff:srino`: sharpen with SRINO, with an error bar of each pixel as a second layer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from qgis.core import QgsProcessingFeedback

from ..language import tr
from ..layers.result import ResultLayer
from ..layers.style import MapResult
from . import methods
from . import parameters as p
from .align import project_layer
from .network import NetworkAlgorithm
from .values import Values
from .worker_algorithm import Outputs, Result

STEPS = "STEPS"
SPREAD, SPREAD_SEEDS = "SPREAD", "SPREAD_SEEDS"

_SPREAD_NAME = "Error bar (90 % interval)"


class SRINOAlgorithm(NetworkAlgorithm):
    """Sharpen a pair with SRINO; comparison and fine-tuning are off by default."""

    key = methods.SRINO
    summary = "Sharpens a multispectral image by diffusion, with an error bar of each pixel."
    keywords = (
        "pansharpen,pan-sharpening,fusion,multispectral,satellite,deep learning,diffusion,"
        "neural operator,uncertainty,spread,error bar"
    )
    compare_default = False
    destinations: ClassVar[dict[str, str]] = {**NetworkAlgorithm.destinations, "spread": SPREAD}
    of_one_pan: ClassVar[tuple[str, ...]] = (*NetworkAlgorithm.of_one_pan, SPREAD)
    numbers: ClassVar[Outputs] = {
        **NetworkAlgorithm.numbers,
        "STEPS_USED": ("steps", "Sampling steps used"),
    }

    def method_parameters(self) -> list[p.Parameter]:
        return [
            p.number(
                STEPS,
                "Sampling steps, 0 = default of the model",
                "Number of steps from noise to image; the run time grows with it. Few steps "
                "give the best estimate, many steps one possible sample.",
                0,
                (0, 100),
                advanced=True,
            )
        ]

    def method_outputs(self) -> list[p.Parameter]:
        return [
            p.raster_output(
                SPREAD,
                _SPREAD_NAME,
                "Half the width of the 90 % interval of each pixel and band, in DN. On the "
                "test scenes about nine of ten true values lay within the result plus or minus "
                "it, on the worst set eight. It is estimated at reduced resolution and is no "
                "guarantee.",
                optional=True,
            ),
            p.number(
                SPREAD_SEEDS,
                "Number of seeds",
                "Not used any more: the error bar needs no seeds.",
                4,
                (2, 100),
                advanced=True,
            ),
        ]

    def method_request(self, values: Values) -> dict[str, Any]:
        return {
            **super().method_request(values),
            "steps": values.integer(STEPS) or None,
        }

    def result_layers(self, values: Values) -> Mapping[str, ResultLayer]:
        pan, ms = self.pair(values)
        if not values.given(p.PRODUCT):
            ms = project_layer(ms, values.context) or ms
        spread = MapResult(ms, SPREAD, tr(_SPREAD_NAME), (pan, ms))
        layers = super().result_layers(values)
        layers[p.OUTPUT].below = spread
        return {**layers, SPREAD: spread}

    def outputs(self, result: Result, feedback: QgsProcessingFeedback) -> dict[str, Any]:
        self._result_layers[SPREAD].abstract = tr(
            "Half the width of the 90 % interval of each pixel and band, in DN. It is an "
            "estimate, no guarantee, and does not include errors that the whole scene has in "
            "common."
        )
        return super().outputs(result, feedback)
