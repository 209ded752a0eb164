# SPDX-License-Identifier: GPL-2.0-or-later
"""Pairs with a known truth: a scene that is a formula, and two small rasters that see it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import rasterio
from affine import Affine
from rasterio.control import GroundControlPoint
from rasterio.enums import ColorInterp
from rasterio.rpc import RPC
from rasterio.warp import transform

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
#: From positions (PAN px) and the number of bands to values `(C, ...)`, 20 to 235.
Scene = Callable[[Floats, Floats, int], Floats]
#: What a raster becomes after it is written; returns the name to open it by.
Change = Callable[[Path], str]

UTM = "EPSG:32633"
PIXEL = Affine(0.5, 0.0, 500000.0, 0.0, -0.5, 5000000.0)
#: DN of one unit of a scene. 16 bit and more take finer steps than 8 bit.
UNIT = {"uint8": 1.0, "int8": 0.5, "float32": 1 / 256, "float64": 1 / 256}


def unit(dtype: str) -> float:
    return UNIT.get(dtype, 16.0)


def _levels(bands: int) -> Floats:
    return 40.0 + 8.0 * np.arange(bands)[:, None, None]


def flat(rows: Floats, cols: Floats, bands: int) -> Floats:
    """Each band has one value: whatever is done to it, it stays so."""
    return _levels(bands) + 0.0 * rows


def ramp(rows: Floats, cols: Floats, bands: int) -> Floats:
    """Values rise evenly: any interpolation that is placed right gives them back."""
    return _levels(bands) + 0.7 * rows + 0.5 * cols


def texture(rows: Floats, cols: Floats, bands: int) -> Floats:
    """Fields and waves, finer than MS can see; every band has a contrast of its own."""
    waves = np.sin(rows / 1.7) * np.cos(cols / 2.1) + np.sin((rows + 2 * cols) / 19)
    fields = np.sign(np.sin(rows / 11) * np.sin(cols / 7))
    share = 0.7 + 0.06 * np.arange(bands)[:, None, None]
    return _levels(bands) + 40.0 + share * (14.0 * waves + 10.0 * fields)


@dataclass(frozen=True)
class Hole:
    """Pixels without data, and how the raster says so.

    rows, cols : the first, and the one after the last.
    how : "value" (they have the value; see `Raster.nodata`), "alpha", "msk" (a file beside),
        "internal" (a mask within the TIFF).
    value : what is stored there.
    bands : of which bands, from 0; None: all.
    """

    rows: tuple[int, int] = (4, 9)
    cols: tuple[int, int] = (5, 8)
    how: str = "value"
    value: float = 0.0
    bands: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Raster:
    """How a raster is written.

    grid, shape : from pixels to the map, and the size.
    place : how the file says where it lies: "grid", "none", "gcps" or "rpcs".
    change : what happens to the file afterwards.
    touch : what else is set on it while it is open.
    """

    grid: Affine = PIXEL
    shape: tuple[int, int] = (64, 64)
    place: str = "grid"
    crs: str | None = UTM
    dtype: str = "uint16"
    nodata: float | None = None
    hole: Hole | None = None
    driver: str = "GTiff"
    name: str = "tif"
    options: Mapping[str, Any] = field(default_factory=dict)
    change: Change = str
    touch: Callable[[Any], None] = lambda dataset: None


@dataclass(frozen=True)
class Pair:
    """A scene, and PAN and MS that see it; `true_crs` is MS' where its file tells another."""

    pan: Raster = field(default_factory=Raster)
    ms: Raster = field(default_factory=lambda: Raster(PIXEL * Affine.scale(4), (16, 16)))
    scene: Scene = ramp
    bands: int = 3
    true_crs: str | None = None

    def on_pan(self, rows: Floats, cols: Floats) -> tuple[Floats, Floats]:
        """Positions on MS (px) as positions on PAN (px)."""
        return self._moved(rows, cols, self.ms, self.pan)

    def on_ms(self, rows: Floats, cols: Floats) -> tuple[Floats, Floats]:
        """Positions on PAN (px) as positions on MS (px)."""
        return self._moved(rows, cols, self.pan, self.ms)

    def _moved(self, rows: Floats, cols: Floats, of: Raster, to: Raster) -> tuple[Floats, Floats]:
        xs, ys = of.grid * (cols, rows)
        ms_crs = self.true_crs or self.ms.crs
        one, other = (ms_crs if each is self.ms else self.pan.crs for each in (of, to))
        if one and other and one != other:
            flat_xs, flat_ys = transform(one, other, xs.ravel(), ys.ravel())
            xs, ys = np.reshape(flat_xs, xs.shape), np.reshape(flat_ys, ys.shape)
            if rasterio.crs.CRS.from_user_input(other).is_geographic:
                # Of the longitudes of a place, the one nearest to the raster.
                middle = (to.grid * (to.shape[1] / 2, to.shape[0] / 2))[0]
                xs = middle + (xs - middle + 180.0) % 360.0 - 180.0
        cols, rows = ~to.grid * (xs, ys)
        return rows, cols

    def truth(self, rows: Floats, cols: Floats) -> Floats:
        """What the result is to be at positions on PAN, `(C, H, W)`, DN."""
        return self.scene(rows, cols, self.bands) * unit(self.ms.dtype)

    def seen_by_pan(self) -> Floats:
        """The mean of the bands, `(1, H, W)`, DN."""
        values = self.scene(*centres(self.pan.shape), self.bands)
        return values.mean(axis=0, keepdims=True) * unit(self.pan.dtype)

    def seen_by_ms(self) -> Floats:
        """The mean over each MS pixel, `(C, h, w)`, DN."""
        parts = [(n + 0.5) / 4 - 0.5 for n in range(4)]
        rows, cols = centres(self.ms.shape)
        places = [self.on_pan(rows + dy, cols + dx) for dy in parts for dx in parts]
        values = np.mean([self.scene(*each, self.bands) for each in places], axis=0)
        return np.asarray(values * unit(self.ms.dtype))

    def has_data(self, by: float, rows: Floats, cols: Floats) -> tuple[Mask, Mask]:
        """Where on PAN the result must have data, and where it must have none.

        A pixel `by` PAN px from the edge of a hole or of a raster, or nearer, is in neither.
        """
        steps = (-by, 0.0, by)
        every = [self._has_data_at(rows + dy, cols + dx) for dy in steps for dx in steps]
        return np.all(every, axis=0), ~np.any(every, axis=0)

    def _has_data_at(self, rows: Floats, cols: Floats) -> Mask:
        found = np.ones(rows.shape, bool)
        at_ms = self.on_ms(rows, cols)
        for raster, (y, x) in ((self.pan, (rows, cols)), (self.ms, at_ms)):
            # The outermost pixels of PAN have no others beside them.
            out = 2.0 if raster is self.pan else 0.0
            found &= (y > -out) & (y < raster.shape[0] + out)
            found &= (x > -out) & (x < raster.shape[1] + out)
            if raster.hole:
                (top, bottom), (left, right) = raster.hole.rows, raster.hole.cols
                found &= ~((y > top) & (y < bottom) & (x > left) & (x < right))
        return found

    def write(self, folder: Path) -> tuple[str, str]:
        """Write both; return the names to open them by."""
        folder.mkdir(parents=True, exist_ok=True)
        pan = write(folder / f"pan.{self.pan.name}", self.pan, self.seen_by_pan())
        return pan, write(folder / f"ms.{self.ms.name}", self.ms, self.seen_by_ms())

    def at(self, where: str, **changes: Any) -> Pair:
        """The pair with changes of "PAN", "MS" or "both"."""
        pan = replace(self.pan, **changes) if where != "MS" else self.pan
        ms = replace(self.ms, **changes) if where != "PAN" else self.ms
        return replace(self, pan=pan, ms=ms)


def centres(shape: tuple[int, int]) -> tuple[Floats, Floats]:
    rows, cols = np.mgrid[0 : shape[0], 0 : shape[1]]
    return rows + 0.5, cols + 0.5


def pair(
    ratio: float = 4.0,
    offset: tuple[float, float] = (0.0, 0.0),
    size: int = 64,
    grid: Affine = PIXEL,
    scene: Scene = ramp,
    bands: int = 3,
    stretch: float = 1.0,
    **both: Any,
) -> Pair:
    """A pair whose MS begins at `offset` (row, column, PAN px); `stretch` is of its columns."""
    wide = ratio * stretch
    coarse = grid * Affine.translation(offset[1], offset[0]) * Affine.scale(wide, ratio)
    shape = max(4, round(size / ratio)), max(4, round(size / wide))
    pan, ms = Raster(grid, (size, size), **both), Raster(coarse, shape, **both)
    return Pair(pan, ms, scene, bands)


def write(path: Path, raster: Raster, values: Floats) -> str:
    """Write `(C, H, W)` as the raster says."""
    hole = raster.hole
    pixels = values if np.dtype(raster.dtype).kind == "f" else np.rint(values)
    gone = np.ones(raster.shape, bool)
    if hole:
        gone[slice(*hole.rows), slice(*hole.cols)] = False
        chosen = list(hole.bands or range(len(pixels)))
        pixels[chosen] = np.where(gone, pixels[chosen], hole.value)
    pixels = pixels.astype(raster.dtype)
    if hole and hole.how == "alpha":
        opaque = 255 if raster.dtype == "uint8" else np.iinfo("uint16").max
        pixels = np.concatenate([pixels, np.where(gone, opaque, 0)[None].astype(raster.dtype)])
    profile: dict[str, Any] = {"driver": raster.driver, "dtype": raster.dtype}
    profile |= {"height": raster.shape[0], "width": raster.shape[1], "count": len(pixels)}
    if raster.place == "grid":
        profile |= {"crs": raster.crs, "transform": raster.grid}
    if raster.driver == "GTiff":
        profile |= {"photometric": "MINISBLACK", "alpha": "NO"}
    inside = rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True) if hole and hole.how == "internal" else None
    with (
        inside or nullcontext(),
        rasterio.open(path, "w", **{**profile, "nodata": raster.nodata, **raster.options}) as made,
    ):
        if hole and hole.how == "alpha":
            grays = [ColorInterp.gray, *[ColorInterp.undefined] * (len(pixels) - 2)]
            made.colorinterp = [*grays, ColorInterp.alpha]
        made.write(pixels)
        if hole and hole.how in ("msk", "internal"):
            made.write_mask(gone)
        _locate(made, raster)
        raster.touch(made)
    return raster.change(path)


def _locate(made: Any, raster: Raster) -> None:
    """Say by GCPs or RPCs where a raster lies; RPCs are of one in degrees."""
    height, width = raster.shape
    if raster.place == "gcps":
        ends = [(r, c) for r in (0, height) for c in (0, width)]
        points = [GroundControlPoint(r, c, *(raster.grid * (c, r)), 0.0) for r, c in ends]
        made.gcps = points, rasterio.crs.CRS.from_user_input(raster.crs)
    if raster.place == "rpcs":
        (lon, lat), rest = raster.grid * (width / 2, height / 2), [0.0] * 17
        made.rpcs = RPC(
            height_off=0, height_scale=100, lat_off=lat, long_off=lon,
            lat_scale=abs(raster.grid.e) * height / 2, long_scale=raster.grid.a * width / 2,
            line_off=height / 2 - 0.5, line_scale=height / 2,
            samp_off=width / 2 - 0.5, samp_scale=width / 2,
            line_num_coeff=[0.0, 0.0, -1.0, *rest], line_den_coeff=[1.0, 0.0, 0.0, *rest],
            samp_num_coeff=[0.0, 1.0, 0.0, *rest], samp_den_coeff=[1.0, 0.0, 0.0, *rest],
        )  # fmt: skip


def files_in(folder: Path) -> dict[str, bytes]:
    """The content of each file of a folder, by name: what a run must not change."""
    found = (Path(place, name) for place, _, names in os.walk(folder) for name in names)
    return {str(path): _content(path) for path in found if path.is_file()}


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except PermissionError:
        return b"closed"
