# SPDX-License-Identifier: GPL-2.0-or-later
"""The files of a run: the result and, if requested, its error bar."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from core.errors import OutputError
from core.fusion.result_nodata import declared_nodata, warn_of_other_nodata
from core.pair.scene import Scene
from core.raster.geotiff import Layout
from core.raster.metadata import kept_metadata, only_names
from core.raster.options import packed_bits
from core.raster.window import Window
from core.raster.writer import Output, OutputFile, rehearse_files
from core.requests.scenes import Pansharpen

SPAN = 64  # MS px around the centre, whose range of values the rehearsal uses


def output_of(request: Pansharpen) -> Output:
    """Return the target and format that a request asks for."""
    return Output(
        path=Path(request.out),
        dtype=request.output_type,
        nodata=request.nodata if request.output_nodata is None else request.output_nodata,
        creation_options=request.creation_options,
        cog=request.cog,
        overviews={"yes": True, "no": False}.get(request.overviews),
    )


def spread_of(request: Pansharpen) -> Path | None:
    """Return the file of the error bar, if requested."""
    return Path(request.spread) if request.spread else None


def rehearse(scene: Scene, output: Output, *, spread: Path | None, tile: int) -> None:
    """Raise OutputError if the files cannot be written; parameters as of `tiled.plan_scene`."""
    files = [OutputFile(*each, tile) for each in layouts_of(scene, output, spread)]
    warn_of_other_nodata(output.nodata, scene, float(files[0].nodata))
    rehearse_files(files, partial(_span, scene))


def _span(scene: Scene) -> tuple[float, float]:
    """Return the least and the greatest value in the centre of MS; 0 and 1 without any."""
    height, width = scene.ms_grid.shape
    middle = Window(height // 2, width // 2, 1, 1).grow(SPAN, scene.ms_grid)
    values, valid = scene.read_ms_grid(middle)
    found = values[:, valid]
    if not found.size or found.min() == found.max():
        return 0.0, 1.0
    return float(found.min()), float(found.max())


def layouts_of(scene: Scene, output: Output, spread: Path | None) -> list[tuple[Output, Layout]]:
    """Return output and layout of the result and, if requested, of its error bar."""
    layout = layout_of(scene, output)
    if not spread:
        return [(output, layout)]
    names = [name or f"Band {number}" for number, name in enumerate(scene.band_names, start=1)]
    of_spread = replace(
        layout,
        inputs=(*layout.inputs, str(output.path)),
        dtype=np.dtype(np.float32),
        nodata=math.nan,
        metadata=only_names(*(f"{name}: half-width of the 90 % interval (DN)" for name in names)),
    )
    # Creation options for integers, such as NBITS or JPEG, may not work for floats.
    options = output.creation_options if layout.dtype == of_spread.dtype else {}
    return [(output, layout), (replace(output, path=spread, creation_options=options), of_spread)]


def layout_of(scene: Scene, output: Output) -> Layout:
    """Return the layout of the result; raise OutputError for a data type that is not a number's."""
    ms, pan = scene.rasters
    dtype = np.dtype(output.dtype or scene.dtype)
    if dtype.kind not in "uif":
        raise OutputError("type-not-writable", dtype=dtype)
    return Layout(
        (scene.pan_name, scene.ms_name),
        scene.height,
        scene.width,
        dtype,
        declared_nodata(output.nodata, scene, dtype, packed_bits(dtype, output.creation_options)),
        scene.crs,
        scene.transform,
        kept_metadata(ms, scene.sources[0].bands, pan).named(scene.band_names),
        scene.georeference,
    )
