# SPDX-License-Identifier: GPL-2.0-or-later
"""`ksdiff:simulate`: make a reduced-resolution pair and its reference by Wald's protocol."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ..language import tr
from ..layers.result import ResultLayer
from . import parameters as p
from . import reading
from .pair_algorithm import PairAlgorithm
from .toolbox_entry import EVALUATION
from .values import Values
from .worker_algorithm import Outputs

RATIO, PHASE = "RATIO", "PHASE"
OUTPUT_PAN, OUTPUT_MS, OUTPUT_REFERENCE = "OUTPUT_PAN", "OUTPUT_MS", "OUTPUT_REFERENCE"
PHASES = ("product", "benchmark")
# Titles and helps of the outputs.
_OUTPUTS = {
    OUTPUT_PAN: ("Reduced PAN", "GeoTIFF of PAN at the pixel size of MS."),
    OUTPUT_MS: ("Reduced MS", "GeoTIFF of MS, coarser by the ratio."),
    OUTPUT_REFERENCE: ("Reference", "GeoTIFF of the original MS on the grid of the reduced PAN."),
}


class SimulateAlgorithm(PairAlgorithm):
    """Reduce a pair by Wald's protocol in the worker."""

    key = "simulate"
    title = "Simulate reduced resolution"
    summary = "A reduced-resolution pair and its reference, by Wald's protocol."
    keywords = "pansharpen,wald,protocol,reduced resolution,degrade,mtf,reference"
    toolbox_group = EVALUATION
    task = "simulate"
    destinations: ClassVar[dict[str, str]] = {
        "out_pan": OUTPUT_PAN,
        "out_ms": OUTPUT_MS,
        "out_reference": OUTPUT_REFERENCE,
    }
    numbers: ClassVar[Outputs] = {"RATIO_USED": ("ratio", "Ratio used")}
    texts: ClassVar[Outputs] = {"SENSOR_USED": ("sensor", "Sensor (MTF) used")}

    def parameters(self) -> list[p.Parameter]:
        return [
            *p.inputs(),
            p.number(
                RATIO,
                "Reduction ratio",
                "An integer; by default the ratio of the pair, rounded.",
                limits=(2, p.NO_LIMIT),
            ),
            p.sensor(),
            p.choice(
                PHASE,
                "Pixel grid",
                "'product': the outer pixel corners coincide, as in commercial products. "
                "'benchmark': the grid of published comparisons.",
                PHASES,
                PHASES[0],
            ),
            reading.nodata(),
            *reading.reading(),
            *(p.raster_output(name, *texts) for name, texts in _OUTPUTS.items()),
        ]

    def request(self, values: Values) -> dict[str, Any]:
        return {
            **super().request(values),
            "ratio": values.integer_or_none(RATIO),
            "phase": values.text(PHASE),
        }

    def result_layers(self, values: Values) -> Mapping[str, ResultLayer]:
        pan, ms = self.pair(values)
        bands = values.integers(p.MS_BANDS)
        pan_band = values.integers(p.PAN_BAND) or [1]
        of = {
            OUTPUT_PAN: (pan, pan_band, tr("reduced")),
            OUTPUT_MS: (ms, bands, tr("reduced")),
            OUTPUT_REFERENCE: (ms, bands, tr("reference")),
        }
        return {
            name: self.image(values, like, chosen, tr(_OUTPUTS[name][0]), (pan, ms), label)
            for name, (like, chosen, label) in of.items()
        }
