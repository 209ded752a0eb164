# SPDX-License-Identifier: GPL-2.0-or-later
"""Open and check the files of an assessment: a fused raster, its PAN and MS, and a reference."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import numpy as np
from affine import Affine
from rasterio.io import DatasetReader

from core.errors import InputError
from core.pair.scene import Scene
from core.progress import Progress
from core.quality.dynamic_range import largest_value, scale_and_peak
from core.quality.interpolated_ms import InterpolatedMS, interpolated_ms
from core.quality.on_grid import RasterOnGrid
from core.raster.georeference import georeference_of, has_grid, same_crs
from core.raster.reader import open_raster
from core.raster.source import Source, data_bands
from core.raster.window import Window
from core.requests.scenes import Quality
from core.sensors import Sensor, sensor_of

FUSED, REFERENCE = "Fused image", "Reference"
GRID_TOLERANCE = 0.01  # PAN px between a raster's grid and PAN's, at either end of the raster


@dataclass(frozen=True)
class QualityInputs:
    """A scene with the extent of the fused image, and images on its grid.

    `gains` are the MTF gains of the bands, `peak` is the largest possible value, `scale` converts
    values to DN.
    """

    scene: Scene
    interpolated: InterpolatedMS
    fused: RasterOnGrid
    reference: RasterOnGrid | None
    sensor: Sensor
    gains: tuple[float, ...]
    peak: float
    scale: float


@contextmanager
def open_inputs(request: Quality, progress: Progress) -> Iterator[QualityInputs]:
    """Open all files and find the largest value; raise InputError if they do not fit together."""
    with ExitStack() as stack:
        whole = stack.enter_context(Scene.of(request))
        pan = whole.sources[1].dataset
        fused = stack.enter_context(open_raster(request.fused, FUSED))
        on_pan = _window_on_pan(fused, FUSED, pan)
        if not on_pan.inside(Window(0, 0, *pan.shape)):
            raise _other_grid(fused, FUSED, pan, "it reaches beyond PAN")
        scene = whole.part(on_pan)
        if scene.ms_grid.height < 1 or scene.ms_grid.width < 1:
            raise InputError("fused-too-small", role=FUSED, path=request.fused, ms=request.ms)
        image = RasterOnGrid(_source(fused, FUSED, scene, request))
        reference = None
        if request.reference is not None:
            other = stack.enter_context(open_raster(request.reference, REFERENCE))
            at = _window_on_pan(other, REFERENCE, pan)
            if not on_pan.inside(at):
                raise _other_grid(other, REFERENCE, pan, "it does not cover the fused image")
            offset = on_pan.row - at.row, on_pan.col - at.col
            reference = RasterOnGrid(_source(other, REFERENCE, scene, request), offset)
        card = sensor_of(request.sensor, *scene.rasters)
        interpolated = interpolated_ms(scene)
        largest = largest_value(interpolated.read_ms, scene.ms_grid.shape)
        if reference is not None:
            of_reference = largest_value(reference.read, scene.whole.shape, progress)
            largest = max(largest, of_reference)
        scale, peak = scale_and_peak(card, largest, scene.dtype)
        gains = card.gains(scene.band_names)
        yield QualityInputs(scene, interpolated, image, reference, card, gains, peak, scale)


def _window_on_pan(dataset: DatasetReader, role: str, pan: DatasetReader) -> Window:
    """Return the window of PAN that a raster covers; raise InputError if it is on another grid."""
    if not same_crs(dataset.crs, pan.crs):
        raise InputError("crs-differs-from-pan", role=role, path=dataset.name, pan=pan.name)
    bare = dataset.transform.is_identity, pan.transform.is_identity
    grid = ~pan.transform * dataset.transform
    if all(bare) and dataset.shape != pan.shape:
        by_model = _grid_by_model(dataset, pan)
        if by_model is None:
            why = "neither is georeferenced, and their sizes differ"
            raise _other_grid(dataset, role, pan, why)
        grid = by_model
    if any(bare) and not all(bare):
        raise _other_grid(dataset, role, pan, "only one of the two is georeferenced")
    if not np.allclose((grid.a, grid.e), 1.0, atol=0.01):
        size = f"its pixels are {grid.a:.4g} x {grid.e:.4g} of PAN's"
        raise _other_grid(dataset, role, pan, size)
    row, col = round(grid.f), round(grid.c)
    end = grid * (dataset.width, dataset.height)
    off = max(
        abs(grid.c - col),
        abs(grid.f - row),
        abs(end[0] - col - dataset.width),
        abs(end[1] - row - dataset.height),
    )
    if off > GRID_TOLERANCE:
        raise _other_grid(dataset, role, pan, f"its pixels lie {off:.2g} of one beside PAN's")
    return Window(row, col, dataset.height, dataset.width)


def _grid_by_model(dataset: DatasetReader, pan: DatasetReader) -> Affine | None:
    """Return pixels to those of PAN, by the RPCs or ground control points that both have."""
    at, pan_at = georeference_of(dataset), georeference_of(pan)
    if at.by != pan_at.by or has_grid(at):
        return None
    ground = at.ground([0.0, dataset.width], [0.0, dataset.height])
    # The way back to the pixels is exact, the other one need not be.
    (col, col_end), (row, row_end) = at.pixels(ground[0], ground[1])
    (x, x_end), (y, y_end) = pan_at.pixels(ground[0], ground[1])
    step_x, step_y = (x_end - x) / (col_end - col), (y_end - y) / (row_end - row)
    return Affine(step_x, 0.0, x - step_x * col, 0.0, step_y, y - step_y * row)


def _other_grid(dataset: DatasetReader, role: str, pan: DatasetReader, why: str) -> InputError:
    return InputError("not-on-pan-grid", role=role, path=dataset.name, pan=pan.name, why=why)


def _source(dataset: DatasetReader, role: str, scene: Scene, request: Quality) -> Source:
    """Return all bands of a raster; raise InputError unless MS has as many."""
    bands = data_bands(dataset)
    if len(bands) != scene.bands:
        chosen = "" if request.ms_bands is None else " chosen"
        raise InputError(
            "fused-bands-missing" if len(bands) < scene.bands else "fused-band-count",
            role=role,
            path=dataset.name,
            bands=len(bands),
            ms=request.ms,
            scene_bands=scene.bands,
            chosen=chosen,
        )
    return Source(dataset, bands, request.nodata if dataset.nodata is None else None)
