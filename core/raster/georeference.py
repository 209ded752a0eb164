# SPDX-License-Identifier: GPL-2.0-or-later
"""The georeference of a raster: an affine grid, RPCs, or ground control points (GCPs)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import rasterio
import rasterio.windows
from affine import Affine
from numpy.typing import ArrayLike
from rasterio.control import GroundControlPoint
from rasterio.crs import CRS
from rasterio.errors import RPCError
from rasterio.io import DatasetReader, DatasetWriter
from rasterio.rpc import RPC
from rasterio.transform import GCPTransformer, RPCTransformer

from core.errors import InputError
from core.imaging.arrays import FloatArray
from core.raster.gdal import GDAL_ERRORS, quietly

#: Kind of a georeference; "geolocation" is arrays of longitudes and latitudes.
By = Literal["grid", "rpcs", "gcps", "geolocation", "nothing"]
WORDS = {"rpcs": "RPCs", "gcps": "ground control points", "geolocation": "geolocation arrays"}
WGS84 = CRS.from_epsg(4326)
IDENTITY = Affine.identity()
_FEWEST_GCPS = 3
_SAMPLES = 12  # rows and columns of geolocation arrays that are sampled
_GOOD_FIT = 1.0  # px: above this error of a polynomial, a thin plate spline is used
_NORTH_UP = 0.01  # px: drift of a row or column over the whole raster


def on_earth(crs: CRS | None) -> bool:
    """Return whether a CRS is geographic or projected, not local."""
    if not crs:
        return False
    try:
        return bool(crs.is_geographic or crs.is_projected)
    except GDAL_ERRORS:
        return False


def named_crs(text: str) -> CRS:
    """Return the CRS that a user names; raise InputError if there is none of this name."""
    try:
        return CRS.from_user_input(text)
    except GDAL_ERRORS as error:
        raise InputError("crs-unknown", crs=text, reason=error) from error


def short_name(crs: CRS | None) -> str:
    """Return the code of a CRS, or its name."""
    text = crs.to_string() if crs else "no CRS"
    name = re.match(r'\w+\["([^"]+)"', text)
    return name[1] if name else text


def is_geographic(crs: CRS | None) -> bool:
    """Return whether coordinates are longitudes and latitudes."""
    return crs is not None and on_earth(crs) and bool(crs.is_geographic)


def same_crs(one: CRS | None, other: CRS | None) -> bool:
    """Return whether two CRS are equal; a missing or local CRS is assumed to be the other."""
    if one is None or other is None or one == other or not (on_earth(one) and on_earth(other)):
        return True
    try:
        if one.to_epsg() is not None and one.to_epsg() == other.to_epsg():
            return True
        return bool(one.to_dict()) and one.to_dict() == other.to_dict()
    except GDAL_ERRORS:  # some CRS have no PROJ string
        return False


@dataclass(frozen=True)
class Georeference:
    """The georeference of a raster that is used, and its RPCs and GCPs.

    Of several, a grid is used first, then RPCs, then GCPs, then points sampled from geolocation
    arrays.

    Parameters
    ----------
    by : which one is used.
    crs : of the ground; WGS 84 for RPCs.
    transform : from pixels to the ground, for a grid.
    gcps, rpcs : as the raster has them.
    height : of the ground above the ellipsoid (metres), for RPCs without `dem`.
    dem : a raster of heights, for RPCs.
    spline : whether GCPs are interpolated by a thin plate spline, since no polynomial fits them.
    """

    by: By
    crs: CRS | None
    transform: Affine = IDENTITY
    gcps: tuple[GroundControlPoint, ...] = ()
    gcps_crs: CRS | None = None
    rpcs: RPC | None = None
    height: float = 0.0
    dem: str | None = None
    spline: bool = False

    def is_north_up(self, shape: tuple[int, int]) -> bool:
        """Return whether rows and columns are parallel to the axes of the map."""
        at = self.transform
        drift = max(abs(at.b), abs(at.d)) * max(shape)
        return self.by == "grid" and drift <= _NORTH_UP * min(abs(at.a), abs(at.e))

    def ground(self, cols: ArrayLike, rows: ArrayLike, rise: float = 0.0) -> FloatArray:
        """Return the ground coordinates `(2, n)` of positions `(n,)` in pixels, corners integer.

        RPCs are evaluated `rise` metres above the ground.
        """
        if self.by == "grid":
            return mapped(self.transform, cols, rows)
        with self._model() as model, quietly():
            found = model.xy(rows, cols, zs=self._heights(rise), offset="ul")
            return np.array(found, np.float64)

    def pixels(self, xs: ArrayLike, ys: ArrayLike, rise: float = 0.0) -> FloatArray:
        """Return columns and rows `(2, n)` of ground coordinates `(n,)`; infinite beyond a DEM."""
        if self.by == "grid":
            return mapped(~self.transform, xs, ys)
        with self._model() as model, quietly():
            rows, cols = model.rowcol(xs, ys, zs=self._heights(rise), op=float)
            return np.array([cols, rows], np.float64)

    def _heights(self, rise: float) -> float:
        return rise if self.dem else self.height + rise  # GDAL adds it to the heights of a DEM

    def _model(self) -> RPCTransformer | GCPTransformer:
        if self.by in ("gcps", "geolocation"):
            return GCPTransformer(self.gcps, tps=self.spline)
        return RPCTransformer(self.rpcs, **({"RPC_DEM": self.dem} if self.dem else {}))

    def of_part(self, to_whole: Affine) -> Georeference:
        """Return the georeference of a raster whose pixels `to_whole` maps to those of this one."""
        to_part = ~to_whole
        moved = [to_part * (point.col, point.row) for point in self.gcps]
        gcps = tuple(
            GroundControlPoint(row, col, point.x, point.y, point.z, point.id, point.info)
            for (col, row), point in zip(moved, self.gcps, strict=True)
        )
        rpcs = self.rpcs and _moved(self.rpcs, to_part)
        transform = self.transform * to_whole if self.by == "grid" else self.transform
        return replace(self, transform=transform, gcps=gcps, rpcs=rpcs)


def mapped(transform: Affine, xs: ArrayLike, ys: ArrayLike) -> FloatArray:
    """Return the points `(2, n)` that an affine transform maps `xs`, `ys` `(n,)` to."""
    points: Any = np.asarray(xs, np.float64), np.asarray(ys, np.float64)
    return np.array(transform * points, np.float64)


def _moved(rpcs: RPC, to_part: Affine) -> RPC:
    """Return RPCs for the pixels of a part; RPCs count from the centre of the first pixel."""
    col, row = to_part * (rpcs.samp_off + 0.5, rpcs.line_off + 0.5)
    facts = rpcs.to_dict()
    facts |= {"samp_off": col - 0.5, "line_off": row - 0.5}
    facts |= {"samp_scale": rpcs.samp_scale * to_part.a, "line_scale": rpcs.line_scale * to_part.e}
    return RPC(**facts)


def georeference_of(dataset: DatasetReader, dem: str | None = None) -> Georeference:
    """Return the georeference of a raster; RPCs without a DEM use their own height offset.

    Raises errors of GDAL, KeyError, TypeError or ValueError for damaged RPCs, if there is no other.
    """
    gcps, gcps_crs = dataset.gcps
    try:
        rpcs = dataset.rpcs
    except (*GDAL_ERRORS, KeyError, TypeError, ValueError):
        if dataset.transform.is_identity and not gcps:
            raise
        rpcs = None
    has: dict[str, Any] = {"gcps": tuple(gcps), "gcps_crs": gcps_crs, "rpcs": rpcs}
    if not dataset.transform.is_identity:
        return Georeference("grid", dataset.crs, dataset.transform, **has)
    if rpcs:
        return Georeference("rpcs", WGS84, **has, height=float(rpcs.height_off), dem=dem)
    if len(gcps) >= _FEWEST_GCPS:
        return Georeference("gcps", gcps_crs, **has, spline=not _fits(gcps))
    arrays = dataset.tags(ns="GEOLOCATION")
    if arrays:
        points = tuple(_points_of(arrays))
        return Georeference("geolocation", WGS84, gcps=points, spline=True)
    return Georeference("nothing", dataset.crs)


def _points_of(arrays: dict[str, str]) -> Iterator[GroundControlPoint]:
    """Yield points spread over a raster, from its arrays of longitudes and latitudes."""
    first = [float(arrays.get(key, 0.0)) for key in ("PIXEL_OFFSET", "LINE_OFFSET")]
    half = 0.5 if arrays.get("GEOREFERENCING_CONVENTION") == "PIXEL_CENTER" else 0.0
    step = [float(arrays.get(key, 1.0)) for key in ("PIXEL_STEP", "LINE_STEP")]
    with quietly(), ExitStack() as stack:
        x, y = (stack.enter_context(rasterio.open(arrays[f"{axis}_DATASET"])) for axis in "XY")
        bands = [int(arrays.get(f"{axis}_BAND", 1)) for axis in "XY"]
        if x.shape != y.shape:
            raise RPCError("its geolocation arrays differ in size")
        cols = np.linspace(0, x.width - 1, _SAMPLES).round().astype(int)
        for row in np.unique(np.linspace(0, x.height - 1, _SAMPLES).round().astype(int)):
            line = rasterio.windows.Window(0, int(row), x.width, 1)
            xs, ys = (
                each.read(band, window=line)[0] for each, band in zip((x, y), bands, strict=True)
            )
            for col in np.unique(cols):
                at = first[1] + step[1] * (row + half), first[0] + step[0] * (col + half)
                yield GroundControlPoint(*at, float(xs[col]), float(ys[col]), 0.0)


def has_grid(at: Georeference | None) -> bool:
    """Return whether a raster's grid has a geotransform, or no georeference at all."""
    return at is None or at.by not in WORDS


def write_sensor_model(dataset: DatasetWriter, at: Georeference) -> None:
    """Write RPCs, and GCPs if there is no geotransform."""
    if at.rpcs:
        dataset.rpcs = at.rpcs
    if at.gcps and at.by in ("rpcs", "gcps"):
        dataset.gcps = list(at.gcps), at.gcps_crs or CRS()


def _fits(gcps: Sequence[GroundControlPoint]) -> bool:
    """Return whether GDAL's polynomial fits the points."""
    try:
        with GCPTransformer(gcps) as model:
            rows, cols = model.rowcol([p.x for p in gcps], [p.y for p in gcps], op=float)
    except GDAL_ERRORS:
        return True
    off = np.hypot(rows - np.array([p.row for p in gcps]), cols - np.array([p.col for p in gcps]))
    return bool(off.max() <= _GOOD_FIT)


def utm_zone(longitude: float, latitude: float) -> CRS:
    """Return the CRS of the UTM zone, or of UPS near the poles, at a place (degrees, WGS 84)."""
    if abs(latitude) > 84.0:
        return CRS.from_epsg(32661 if latitude > 0 else 32761)
    zone = int((longitude + 180.0) % 360.0 // 6.0) + 1
    return CRS.from_epsg((32600 if latitude >= 0 else 32700) + zone)
