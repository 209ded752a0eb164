# SPDX-License-Identifier: GPL-2.0-or-later

"""`ksdiff:simulate`: a pair of which the truth is known, from a pair of which it is not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from qgis.core import QgsProcessingContext, QgsProcessingFeedback

from ..gui.result import ResultLayer
from ..gui.style import OutputStyle
from ..language import tr
from . import parameters as p
from . import sources
from .base import EVALUATION
from .worker import PairAlgorithm

RATIO, PHASE = "RATIO", "PHASE"
OUTPUT_PAN, OUTPUT_MS, OUTPUT_REFERENCE = "OUTPUT_PAN", "OUTPUT_MS", "OUTPUT_REFERENCE"
PHASES = ("product", "benchmark")
_NAMES = {OUTPUT_PAN: "Reduced PAN", OUTPUT_MS: "Reduced MS", OUTPUT_REFERENCE: "Reference"}


class Simulate(PairAlgorithm):
    """Reduce a pair by Wald's protocol in the worker."""

    section = EVALUATION
    task = "simulate"
    targets: ClassVar[dict[str, str]] = {
        "out_pan": OUTPUT_PAN,
        "out_ms": OUTPUT_MS,
        "out_reference": OUTPUT_REFERENCE,
    }

    def name(self) -> str:
        return "simulate"

    def displayName(self) -> str:
        return tr("Simulate reduced resolution")

    def shortDescription(self) -> str:
        return tr("A coarser pair and its reference, by Wald's protocol.")

    def tags(self) -> list[str]:
        return tr("pansharpen,wald,protocol,reduced resolution,degrade,mtf,reference").split(",")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        ratio = p.number(RATIO, tr("Ratio of the reduction"), optional=True, minValue=2)
        phases = p.choice(PHASE, tr("Pixel grid"), PHASES, PHASES[0])
        written = {
            OUTPUT_PAN: tr("PAN with the pixels of MS, a GeoTIFF."),
            OUTPUT_MS: tr("MS coarser by the ratio, a GeoTIFF."),
            OUTPUT_REFERENCE: tr("MS itself, on the grid of the reduced PAN: the truth."),
        }
        parameters = [
            *p.inputs(),
            p.explained(ratio, tr("A whole number. None: the pair's own ratio, rounded.")),
            p.sensor(),
            p.explained(
                phases,
                tr(
                    "'product': pixels share their outer corners, as in products that are sold. "
                    "'benchmark': the grid that published comparisons are made on."
                ),
            ),
            p.advanced(p.nodata()),
            *(p.explained(p.raster_output(n, _NAMES[n]), text) for n, text in written.items()),
        ]
        for parameter in parameters:
            self.addParameter(parameter)
        numbers, strings = {"RATIO_USED": "Ratio used"}, {"SENSOR_USED": "Sensor reckoned with"}
        for output in [*p.numbers(numbers), *p.strings(strings)]:
            self.addOutput(output)

    def problem(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        inputs = [sources.source(layer) for layer in self.pan_and_ms(parameters, context)]
        return self.pair_problem(parameters, context) or self.outputs_problem(parameters, inputs)

    def request(self, parameters: dict[str, Any], context: QgsProcessingContext) -> dict[str, Any]:
        has_ratio = p.given(parameters, RATIO)
        return {
            **self.pair_request(parameters, context),
            "ratio": self.parameterAsInt(parameters, RATIO, context) if has_ratio else None,
            "phase": self.parameterAsString(parameters, PHASE, context),
        }

    def styles(
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
            name: OutputStyle(like, chosen, tr(_NAMES[name]), (pan, ms), label)
            for name, (like, chosen, label) in of.items()
        }

    def results(
        self, result: Mapping[str, Any], feedback: QgsProcessingFeedback
    ) -> Mapping[str, Any]:
        return {"RATIO_USED": result.get("ratio"), "SENSOR_USED": result.get("sensor")}
