# SPDX-License-Identifier: GPL-2.0-or-later
"""Where the pixels of a raster lie on Earth: by an affine grid, RPCs, or ground control points."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import rasterio
import rasterio.windows
from affine import Affine
from numpy.typing import ArrayLike
from rasterio.control import GroundControlPoint
from rasterio.crs import CRS
from rasterio.errors import NotGeoreferencedWarning, RPCError, TransformWarning
from rasterio.io import DatasetReader, DatasetWriter
from rasterio.rpc import RPC
from rasterio.transform import GCPTransformer, RPCTransformer

from core.errors import InputError
from core.imaging.arrays import FloatArray
from core.raster.gdal import GDAL_ERRORS

# "geolocation" is arrays of longitudes and latitudes.
By = Literal["grid", "rpcs", "gcps", "geolocation", "nothing"]
WORDS = {"rpcs": "RPCs", "gcps": "ground control points", "geolocation": "geolocation arrays"}
WGS84 = CRS.from_epsg(4326)
IDENTITY = Affine.identity()
_FEWEST_GCPS = 3
_SAMPLES = 12  # rows and columns of geolocation arrays that are looked at
_GOOD_FIT = 1.0  # px: a polynomial that misses its points by more gives way to a thin plate spline
_NORTH_UP = 0.01  # px: drift of a row or column over the whole raster


def on_earth(crs: CRS | None) -> bool:
    """Whether coordinates of this CRS are places on Earth, as those of LOCAL_CS are not."""
    if not crs:
        return False
    try:
        return bool(crs.is_geographic or crs.is_projected)
    except GDAL_ERRORS:
        return False


def named_crs(text: str) -> CRS:
    """Return the CRS that a user names; raise InputError for what is none."""
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
    """Whether coordinates are longitudes and latitudes."""
    return crs is not None and on_earth(crs) and bool(crs.is_geographic)


def same_crs(one: CRS | None, other: CRS | None) -> bool:
    """Whether two CRS are the same; one that is missing or nowhere is taken to be the other."""
    if one is None or other is None or one == other or not (on_earth(one) and on_earth(other)):
        return True
    try:
        if one.to_epsg() is not None and one.to_epsg() == other.to_epsg():
            return True
        return bool(one.to_dict()) and one.to_dict() == other.to_dict()
    except GDAL_ERRORS:  # PROJ has no short form of every CRS
        return False


@dataclass(frozen=True)
class Georeference:
    """How pixels lie on the ground: what of a raster's georeference is used, and all it has.

    A raster may have several; a grid is taken first, then RPCs, the model of the sensor, then
    ground control points, and then geolocation arrays, of which some points are taken.

    Parameters
    ----------
    by : what is used.
    crs : of the ground; that of RPCs is WGS 84.
    transform : pixels to ground, of a grid.
    gcps, rpcs : as the raster has them.
    height : of the ground above the ellipsoid, metres, for RPCs without ``dem``.
    dem : a raster of heights, for RPCs.
    spline : GCPs are joined by a thin plate spline, since no polynomial goes through them.
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
        """Whether rows run along parallels of the map, and columns along meridians."""
        at = self.transform
        drift = max(abs(at.b), abs(at.d)) * max(shape)
        return self.by == "grid" and drift <= _NORTH_UP * min(abs(at.a), abs(at.e))

    def ground(self, cols: ArrayLike, rows: ArrayLike, rise: float = 0.0) -> FloatArray:
        """Return the ground coordinates `(2, n)` of positions in pixels, corners being whole.

        RPCs look at the ground `rise` metres above its height.
        """
        if self.by == "grid":
            return mapped(self.transform, cols, rows)
        with self._model() as model, _quietly():
            found = model.xy(rows, cols, zs=self._heights(rise), offset="ul")
            return np.array(found, np.float64)

    def pixels(self, xs: ArrayLike, ys: ArrayLike, rise: float = 0.0) -> FloatArray:
        """Return columns and rows `(2, n)` of ground coordinates; infinite beyond a DEM."""
        if self.by == "grid":
            return mapped(~self.transform, xs, ys)
        with self._model() as model, _quietly():
            rows, cols = model.rowcol(xs, ys, zs=self._heights(rise), op=float)
            return np.array([cols, rows], np.float64)

    def _heights(self, rise: float) -> float:
        # With a DEM, RPCs add this to its heights.
        return rise if self.dem else self.height + rise

    def _model(self) -> RPCTransformer | GCPTransformer:
        if self.by in ("gcps", "geolocation"):
            return GCPTransformer(self.gcps, tps=self.spline)
        return RPCTransformer(self.rpcs, **({"RPC_DEM": self.dem} if self.dem else {}))

    def of_part(self, to_whole: Affine) -> Georeference:
        """Return that of another raster, whose pixels lie on this one's by `to_whole`."""
        to_part = ~to_whole
        moved = [to_part * (point.col, point.row) for point in self.gcps]
        gcps = tuple(
            GroundControlPoint(row, col, point.x, point.y, point.z, point.id, point.info)
            for (col, row), point in zip(moved, self.gcps, strict=True)
        )
        rpcs = self.rpcs and _moved(self.rpcs, to_part)
        transform = self.transform * to_whole if self.by == "grid" else self.transform
        return replace(self, transform=transform, gcps=gcps, rpcs=rpcs)


@contextmanager
def _quietly() -> Iterator[None]:
    """No word about points that RPCs cannot place, and arrays that lie nowhere themselves."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TransformWarning)
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        yield


def mapped(transform: Affine, xs: ArrayLike, ys: ArrayLike) -> FloatArray:
    """Return points `(2, n)` as an affine transform maps them."""
    points: Any = np.asarray(xs, np.float64), np.asarray(ys, np.float64)
    return np.array(transform * points, np.float64)


def _moved(rpcs: RPC, to_part: Affine) -> RPC:
    """Return RPCs for pixels that lie elsewhere; they count from the centre of the first pixel."""
    col, row = to_part * (rpcs.samp_off + 0.5, rpcs.line_off + 0.5)
    facts = rpcs.to_dict()
    facts |= {"samp_off": col - 0.5, "line_off": row - 0.5}
    facts |= {"samp_scale": rpcs.samp_scale * to_part.a, "line_scale": rpcs.line_scale * to_part.e}
    return RPC(**facts)


def georeference_of(dataset: DatasetReader, dem: str | None = None) -> Georeference:
    """Return how a raster lies on the ground; RPCs without a DEM look at their own mean height.

    Damaged RPCs raise whatever GDAL or rasterio makes of them, if nothing else places the raster.
    """
    gcps, gcps_crs = dataset.gcps
    try:
        rpcs = dataset.rpcs
    except (*GDAL_ERRORS, KeyError, TypeError, ValueError):  # incomplete, or no numbers
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
    """Yield places of pixels all over a raster, of its arrays of longitudes and latitudes."""
    first = [float(arrays.get(key, 0.0)) for key in ("PIXEL_OFFSET", "LINE_OFFSET")]
    half = 0.5 if arrays.get("GEOREFERENCING_CONVENTION") == "PIXEL_CENTER" else 0.0
    step = [float(arrays.get(key, 1.0)) for key in ("PIXEL_STEP", "LINE_STEP")]
    with _quietly(), ExitStack() as stack:
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
    """Whether nothing else stands in the place of a geotransform."""
    return at is None or at.by not in WORDS


def write_sensor_model(dataset: DatasetWriter, at: Georeference) -> None:
    """Write RPCs, and the ground control points of a raster that has no grid of the map."""
    if at.rpcs:
        dataset.rpcs = at.rpcs
    if at.gcps and at.by in ("rpcs", "gcps"):
        dataset.gcps = list(at.gcps), at.gcps_crs or CRS()


def _fits(gcps: Sequence[GroundControlPoint]) -> bool:
    """Whether GDAL's polynomial goes through the points."""
    try:
        with GCPTransformer(gcps) as model:
            rows, cols = model.rowcol([p.x for p in gcps], [p.y for p in gcps], op=float)
    except GDAL_ERRORS:
        return True
    off = np.hypot(rows - np.array([p.row for p in gcps]), cols - np.array([p.col for p in gcps]))
    return bool(off.max() <= _GOOD_FIT)


def utm_zone(longitude: float, latitude: float) -> CRS:
    """Return the UTM zone, near the poles UPS, of a place in WGS 84."""
    if abs(latitude) > 84.0:
        return CRS.from_epsg(32661 if latitude > 0 else 32761)
    zone = int((longitude + 180.0) % 360.0 // 6.0) + 1
    return CRS.from_epsg((32600 if latitude >= 0 else 32700) + zone)
