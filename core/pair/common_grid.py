# SPDX-License-Identifier: GPL-2.0-or-later
"""Bring PAN and MS onto one grid of rows and columns: as they are, or warped on the way.

Most pairs lie on north-up grids of the map. Where one does not, the two may share a grid none the
less: that of their sensor, which their RPCs or ground control points tell. Then no pixel is
resampled, and the result keeps PAN's. Otherwise each that is not north-up is warped to the map.
"""

from __future__ import annotations

import logging
import math
from contextlib import ExitStack
from dataclasses import dataclass, replace

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

_APART = 0.25  # MS px between the grid of PAN and that of MS, anywhere, if they are one grid
_SNAP = 0.01  # PAN px: corners that agree to so much agree
_RELIEF = 500.0  # m: one sensor sees heights that differ by so much alike in PAN and MS
_POLE = 90.001  # degrees
_POINTS = 9  # per row and column, where the grids are compared

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Placing:
    """PAN and MS as they are read, and how their pixels lie on one map.

    Parameters
    ----------
    rasters : MS and PAN as they were opened, for their metadata.
    pan, ms : as they are read.
    to_map : PAN px to the map.
    of_ms : MS px to the map.
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
        """Whether either is resampled on the way."""
        return self.pan is not self.rasters[1] or self.ms is not self.rasters[0]

    @property
    def crs(self) -> CRS | None:
        """The CRS of the map; None where only the sensor's own rows and columns are one grid."""
        if self.at.by in WORDS:
            return None
        # A CRS that is nowhere on Earth gives way to one that is somewhere.
        either = self.at.crs, self.rasters[0].crs
        return next(filter(on_earth, either), self.at.crs or self.rasters[0].crs)

    def window(self, extent: Extent | None, extent_crs: str | None = None) -> Window:
        """Return the window of PAN within an extent, snapped outward to pixels.

        The extent is in PAN's CRS unless another is named.
        """
        whole = Window(0, 0, self.pan.height, self.pan.width)
        if extent is None:
            return whole
        if not (np.isfinite(extent).all() and extent[0] < extent[2] and extent[1] < extent[3]):
            raise InputError("extent-empty", extent=extent, pan=self.pan.name)
        crs = named_crs(extent_crs) if extent_crs else self.own[1].crs
        upright = self.at.is_north_up(self.pan.shape) and same_crs(crs, self.own[1].crs)
        if upright and self.pan is self.rasters[1]:
            points = np.reshape(extent, (2, 2)).T
        else:
            points = to_crs(_outline(extent), crs, self.at.crs)
            if not np.isfinite(points).all():
                raise InputError("extent-empty", extent=extent, pan=self.pan.name)
        cols, rows = self._pixels(points)
        part = Window.between(
            math.floor(min(rows) + _SNAP),
            math.floor(min(cols) + _SNAP),
            math.ceil(max(rows) - _SNAP),
            math.ceil(max(cols) - _SNAP),
        ).intersect(whole)
        if min(part.shape) < 1:
            raise InputError("extent-empty", extent=extent, pan=self.pan.name)
        return part

    def on_rasters(self, cols: FloatArray, rows: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return where positions on PAN, as it is read, lie on MS and PAN as they were opened."""
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
        """Return columns and rows of PAN."""
        if self.at.by != "nothing":
            return self.at.pixels(points[0], points[1])
        # As QGIS shows rasters without georeference: rows go down from zero.
        return points if points[1].min() >= 0.0 else points * [[1.0], [-1.0]]


def place(
    pan: DatasetReader,
    ms: DatasetReader,
    overrides: tuple[NodataOverride, NodataOverride],
    dem: str | None,
    margin: int,
    stack: ExitStack,
) -> Placing:
    """Return the pair on one grid; raise InputError where the two cannot be brought together.

    Parameters
    ----------
    overrides : what MS and PAN do not declare, and a warp must know.
    dem : a raster of heights, by which RPCs are warped to the map in any case.
    margin : MS px kept around PAN where MS is warped.
    stack : closes what is warped.
    """
    if dem:
        open_raster(dem, "DEM").close()
    pan_at, ms_at = _georeference("PAN", pan, dem), _georeference("MS", ms, dem)
    if pan_at.by == "rpcs":
        ms_at = replace(ms_at, height=pan_at.height)  # of one ground
    own = ms_at, pan_at
    if (pan_at.by == "nothing") != (ms_at.by == "nothing"):
        bare = f"PAN {pan.name}" if pan_at.by == "nothing" else f"MS {ms.name}"
        raise InputError("one-not-georeferenced", path=bare)
    _warn_of_missing_crs(pan, pan_at, ms, ms_at)
    if pan_at.by == "nothing":
        corners = Affine.scale(pan.width / ms.width, pan.height / ms.height)
        return Placing((ms, pan), pan, ms, Affine.identity(), corners, pan_at, own)
    upright = pan_at.is_north_up(pan.shape), ms_at.is_north_up(ms.shape)
    if not all(upright):
        shared = _shared(pan, pan_at, ms, ms_at)
        if shared is not None:
            return _on_sensor_grid(pan, pan_at, ms, shared, own)
    _check_warpable("PAN", pan, pan_at)
    _check_warpable("MS", ms, ms_at)
    rasters = ms, pan
    if not upright[0]:
        pan, pan_at = _place_pan(pan, pan_at, ms, ms_at, overrides[1], stack)
    if upright[1] and same_crs(pan_at.crs, ms_at.crs):
        of_ms = _beside(pan, ms) if is_geographic(pan_at.crs) else ms.transform
        return Placing(rasters, pan, ms, pan.transform, of_ms, pan_at, own)
    whole = stack.enter_context(overridden(ms, overrides[0]))
    ms_set = _place_ms(whole, ms_at, pan, pan_at, margin)
    stack.enter_context(ms_set)
    return Placing(rasters, pan, ms_set, pan.transform, ms_set.transform, pan_at, own)


def _outline(extent: Extent) -> FloatArray:
    """Return points `(2, n)` along the edges of an extent."""
    xs, ys = (np.linspace(extent[i], extent[i + 2], _POINTS) for i in (0, 1))
    edges = [(xs, ys[:1]), (xs, ys[-1:]), (xs[:1], ys), (xs[-1:], ys)]
    return np.concatenate([np.broadcast_arrays(*edge) for edge in edges], axis=1)


def _georeference(role: str, dataset: DatasetReader, dem: str | None) -> Georeference:
    """Return how a raster lies on the ground; raise InputError where that cannot be used."""
    try:
        at = georeference_of(dataset, dem)
    except (*GDAL_ERRORS, KeyError, TypeError, ValueError) as error:
        by: By = "geolocation" if dataset.tags(ns="GEOLOCATION") else "rpcs"
        raise _not_placed(role, dataset, Georeference(by, None), error) from error
    return at


def _check_warpable(role: str, dataset: DatasetReader, at: Georeference) -> None:
    """Raise InputError for what GDAL's warp could not bring to a map."""
    if at.by == "geolocation":
        raise InputError("raster-geolocation-arrays", role=role, path=dataset.name)
    if at.by == "gcps" and not on_earth(at.crs):
        raise InputError("gcps-without-crs", role=role, path=dataset.name)
    if at.by == "gcps" and is_geographic(at.crs) and max(abs(p.y) for p in at.gcps) > _POLE:
        raise _not_placed(role, dataset, at, ValueError("they name latitudes beyond the poles"))


def _warn_of_missing_crs(
    pan: DatasetReader, pan_at: Georeference, ms: DatasetReader, ms_at: Georeference
) -> None:
    """Say that a CRS is assumed where only one raster has one, or one is nowhere on Earth."""
    if bool(pan_at.crs) != bool(ms_at.crs):
        _log.warning("Only one of %s and %s has a CRS; assuming the same.", pan.name, ms.name)
    both = (pan, pan_at.crs, ms, ms_at.crs), (ms, ms_at.crs, pan, pan_at.crs)
    for dataset, crs, other, other_crs in both:
        if crs and other_crs != crs and not on_earth(crs):
            _log.warning(
                "The CRS of %s is no place on Earth; assuming that of %s.", dataset.name, other.name
            )


def _shared(
    pan: DatasetReader, pan_at: Georeference, ms: DatasetReader, ms_at: Georeference
) -> Affine | None:
    """Return PAN px to MS px if rows and columns of both are the same lines on the ground.

    RPCs that see different heights alike are of one sensor at one time; others would need the
    terrain.
    """
    if pan_at.by != ms_at.by or pan_at.dem:
        return None
    rises = (0.0, -_RELIEF, _RELIEF) if pan_at.by == "rpcs" else (0.0,)
    try:
        pairs = [_pairs(pan, pan_at, ms_at, rise) for rise in rises]
    except GDAL_ERRORS:
        return None
    on_pan, on_ms = (np.concatenate(each, axis=1) for each in zip(*pairs, strict=True))
    if not np.isfinite(on_ms).all():
        return None
    (step_x, x), (step_y, y) = (np.polyfit(*each, 1) for each in zip(on_pan, on_ms, strict=True))
    found = Affine(step_x, 0.0, x, 0.0, step_y, y)
    if np.abs(mapped(found, *on_pan) - on_ms).max() > _APART:
        return None
    corners = Affine.scale(ms.width / pan.width, ms.height / pan.height)
    ends = [np.subtract(found * end, corners * end) for end in ((0, 0), (pan.width, pan.height))]
    return corners if np.abs(ends).max() <= _SNAP * abs(step_x) else found


def _pairs(
    pan: DatasetReader, pan_at: Georeference, ms_at: Georeference, rise: float
) -> tuple[FloatArray, FloatArray]:
    """Return columns and rows on PAN, and on MS, of points on the ground all over PAN."""
    along = np.linspace(0.0, 1.0, _POINTS)
    cols, rows = (axis.ravel() for axis in np.meshgrid(along * pan.width, along * pan.height))
    ground = pan_at.ground(cols, rows, rise)
    # Ground control points make two polynomials, one each way; a warp uses that to the pixels.
    on_pan = pan_at.pixels(ground[0], ground[1], rise)
    ground = to_crs(ground, pan_at.crs, ms_at.crs)
    return on_pan, ms_at.pixels(ground[0], ground[1], rise)


def _on_sensor_grid(
    pan: DatasetReader,
    at: Georeference,
    ms: DatasetReader,
    on_ms: Affine,
    own: tuple[Georeference, Georeference],
) -> Placing:
    """Return the pair on the grid that it has in common."""
    if at.by == "grid":
        return Placing((ms, pan), pan, ms, at.transform, at.transform * ~on_ms, at, own)
    if at.by == "geolocation":
        _log.warning(
            "PAN and MS lie on one grid by their geolocation arrays. The result has no "
            "georeference; PAN's arrays hold for it."
        )
    else:
        _log.info("PAN and MS lie on one grid by their %s, which the result keeps.", WORDS[at.by])
    return Placing((ms, pan), pan, ms, Affine.identity(), ~on_ms, at, own)


def _beside(pan: DatasetReader, ms: DatasetReader) -> Affine:
    """Return the geotransform of MS with longitudes as PAN counts them: from -180, or from 0."""
    middles = [(each.bounds.left + each.bounds.right) / 2 for each in (pan, ms)]
    away = turns(*middles)
    return Affine.translation(away, 0.0) * ms.transform if away else ms.transform


def _place_pan(
    pan: DatasetReader,
    at: Georeference,
    ms: DatasetReader,
    ms_at: Georeference,
    overrides: NodataOverride,
    stack: ExitStack,
) -> tuple[DatasetReader, Georeference]:
    """Return PAN warped to the map."""
    try:
        grid = _pan_grid(pan, at, ms, ms_at)
        whole = stack.enter_context(overridden(pan, overrides))
        placed = stack.enter_context(warped(whole, at, grid))
    except (*GDAL_ERRORS, np.linalg.LinAlgError) as error:
        raise _not_placed("PAN", pan, at, error) from error
    _tell("PAN", pan, at, grid.crs)
    size = abs(grid.transform.a), abs(grid.transform.e)
    _log.info("The result lies on a grid of %s with pixels of %.6g x %.6g.", grid.crs, *size)
    return placed, Georeference("grid", grid.crs, grid.transform)


def _pan_grid(pan: DatasetReader, at: Georeference, ms: DatasetReader, ms_at: Georeference) -> Grid:
    """Return the grid for PAN: MS' own, divided, where MS lies on the map; else a new one."""
    middle = at.ground([pan.width / 2], [pan.height / 2])
    if ms_at.is_north_up(ms.shape):
        crs = next(filter(on_earth, (ms_at.crs, at.crs)), None)
        origin = ms.transform
    else:
        usable = [each.crs for each in (at, ms_at) if on_earth(each.crs)]
        crs = next((each for each in usable if each and each.is_projected), None)
        crs = crs or utm_zone(*to_crs(middle, at.crs, WGS84)[:, 0])
        origin = Affine.scale(1.0, -1.0)
    if crs is None:
        raise InputError("raster-rotated", role="PAN", path=pan.name)
    x, y = to_crs(middle, at.crs, crs)[:, 0]
    unit = Grid(crs, Affine.translation(x, y) * Affine.scale(origin.a, origin.e), (0, 0))
    size = pixel_size(at, unit)  # of a pixel of `origin`, in PAN px
    if ms_at.is_north_up(ms.shape):
        step = 1.0 / max(1, math.ceil(size - 0.1))
    else:
        step = float(f"{1.0 / size:.3g}")
    pixel = origin * Affine.scale(step)
    cols, rows = mapped(~pixel, *outline(pan, at, crs))
    col, row = math.floor(cols.min() + _SNAP), math.floor(rows.min() + _SNAP)
    col_end, row_end = math.ceil(cols.max() - _SNAP), math.ceil(rows.max() - _SNAP)
    shape = row_end - row, col_end - col
    return Grid(crs, pixel * Affine.translation(col, row), shape)


def _place_ms(
    ms: DatasetReader,
    at: Georeference,
    pan: DatasetReader,
    pan_at: Georeference,
    margin: int,
) -> WarpedVRT | DatasetReader:
    """Return MS warped to the map of PAN."""
    crs = next(filter(on_earth, (pan_at.crs, at.crs)), None)
    if crs is None:
        raise InputError("raster-rotated", role="MS", path=ms.name)
    try:
        placed = warp_to(ms, at, Grid(crs, pan.transform, pan.shape), margin, pan.name)
    except (*GDAL_ERRORS, np.linalg.LinAlgError) as error:
        if at.by != "grid":
            raise _not_placed("MS", ms, at, error) from error
        raise InputError("ms-not-warped", path=ms.name, reason=error) from error
    if at.is_north_up(ms.shape):
        _log.info("MS is reprojected from %s to %s.", short_name(at.crs), short_name(crs))
    else:
        _tell("MS", ms, at, crs)
    return placed


def _tell(role: str, dataset: DatasetReader, at: Georeference, crs: CRS) -> None:
    """Say by what a raster is warped to the map, and how sure that is."""
    if at.by == "rpcs" and not at.dem:
        _log.warning(
            "%s %s is warped to %s by its RPCs, for a ground at %g m: what lies higher or lower is "
            "displaced, unless a raster of heights is given (--rpc-dem).",
            role, dataset.name, crs, at.height,
        )  # fmt: skip
    else:
        by = {"grid": "its rotated grid"}.get(at.by, f"its {WORDS.get(at.by)}")
        _log.warning("%s %s is warped to %s by %s.", role, dataset.name, crs, by)


def _not_placed(
    role: str, dataset: DatasetReader, at: Georeference, error: BaseException
) -> InputError:
    by = {"grid": "rotated grid"}.get(at.by, WORDS.get(at.by, ""))
    option = {"rpcs": "-rpc ", "gcps": "-tps ", "geolocation": "-geoloc "}.get(at.by, "")
    return InputError(
        "raster-not-placed",
        role=role,
        path=dataset.name,
        by=by,
        reason=reason_of(error),
        option=option,
    )
