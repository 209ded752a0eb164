# SPDX-License-Identifier: GPL-2.0-or-later
"""Find one grid for PAN and MS: their own, that of their sensor, or one of the map by a warp.

Most pairs have north-up grids. A pair that has not may share the grid of its sensor, according to
its RPCs or ground control points (GCPs): then no pixel is resampled, and the result has those of
PAN. Otherwise each image that is not north-up is warped to the map.
"""

from __future__ import annotations

import logging
import math
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from affine import Affine
from rasterio.crs import CRS
from rasterio.io import DatasetReader
from rasterio.vrt import WarpedVRT

from core.errors import InputError, reason_of
from core.imaging.arrays import FloatArray
from core.raster.gdal import GDAL_ERRORS
from core.raster.georeference import (
    WGS84,
    WORDS,
    By,
    Georeference,
    georeference_of,
    is_geographic,
    mapped,
    named_crs,
    on_earth,
    same_crs,
    short_name,
    utm_zone,
)
from core.raster.nodata_override import NodataOverride, overridden
from core.raster.reader import open_raster
from core.raster.warp import TURN, Grid, outline, pixel_size, to_crs, turns, warp_to, warped
from core.raster.window import Window
from core.requests.scenes import Extent

_APART = 0.25  # MS px: largest distance of positions on PAN and MS that share a grid
_SNAP = 0.01  # PAN px: corners with smaller differences are equal
_RELIEF = 500.0  # metres above and below the ground, where RPCs must agree too
_POLE = 90.001  # degrees
_POINTS = 9  # per row and column, where the grids are compared

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class CommonGrid:
    """PAN and MS as they are read, and the transforms from their pixels to one map.

    Parameters
    ----------
    rasters : MS and PAN as they were opened, for their metadata.
    pan, ms : as they are read, warped or not.
    to_map, of_ms : from PAN px and MS px to the map.
    at : georeference of PAN as it is read.
    own : georeferences of MS and PAN as they were opened.
    """

    rasters: tuple[DatasetReader, DatasetReader]
    pan: DatasetReader
    ms: DatasetReader | WarpedVRT
    to_map: Affine
    of_ms: Affine
    at: Georeference
    own: tuple[Georeference, Georeference]

    @property
    def warped(self) -> bool:
        """Return whether PAN or MS is resampled to another grid."""
        return self.pan is not self.rasters[1] or self.ms is not self.rasters[0]

    @property
    def crs(self) -> CRS | None:
        """The CRS of the map; None if the common grid is that of the sensor."""
        if self.at.by in WORDS:
            return None
        # A CRS on Earth is preferred to a local one.
        either = self.at.crs, self.rasters[0].crs
        return next(filter(on_earth, either), self.at.crs or self.rasters[0].crs)

    def window(self, extent: Extent | None, extent_crs: str | None = None) -> Window:
        """Return the window of PAN for an extent, snapped outward to pixels.

        The extent is in PAN's CRS by default. Raises InputError if it has no pixel of PAN.
        """
        whole = Window(0, 0, self.pan.height, self.pan.width)
        if extent is None:
            return whole
        empty = InputError("extent-empty", extent=extent, pan=self.pan.name)
        if not (np.isfinite(extent).all() and extent[0] < extent[2] and extent[1] < extent[3]):
            raise empty
        crs = named_crs(extent_crs) if extent_crs else self.own[1].crs
        upright = self.at.is_north_up(self.pan.shape) and same_crs(crs, self.own[1].crs)
        if upright and self.pan is self.rasters[1]:
            points = np.reshape(extent, (2, 2)).T
        else:
            points = to_crs(_outline(extent), crs, self.at.crs)
            if not np.isfinite(points).all():
                raise empty
        cols, rows = self._pixels(points)
        part = _snapped(cols, rows).intersect(whole)
        if min(part.shape) < 1:
            raise empty
        return part

    def on_rasters(self, cols: FloatArray, rows: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return positions on MS and PAN as they were opened, `(2, n)` each, in their pixels.

        `cols` and `rows` `(n,)` are positions on PAN as it is read.
        """
        on_map = mapped(self.to_map, cols, rows)
        affine = self.of_ms, self.to_map
        found = []
        for raster, read, at, transform in zip(
            self.rasters, (self.ms, self.pan), self.own, affine, strict=True
        ):
            if raster is read:
                found.append(mapped(~transform, *on_map))
                continue
            xs, ys = to_crs(on_map, self.crs, at.crs)
            if is_geographic(at.crs) and at.by == "grid":
                middle = (raster.bounds.left + raster.bounds.right) / 2
                xs = xs + TURN * np.round((middle - xs) / TURN)
            found.append(at.pixels(xs, ys))
        return found[0], found[1]

    def _pixels(self, points: FloatArray) -> FloatArray:
        """Return columns and rows of PAN `(2, n)` of points `(2, n)` on the map."""
        if self.at.by != "nothing":
            return self.at.pixels(points[0], points[1])
        # QGIS shows rasters without georeference with y going down from 0.
        return points if points[1].min() >= 0.0 else points * [[1.0], [-1.0]]


class Located(NamedTuple):
    """A raster and its georeference."""

    raster: DatasetReader
    at: Georeference

    @property
    def north_up(self) -> bool:
        """Return whether rows and columns are parallel to the axes of the map."""
        return self.at.is_north_up(self.raster.shape)


def find_common_grid(
    pan_set: DatasetReader,
    ms_set: DatasetReader,
    overrides: tuple[NodataOverride, NodataOverride],
    dem: str | None,
    margin: int,
    stack: ExitStack,
) -> CommonGrid:
    """Return the pair on one grid; raise InputError if the two do not fit together.

    Parameters
    ----------
    overrides : nodata that MS and PAN do not declare, for GDAL's warp.
    dem : a raster of heights, with which images with RPCs are warped to the map in any case.
    margin : MS px kept around PAN if MS is warped.
    stack : closes the warped rasters.
    """
    if dem:
        open_raster(dem, "DEM").close()
    pan = Located(pan_set, _georeference("PAN", pan_set, dem))
    ms = Located(ms_set, _georeference("MS", ms_set, dem))
    if pan.at.by == "rpcs":
        ms = Located(ms_set, replace(ms.at, height=pan.at.height))  # the same ground
    rasters, own = (ms_set, pan_set), (ms.at, pan.at)
    if (pan.at.by == "nothing") != (ms.at.by == "nothing"):
        bare = f"PAN {pan_set.name}" if pan.at.by == "nothing" else f"MS {ms_set.name}"
        raise InputError("one-not-georeferenced", path=bare)
    _warn_of_missing_crs(pan, ms)
    if pan.at.by == "nothing":
        corners = Affine.scale(pan_set.width / ms_set.width, pan_set.height / ms_set.height)
        return CommonGrid(rasters, pan_set, ms_set, Affine.identity(), corners, pan.at, own)
    if not (pan.north_up and ms.north_up):
        on_ms = _shared_grid(pan, ms)
        if on_ms is not None:
            to_map = _sensor_grid(pan.at)
            return CommonGrid(rasters, pan_set, ms_set, to_map, to_map * ~on_ms, pan.at, own)
    _check_warpable("PAN", pan)
    _check_warpable("MS", ms)
    if not pan.north_up:
        pan = _warp_pan(pan, ms, overrides[1], stack)
    to_map = pan.raster.transform
    if ms.north_up and same_crs(pan.at.crs, ms.at.crs):
        of_ms = _beside(pan.raster, ms_set) if is_geographic(pan.at.crs) else ms_set.transform
        return CommonGrid(rasters, pan.raster, ms_set, to_map, of_ms, pan.at, own)
    source = Located(stack.enter_context(overridden(ms_set, overrides[0])), ms.at)
    warped_ms = stack.enter_context(_warp_ms(source, pan, margin))
    return CommonGrid(rasters, pan.raster, warped_ms, to_map, warped_ms.transform, pan.at, own)


def _outline(extent: Extent) -> FloatArray:
    """Return points `(2, n)` along the edges of an extent."""
    xs, ys = (np.linspace(extent[i], extent[i + 2], _POINTS) for i in (0, 1))
    edges = [(xs, ys[:1]), (xs, ys[-1:]), (xs[:1], ys), (xs[-1:], ys)]
    return np.concatenate([np.broadcast_arrays(*edge) for edge in edges], axis=1)


def _georeference(role: str, dataset: DatasetReader, dem: str | None) -> Georeference:
    """Return the georeference of a raster; raise InputError if it is damaged."""
    try:
        return georeference_of(dataset, dem)
    except (*GDAL_ERRORS, KeyError, TypeError, ValueError) as error:
        by: By = "geolocation" if dataset.tags(ns="GEOLOCATION") else "rpcs"
        raise _not_placed(role, Located(dataset, Georeference(by, None)), error) from error


def _check_warpable(role: str, image: Located) -> None:
    """Raise InputError for a georeference that GDAL cannot warp."""
    raster, at = image
    if at.by == "geolocation":
        raise InputError("raster-geolocation-arrays", role=role, path=raster.name)
    if at.by == "gcps" and not on_earth(at.crs):
        raise InputError("gcps-without-crs", role=role, path=raster.name)
    if at.by == "gcps" and is_geographic(at.crs) and max(abs(p.y) for p in at.gcps) > _POLE:
        raise _not_placed(role, image, ValueError("they name latitudes beyond the poles"))


def _warn_of_missing_crs(pan: Located, ms: Located) -> None:
    """Warn that a CRS is assumed if only one raster has one, or if one has a local CRS."""
    if bool(pan.at.crs) != bool(ms.at.crs):
        log.warning(
            "Only one of %s and %s has a CRS; assuming the same.", pan.raster.name, ms.raster.name
        )
    for one, other in ((pan, ms), (ms, pan)):
        if one.at.crs and other.at.crs != one.at.crs and not on_earth(one.at.crs):
            log.warning(
                "The CRS of %s is no place on Earth; assuming that of %s.",
                one.raster.name, other.raster.name,
            )  # fmt: skip


def _shared_grid(pan: Located, ms: Located) -> Affine | None:
    """Return the transform from PAN px to MS px if rows and columns of both are parallel on Earth.

    RPCs must agree at different heights, as those of one sensor at one time do. None otherwise.
    """
    if pan.at.by != ms.at.by or pan.at.dem:
        return None
    rises = (0.0, -_RELIEF, _RELIEF) if pan.at.by == "rpcs" else (0.0,)
    try:
        pairs = [_pairs(pan, ms.at, rise) for rise in rises]
    except GDAL_ERRORS:
        return None
    on_pan, on_ms = (np.concatenate(each, axis=1) for each in zip(*pairs, strict=True))
    if not np.isfinite(on_ms).all():
        return None
    (step_x, x), (step_y, y) = (np.polyfit(*each, 1) for each in zip(on_pan, on_ms, strict=True))
    found = Affine(step_x, 0.0, x, 0.0, step_y, y)
    if np.abs(mapped(found, *on_pan) - on_ms).max() > _APART:
        return None
    (height, width), (ms_height, ms_width) = pan.raster.shape, ms.raster.shape
    corners = Affine.scale(ms_width / width, ms_height / height)
    ends = [np.subtract(found * end, corners * end) for end in ((0, 0), (width, height))]
    return corners if np.abs(ends).max() <= _SNAP * abs(step_x) else found


def _pairs(pan: Located, ms_at: Georeference, rise: float) -> tuple[FloatArray, FloatArray]:
    """Return positions on PAN and on MS, `(2, n)` each, of points on the ground all over PAN."""
    along = np.linspace(0.0, 1.0, _POINTS)
    height, width = pan.raster.shape
    cols, rows = (axis.ravel() for axis in np.meshgrid(along * width, along * height))
    ground = pan.at.ground(cols, rows, rise)
    # GCPs give two polynomials; GDAL's warp uses the one from the ground to pixels.
    on_pan = pan.at.pixels(ground[0], ground[1], rise)
    ground = to_crs(ground, pan.at.crs, ms_at.crs)
    return on_pan, ms_at.pixels(ground[0], ground[1], rise)


def _sensor_grid(at: Georeference) -> Affine:
    """Return the transform of a grid that PAN and MS share, and log where it is kept."""
    if at.by == "grid":
        return at.transform
    if at.by == "geolocation":
        log.warning(
            "PAN and MS lie on one grid by their geolocation arrays. The result has no "
            "georeference; PAN's arrays hold for it."
        )
    else:
        log.info("PAN and MS lie on one grid by their %s, which the result keeps.", WORDS[at.by])
    return Affine.identity()


def _beside(pan: DatasetReader, ms: DatasetReader) -> Affine:
    """Return the geotransform of MS with longitudes as PAN counts them: from -180, or from 0."""
    middles = [(each.bounds.left + each.bounds.right) / 2 for each in (pan, ms)]
    away = turns(*middles)
    return Affine.translation(away, 0.0) * ms.transform if away else ms.transform


def _warp_pan(pan: Located, ms: Located, override: NodataOverride, stack: ExitStack) -> Located:
    """Return PAN warped to a north-up grid."""
    try:
        grid = _grid_for_pan(pan, ms)
        source = stack.enter_context(overridden(pan.raster, override))
        placed = stack.enter_context(warped(source, pan.at, grid))
    except (*GDAL_ERRORS, np.linalg.LinAlgError) as error:
        raise _not_placed("PAN", pan, error) from error
    _warn_of_warp("PAN", pan, grid.crs)
    size = abs(grid.transform.a), abs(grid.transform.e)
    log.info("The result lies on a grid of %s with pixels of %.6g x %.6g.", grid.crs, *size)
    return Located(placed, Georeference("grid", grid.crs, grid.transform))


def _grid_for_pan(pan: Located, ms: Located) -> Grid:
    """Return a north-up grid for PAN: that of MS, divided, if MS is north-up; else a new one."""
    middle = pan.at.ground([pan.raster.width / 2], [pan.raster.height / 2])
    if ms.north_up:
        crs = next(filter(on_earth, (ms.at.crs, pan.at.crs)), None)
        origin = ms.raster.transform
    else:
        usable = [each.at.crs for each in (pan, ms) if on_earth(each.at.crs)]
        crs = next((each for each in usable if each and each.is_projected), None)
        crs = crs or utm_zone(*to_crs(middle, pan.at.crs, WGS84)[:, 0])
        origin = Affine.scale(1.0, -1.0)
    if crs is None:
        raise InputError("raster-rotated", role="PAN", path=pan.raster.name)
    x, y = to_crs(middle, pan.at.crs, crs)[:, 0]
    unit = Grid(crs, Affine.translation(x, y) * Affine.scale(origin.a, origin.e), (0, 0))
    size = pixel_size(pan.at, unit)  # of a pixel of `origin`, in PAN px
    step = 1.0 / max(1, math.ceil(size - 0.1)) if ms.north_up else float(f"{1.0 / size:.3g}")
    pixel = origin * Affine.scale(step)
    cols, rows = mapped(~pixel, *outline(pan.raster, pan.at, crs))
    part = _snapped(cols, rows)
    return Grid(crs, pixel * Affine.translation(part.col, part.row), part.shape)


def _snapped(cols: FloatArray, rows: FloatArray) -> Window:
    """Return the window around positions `(n,)` in pixels; ends within `_SNAP` are equal."""
    return Window.between(
        math.floor(min(rows) + _SNAP),
        math.floor(min(cols) + _SNAP),
        math.ceil(max(rows) - _SNAP),
        math.ceil(max(cols) - _SNAP),
    )


def _warp_ms(ms: Located, pan: Located, margin: int) -> WarpedVRT | DatasetReader:
    """Return MS warped to the CRS of PAN."""
    crs = next(filter(on_earth, (pan.at.crs, ms.at.crs)), None)
    if crs is None:
        raise InputError("raster-rotated", role="MS", path=ms.raster.name)
    grid = Grid(crs, pan.raster.transform, pan.raster.shape)
    try:
        placed = warp_to(ms.raster, ms.at, grid, margin, pan.raster.name)
    except (*GDAL_ERRORS, np.linalg.LinAlgError) as error:
        if ms.at.by != "grid":
            raise _not_placed("MS", ms, error) from error
        raise InputError("ms-not-warped", path=ms.raster.name, reason=error) from error
    if ms.north_up:
        log.info("MS is reprojected from %s to %s.", short_name(ms.at.crs), short_name(crs))
    else:
        _warn_of_warp("MS", ms, crs)
    return placed


def _warn_of_warp(role: str, image: Located, crs: CRS) -> None:
    """Log which georeference a raster is warped by, and a warning if heights are not known."""
    raster, at = image
    if at.by == "rpcs" and not at.dem:
        log.warning(
            "%s %s is warped to %s by its RPCs, for a ground at %g m: what lies higher or lower is "
            "displaced, unless a raster of heights is given (--rpc-dem).",
            role, raster.name, crs, at.height,
        )  # fmt: skip
    else:
        by = {"grid": "its rotated grid"}.get(at.by, f"its {WORDS.get(at.by)}")
        log.warning("%s %s is warped to %s by %s.", role, raster.name, crs, by)


def _not_placed(role: str, image: Located, error: BaseException) -> InputError:
    """Return the error of a raster that cannot be warped to a map."""
    raster, at = image
    by = {"grid": "rotated grid"}.get(at.by, WORDS.get(at.by, ""))
    option = {"rpcs": "-rpc ", "gcps": "-tps ", "geolocation": "-geoloc "}.get(at.by, "")
    reason = reason_of(error)
    return InputError(
        "raster-not-placed", role=role, path=raster.name, by=by, option=option, reason=reason
    )
