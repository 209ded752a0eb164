# SPDX-License-Identifier: GPL-2.0-or-later
"""`ksdiff:align`: measure the shift between MS and PAN, and correct it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from qgis.core import QgsProcessingContext, QgsProcessingFeedback, QgsRasterLayer

from ..language import tr
from ..layers.result import ResultLayer
from ..layers.sources import full_path, source
from ..runtime.worker_translation import in_users_words
from . import parameters as p
from . import reading
from .pair_algorithm import PairAlgorithm
from .toolbox_entry import PREPARATION
from .values import Values
from .worker_algorithm import Outputs, Result

REPORT = "REPORT"
_NAME = "Aligned MS"


class AlignAlgorithm(PairAlgorithm):
    """Measure the shift between PAN and MS in the worker, and correct it in MS."""

    key = "align"
    title = "Align multispectral to PAN"
    summary = "Measures the shift between MS and PAN to a fraction of a pixel, and corrects it."
    keywords = "pansharpen,align,registration,coregistration,shift,offset,phase correlation"
    toolbox_group = PREPARATION
    task = "align"
    destinations: ClassVar[dict[str, str]] = {"out": p.OUTPUT, "report": REPORT}
    numbers: ClassVar[Outputs] = {
        "SHIFT_ROWS": ("rows", "Shift of MS, rows down (PAN pixels)"),
        "SHIFT_COLUMNS": ("columns", "Shift of MS, columns right (PAN pixels)"),
        "SHIFT_METRES": ("metres", "Length of the shift (m)"),
        "CONFIDENCE": ("confidence", "Match of PAN and MS after the shift (0 to 1)"),
        "BLOCKS": ("", "Number of blocks with a clear shift"),
    }
    texts: ClassVar[Outputs] = {"FINDINGS": ("", "Findings, one per line; empty if there are none")}
    # Written file -> id of the MS layer it was made from: the next step of a model gets only the
    # file.
    _aligned: ClassVar[dict[str, str]] = {}

    def __init__(self) -> None:
        super().__init__()
        self._ms_id = ""

    def parameters(self) -> list[p.Parameter]:
        written = p.raster_output(
            p.OUTPUT,
            _NAME,
            "MS with the shift corrected, a GeoTIFF: the same pixels with a shifted "
            "georeference. MS must be georeferenced.",
            optional=True,
        )
        written.setCreateByDefault(True)
        return [
            *_inputs(),
            reading.nodata(),
            *reading.reading(),
            written,
            p.file_output(
                REPORT,
                "Alignment report",
                "HTML page with the shift of the scene and of its blocks, as maps and numbers.",
            ),
        ]

    def request(self, values: Values) -> dict[str, Any]:
        fields = super().request(values)
        del fields["sensor"]  # the blur does not matter
        return fields

    def result_layers(self, values: Values) -> Mapping[str, ResultLayer]:
        pan, ms = self.pair(values)
        self._ms_id = ms.id()
        return {p.OUTPUT: self.image(values, ms, [], tr(_NAME), (pan, ms), tr("aligned"))}

    def outputs(self, result: Result, feedback: QgsProcessingFeedback) -> dict[str, Any]:
        self.message = in_users_words(str(result.get("sentence") or ""))
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
            **super().outputs(result, feedback),
            "BLOCKS": len(blocks),
            "FINDINGS": "\n".join(map(in_users_words, result.get("findings") or [])),
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
    pan, band, ms, product, bands, more = p.inputs()
    return [
        p.with_help(pan, tr("The finer, single-band image. It is not moved.")),
        band,
        ms,
        product,
        p.with_help(
            bands,
            tr("Bands to measure with; all except alpha if none is chosen. All bands are aligned."),
        ),
        more,
    ]
