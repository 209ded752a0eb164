# SPDX-License-Identifier: GPL-2.0-or-later

"""`ksdiff:align`: measure the shift between MS and PAN, and correct it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from qgis.core import QgsProcessingContext, QgsProcessingFeedback, QgsRasterLayer

from ..language import tr
from ..layers.result import ResultLayer
from ..layers.sources import full_path, source
from ..layers.style import ImageResult
from . import parameters as p
from .pair_algorithm import PairAlgorithm
from .worker_algorithm import PREPARATION

REPORT = "REPORT"
_NAME = "Aligned MS"


class AlignAlgorithm(PairAlgorithm):
    """Measure the shift between PAN and MS in the worker, and correct it in MS."""

    toolbox_group = PREPARATION
    task = "align"
    destinations: ClassVar[dict[str, str]] = {"out": p.OUTPUT, "report": REPORT}
    # Written file -> id of the MS layer it was made from: the next step of a model gets only the
    # file.
    _aligned: ClassVar[dict[str, str]] = {}

    def __init__(self) -> None:
        super().__init__()
        self._ms_id = ""

    def name(self) -> str:
        return "align"

    def displayName(self) -> str:
        return tr("Align multispectral to PAN")

    def shortDescription(self) -> str:
        return tr(
            "Measures the shift between MS and PAN to a fraction of a pixel, and corrects it."
        )

    def tags(self) -> list[str]:
        words = "pansharpen,align,registration,coregistration,shift,offset,phase correlation"
        return tr(words).split(",")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        written = p.raster_output(p.OUTPUT, _NAME, optional=True)
        written.setCreateByDefault(True)
        parameters = [
            *_inputs(),
            p.advanced(p.nodata()),
            p.explained(
                written,
                tr(
                    "MS with the shift corrected, a GeoTIFF: the same pixels with a shifted "
                    "georeference. MS must be georeferenced."
                ),
            ),
            p.page_output(
                REPORT,
                tr("Alignment report"),
                tr("HTML page with the shift of the scene and of its blocks, as maps and numbers."),
            ),
        ]
        for parameter in parameters:
            self.addParameter(parameter)
        numbers = {
            "SHIFT_ROWS": "Shift of MS, rows down (PAN pixels)",
            "SHIFT_COLUMNS": "Shift of MS, columns right (PAN pixels)",
            "SHIFT_METRES": "Length of the shift (m)",
            "CONFIDENCE": "Match of PAN and MS after the shift (0 to 1)",
            "BLOCKS": "Number of blocks with a clear shift",
        }
        strings = {"FINDINGS": "Findings, one per line; empty if there are none"}
        for output in [*p.numbers(numbers), *p.strings(strings)]:
            self.addOutput(output)

    def problem(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        return self.pair_and_outputs_problem(parameters, context)

    def request(self, parameters: dict[str, Any], context: QgsProcessingContext) -> dict[str, Any]:
        fields = self.pair_request(parameters, context)
        del fields["sensor"]  # the blur does not matter
        return fields

    def result_layers(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> Mapping[str, ResultLayer]:
        pan, ms = self.pan_and_ms(parameters, context)
        self._ms_id = ms.id()
        return {p.OUTPUT: ImageResult(ms, [], tr(_NAME), (pan, ms), tr("aligned"))}

    def outputs(
        self, result: Mapping[str, Any], feedback: QgsProcessingFeedback
    ) -> Mapping[str, Any]:
        self.message = str(result.get("sentence") or "")
        blocks = result.get("blocks") or []
        found = result.get("rows") is not None
        if found:  # otherwise the worker has warned
            feedback.pushInfo(self.message)
            match = tr("Match {:.2f}, without shift {:.2f}; {} of {} blocks have a clear shift.")
            feedback.pushInfo(
                match.format(result["confidence"], result["unmoved"], len(blocks), result["looked"])
            )
        layer = self._result_layers[p.OUTPUT]
        layer.abstract = self.message
        if not found:
            layer.label = tr("not aligned")
        if p.OUTPUT in self._written:
            AlignAlgorithm._aligned[full_path(self._written[p.OUTPUT])] = self._ms_id
        return {
            "SHIFT_ROWS": result.get("rows"),
            "SHIFT_COLUMNS": result.get("columns"),
            "SHIFT_METRES": result.get("metres"),
            "CONFIDENCE": result.get("confidence"),
            "BLOCKS": len(blocks),
            "FINDINGS": "\n".join(result.get("findings") or []),
        }


def project_layer(ms: QgsRasterLayer, context: QgsProcessingContext) -> QgsRasterLayer | None:
    """Return the layer of the project that MS is, or that it is the aligned copy of."""
    project = context.project()
    if project is None:
        return None
    return project.mapLayer(ms.id()) or project.mapLayer(
        AlignAlgorithm._aligned.get(source(ms), "")
    )


def _inputs() -> list[p.Parameter]:
    """Return the pair, with helps for measuring instead of sharpening."""
    pan, band, ms, bands = p.inputs()
    return [
        p.explained(pan, tr("The finer, single-band image. It is not moved.")),
        band,
        ms,
        p.explained(
            bands,
            tr("Bands to measure with; all except alpha if none is chosen. All bands are aligned."),
        ),
    ]
