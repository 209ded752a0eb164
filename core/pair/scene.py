# SPDX-License-Identifier: GPL-2.0-or-later
"""A PAN and a multispectral raster on PAN's grid, read window by window.

The position of a PAN pixel on MS is computed from the two geotransforms (`core.pair.common_grid`),
by pixel centres and in floating point: the first MS pixel of a ratio-4 product is centred on PAN
position 1.5, grids may be half a pixel apart, and ratios need not be integers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
from affine import Affine
from rasterio.io import DatasetReader
from rasterio.vrt import WarpedVRT

from core.errors import InputError
from core.gdal_names import one_name
from core.imaging.arrays import FloatArray, Image, Mask
from core.imaging.resample import RADIUS, interpolate, reach
from core.pair.common_grid import CommonGrid, find_common_grid
from core.pair.geometry import (
    Axis,
    check_steps,
    coincide,
    nearest,
    pan_behind,
    pan_on_ms_grid,
    pan_support,
)
from core.pair.valid_mask import MissingData
from core.raster import block_cache
from core.raster.reader import open_raster
from core.raster.source import Source, check_bands, choose_pan_band, data_bands
from core.raster.tile_plan import Tile, plan
from core.raster.window import Window, scattered
from core.requests.scenes import NODATA_BANDS, UNDECLARED, Extent, PairRequest

#: How far valid pixels are continued into invalid ones, in pixels of either raster.
PAN_FILL = 32
MS_FILL = 16

NOT_MOVED = 0.0, 0.0
"""Rows and columns (PAN px) by which PAN is moved where it is not."""


@dataclass(frozen=True)
class Patch:
    """PAN `(H, W)` and LMS `(C, H, W)` in one window, both in DN.

    `valid` `(H, W)` is the valid mask of both; values of invalid pixels are continued from valid
    ones. `missing` `(C, H, W)`, if each band has its own missing pixels, is where a band of a valid
    pixel lacks data.
    """

    window: Window
    pan: Image
    lms: Image
    valid: Mask
    missing: Mask | None = None

    def cut(self, window: Window) -> Patch:
        """Return the part of the patch in a window inside its own."""
        at = window.shift(-self.window.row, -self.window.col).slices
        missing = None if self.missing is None else self.missing[(..., *at)]
        return Patch(window, self.pan[at], self.lms[(..., *at)], self.valid[at], missing)


@dataclass(frozen=True)
class ReducedPatch:
    """PAN `(h, w)` and MS `(C, h, w)`, DN, at the resolution of MS in one window of the MS grid.

    `valid` `(h, w)` is where MS has data in every band, and PAN under the whole filter of a sample.
    Values of invalid pixels are continued from valid ones.
    """

    window: Window
    pan: FloatArray
    ms: FloatArray
    valid: Mask


class Scene:
    """A PAN/MS pair on PAN's grid, made by `open` or `of` in a `with` statement.

    Attributes
    ----------
    pan_name, ms_name : names by which GDAL opens them, see `core.gdal_names`.
    rasters : MS and PAN as they were opened, for their metadata.
    warped : whether PAN or MS is resampled to another grid.
    sources : MS and PAN as they are read.
    height, width : size of the result (PAN px).
    bands, band_names : number and descriptions of the MS bands.
    ratio, ratio_yx : size of an MS pixel over that of a PAN pixel; the geometric mean, and by axis.
    phase_yx : position of the centre of the first MS pixel (PAN px): 1.5 for a product of ratio 4
        with equal corners.
    dtype : type of MS.
    nodata : nodata value: the user's, else the declared one of MS, else one found in MS.
    by_band : whether a band of the result lacks data only where its own MS band does.
    crs, transform : of the result's grid.
    georeference : of the result's grid, with PAN's RPCs and ground control points.
    whole : window of the whole scene.
    ms_grid : window of the MS pixels centred on PAN, counted from (0, 0).
    centres : rows `(h,)` and columns `(w,)` of these centres (PAN px).
    ms_grid_transform, ms_grid_georeference : of `ms_grid`.
    pan_shift : how far PAN is moved, see `core.pair.moved_pan`: not here.
    """

    pan_shift = NOT_MOVED

    def __init__(
        self,
        pan: Source,
        ms: Source,
        grid: CommonGrid,
        part: Window,
        nodata: float | None,
        shift: tuple[float, float] = (0.0, 0.0),
        same_grid: bool = False,
        by_band: bool = False,
    ) -> None:
        raw_ms, raw_pan = grid.rasters
        to_pan, of_ms = grid.to_map, grid.of_ms
        to_ms = to_pan * Affine.translation(-shift[1], -shift[0]) * ~to_pan * of_ms
        on_ms = ~to_ms * to_pan
        self._y = Axis(on_ms.f + on_ms.e * (part.row + 0.5) - 0.5, on_ms.e, ms.dataset.height)
        self._x = Axis(on_ms.c + on_ms.a * (part.col + 0.5) - 0.5, on_ms.a, ms.dataset.width)
        self._coincide = same_grid and coincide(self._y, self._x)
        if self._coincide:
            to_ms = of_ms
            self._y, self._x = (Axis(round(a.offset), 1.0, a.size) for a in (self._y, self._x))
        else:
            check_steps(raw_pan.name, raw_ms.name, self._y.step, self._x.step)
        axes = ((self._y, part.height), (self._x, part.width))
        if not all(axis.covered(axis.positions(0, size)).any() for axis, size in axes):
            raise InputError("no-overlap", pan=raw_pan.name, ms=raw_ms.name)
        self._pan, self._ms, self._part, self._closing = pan, ms, part, ExitStack()
        self._placing, self._shift, self.by_band = grid, shift, by_band
        self.pan_name, self.ms_name = raw_pan.name, raw_ms.name
        self.rasters = grid.rasters
        self.warped = grid.warped
        self.sources = ms, pan
        self.height, self.width = part.shape
        self.whole = Window(0, 0, part.height, part.width)
        self.ratio_yx = (1.0 / self._y.step, 1.0 / self._x.step)
        self.phase_yx = (-self._y.offset / self._y.step, -self._x.offset / self._x.step)
        self.ratio = math.sqrt(self.ratio_yx[0] * self.ratio_yx[1])
        (row, rows), (col, cols) = self._y.centres(part.height), self._x.centres(part.width)
        self.centres = rows, cols
        self.ms_grid = Window(0, 0, len(rows), len(cols))
        self._ms_grid_at = row, col
        self.ms_grid_transform = to_ms * Affine.translation(col, row)
        on_pan = ~to_pan * self.ms_grid_transform
        self.ms_grid_georeference = grid.at.of_part(on_pan)
        if to_pan.is_identity:  # as a geotransform it would not be stored, nor the phase with it
            self.ms_grid_transform = Affine.translation(0, len(rows)) * Affine.scale(1, -1)
        self.crs = grid.crs
        to_part = Affine.translation(part.col, part.row)
        self.transform, self.georeference = to_pan * to_part, grid.at.of_part(to_part)
        self.bands = len(ms.bands)
        self.band_names = tuple(raw_ms.descriptions[b - 1] for b in ms.bands)
        self.dtype = np.result_type(*(np.dtype(raw_ms.dtypes[b - 1]) for b in ms.bands))
        declared = raw_ms.nodatavals[ms.bands[0] - 1]
        self.nodata: float | None = declared if nodata is None else float(nodata)

    @classmethod
    def open(
        cls,
        pan: Path | str,
        ms: Path | str,
        *,
        pan_band: int | None = None,
        ms_bands: Sequence[int] | None = None,
        nodata: float | None = None,
        pan_nodata: float | None = None,
        nodata_bands: str = NODATA_BANDS[0],
        undeclared_nodata: str = UNDECLARED[0],
        extent: Extent | None = None,
        extent_crs: str | None = None,
        dem: str | None = None,
        same_grid: bool = False,
    ) -> Scene:
        """Open a pair; raise InputError if it cannot be sharpened.

        Parameters
        ----------
        pan, ms : names of the rasters.
        pan_band : counted from 1; needed if PAN has several.
        ms_bands : counted from 1, in the order of the result; all but alpha by default.
        nodata, pan_nodata, nodata_bands, undeclared_nodata : see
            `core.pair.valid_mask.MissingData`.
        extent : `(xmin, ymin, xmax, ymax)`, snapped outward to PAN pixels.
        extent_crs : CRS of the extent; PAN's by default.
        dem : a raster of heights, with which images with RPCs are warped to the map.
        same_grid : allow MS on PAN's grid, as in benchmark tiles, which can only be reduced.
        """
        if str(pan) == str(ms):
            open_raster(pan, "PAN").close()  # raises for an archive
            raise InputError("pan-is-ms", pan=pan)
        with ExitStack() as stack:
            pan_set = stack.enter_context(open_raster(pan, "PAN"))
            ms_set = stack.enter_context(open_raster(ms, "MS"))
            band = choose_pan_band(pan_set, pan_band)
            bands = check_bands(ms_set, ms_bands or data_bands(ms_set), "MS")
            missing = MissingData(nodata, pan_nodata, nodata_bands, undeclared_nodata)
            in_ms, in_pan = missing.in_ms(ms_set, bands), missing.in_pan(pan_set, band)
            overrides = in_ms.overrides, in_pan.overrides
            grid = find_common_grid(pan_set, ms_set, overrides, dem, MS_FILL + RADIUS, stack)
            scene = cls(
                in_pan.source(grid.pan, band),
                in_ms.source(grid.ms, bands),
                grid,
                grid.window(extent, extent_crs),
                nodata,
                same_grid=same_grid,
                by_band=missing.by_band,
            )
            if scene.nodata is None and in_ms.undeclared.values:
                scene.nodata = next(iter(in_ms.undeclared.values))
            scene._closing = stack.pop_all()
        return scene

    @classmethod
    def of(
        cls,
        request: PairRequest,
        extent: Extent | None = None,
        extent_crs: str | None = None,
        same_grid: bool = False,
    ) -> Scene:
        """Open the pair of a request, see `open`."""
        return cls.open(
            one_name(request.pan),
            one_name(request.ms),
            pan_band=request.pan_band,
            ms_bands=request.ms_bands,
            nodata=request.nodata,
            pan_nodata=request.pan_nodata,
            nodata_bands=request.nodata_bands,
            undeclared_nodata=request.undeclared_nodata,
            extent=extent,
            extent_crs=extent_crs,
            dem=request.rpc_dem,
            same_grid=same_grid,
        )

    def cached_rows(self, rows: int) -> rasterio.Env:
        """Return an environment in which the strips under `rows` rows (PAN px) are read once."""
        return block_cache.for_rows(self._rows(rows))

    def cache_bytes(self, rows: int) -> int:
        """Return the size of GDAL's cache (bytes) for `cached_rows`."""
        return block_cache.bytes_for_rows(self._rows(rows))

    def _rows(self, rows: int) -> list[tuple[DatasetReader | WarpedVRT, int]]:
        of_ms = math.ceil(rows / self.ratio) + 2 * MS_FILL
        return [(self._pan.dataset, rows), (self._ms.dataset, of_ms)]

    def shifted(self, rows: float, cols: float) -> Scene:
        """Return the scene with MS moved `rows` up and `cols` left (PAN px).

        MS is interpolated at the exact phase. Both scenes read the same open rasters, which this
        one closes.
        """
        shift = self._shift[0] + rows, self._shift[1] + cols
        return self._other(self._part, shift)

    def part(self, window: Window) -> Scene:
        """Return a window of the scene; both read the same open rasters, which this one closes."""
        return self._other(window.shift(self._part.row, self._part.col), self._shift)

    def _other(self, part: Window, shift: tuple[float, float]) -> Scene:
        return Scene(
            self._pan, self._ms, self._placing, part, self.nodata, shift, by_band=self.by_band
        )

    def close(self) -> None:
        """Close both rasters."""
        self._closing.close()

    def __enter__(self) -> Scene:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return (
            f"Scene({self.pan_name!r}, {self.ms_name!r}, {self.height} x {self.width}, "
            f"{self.bands} bands, ratio {self.ratio:.4g})"
        )

    def on_rasters(self, cols: FloatArray, rows: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return positions on MS and PAN as they were opened, `(2, n)` each, in their pixels.

        `cols` and `rows` `(n,)` are positions in the scene (PAN px).
        """
        return self._placing.on_rasters(cols + self._part.col, rows + self._part.row)

    def plan(self, tile: int, halo: int, align: int = 1) -> list[Tile]:
        """Divide the scene into tiles, see `core.raster.tile_plan.plan`."""
        return plan(self.whole, tile, halo, align)

    def scattered(self, size: int, count: int, seed: int, align: int = 1) -> list[Window]:
        """Return windows spread over the scene, see `core.raster.window.scattered`."""
        return scattered(self.height, self.width, size, count, seed, align)

    def plan_ms_grid(self, tile: int, halo: int) -> list[Tile]:
        """Divide the MS grid into tiles (MS px)."""
        return plan(self.ms_grid, tile, halo)

    def read(self, window: Window) -> Patch:
        """Read PAN and LMS of a window; a pixel is the same to the bit in every window.

        Valid is where PAN has data, part of the pixel is on the MS raster, and the nearest MS pixel
        has data in every band.
        """
        ms, ms_valid, *at = self.read_ms(window)
        on_pan = window.shift(self._part.row, self._part.col)
        pan, valid = self._pan.read_filled(on_pan, PAN_FILL)
        rows = self._y.covered(self._y.positions(window.row, window.row_end))
        cols = self._x.covered(self._x.positions(window.col, window.col_end))
        valid &= rows[:, None] & cols
        near = np.ix_(*map(nearest, at, ms_valid.shape))
        if not ms_valid.all():
            valid &= ms_valid[near]
        missing = None
        if self.by_band:
            by_band = self._ms.read_bands(self._behind(window)[0])[1]
            missing = None if by_band.all() else ~by_band[:, near[0], near[1]]
        return Patch(window, pan[0], interpolate(ms, *at), valid, missing)

    def read_ms(self, window: Window) -> tuple[Image, Mask, FloatArray, FloatArray]:
        """Read the MS pixels that the LMS of a window is interpolated from, invalid ones filled.

        Returns them `(C, h, w)`, DN, their valid mask `(h, w)`, and the positions of the window's
        rows and columns on them (MS px): its LMS is `interpolate(ms, rows, cols)`.
        """
        part, rows, cols = self._behind(window)
        ms, valid = self._ms.read_filled(part, MS_FILL)
        return ms, valid, rows, cols

    def _behind(self, window: Window) -> tuple[Window, FloatArray, FloatArray]:
        """Return the window of MS for `read_ms`, and the positions of rows and columns on it."""
        if not window.inside(self.whole) or min(window.shape) < 1:
            raise ValueError(f"{window} does not lie inside the scene, {self.whole}")
        rows = np.clip(self._y.positions(window.row, window.row_end), -1.0, self._y.size)
        cols = np.clip(self._x.positions(window.col, window.col_end), -1.0, self._x.size)
        row, row_end = reach(rows, self._y.size)
        col, col_end = reach(cols, self._x.size)
        return Window.between(row, col, row_end, col_end), rows - row, cols - col

    def read_reduced(
        self,
        window: Window,
        pan_gain: float | None = None,
        moved: tuple[float, float] = NOT_MOVED,
    ) -> ReducedPatch:
        """Read PAN, which may be moved (PAN px), and MS in a window of the MS grid (MS px).

        PAN is sampled at the centres of MS pixels, antialiased bicubic, or under a Gaussian MTF of
        `pan_gain` at the Nyquist frequency of MS. A PAN on the grid of MS is not changed.
        """
        pan_gain = None if self._coincide else pan_gain
        ms, valid = self.read_ms_grid(window)
        rows, cols = pan_behind(self.centres, window, moved)
        row, col = self._part.row, self._part.col
        # PAN may have more pixels than the extent of the scene.
        around = self._pan.whole.shift(-row, -col)
        part = pan_support(rows, cols, self.ratio_yx, pan_gain).intersect(around)
        pan, pan_valid = self._pan.read_filled(part.shift(row, col), PAN_FILL)
        at = rows - part.row, cols - part.col
        reduced, reduced_valid = pan_on_ms_grid(pan[0], pan_valid, *at, self.ratio_yx, pan_gain)
        return ReducedPatch(window, reduced, ms, valid & reduced_valid)

    def read_ms_grid(self, window: Window) -> tuple[FloatArray, Mask]:
        """Read MS in a window of the MS grid: `(C, h, w)`, DN, and its valid mask `(h, w)`."""
        if not window.inside(self.ms_grid) or min(window.shape) < 1:
            raise ValueError(f"{window} does not lie inside the MS grid, {self.ms_grid}")
        ms, valid = self._ms.read_filled(window.shift(*self._ms_grid_at), MS_FILL)
        return ms.astype(np.float64), valid
