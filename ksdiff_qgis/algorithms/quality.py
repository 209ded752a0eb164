# SPDX-License-Identifier: GPL-2.0-or-later

"""`ksdiff:quality`: how good is a sharpened image, with a reference or without."""

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

from ..gui.result import ResultLayer
from ..gui.style import MapStyle
from ..language import tr
from . import checks, sources
from . import parameters as p
from .base import EVALUATION
from .worker import PairAlgorithm

FUSED, REFERENCE = "FUSED", "REFERENCE"
REPORT = "REPORT"
SAM_MAP, Q2N_MAP, ERROR_MAP = "SAM_MAP", "Q2N_MAP", "ERROR_MAP"

_MAPS = {SAM_MAP: "SAM per pixel", Q2N_MAP: "Q2n per block", ERROR_MAP: "Error per band"}

# Output: the worker's name of the score, and what it is.
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
    "SHIFT_ROWS": "Displacement against MS, down (PAN pixels; 0 is best)",
    "SHIFT_COLS": "Displacement against MS, to the right (PAN pixels; 0 is best)",
    "BIAS_PERCENT": "Largest departure of a band's mean (percent; 0 is best)",
    "PIXELS": "Pixels assessed",
    "RATIO": "Ratio of the pixel sizes",
}
_TEXTS = {
    "FINDINGS": "What needs attention, a line each",
    "SENSOR_USED": "Sensor reckoned with",
    "SCENE_TEST_TABLE": "Scores of the comparison (JSON)",
}

# Told in QGIS' message bar.
_MAIN = ("ERGAS", "SAM", "Q2n", "HQNR")

# PAN px: a displacement from here on is told as a warning; the report mentions it, too.
_FAR = 0.75


class Quality(PairAlgorithm):
    """Assess a sharpened image in the worker."""

    section = EVALUATION
    task = "quality"
    targets: ClassVar[dict[str, str]] = {
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
        for parameter in [*p.inputs(), *_images(), *_settings(), *_outputs()]:
            self.addParameter(parameter)
        said = {**_SCORES, **_CONSISTENCY}
        texts = {**{name: f"{index}: {text}" for name, (index, text) in said.items()}, **_FACTS}
        for output in [*p.numbers(texts), *p.strings(_TEXTS)]:
            self.addOutput(output)

    def problem(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        inputs = self.layers(parameters, context)
        pan, ms, fused = inputs[:3]
        chosen = self.ms_bands(parameters, context)
        bands = len(chosen) or len(checks.data_bands(ms))
        message = (
            self.pair_problem(parameters, context)
            or checks.on_grid(fused, pan)
            or checks.band_count(fused, bands)
        )
        for reference in inputs[3:]:
            message = (
                message or checks.on_grid(fused, reference) or checks.band_count(reference, bands)
            )
        return message or self.outputs_problem(parameters, [sources.source(i) for i in inputs])

    def layers(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> list[QgsRasterLayer]:
        """PAN, MS, the sharpened image, and the reference if there is one."""
        made = [*self.pan_and_ms(parameters, context), self.layer(parameters, FUSED, context)]
        reference = self._reference(parameters, context)
        return made if reference is None else [*made, reference]

    def request(self, parameters: dict[str, Any], context: QgsProcessingContext) -> dict[str, Any]:
        reference = self._reference(parameters, context)
        return {
            **self.pair_request(parameters, context),
            "fused": sources.source(self.layer(parameters, FUSED, context)),
            "reference": None if reference is None else sources.source(reference),
            "scene_test": self.parameterAsBool(parameters, p.SCENE_TEST, context),
        }

    def _reference(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> QgsRasterLayer | None:
        if not p.given(parameters, REFERENCE):
            return None
        return self.layer(parameters, REFERENCE, context)

    def styles(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> Mapping[str, ResultLayer]:
        fused = self.layer(parameters, FUSED, context)
        return {name: MapStyle(fused, name, tr(text)) for name, text in _MAPS.items()}

    def results(
        self, result: Mapping[str, Any], feedback: QgsProcessingFeedback
    ) -> Mapping[str, Any]:
        scores, consistency = result.get("scores") or {}, result.get("consistency") or {}
        for line in _table(scores, consistency):
            feedback.pushInfo(line)
        _tell_places(result, feedback)
        findings = result.get("findings", [])
        for line in findings:
            feedback.pushWarning(line)
        told = [f"{index} {scores[index]:.4g}" for index in _MAIN if scores.get(index) is not None]
        self.said = tr("Assessed: {}.").format(", ".join(told))
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
    """The scores as lines to read; the log of a dialog keeps no columns but the first."""
    lines = []
    parts = (
        (tr("Scores"), scores, _SCORES),
        (tr("Consistency: degraded back to MS, against MS"), consistency, _CONSISTENCY),
    )
    for title, values, known in parts:
        told = [(index, values.get(index), text) for index, text in known.values()]
        told = [line for line in told if line[1] is not None]
        if told:
            lines.append(title)
        lines += [f"{value:.4f}  {index}: {text}" for index, value, text in told]
    return lines


def _tell_places(result: Mapping[str, Any], feedback: QgsProcessingFeedback) -> None:
    """How far the image lies from MS and from PAN, where that was found; far is a warning."""
    said = tr("It lies {:.2f} rows and {:.2f} columns from {} (in PAN pixels).")
    for name, other in (("shift", "MS"), ("pan_shift", "PAN")):
        if result.get(name):
            tell = feedback.pushWarning if math.hypot(*result[name]) >= _FAR else feedback.pushInfo
            tell(said.format(*result[name], other))


def _bias(result: Mapping[str, Any]) -> float | None:
    """The bias of the band whose mean departs most, in percent, with its sign."""
    found = [band.get("bias_percent") for band in result.get("bands") or []]
    return max((bias for bias in found if bias is not None), key=abs, default=None)


def _images() -> list[p.Parameter]:
    return [
        p.explained(
            QgsProcessingParameterRasterLayer(FUSED, tr("Sharpened image")),
            tr("The image to assess: on PAN's pixel grid, with the bands of MS in the same order."),
        ),
        p.explained(
            QgsProcessingParameterRasterLayer(REFERENCE, tr("Reference"), optional=True),
            tr(
                "The truth, on the same pixel grid; 'Simulate reduced resolution' makes one. "
                "Without it, the indices that need none are computed."
            ),
        ),
    ]


def _settings() -> list[p.Parameter]:
    compare = QgsProcessingParameterBoolean(
        p.SCENE_TEST, tr("Compare the methods on this scene"), defaultValue=False
    )
    return [
        p.explained(
            compare,
            tr(
                "Tells what KSDiff, SRINO and the classical methods reach on the scene made "
                "coarser, where MS itself is the truth, whatever the image was made by. The log "
                "and the report show the scores. It takes a minute or more without a graphics card."
            ),
        ),
        p.sensor(),
        p.advanced(p.nodata()),
    ]


def _outputs() -> list[p.Parameter]:
    helps = {
        SAM_MAP: tr("A GeoTIFF of the spectral angle at each pixel, in degrees."),
        Q2N_MAP: tr("A GeoTIFF of Q2n, one value per block."),
        ERROR_MAP: tr("A GeoTIFF of the error of each band, in digital numbers."),
    }
    page = tr("An HTML page with all scores, maps and pictures, for a browser or QGIS' results.")
    return [
        p.page_output(REPORT, tr("Quality report"), page),
        *(p.advanced(p.raster_output(n, _MAPS[n], optional=True), helps[n]) for n in _MAPS),
    ]
