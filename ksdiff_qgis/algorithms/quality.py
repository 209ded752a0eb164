# SPDX-License-Identifier: GPL-2.0-or-later
"""`ksdiff:quality`: assess a sharpened image, with or without a reference."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any, ClassVar

from qgis.core import QgsProcessingFeedback, QgsRasterLayer

from ..language import formatted, tr
from ..layers import geometry
from ..layers.result import ResultLayer
from ..layers.style import MapResult
from ..runtime.worker_translation import in_users_words
from . import parameters as p
from . import reading
from .pair_algorithm import PairAlgorithm
from .toolbox_entry import EVALUATION
from .values import Values
from .worker_algorithm import Outputs

FUSED, REFERENCE = "FUSED", "REFERENCE"
REPORT = "REPORT"
SAM_MAP, Q2N_MAP, ERROR_MAP = "SAM_MAP", "Q2N_MAP", "ERROR_MAP"

# Titles and helps of the maps.
_MAPS = {
    SAM_MAP: ("SAM per pixel", "GeoTIFF of the spectral angle at each pixel, in degrees."),
    Q2N_MAP: ("Q2n per block", "GeoTIFF of Q2n, one value per block."),
    ERROR_MAP: ("Error per band", "GeoTIFF of the error of each band, in DN."),
}

# Output -> the worker's name of the score, and its description.
_SCORES = {
    "SAM": ("SAM", "Spectral angle (degrees; 0 is best)"),
    "ERGAS": ("ERGAS", "Relative error over all bands (0 is best)"),
    "Q2N": ("Q2n", "Universal quality of all bands together (1 is best)"),
    "SCC": ("SCC", "Correlation of the details (1 is best)"),
    "PSNR": ("PSNR", "Peak signal to noise (dB; higher is better)"),
    "SSIM": ("SSIM", "Structural similarity (1 is best)"),
    "D_LAMBDA": ("D_lambda", "Descriptor: change of the bands among themselves (0: none)"),
    "D_LAMBDA_K": ("D_lambda_K", "Descriptor: change of the bands against MS (0: none)"),
    "D_S": ("D_s", "Descriptor: change of the bands against PAN (0: none)"),
    "QNR": ("QNR", "Descriptor of D_lambda and D_s; describes, does not rank"),
    "HQNR": ("HQNR", "Descriptor of D_lambda_K and D_s; describes, does not rank"),
}
_CONSISTENCY = {
    "CONSISTENCY_SAM": ("SAM", "Spectral angle, degraded to MS (degrees; 0 is best)"),
    "CONSISTENCY_ERGAS": ("ERGAS", "Relative error, degraded to MS (0 is best)"),
    "CONSISTENCY_Q2N": ("Q2n", "Universal quality, degraded to MS (1 is best)"),
}
_ALL_SCORES = {**_SCORES, **_CONSISTENCY}

# Shown in QGIS' message bar.
_MAIN_SCORES = ("ERGAS", "SAM", "Q2n", "HQNR")

_MAX_SHIFT = 0.75  # PAN px; a larger one gives a warning, as in the report


class QualityAlgorithm(PairAlgorithm):
    """Assess a sharpened image in the worker."""

    key = "quality"
    title = "Assess pansharpening quality"
    summary = "Quality indices of a sharpened image, with a reference or without, and a report."
    keywords = "pansharpen,quality,assess,sam,ergas,q2n,q4,q8,scc,psnr,ssim,qnr,hqnr,report"
    toolbox_group = EVALUATION
    task = "quality"
    destinations: ClassVar[dict[str, str]] = {
        "report": REPORT,
        "sam_map": SAM_MAP,
        "q2n_map": Q2N_MAP,
        "error_map": ERROR_MAP,
    }
    numbers: ClassVar[Outputs] = {
        **{name: ("", f"{index}: {text}") for name, (index, text) in _ALL_SCORES.items()},
        "SHIFT_ROWS": ("", "Shift against MS, down (PAN pixels; 0 is best)"),
        "SHIFT_COLS": ("", "Shift against MS, right (PAN pixels; 0 is best)"),
        "BIAS_PERCENT": ("", "Largest bias of a band mean (percent; 0 is best)"),
        "PIXELS": ("pixels", "Pixels assessed"),
        "RATIO": ("ratio", "Ratio of the pixel sizes"),
    }
    texts: ClassVar[Outputs] = {
        "FINDINGS": ("", "Findings, one per line"),
        "SENSOR_USED": ("sensor", "Sensor (MTF) used"),
        "SCENE_TEST_TABLE": ("", "Scores of the comparison (JSON)"),
    }

    def parameters(self) -> list[p.Parameter]:
        return [
            *p.inputs(),
            p.raster(
                FUSED,
                "Sharpened image",
                "The image to assess, on the pixel grid of PAN, with the bands of MS in order.",
            ),
            p.raster(
                REFERENCE,
                "Reference",
                "The reference on the same pixel grid, as written by 'Simulate reduced "
                "resolution'. Without it, only the no-reference indices are computed.",
                optional=True,
            ),
            p.flag(
                p.SCENE_TEST,
                "Compare the methods on this scene",
                "Scores KSDiff, SRINO and the classical methods on the scene at reduced "
                "resolution, where the original MS is the reference, independently of the "
                "image to assess. The log and the report show the scores. It takes a minute or "
                "more without a graphics card.",
            ),
            p.sensor(),
            reading.nodata(),
            *reading.reading(),
            p.file_output(REPORT, "Quality report", "HTML page with all scores, maps and images."),
            *(
                p.raster_output(name, *texts, optional=True, advanced=True)
                for name, texts in _MAPS.items()
            ),
        ]

    def options_problem(self, values: Values) -> str:
        fused, *references = self.more_layers(values)
        bands = self.ms_band_counts(values)
        pair = self.pair_layers(values)
        problem = geometry.grid_problem(fused, pair[0]) if pair else ""
        problem = problem or geometry.band_count_problem(fused, bands)
        for reference in references:
            problem = (
                problem
                or geometry.grid_problem(fused, reference)
                or geometry.band_count_problem(reference, bands)
            )
        return problem

    def more_layers(self, values: Values) -> list[QgsRasterLayer]:
        """Return the sharpened image, and the reference if there is one."""
        return [values.layer(FUSED), *values.optional_layer(REFERENCE)]

    def request(self, values: Values) -> dict[str, Any]:
        fields = super().request(values)
        fused, *references = self.more_sources
        return {
            **fields,
            "fused": fused,
            "reference": references[0] if references else None,
            "scene_test": values.flag(p.SCENE_TEST),
        }

    def result_layers(self, values: Values) -> Mapping[str, ResultLayer]:
        fused = values.layer(FUSED)
        return {name: MapResult(fused, name, tr(title)) for name, (title, _) in _MAPS.items()}

    def outputs(
        self, result: Mapping[str, Any], feedback: QgsProcessingFeedback
    ) -> Mapping[str, Any]:
        scores, consistency = result.get("scores") or {}, result.get("consistency") or {}
        for line in _table(scores, consistency):
            feedback.pushInfo(line)
        _log_shifts(result, feedback)
        findings = [in_users_words(text) for text in result.get("findings", [])]
        for line in findings:
            feedback.pushWarning(line)
        main = [index for index in _MAIN_SCORES if scores.get(index) is not None]
        listed = ", ".join(f"{index} {formatted(scores[index], '.4g')}" for index in main)
        self.message = tr("Assessed: {}.").format(listed)
        down, right = result.get("shift") or (None, None)
        rows = (result.get("scene_test") or {}).get("rows")
        return {
            **super().outputs(result, feedback),
            **{name: scores.get(index) for name, (index, _) in _SCORES.items()},
            **{name: consistency.get(index) for name, (index, _) in _CONSISTENCY.items()},
            "SHIFT_ROWS": down,
            "SHIFT_COLS": right,
            "BIAS_PERCENT": _bias(result),
            "FINDINGS": "\n".join(findings),
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
        lines += [f"{formatted(value, '.4f')}  {index}: {text}" for index, value, text in rows]
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
