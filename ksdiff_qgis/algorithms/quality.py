# SPDX-License-Identifier: GPL-2.0-or-later

"""`ksdiff:quality`: assess a sharpened image, with or without a reference."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any, ClassVar

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterRasterLayer,
    QgsRasterLayer,
)

from ..language import tr
from ..layers import geometry
from ..layers.result import ResultLayer
from ..layers.sources import source
from ..layers.style import MapResult
from . import parameters as p
from .pair_algorithm import PairAlgorithm
from .worker_algorithm import EVALUATION

FUSED, REFERENCE = "FUSED", "REFERENCE"
REPORT = "REPORT"
SAM_MAP, Q2N_MAP, ERROR_MAP = "SAM_MAP", "Q2N_MAP", "ERROR_MAP"

_MAPS = {SAM_MAP: "SAM per pixel", Q2N_MAP: "Q2n per block", ERROR_MAP: "Error per band"}

# Output -> the worker's name of the score, and its description.
_SCORES = {
    "SAM": ("SAM", "Spectral angle (degrees; 0 is best)"),
    "ERGAS": ("ERGAS", "Relative error over all bands (0 is best)"),
    "Q2N": ("Q2n", "Universal quality of all bands together (1 is best)"),
    "SCC": ("SCC", "Correlation of the details (1 is best)"),
    "PSNR": ("PSNR", "Peak signal to noise (dB; higher is better)"),
    "SSIM": ("SSIM", "Structural similarity (1 is best)"),
    "D_LAMBDA": ("D_lambda", "Spectral distortion of QNR (0 is best)"),
    "D_LAMBDA_K": ("D_lambda_K", "Spectral distortion of HQNR (0 is best)"),
    "D_S": ("D_s", "Spatial distortion (0 is best)"),
    "QNR": ("QNR", "Quality without a reference (1 is best)"),
    "HQNR": ("HQNR", "Hybrid quality without a reference (1 is best)"),
}
_CONSISTENCY = {
    "CONSISTENCY_SAM": ("SAM", "Spectral angle, degraded to MS (degrees; 0 is best)"),
    "CONSISTENCY_ERGAS": ("ERGAS", "Relative error, degraded to MS (0 is best)"),
    "CONSISTENCY_Q2N": ("Q2n", "Universal quality, degraded to MS (1 is best)"),
}
_FACTS = {
    "SHIFT_ROWS": "Shift against MS, down (PAN pixels; 0 is best)",
    "SHIFT_COLS": "Shift against MS, right (PAN pixels; 0 is best)",
    "BIAS_PERCENT": "Largest bias of a band mean (percent; 0 is best)",
    "PIXELS": "Pixels assessed",
    "RATIO": "Ratio of the pixel sizes",
}
_TEXTS = {
    "FINDINGS": "Findings, one per line",
    "SENSOR_USED": "Sensor (MTF) used",
    "SCENE_TEST_TABLE": "Scores of the comparison (JSON)",
}

# Shown in QGIS' message bar.
_MAIN_SCORES = ("ERGAS", "SAM", "Q2n", "HQNR")

_MAX_SHIFT = 0.75  # PAN px; a larger one gives a warning, as in the report


class QualityAlgorithm(PairAlgorithm):
    """Assess a sharpened image in the worker."""

    toolbox_group = EVALUATION
    task = "quality"
    destinations: ClassVar[dict[str, str]] = {
        "report": REPORT,
        "sam_map": SAM_MAP,
        "q2n_map": Q2N_MAP,
        "error_map": ERROR_MAP,
    }

    def name(self) -> str:
        return "quality"

    def displayName(self) -> str:
        return tr("Assess pansharpening quality")

    def shortDescription(self) -> str:
        return tr(
            "Quality indices of a sharpened image, with a reference or without, and a report."
        )

    def tags(self) -> list[str]:
        words = "pansharpen,quality,assess,sam,ergas,q2n,q4,q8,scc,psnr,ssim,qnr,hqnr,report"
        return tr(words).split(",")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        for parameter in [
            *p.inputs(),
            *_image_parameters(),
            *_option_parameters(),
            *_destinations(),
        ]:
            self.addParameter(parameter)
        scores = {**_SCORES, **_CONSISTENCY}
        texts = {name: f"{index}: {text}" for name, (index, text) in scores.items()}
        texts.update(_FACTS)
        for output in [*p.numbers(texts), *p.strings(_TEXTS)]:
            self.addOutput(output)

    def problem(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        inputs = self.input_layers(parameters, context)
        pan, ms, fused = inputs[:3]
        chosen = self.ms_bands(parameters, context)
        bands = len(chosen) or len(geometry.data_bands(ms))
        message = (
            self.pair_problem(parameters, context)
            or geometry.grid_problem(fused, pan)
            or geometry.band_count_problem(fused, bands)
        )
        for reference in inputs[3:]:
            message = (
                message
                or geometry.grid_problem(fused, reference)
                or geometry.band_count_problem(reference, bands)
            )
        return message or self.destinations_problem(parameters, [source(i) for i in inputs])

    def input_layers(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> list[QgsRasterLayer]:
        """Return PAN, MS, the sharpened image, and the reference if there is one."""
        fused = self.required_layer(parameters, FUSED, context)
        images = [*self.pan_and_ms(parameters, context), fused]
        reference = self._reference(parameters, context)
        return images if reference is None else [*images, reference]

    def request(self, parameters: dict[str, Any], context: QgsProcessingContext) -> dict[str, Any]:
        reference = self._reference(parameters, context)
        return {
            **self.pair_request(parameters, context),
            "fused": source(self.required_layer(parameters, FUSED, context)),
            "reference": None if reference is None else source(reference),
            "scene_test": self.parameterAsBool(parameters, p.SCENE_TEST, context),
        }

    def _reference(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> QgsRasterLayer | None:
        if not p.given(parameters, REFERENCE):
            return None
        return self.required_layer(parameters, REFERENCE, context)

    def result_layers(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> Mapping[str, ResultLayer]:
        fused = self.required_layer(parameters, FUSED, context)
        return {name: MapResult(fused, name, tr(text)) for name, text in _MAPS.items()}

    def outputs(
        self, result: Mapping[str, Any], feedback: QgsProcessingFeedback
    ) -> Mapping[str, Any]:
        scores, consistency = result.get("scores") or {}, result.get("consistency") or {}
        for line in _table(scores, consistency):
            feedback.pushInfo(line)
        _log_shifts(result, feedback)
        findings = result.get("findings", [])
        for line in findings:
            feedback.pushWarning(line)
        main = [index for index in _MAIN_SCORES if scores.get(index) is not None]
        listed = ", ".join(f"{index} {scores[index]:.4g}" for index in main)
        self.message = tr("Assessed: {}.").format(listed)
        down, right = result.get("shift") or (None, None)
        rows = (result.get("scene_test") or {}).get("rows")
        return {
            **{name: scores.get(index) for name, (index, _) in _SCORES.items()},
            **{name: consistency.get(index) for name, (index, _) in _CONSISTENCY.items()},
            "SHIFT_ROWS": down,
            "SHIFT_COLS": right,
            "BIAS_PERCENT": _bias(result),
            "FINDINGS": "\n".join(findings),
            "PIXELS": result.get("pixels"),
            "RATIO": result.get("ratio"),
            "SENSOR_USED": result.get("sensor"),
            "SCENE_TEST_TABLE": json.dumps(rows) if rows else None,
        }


def _table(scores: Mapping[str, float], consistency: Mapping[str, float]) -> list[str]:
    """Return the scores as lines; the log of a dialog keeps only the first column aligned."""
    lines = []
    parts = (
        (tr("Scores"), scores, _SCORES),
        (tr("Consistency with MS, after degrading to its resolution"), consistency, _CONSISTENCY),
    )
    for title, values, known in parts:
        rows = [(index, values.get(index), text) for index, text in known.values()]
        rows = [row for row in rows if row[1] is not None]
        if rows:
            lines.append(title)
        lines += [f"{value:.4f}  {index}: {text}" for index, value, text in rows]
    return lines


def _log_shifts(result: Mapping[str, Any], feedback: QgsProcessingFeedback) -> None:
    """Log the shift of the image against MS and PAN, a large one as a warning."""
    text = tr("The image is shifted by {:.2f} rows and {:.2f} columns against {} (PAN pixels).")
    for name, other in (("shift", "MS"), ("pan_shift", "PAN")):
        shift = result.get(name)
        if shift:
            large = math.hypot(*shift) >= _MAX_SHIFT
            log = feedback.pushWarning if large else feedback.pushInfo
            log(text.format(*shift, other))


def _bias(result: Mapping[str, Any]) -> float | None:
    """Return the largest bias of a band mean, in percent, with its sign."""
    biases = [band.get("bias_percent") for band in result.get("bands") or []]
    return max((bias for bias in biases if bias is not None), key=abs, default=None)


def _image_parameters() -> list[p.Parameter]:
    return [
        p.explained(
            QgsProcessingParameterRasterLayer(FUSED, tr("Sharpened image")),
            tr("The image to assess, on the pixel grid of PAN, with the bands of MS in order."),
        ),
        p.explained(
            QgsProcessingParameterRasterLayer(REFERENCE, tr("Reference"), optional=True),
            tr(
                "The reference on the same pixel grid, as written by 'Simulate reduced "
                "resolution'. Without it, only the no-reference indices are computed."
            ),
        ),
    ]


def _option_parameters() -> list[p.Parameter]:
    compare = QgsProcessingParameterBoolean(
        p.SCENE_TEST, tr("Compare the methods on this scene"), defaultValue=False
    )
    return [
        p.explained(
            compare,
            tr(
                "Scores KSDiff, SRINO and the classical methods on the scene at reduced "
                "resolution, where the original MS is the reference, independently of the image to "
                "assess. The log and the report show the scores. It takes a minute or more without "
                "a graphics card."
            ),
        ),
        p.sensor(),
        p.advanced(p.nodata()),
    ]


def _destinations() -> list[p.Parameter]:
    helps = {
        SAM_MAP: tr("GeoTIFF of the spectral angle at each pixel, in degrees."),
        Q2N_MAP: tr("GeoTIFF of Q2n, one value per block."),
        ERROR_MAP: tr("GeoTIFF of the error of each band, in DN."),
    }
    page = tr("HTML page with all scores, maps and images.")
    return [
        p.page_output(REPORT, tr("Quality report"), page),
        *(p.advanced(p.raster_output(n, _MAPS[n], optional=True), helps[n]) for n in _MAPS),
    ]
