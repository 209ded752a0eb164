# SPDX-License-Identifier: GPL-2.0-or-later
"""Measure the shift of MS from PAN, and write MS with that shift removed."""

from __future__ import annotations

import logging
import math
import time
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import rasterio.shutil
from affine import Affine
from rasterio.warp import transform as transform_points

from core.errors import InputError, OutputError
from core.language import later, say
from core.pair.scene import Scene
from core.products.inputs import with_rasters
from core.progress import Pace, Progress, scaled
from core.raster.gdal import GDAL_ERRORS, quietly
from core.raster.georeference import georeference_of, has_grid, same_crs, write_sensor_model
from core.raster.geotiff import check_complete, check_space
from core.raster.metadata import KEPT_DOMAINS, read_tags
from core.raster.options import creation_options
from core.raster.output_files import check_target, folder_beside, put_in_place
from core.raster.writer import write_texts
from core.registration.shift_estimate import Registration, Shift, describe_shift, measure
from core.report.alignment import alignment_page
from core.requests.scenes import Align, inputs_of

log = logging.getLogger(__name__)

HTML = (".html", ".htm")
MEASURED = 0.7  # of the progress bar
UNKNOWN_SHIFT = later(
    "PAN and MS have too little detail in common to measure the shift between them: one of them "
    "may show only water, clouds or haze, or another place, or the shift is more than the few tens "
    "of PAN pixels that can be measured."
)
NOT_MOVED = later("The output is a copy of MS that was not moved.")


@with_rasters
def perform(request: Align, progress: Progress, pace: Pace) -> dict[str, Any]:
    """Measure the shift, write MS and the page; return the shift, None if it cannot be measured.

    Raises PansharpenError for wrong files or parameters.
    """
    started = time.monotonic()
    out, report = _targets(request)
    with Scene.of(request) as scene:
        if out:
            ms = scene.rasters[0]
            if georeference_of(ms).by == "nothing":
                raise InputError("ms-not-georeferenced", ms=scene.ms_name)
            check_space(out, ms.count * ms.height * ms.width * np.dtype(ms.dtypes[0]).itemsize)
        found = measure(scene, scaled(progress, 0.0, MEASURED))
        if found.shift:
            sentence = say("The MS lies {}.", describe_shift(found.shift))
            findings = found.disagreement()
        else:
            sentence = " ".join(map(say, [UNKNOWN_SHIFT, NOT_MOVED] if out else [UNKNOWN_SHIFT]))
            findings = [sentence]
        for text in findings:
            log.warning("%s", text)
        page = alignment_page(scene, found, _sentences(found, out), findings) if report else ""
        progress(MEASURED, "Writing")
        if out:
            _write_moved(scene, found.shift or (0.0, 0.0), out)
        if report:
            write_texts({report: page})
        metres = _metres(scene, found.shift)
    return {
        "rows": found.shift and found.shift[0],
        "columns": found.shift and found.shift[1],
        "metres": metres,
        "confidence": found.confidence,
        "unmoved": found.unmoved,
        "blocks": [asdict(block) for block in found.blocks],
        "looked": found.windows,
        "apart": found.residual_p90,
        "sentence": sentence,
        "findings": findings,
        "out": str(out) if out else None,
        "report": str(report) if report else None,
        "seconds": round(time.monotonic() - started, 2),
    }


def _targets(request: Align) -> tuple[Path | None, Path | None]:
    """Return the paths of MS and the page; raise OutputError if they cannot be written."""
    inputs = inputs_of(request)
    out = check_target(Path(request.out), inputs) if request.out else None
    taken = [*inputs, request.out] if request.out else inputs
    report = check_target(Path(request.report), taken, HTML) if request.report else None
    return out, report


def _sentences(found: Registration, out: Path | None) -> list[str]:
    """Return the sentences below the headline of the page."""
    if found.shift is None:
        return []
    sentences = [
        say(
            "With that shift the phases of their common detail match by {} of 1, without it by {}.",
            f"{found.confidence:.2f}",
            f"{found.unmoved:.2f}",
        )
    ]
    if out:
        sentences.append(
            say(
                "{} is the MS with the shift taken out: its pixels are the same, its grid was "
                "moved on the map. Sharpening reads it there at the exact phase.",
                out.name,
            )
        )
    return sentences


def _metres(scene: Scene, shift: Shift | None) -> float | None:
    """Return the length of the shift on the ground; None without a projected CRS."""
    if shift is None or scene.crs is None or not scene.crs.is_projected:
        return None
    try:
        factor = float(scene.crs.linear_units_factor[1])
    except GDAL_ERRORS:
        return None
    grid, (rows, cols) = scene.transform, shift
    return factor * math.hypot(grid.a * cols + grid.b * rows, grid.d * cols + grid.e * rows)


def moved_transform(scene: Scene, shift: Shift) -> Affine:
    """Return the geotransform of MS, in its own CRS, that removes the shift."""
    ms, pan = scene.rasters
    rows, cols = shift
    middle = scene.width / 2, scene.height / 2
    ends = [scene.transform * at for at in (middle, (middle[0] - cols, middle[1] - rows))]
    xs, ys = zip(*ends, strict=True)
    if not same_crs(ms.crs, pan.crs):
        xs, ys = transform_points(pan.crs, ms.crs, xs, ys)
    return Affine.translation(xs[1] - xs[0], ys[1] - ys[0]) * ms.transform


def _move(copy: Any, scene: Scene, shift: Shift) -> None:
    """Write the georeference without the shift into a copy of MS."""
    at = georeference_of(scene.rasters[0])
    if has_grid(at):
        copy.transform = moved_transform(scene, shift)
    else:
        rows, cols = (px / ratio for px, ratio in zip(shift, scene.ratio_yx, strict=True))
        write_sensor_model(copy, at.of_part(Affine.translation(-cols, -rows)))


def _write_moved(scene: Scene, shift: Shift, target: Path) -> None:
    """Write a copy of MS with the same pixels and metadata, on a moved grid."""
    source = scene.rasters[0]
    dtype = np.dtype(source.dtypes[0])
    packed = "NBITS" in read_tags(source, "IMAGE_STRUCTURE", 1)
    whole = {"NBITS": str(8 * dtype.itemsize)} if packed else {}
    options = creation_options(dtype, 256, whole)
    # The bands keep their meaning; compressed by one thread, the file is the same in every run.
    dropped = ("PHOTOMETRIC", "ALPHA", "NUM_THREADS")
    options = {key: text for key, text in options.items() if key not in dropped}
    try:
        with ExitStack() as stack:
            made = stack.enter_context(folder_beside(target)) / target.name
            stack.enter_context(rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True))
            stack.enter_context(quietly())
            rasterio.shutil.copy(source, made, driver="GTiff", **options)
            check_complete(made, target)
            with rasterio.open(made, "r+") as copy:
                _move(copy, scene, shift)
                for domain in KEPT_DOMAINS:  # GDAL copies the default domain alone
                    copy.update_tags(ns=domain or None, **read_tags(source, domain))
            put_in_place(made, target)
    except GDAL_ERRORS as error:
        raise OutputError("aligned-ms-not-written", target=target, reason=error) from error
