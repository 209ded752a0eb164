# SPDX-License-Identifier: GPL-2.0-or-later
"""Reduce a pair by Wald's protocol; MS itself is the reference."""

from __future__ import annotations

import logging
import time
from pathlib import Path
from typing import Any, cast

from core.errors import InputError, OutputError
from core.imaging.degrade import Phase
from core.pair.reduced_files import write_reduced
from core.pair.scene import Scene
from core.products.inputs import with_rasters
from core.progress import Pace, Progress
from core.raster.gdal import GDAL_ERRORS
from core.raster.output_files import check_target
from core.requests.scenes import PHASES, Simulate, inputs_of
from core.sensors import sensor_of

log = logging.getLogger(__name__)


@with_rasters
def perform(request: Simulate, progress: Progress, pace: Pace) -> dict[str, Any]:
    """Reduce the pair and return what was written; ``height`` and ``width`` are those of PAN.

    The three files are moved into place together, after all are complete. Raises PansharpenError
    for wrong files or parameters.
    """
    started = time.monotonic()
    targets = _targets(request)
    with Scene.of(request, same_grid=True) as scene:
        card = sensor_of(request.sensor, *scene.rasters)
        gains = card.gains(scene.band_names)
        log.info("MTF of %s: %s.", card.name, ", ".join(f"{gain:g}" for gain in gains))
        try:
            pair = write_reduced(
                scene,
                targets,
                request.ratio,
                gains,
                cast(Phase, request.phase),
                sensor=card.name,
                progress=progress,
            )
        except GDAL_ERRORS as error:
            raise OutputError("reduced-pair-not-written", reason=error) from error
    return {
        "out_pan": str(pair.pan),
        "out_ms": str(pair.ms),
        "out_reference": str(pair.gt),
        "ratio": pair.ratio,
        "height": pair.size[0],
        "width": pair.size[1],
        "bands": pair.bands,
        "sensor": card.name,
        "seconds": round(time.monotonic() - started, 2),
    }


def _targets(request: Simulate) -> tuple[Path, Path, Path]:
    """Check the request and return the paths of PAN, MS and reference."""
    if request.phase not in PHASES:
        raise InputError("unknown-phase", phase=request.phase, phases=", ".join(PHASES))
    if request.ratio is not None and request.ratio < 2:
        raise InputError("ratio-below-two", ratio=request.ratio)
    names = request.out_pan, request.out_ms, request.out_reference
    pan, ms, reference = (check_target(Path(name), inputs_of(request)) for name in names)
    if len({pan, ms, reference}) < 3:
        raise OutputError("outputs-are-one-file")
    return pan, ms, reference
