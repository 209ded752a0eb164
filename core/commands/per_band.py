# SPDX-License-Identifier: GPL-2.0-or-later
"""Sharpen each MS band by a PAN of its own, made of the bands of the PAN raster."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import rasterio

from core.errors import InputError
from core.fusion import run_files
from core.fusion.provenance import of_run
from core.gdal_names import one_name
from core.pair.pan_of_bands import band_weights, fine_bands, mixed_raster
from core.pair.scene import Scene
from core.progress import Pace, Progress, scaled
from core.raster.metadata import Tags
from core.raster.output_files import folder_beside
from core.raster.writer import Output, OutputFile, write_files
from core.requests.scenes import NODATA_BANDS, Pansharpen

log = logging.getLogger(__name__)

Sharpen = Callable[[Pansharpen, Progress, Pace], dict[str, Any]]
BAND_SHARE = 0.95
"""Share of the progress bar for the bands; the rest is for joining them."""


def perform(
    request: Pansharpen, output: Output, sharpen: Sharpen, progress: Progress, pace: Pace
) -> dict[str, Any]:
    """Sharpen the bands one after another by `sharpen`, and write them into one file.

    Returns the result of the last band, with the methods, tiles and seconds of all. Raises
    InputError for options that have no meaning for several PAN.
    """
    started = time.monotonic()
    for name in ("pan_band", "report", "spread", "fit", "save_fit"):
        if getattr(request, name) is not None:
            raise InputError("pan-of-bands-without", option=name.replace("_", "-"))
    pan = one_name(request.pan)
    fine = fine_bands(pan)
    with ExitStack() as stack:
        opened = Scene.of(replace(request, pan_band=fine[0]), request.extent, request.extent_crs)
        scene = stack.enter_context(opened)
        run_files.rehearse(scene, output, spread=None, tile=request.tile)
        weights = band_weights(request, fine, request.seed)
        folder = stack.enter_context(folder_beside(output.path))
        missing = request.nodata if request.pan_nodata is None else request.pan_nodata
        parts: list[Path] = []
        done: list[dict[str, Any]] = []
        for number, (band, of_fine) in enumerate(zip(scene.sources[0].bands, weights, strict=True)):
            shares = ", ".join(f"{weight:.2f}" for weight in of_fine)
            log.info("PAN of MS band %d: %s of bands %s.", band, shares, fine)
            parts.append(folder / f"{number}.tif")
            alone = replace(
                request,
                pan=mixed_raster(pan, fine, of_fine, missing),
                ms_bands=(band,),
                out=str(parts[-1]),
                pan_nodata=None,
                output_type="float32",
                output_nodata=None,
                creation_options={},
                cog=False,
                overviews="no",
                pan_from_bands=False,
            )
            ends = (BAND_SHARE * at / scene.bands for at in (number, number + 1))
            done.append(sharpen(alone, scaled(progress, *ends), pace))
        named = [each["method"] for each in done]
        methods = ", ".join(named if len({*named}) > 1 else named[:1])  # of each band, or of all
        tags = {"KSDIFF_METHOD": methods, "KSDIFF_PAN_BANDS": ", ".join(map(str, fine))}
        tags = {**of_run(scene, request.seed, None), **tags}
        together = request.nodata_bands == NODATA_BANDS[0]
        rest = scaled(progress, BAND_SHARE, 1.0)
        _join(parts, scene, output, request.tile, tags, together, rest)
    return {
        **done[-1],
        "out": output.path,
        "method": methods,
        "bands": len(parts),
        **{name: sum(each[name] for each in done) for name in ("tiles", "tile_seconds")},
        "seconds": round(time.monotonic() - started, 3),
        "scene_test": None,
    }


def _join(
    parts: list[Path],
    scene: Scene,
    output: Output,
    tile: int,
    tags: Tags,
    together: bool,
    progress: Progress,
) -> None:
    """Write rasters of one band each into the bands of one file.

    With `together`, a pixel without data in one band has none in any. Tags that all parts have in
    common are those of the file, too, unless `tags` say otherwise.
    """
    with ExitStack() as stack:
        sources = [stack.enter_context(rasterio.open(part)) for part in parts]
        sink = stack.enter_context(OutputFile(output, run_files.layout_of(scene, output), tile))
        first, *others = (source.tags() for source in sources)
        common = {k: v for k, v in first.items() if all(each.get(k) == v for each in others)}
        ours = {key: value for key, value in common.items() if key.startswith("KSDIFF_")}
        sink.tag({**ours, **tags})
        tiles = scene.plan(tile, 0)
        for number, each in enumerate(tiles):
            progress(number / len(tiles), "Joining the bands")
            rows, cols = each.inner.slices
            area = ((rows.start, rows.stop), (cols.start, cols.stop))
            values = np.stack([source.read(1, window=area) for source in sources])
            valid = np.stack([source.read_masks(1, window=area) for source in sources]) > 0
            values = np.where(valid, values, np.nan)
            over_bands = np.logical_and if together else np.logical_or
            sink.write(each.inner, values, over_bands.reduce(valid))
        write_files([sink])
    progress(1.0, "Joining the bands")
