# SPDX-License-Identifier: GPL-2.0-or-later
"""The files of a run: the result and, where it is asked for, its error bar."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from core.errors import OutputError
from core.fusion.result_nodata import declared_nodata, tell_other_nodata
from core.pair.scene import Scene
from core.raster.geotiff import Layout
from core.raster.metadata import kept_metadata, only_names
from core.raster.options import packed_bits
from core.raster.window import Window
from core.raster.writer import Output, OutputFile, rehearse_files
from core.requests.scenes import Pansharpen

SPAN = 64  # px around the middle of MS, whose values creation options are tried with


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
    """Return the file of the error bar, if it is wanted."""
    return Path(request.spread) if request.spread else None


def rehearse(scene: Scene, output: Output, *, spread: Path | None, tile: int) -> None:
    """Raise OutputError where `sharpen` could not write its files; see there for the parameters."""
    files = files_of(scene, output, spread, tile)
    tell_other_nodata(output.nodata, scene, float(files[0].nodata))
    rehearse_files(files, partial(_span, scene))


def _span(scene: Scene) -> tuple[float, float]:
    """Return the least and the greatest value in the middle of MS; 0 and 1 where there is none."""
    height, width = scene.ms_grid.shape
    middle = Window(height // 2, width // 2, 1, 1).grow(SPAN, scene.ms_grid)
    values, valid = scene.read_ms_grid(middle)
    found = values[:, valid]
    if not found.size or found.min() == found.max():
        return 0.0, 1.0
    return float(found.min()), float(found.max())


def files_of(scene: Scene, output: Output, spread: Path | None, tile: int) -> list[OutputFile]:
    """Return the result and, where it is asked for, its error bar; not yet open."""
    outputs = layouts_of(scene, output, spread)
    return [OutputFile(each, layout, tile) for each, layout in outputs]


def layouts_of(scene: Scene, output: Output, spread: Path | None) -> list[tuple[Output, Layout]]:
    """Return what the result is to be and, where it is asked for, its error bar."""
    layout = layout_of(scene, output)
    if not spread:
        return [(output, layout)]
    of_spread = _spread_layout(scene, output)
    # What is chosen for integers, such as NBITS or JPEG, may not do for floats.
    options = output.creation_options if layout.dtype == of_spread.dtype else {}
    return [(output, layout), (replace(output, path=spread, creation_options=options), of_spread)]


def layout_of(scene: Scene, output: Output) -> Layout:
    """Return a file on the scene's grid, with its bands; raise OutputError for types of no use."""
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


def _spread_layout(scene: Scene, output: Output) -> Layout:
    """Return the bands of the error bar on the scene's grid; nodata is NaN."""
    return Layout(
        (scene.pan_name, scene.ms_name, str(output.path)),
        scene.height,
        scene.width,
        np.dtype(np.float32),
        math.nan,
        scene.crs,
        scene.transform,
        only_names(*(_name_of_bar(n, name) for n, name in enumerate(scene.band_names, 1))),
        scene.georeference,
    )


def _name_of_bar(number: int, name: str | None) -> str:
    return f"{name or f'Band {number}'}: half-width of the 90 % interval (DN)"
