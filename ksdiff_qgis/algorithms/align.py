# SPDX-License-Identifier: GPL-2.0-or-later

"""`ksdiff:align`: how far MS lies from PAN, and MS with that taken out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from qgis.core import QgsProcessingContext, QgsProcessingFeedback, QgsRasterLayer

from ..gui.result import ResultLayer
from ..gui.style import OutputStyle
from ..language import tr
from . import parameters as p
from . import sources
from .base import PREPARATION
from .worker import PairAlgorithm

REPORT = "REPORT"
_NAME = "Aligned MS"


class Align(PairAlgorithm):
    """Measure the shift between PAN and MS in the worker, and take it out of MS."""

    section = PREPARATION
    task = "align"
    targets: ClassVar[dict[str, str]] = {"out": p.OUTPUT, "report": REPORT}
    # By the file that was written, the layer that it shows: all that the next step of a model gets
    # is the file.
    _moved: ClassVar[dict[str, str]] = {}

    def __init__(self) -> None:
        super().__init__()
        self._ms_id = ""

    def name(self) -> str:
        return "align"

    def displayName(self) -> str:
        return tr("Align multispectral to PAN")

    def shortDescription(self) -> str:
        return tr("Measures how far MS lies from PAN, to a fraction of a pixel, and corrects it.")

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
                    "MS with the shift taken out, a GeoTIFF: the same pixels, on a grid that was "
                    "moved on the map. MS must have a georeference for it."
                ),
            ),
            p.page_output(
                REPORT,
                tr("Report of the alignment"),
                tr("An HTML page: the shift of the scene and of its blocks, in maps and numbers."),
            ),
        ]
        for parameter in parameters:
            self.addParameter(parameter)
        numbers = {
            "SHIFT_ROWS": "Rows that MS lies further down (PAN pixels)",
            "SHIFT_COLUMNS": "Columns that MS lies further right (PAN pixels)",
            "SHIFT_METRES": "Length of the shift (metres)",
            "CONFIDENCE": "How well PAN and MS match with the shift (0 to 1)",
            "BLOCKS": "Number of blocks that tell the shift clearly",
        }
        strings = {"FINDINGS": "What needs attention; empty when nothing does"}
        for output in [*p.numbers(numbers), *p.strings(strings)]:
            self.addOutput(output)

    def problem(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        inputs = [sources.source(layer) for layer in self.pan_and_ms(parameters, context)]
        return self.pair_problem(parameters, context) or self.outputs_problem(parameters, inputs)

    def request(self, parameters: dict[str, Any], context: QgsProcessingContext) -> dict[str, Any]:
        asked = self.pair_request(parameters, context)
        del asked["sensor"]  # whose blur it is makes no difference
        return asked

    def styles(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> Mapping[str, ResultLayer]:
        pan, ms = self.pan_and_ms(parameters, context)
        self._ms_id = ms.id()
        return {p.OUTPUT: OutputStyle(ms, [], tr(_NAME), (pan, ms), tr("aligned"))}

    def results(
        self, result: Mapping[str, Any], feedback: QgsProcessingFeedback
    ) -> Mapping[str, Any]:
        self.said = str(result.get("sentence") or "")
        blocks = result.get("blocks") or []
        found = result.get("rows") is not None
        if found:  # else it was a warning of the worker
            feedback.pushInfo(self.said)
            told = tr("Match {:.2f}, without the shift {:.2f}; {} of {} blocks tell clearly.")
            feedback.pushInfo(
                told.format(result["confidence"], result["unmoved"], len(blocks), result["looked"])
            )
        if p.OUTPUT in self._styles:
            self._styles[p.OUTPUT].about = self.said
            if not found:
                self._styles[p.OUTPUT].label = tr("not aligned")
        if p.OUTPUT in self._written:
            Align._moved[sources.full_path(self._written[p.OUTPUT])] = self._ms_id
        return {
            "SHIFT_ROWS": result.get("rows"),
            "SHIFT_COLUMNS": result.get("columns"),
            "SHIFT_METRES": result.get("metres"),
            "CONFIDENCE": result.get("confidence"),
            "BLOCKS": len(blocks),
            "FINDINGS": "\n".join(result.get("findings") or []),
        }


def in_project(ms: QgsRasterLayer, context: QgsProcessingContext) -> QgsRasterLayer | None:
    """The layer of the project that MS is, or of which it is the aligned copy."""
    project = context.project()
    if project is None:
        return None
    return project.mapLayer(ms.id()) or project.mapLayer(Align._moved.get(sources.source(ms), ""))


def _inputs() -> list[p.Parameter]:
    """The pair; nothing is sharpened here, so that two of the helps are others."""
    pan, band, ms, bands = p.inputs()
    return [
        p.explained(pan, tr("The finer, single-band image. It stays where it is.")),
        band,
        ms,
        p.explained(
            bands,
            tr("Bands to measure by; the output has all of them. None chosen: all but alpha."),
        ),
    ]
