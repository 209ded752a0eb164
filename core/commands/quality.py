# SPDX-License-Identifier: GPL-2.0-or-later
"""Assess a fused raster, with a reference or without."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from core.fusion.method_selection import POOLS, compare, log_comparison
from core.methods.interface import Settings
from core.products.inputs import with_rasters
from core.progress import Pace, Progress, scaled
from core.quality.assess import assess
from core.quality.assessment import Assessment
from core.quality.inputs import open_inputs
from core.quality.maps import QualityMaps, check_map_targets
from core.raster.output_files import check_target
from core.raster.writer import rehearse_files
from core.report.quality_page import quality_page
from core.report.verdict import verdict
from core.requests.scenes import Quality, inputs_of
from core.worker.protocol import finite

log = logging.getLogger(__name__)

HTML, JSON = (".html", ".htm"), (".json",)
TEST_SHARE = 0.6  # of the progress bar, where the methods are compared


@with_rasters
def perform(
    request: Quality, progress: Progress, pace: Pace, numbers: Path | None = None
) -> dict[str, Any]:
    """Assess the fused raster and return the result; `numbers` is a JSON file to write it to.

    All files are moved into place together, after the last one is complete. Raises PansharpenError
    for wrong files or parameters.
    """
    inputs = inputs_of(request)
    report = check_target(Path(request.report), inputs, HTML) if request.report else None
    numbers = check_target(numbers, inputs, JSON) if numbers else None
    check_map_targets(request)
    test = None
    if request.scene_test:
        test = _scene_test(request, scaled(progress, 0.0, TEST_SHARE))
        progress = scaled(progress, TEST_SHARE, 1.0)

    def texts(found: Assessment) -> dict[Path, str]:
        made = {}
        if report:
            made[report] = quality_page(found, test)
        if numbers:
            result = _result(request, found, test)
            flat = finite({**result.pop("scores"), **result})
            made[numbers] = json.dumps(flat, indent=2, ensure_ascii=False) + "\n"
        return made

    return _result(request, assess(request, progress, pace, texts=texts), test)


def _scene_test(request: Quality, progress: Progress) -> dict[str, Any] | None:
    """Compare all methods where the fused raster lies; None if that part is too small."""
    with open_inputs(request, scaled(progress, 0.0, 0.0)) as inputs:
        rehearse_files(QualityMaps(request, inputs.scene).files)
        settings = Settings(inputs.scene.ratio, inputs.gains)
        test = compare(inputs.scene, POOLS["auto"], settings, progress)
    if test:
        log_comparison(test)
    return test.facts() if test else None


def _result(request: Quality, found: Assessment, test: Mapping[str, Any] | None) -> dict[str, Any]:
    return {
        "scene_test": test,
        "scores": found.scores,
        "consistency": found.consistency,
        "consistency_bands": [
            {"name": row.name, **asdict(each)}
            for row, each in zip(found.bands, found.consistency_bands, strict=True)
        ],
        "indices": [asdict(index) for index in found.indices],
        "shares": asdict(found.shares),
        "bands": [asdict(row) for row in found.bands],
        "shift": found.shift,
        "pan_shift": found.pan_shift,
        "ms_shift": found.ms_shift,
        "detail": found.detail,
        "findings": verdict(found).findings,
        "sensor": found.sensor,
        "ratio": found.ratio,
        "pixels": found.pixels,
        "interpolation": found.interpolation,
        "peak": found.peak,
        "report": request.report,
        "sam_map": request.sam_map,
        "q2n_map": request.q2n_map,
        "error_map": request.error_map,
        "seconds": found.seconds,
    }
