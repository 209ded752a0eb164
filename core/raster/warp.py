# SPDX-License-Identifier: GPL-2.0-or-later
"""A raster read as if it lay on another grid, by GDAL's warp."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET  # nosec B405

import numpy as np
from affine import Affine
from numpy.typing import ArrayLike
from rasterio.crs import CRS
from rasterio.enums import Resampling
from rasterio.errors import CRSError
from rasterio.io import DatasetReader
from rasterio.transform import array_bounds
from rasterio.vrt import WarpedVRT
from rasterio.warp import transform as transform_points
from rasterio.warp import transform_bounds

from core.errors import InputError
from core.gdal_names import call
from core.imaging.arrays import FloatArray
from core.raster.georeference import Georeference, is_geographic, mapped
from core.raster.source import alpha_bands
from core.raster.vrt import NamedVrt, add, geotransform, replace_text, vrt_of

_METHODS = {"rpcs": "RPC", "gcps": "GCP_POLYNOMIAL"}
OUTSIDE_CRS = "PAN lies where the CRS of MS is not defined"
OUTSIDE_MODEL = "they give no pixels for a place in the middle"
OUTSIDE_DEM = "the DEM has no height there"
TURN = 360.0  # degrees
RPC_TOLERANCE = 0.01  # px: error of interpolating RPC polynomials along a row
_EDGE = 21  # points along each edge of a raster that are transformed to find its bounds


@dataclass(frozen=True)
class Grid:
    """A north-up grid of pixels, `shape` of them, on the map of a CRS."""

    crs: CRS
    transform: Affine
    shape: tuple[int, int]


def warp_to(
    dataset: DatasetReader, at: Georeference, target: Grid, margin: int, pan: str
) -> WarpedVRT | NamedVrt:
    """Warp MS to the CRS of PAN around PAN, at its own resolution.

    The size of its pixels is that of PAN times the ratio, which is rounded if close to an integer.
    Raises InputError if MS does not overlap PAN, errors of GDAL if it cannot be warped.

    Parameters
    ----------
    dataset, at : MS and its georeference.
    target : the grid of PAN.
    margin : MS px kept around PAN.
    pan : name of PAN, for messages.
    """
    ratio = 1.0 / pixel_size(at, target)
    whole = max(1, round(ratio))
    ratio = float(whole) if abs(ratio / whole - 1.0) < 0.01 else ratio
    bounds = _bounds(dataset, at, target)
    pixel = target.transform * Affine.scale(ratio)
    cols, rows = zip(~pixel * bounds[:2], ~pixel * bounds[2:], strict=True)
    height, width = np.array(target.shape) / ratio
    first_row, last_row = _around(rows, height, margin)
    first_col, last_col = _around(cols, width, margin)
    if first_row >= last_row or first_col >= last_col:
        raise InputError("no-overlap", pan=pan, ms=dataset.name)
    shape = last_row - first_row, last_col - first_col
    grid = Grid(target.crs, pixel * Affine.translation(first_col, first_row), shape)
    return warped(dataset, at, grid)


def pixel_size(at: Georeference, target: Grid) -> float:
    """Return the size of a pixel of a grid, in pixels of a raster, at the centre of the grid."""
    height, width = target.shape
    cols = width / 2 + np.array([0.0, 1.0, 0.0])
    rows = height / 2 + np.array([0.0, 0.0, 1.0])
    xs, ys = to_crs(mapped(target.transform, cols, rows), target.crs, at.crs)
    if is_geographic(at.crs):
        xs = np.unwrap(xs, period=TURN)
    cols, rows = at.pixels(xs, ys)
    if not np.isfinite([cols, rows]).all():
        nowhere = OUTSIDE_CRS if at.by == "grid" else OUTSIDE_MODEL
        raise CRSError(OUTSIDE_DEM if at.dem else nowhere)
    steps = np.array([cols[1:] - cols[0], rows[1:] - rows[0]])
    size = np.sqrt(abs(np.linalg.det(steps)))
    if size == 0.0:
        raise CRSError(OUTSIDE_CRS if at.by == "grid" else OUTSIDE_MODEL)
    return float(size)


def goes_past_180(dataset: DatasetReader, at: Georeference) -> bool:
    """Return whether longitudes of a raster in degrees exceed 180 degrees, west or east."""
    if not is_geographic(at.crs):
        return False
    west, _, east, _ = dataset.bounds
    return bool(min(west, east) < -180.0 or max(west, east) > 180.0)


def turns(longitude: float, other: float) -> float:
    """Return the multiple of 360 degrees to add to `other` so that it is closest to `longitude`."""
    return TURN * round((longitude - other) / TURN)


def to_crs(at: ArrayLike, source: CRS | None, target: CRS | None) -> FloatArray:
    """Return coordinates `(2, n)` in another CRS; a missing CRS is assumed to be the other."""
    xs, ys = np.asarray(at, np.float64)
    if source is None or target is None or source == target:
        return np.array([xs, ys])
    return np.array(transform_points(source, target, xs, ys)[:2], np.float64)


def outline(dataset: DatasetReader, at: Georeference, crs: CRS | None) -> FloatArray:
    """Return map coordinates `(2, n)` of points along the edges of a raster."""
    along = np.linspace(0.0, 1.0, _EDGE)
    near, far = np.zeros(_EDGE), np.ones(_EDGE)
    cols = dataset.width * np.concatenate([along, far, along, near])
    rows = dataset.height * np.concatenate([near, along, far, along])
    found = to_crs(at.ground(cols, rows), at.crs, crs)
    if at.dem and not np.isfinite(found).all():  # beyond the DEM
        found = to_crs(replace(at, dem=None).ground(cols, rows), at.crs, crs)
    if not np.isfinite(found).all():
        raise CRSError("part of it lies where the CRS is not defined")
    return found


def _bounds(dataset: DatasetReader, at: Georeference, target: Grid) -> tuple[float, ...]:
    """Return (xmin, ymin, xmax, ymax) of MS on the map of PAN."""
    round_earth = is_geographic(target.crs)
    if at.is_north_up(dataset.shape):
        found = transform_bounds(dataset.crs, target.crs, *dataset.bounds)
        west, _, east, _ = array_bounds(*target.shape, target.transform)
        round_earth &= found[0] > found[2] or min(west, found[0]) < -180.0 or east > 180.0
    if round_earth or not at.is_north_up(dataset.shape):
        points = outline(dataset, at, target.crs)
        if round_earth:
            centre = target.transform * (target.shape[1] / 2, target.shape[0] / 2)
            points[0] = np.unwrap(points[0], period=TURN)
            points[0] += turns(centre[0], points[0].mean())
        found = (*points.min(axis=1), *points.max(axis=1))
    if not np.isfinite(found).all():
        raise CRSError("MS lies where the CRS of PAN is not defined")
    return tuple(found)


def _around(ends: tuple[float, float], size: float, margin: int) -> tuple[int, int]:
    """Return the first pixel between both ends, and the one after the last.

    Both are at most `margin` px outside of 0 to `size`.
    """
    first, last = int(np.floor(min(ends))), int(np.ceil(max(ends)))
    return max(first, -margin), min(last, int(np.ceil(size)) + margin)


def warped(dataset: DatasetReader, at: Georeference, grid: Grid) -> WarpedVRT | NamedVrt:
    """Return a raster resampled to another grid, with one nodata value for all bands."""
    value = dataset.nodata
    if value is None and all(np.dtype(d).kind == "f" for d in dataset.dtypes):
        value = np.nan
    options: dict[str, Any] = {
        "resampling": Resampling.cubic,
        "tolerance": 1e-6,  # px; GDAL's default may be an eighth of a pixel off
        "src_nodata": value,
        "nodata": value,
        "add_alpha": value is None and not alpha_bands(dataset),
        "XSCALE": 1.0,  # GDAL would estimate both for every window, with small differences
        "YSCALE": 1.0,
        "UNIFIED_SRC_NODATA": "NO",  # each band has its own missing pixels
    }
    if at.by == "grid" and not goes_past_180(dataset, at):
        height, width = grid.shape
        placed = WarpedVRT(
            dataset,
            src_crs=None if dataset.crs else grid.crs,
            crs=grid.crs,
            transform=grid.transform,
            height=height,
            width=width,
            **options,
        )
        call(placed.name, dataset.name)
        return placed
    options["NUM_THREADS"] = os.environ.get("GDAL_NUM_THREADS") or "ALL_CPUS"
    if at.by in _METHODS:
        options["SRC_METHOD"] = "GCP_TPS" if at.spline else _METHODS[at.by]
    if at.by == "rpcs":
        options["RPC_HEIGHT"] = at.height
        if not at.dem:  # over a DEM, GDAL's interpolation would miss hills by many pixels
            options["tolerance"] = RPC_TOLERANCE
    return warped_by_model(dataset, at, grid, options)


def warped_by_model(
    dataset: DatasetReader, at: Georeference, grid: Grid, options: dict[str, Any]
) -> NamedVrt:
    """Return a raster warped by its RPCs or ground control points, or across 180 degrees.

    rasterio can do that only to a grid that GDAL chooses. So GDAL writes that warp as a VRT, which
    is opened again with the wanted grid.
    """
    with WarpedVRT(dataset, crs=grid.crs, **options) as chosen:
        root = vrt_of(chosen)
    height, width = grid.shape
    root.set("rasterYSize", str(height))
    root.set("rasterXSize", str(width))
    replace_text(root, "GeoTransform", geotransform(grid.transform))
    replace_text(root, "DstGeoTransform", geotransform(grid.transform))
    replace_text(root, "DstInvGeoTransform", geotransform(~grid.transform))
    replace_text(root, "BlockXSize", str(min(512, width)))
    replace_text(root, "BlockYSize", str(min(128, height)))
    source = root.find(".//SourceDataset")
    if source is not None and not isinstance(dataset, NamedVrt) and Path(dataset.name).exists():
        # GDAL names a file relative to the VRT, which has no folder here.
        source.text = str(Path(dataset.name).absolute())
        source.set("relativeToVRT", "0")
    model = root.find(".//RPCTransformer")
    if at.dem and model is not None:
        replace_text(model, "HeightOffset", "0")
        add(model, "DEMPath", at.dem)
    return NamedVrt(ET.tostring(root, encoding="unicode"), dataset.name)
