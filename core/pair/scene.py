# SPDX-License-Identifier: GPL-2.0-or-later
"""A PAN and a multispectral raster on one grid, read window by window.

The grid is PAN's. Where a PAN pixel lies on MS follows from the two geotransforms, or what stands
in their place (`core.pair.common_grid`), by pixel centres and in floating point: the first MS pixel
of a ratio-4 product is centred on PAN position 1.5, grids may lie half a pixel apart and ratios
need not be integers.
"""

from __future__ import annotations

import logging
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
from core.pair.common_grid import Placing, place
from core.pair.geometry import (
    Axis,
    check_steps,
    coincide,
    nearest,
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

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Patch:
    """PAN and LMS in one window.

    `pan` is `(H, W)`, `lms` `(C, H, W)`, both in DN; `valid` `(H, W)` is where both have data.
    Elsewhere the values are finite: continued from valid neighbours. `missing` `(C, H, W)` is where
    bands of a valid pixel lack data of their own, if bands are taken by themselves.
    """

    window: Window
    pan: Image
    lms: Image
    valid: Mask
    missing: Mask | None = None

    def cut(self, window: Window) -> Patch:
        """Return the part of the patch in a window that lies inside its own."""
        at = window.shift(-self.window.row, -self.window.col).slices
        missing = None if self.missing is None else self.missing[(..., *at)]
        return Patch(window, self.pan[at], self.lms[(..., *at)], self.valid[at], missing)


@dataclass(frozen=True)
class ReducedPatch:
    """PAN and MS at the resolution of MS, in one window of the MS grid.

    `pan` is `(h, w)`, `ms` `(C, h, w)`, both in DN; `valid` `(h, w)` is where MS has data in every
    band and PAN under the whole filter of its sample. Elsewhere the values are continued.
    """

    window: Window
    pan: FloatArray
    ms: FloatArray
    valid: Mask


class Scene:
    """A PAN/MS pair on PAN's grid. Make it with :meth:`open`, in a `with` statement.

    Attributes
    ----------
    pan_name, ms_name : str, by which GDAL opens them, see `core.gdal_names`
    rasters : MS and PAN as they were opened, for their metadata
    warped : whether either is resampled to another grid as it is read
    sources : MS and PAN as they are read, with a lock each
    height, width : int, size of the result (PAN px)
    bands : int
    band_names : tuple[str | None, ...], descriptions of the MS bands
    ratio : float, MS pixel size / PAN pixel size, geometric mean of the two axes
    ratio_yx : tuple[float, float]
    phase_yx : tuple[float, float], position of the centre of the first MS pixel (PAN px): 1.5 for
        a product of ratio 4 whose corners agree
    dtype : numpy.dtype of MS
    nodata : float | None, the user's, else what MS declares, else what was found in it
    by_band : whether a band of the result lacks data only where its own MS band does
    crs : rasterio.crs.CRS | None
    transform : Affine, of the result's grid
    georeference : Georeference, of the result's grid, with PAN's RPCs and ground control points
    whole : Window, the whole scene
    ms_grid : Window, the grid of the MS pixels whose centres lie on PAN, counted from (0, 0)
    centres : `(h,)` rows and `(w,)` columns of those centres (PAN px)
    ms_grid_transform, ms_grid_georeference : Affine and Georeference, of `ms_grid`
    """

    def __init__(
        self,
        pan: Source,
        ms: Source,
        placing: Placing,
        part: Window,
        nodata: float | None,
        shift: tuple[float, float] = (0.0, 0.0),
        same_grid: bool = False,
        by_band: bool = False,
    ) -> None:
        raw_ms, raw_pan = placing.rasters
        to_pan, of_ms = placing.to_map, placing.of_ms
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
        self._placing, self._shift, self.by_band = placing, shift, by_band
        self.pan_name, self.ms_name = raw_pan.name, raw_ms.name
        self.rasters = placing.rasters
        self.warped = placing.warped
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
        self.ms_grid_georeference = placing.at.of_part(on_pan)
        if to_pan.is_identity:  # would not be stored, and then state no phase
            self.ms_grid_transform = Affine.translation(0, len(rows)) * Affine.scale(1, -1)
        self.crs = placing.crs
        to_part = Affine.translation(part.col, part.row)
        self.transform, self.georeference = to_pan * to_part, placing.at.of_part(to_part)
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
        """Open a pair and check that it can be sharpened.

        Parameters
        ----------
        pan, ms : the rasters.
        pan_band : counted from 1; needed only where PAN has several.
        ms_bands : which and in which order, counted from 1; all but alpha by default.
        nodata, pan_nodata, nodata_bands, undeclared_nodata : what is missing data, see
            `core.pair.valid_mask.MissingData`.
        extent : `(xmin, ymin, xmax, ymax)` in PAN's CRS, snapped outward to PAN pixels.
        extent_crs : of the extent, if it is another.
        dem : a raster of heights, by which RPCs place PAN and MS on the map.
        same_grid : MS may be on PAN's grid, pixel by pixel, as in benchmark tiles. Such a pair is
            not sharpened, but reduced.

        Raises
        ------
        InputError
            The two do not make a scene; the message says why and what to do.
        """
        if str(pan) == str(ms):
            open_raster(pan, "PAN").close()  # says what else is wrong: it may be an archive
            raise InputError("pan-is-ms", pan=pan)
        with ExitStack() as stack:
            pan_set = stack.enter_context(open_raster(pan, "PAN"))
            ms_set = stack.enter_context(open_raster(ms, "MS"))
            band = choose_pan_band(pan_set, pan_band)
            bands = check_bands(ms_set, ms_bands or data_bands(ms_set), "MS")
            missing = MissingData(nodata, pan_nodata, nodata_bands, undeclared_nodata)
            in_ms, in_pan = missing.in_ms(ms_set, bands), missing.in_pan(pan_set, band)
            overrides = in_ms.overrides, in_pan.overrides
            placing = place(pan_set, ms_set, overrides, dem, MS_FILL + RADIUS, stack)
            scene = cls(
                in_pan.source(placing.pan, band),
                in_ms.source(placing.ms, bands),
                placing,
                placing.window(extent, extent_crs),
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

    def keep_rows(self, rows: int) -> rasterio.Env:
        """Return the context in which what `rows` PAN px are read from is read once."""
        return block_cache.for_rows(self._rows(rows))

    def bytes_of_rows(self, rows: int) -> int:
        """Return the bytes that are kept for that."""
        return block_cache.bytes_for_rows(self._rows(rows))

    def _rows(self, rows: int) -> list[tuple[DatasetReader | WarpedVRT, int]]:
        of_ms = math.ceil(rows / self.ratio) + 2 * MS_FILL
        return [(self._pan.dataset, rows), (self._ms.dataset, of_ms)]

    def shifted(self, rows: float, cols: float) -> Scene:
        """Return the scene with its MS content `rows` further down, `cols` further right (PAN px).

        MS is read that far away, at the exact phase, and no pixel changes. Both scenes read the
        same open rasters; this one closes them.
        """
        shift = self._shift[0] + rows, self._shift[1] + cols
        return self._other(self._part, shift)

    def part(self, window: Window) -> Scene:
        """Return a window of the scene; both read the same open rasters, this one closes them."""
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
        """Return where positions in the scene (PAN px) lie on MS and PAN as they were opened."""
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
        """Read PAN and LMS of a window of the scene; the same pixels whatever the window.

        Valid is where PAN has data, the MS raster reaches at least part of the pixel, and the
        nearest MS pixel has data in every band.
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
            known = self._ms.read_known(self._behind(window)[0])[1]
            missing = None if known.all() else ~known[:, near[0], near[1]]
        return Patch(window, pan[0], interpolate(ms, *at), valid, missing)

    def read_ms(self, window: Window) -> tuple[Image, Mask, FloatArray, FloatArray]:
        """Read the MS pixels behind a window of the scene, invalid ones filled.

        Returns them `(C, h, w)`, DN, where they are valid, and the positions on them of the rows
        and columns of the window: its LMS is `interpolate(ms, rows, cols)`.
        """
        part, rows, cols = self._behind(window)
        ms, valid = self._ms.read_filled(part, MS_FILL)
        return ms, valid, rows, cols

    def _behind(self, window: Window) -> tuple[Window, FloatArray, FloatArray]:
        """Return the window of MS behind one of the scene, and the positions on it."""
        if not window.inside(self.whole) or min(window.shape) < 1:
            raise ValueError(f"{window} does not lie inside the scene, {self.whole}")
        rows = np.clip(self._y.positions(window.row, window.row_end), -1.0, self._y.size)
        cols = np.clip(self._x.positions(window.col, window.col_end), -1.0, self._x.size)
        row, row_end = reach(rows, self._y.size)
        col, col_end = reach(cols, self._x.size)
        return Window.between(row, col, row_end, col_end), rows - row, cols - col

    def read_reduced(self, window: Window, pan_gain: float | None = None) -> ReducedPatch:
        """Read PAN and MS in a window of the MS grid (MS px).

        PAN is sampled at the MS pixel centres, antialiased bicubic: `imresize(pan, 1/ratio)` where
        the grids are nested; or under a Gaussian MTF of `pan_gain` at the Nyquist frequency of MS.
        On the grid of MS it stays as it is.
        """
        pan_gain = None if self._coincide else pan_gain
        ms, valid = self.read_ms_grid(window)
        rows, cols = (at[part] for at, part in zip(self.centres, window.slices, strict=True))
        row, col = self._part.row, self._part.col
        # PAN may go on beyond the scene's extent.
        around = self._pan.whole.shift(-row, -col)
        part = pan_support(rows, cols, self.ratio_yx, pan_gain).intersect(around)
        pan, pan_valid = self._pan.read_filled(part.shift(row, col), PAN_FILL)
        at = rows - part.row, cols - part.col
        reduced, reduced_valid = pan_on_ms_grid(pan[0], pan_valid, *at, self.ratio_yx, pan_gain)
        return ReducedPatch(window, reduced, ms, valid & reduced_valid)

    def read_ms_grid(self, window: Window) -> tuple[FloatArray, Mask]:
        """Read MS alone in a window of the MS grid: `(C, h, w)` DN, and where it has data."""
        if not window.inside(self.ms_grid) or min(window.shape) < 1:
            raise ValueError(f"{window} does not lie inside the MS grid, {self.ms_grid}")
        ms, valid = self._ms.read_filled(window.shift(*self._ms_grid_at), MS_FILL)
        return ms.astype(np.float64), valid
