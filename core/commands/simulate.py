# SPDX-License-Identifier: GPL-2.0-or-later
"""Reduce a pair by Wald's protocol; MS itself is the reference."""

from __future__ import annotations

import logging
import shutil
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any, cast

import rasterio
from rasterio.errors import RasterioError

from core.errors import InputError, OutputError
from core.imaging.degrade import Phase
from core.pair.reduced_files import ReducedPair, write_reduced
from core.progress import Pace, Progress
from core.raster.geotiff import check_complete, quietly
from core.raster.reader import check_bands, data_bands, open_raster
from core.raster.writer import check_target, folder_beside, put_in_place
from core.requests import PHASES, Simulate
from core.sensors import Sensor, sensor_of

log = logging.getLogger(__name__)


def perform(request: Simulate, progress: Progress, pace: Pace) -> dict[str, Any]:
    """Reduce the pair and return what was written; ``height`` and ``width`` are those of PAN.

    The three files are moved into place together, after all are complete. Raises PansharpenError
    for wrong files or parameters.
    """
    started = time.monotonic()
    targets = _targets(request)
    card, gains = _sensor(request)
    with ExitStack() as stack:
        folders = [stack.enter_context(folder_beside(target)) for target in targets]
        try:
            pair = write_reduced(
                request.pan,
                request.ms,
                folders[0],
                request.ratio,
                gains,
                cast(Phase, request.phase),
                pan_band=request.pan_band,
                ms_bands=request.ms_bands,
                nodata=request.nodata,
                sensor=card.name,
                progress=progress,
            )
            facts = _facts(pair)
            _deliver(pair, folders, targets)
        except (RasterioError, OSError) as error:
            raise OutputError("reduced-pair-not-written", reason=error) from error
    return {
        "out_pan": str(targets[0]),
        "out_ms": str(targets[1]),
        "out_reference": str(targets[2]),
        **facts,
        "sensor": card.name,
        "seconds": round(time.monotonic() - started, 2),
    }


def _targets(request: Simulate) -> list[Path]:
    """Check the request and return the paths of PAN, MS and reference."""
    if request.phase not in PHASES:
        raise InputError("unknown-phase", phase=request.phase, phases=", ".join(PHASES))
    if request.ratio is not None and request.ratio < 2:
        raise InputError("ratio-below-two", ratio=request.ratio)
    names = request.out_pan, request.out_ms, request.out_reference
    targets = [check_target(Path(name), (request.pan, request.ms)) for name in names]
    if len(set(targets)) < len(targets):
        raise OutputError("outputs-are-one-file")
    return targets


def _sensor(request: Simulate) -> tuple[Sensor, tuple[float, ...]]:
    """Return the sensor card and the MTF gains of the requested bands."""
    with open_raster(request.pan, "PAN") as pan, open_raster(request.ms, "MS") as ms:
        card = sensor_of(request.sensor, ms, pan)
        bands = check_bands(ms, request.ms_bands or data_bands(ms), "MS")
        gains = card.gains([ms.descriptions[band - 1] for band in bands])
    log.info("MTF of %s: %s.", card.name, ", ".join(f"{gain:g}" for gain in gains))
    return card, gains


def _facts(pair: ReducedPair) -> dict[str, int]:
    with quietly(), rasterio.open(pair.gt) as reference:
        height, width, bands = reference.height, reference.width, reference.count
    return {"ratio": pair.ratio, "height": height, "width": width, "bands": bands}


def _deliver(pair: ReducedPair, folders: list[Path], targets: list[Path]) -> None:
    """Move every file beside its target first, maybe to another disk, and then into place."""
    ready = []
    for made, folder, target in zip((pair.pan, pair.ms, pair.gt), folders, targets, strict=True):
        check_complete(made, target)
        (folder / "whole").mkdir()
        ready.append(Path(shutil.move(made, folder / "whole" / target.name)))
    for made, target in zip(ready, targets, strict=True):
        put_in_place(made, target)
