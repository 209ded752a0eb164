# SPDX-License-Identifier: GPL-2.0-or-later

"""`ksdiff:simulate`: make a reduced-resolution pair and its reference by Wald's protocol."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from qgis.core import QgsProcessingContext, QgsProcessingFeedback

from ..language import tr
from ..layers.result import ResultLayer
from ..layers.style import ImageResult
from . import parameters as p
from .pair_algorithm import PairAlgorithm
from .worker_algorithm import EVALUATION

RATIO, PHASE = "RATIO", "PHASE"
OUTPUT_PAN, OUTPUT_MS, OUTPUT_REFERENCE = "OUTPUT_PAN", "OUTPUT_MS", "OUTPUT_REFERENCE"
PHASES = ("product", "benchmark")
_NAMES = {OUTPUT_PAN: "Reduced PAN", OUTPUT_MS: "Reduced MS", OUTPUT_REFERENCE: "Reference"}


class SimulateAlgorithm(PairAlgorithm):
    """Reduce a pair by Wald's protocol in the worker."""

    toolbox_group = EVALUATION
    task = "simulate"
    destinations: ClassVar[dict[str, str]] = {
        "out_pan": OUTPUT_PAN,
        "out_ms": OUTPUT_MS,
        "out_reference": OUTPUT_REFERENCE,
    }

    def name(self) -> str:
        return "simulate"

    def displayName(self) -> str:
        return tr("Simulate reduced resolution")

    def shortDescription(self) -> str:
        return tr("A reduced-resolution pair and its reference, by Wald's protocol.")

    def tags(self) -> list[str]:
        return tr("pansharpen,wald,protocol,reduced resolution,degrade,mtf,reference").split(",")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        ratio = p.number(RATIO, tr("Reduction ratio"), optional=True, minValue=2)
        phases = p.choice(PHASE, tr("Pixel grid"), PHASES, PHASES[0])
        written = {
            OUTPUT_PAN: tr("GeoTIFF of PAN at the pixel size of MS."),
            OUTPUT_MS: tr("GeoTIFF of MS, coarser by the ratio."),
            OUTPUT_REFERENCE: tr("GeoTIFF of the original MS on the grid of the reduced PAN."),
        }
        parameters = [
            *p.inputs(),
            p.explained(ratio, tr("An integer; by default the ratio of the pair, rounded.")),
            p.sensor(),
            p.explained(
                phases,
                tr(
                    "'product': the outer pixel corners coincide, as in commercial products. "
                    "'benchmark': the grid of published comparisons."
                ),
            ),
            p.advanced(p.nodata()),
            *(p.explained(p.raster_output(n, _NAMES[n]), text) for n, text in written.items()),
        ]
        for parameter in parameters:
            self.addParameter(parameter)
        numbers, strings = {"RATIO_USED": "Ratio used"}, {"SENSOR_USED": "Sensor (MTF) used"}
        for output in [*p.numbers(numbers), *p.strings(strings)]:
            self.addOutput(output)

    def problem(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        return self.pair_and_outputs_problem(parameters, context)

    def request(self, parameters: dict[str, Any], context: QgsProcessingContext) -> dict[str, Any]:
        has_ratio = p.given(parameters, RATIO)
        return {
            **self.pair_request(parameters, context),
            "ratio": self.parameterAsInt(parameters, RATIO, context) if has_ratio else None,
            "phase": self.parameterAsString(parameters, PHASE, context),
        }

    def result_layers(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> Mapping[str, ResultLayer]:
        pan, ms = self.pan_and_ms(parameters, context)
        bands = self.ms_bands(parameters, context)
        pan_band = self.parameterAsInts(parameters, p.PAN_BAND, context) or [1]
        of = {
            OUTPUT_PAN: (pan, pan_band, tr("reduced")),
            OUTPUT_MS: (ms, bands, tr("reduced")),
            OUTPUT_REFERENCE: (ms, bands, tr("reference")),
        }
        return {
            name: ImageResult(like, chosen, tr(_NAMES[name]), (pan, ms), label)
            for name, (like, chosen, label) in of.items()
        }

    def outputs(
        self, result: Mapping[str, Any], feedback: QgsProcessingFeedback
    ) -> Mapping[str, Any]:
        return {"RATIO_USED": result.get("ratio"), "SENSOR_USED": result.get("sensor")}
