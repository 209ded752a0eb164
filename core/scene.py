# SPDX-License-Identifier: GPL-2.0-or-later
"""A PAN and a multispectral raster brought onto one grid, read window by window.

The grid is PAN's. Where a PAN pixel lies on MS follows from the two geotransforms, by pixel centres
and in floating point: the first MS pixel of a ratio-4 product is centred on PAN position 1.5, grids
may lie half a pixel apart and ratios need not be integers.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import numpy as np
from affine import Affine
from numpy.typing import NDArray
from rasterio.io import DatasetReader

from core.errors import InputError
from core.grid import RADIUS, interpolate, interpolation_matrix, reach
from core.source import (
    Source,
    check_bands,
    choose_pan_band,
    data_bands,
    no_overlap,
    open_raster,
    same_crs,
    warp_to,
)
from core.tiles import Window

__all__ = ["MsPatch", "Patch", "Scene", "interpolate", "interpolation_matrix"]

#: How far valid pixels are continued into invalid ones, in pixels of either raster.
PAN_FILL = 32
MS_FILL = 16

_MIN_RATIO = 1.2
_MAX_STRETCH = 1.2  # ratio along one axis over ratio along the other
_SNAP = 0.01  # PAN px: extents are typed and printed with rounding
_EPS = 1e-6  # MS px: rounding of map coordinates

#: xmin, ymin, xmax, ymax
Extent = tuple[float, float, float, float]

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Patch:
    """PAN and LMS in one window.

    `pan` is `(H, W)`, `lms` `(C, H, W)`, both float32 in DN; `valid` `(H, W)` is where both have
    data. Elsewhere the values are finite: continued from valid neighbours.
    """

    window: Window
    pan: NDArray[np.float32]
    lms: NDArray[np.float32]
    valid: NDArray[np.bool_]


@dataclass(frozen=True)
class MsPatch:
    """The MS pixels that LMS in one window is interpolated from.

    `ms` is `(C, h, w)` float32 in DN, `valid` `(h, w)`; `window` is their place in the MS raster
    (MS px). `rows` `(H,)` and `cols` `(W,)` are the positions of the PAN pixels on `ms`: the LMS of
    the window is `interpolate(ms, rows, cols)`.
    """

    window: Window
    ms: NDArray[np.float32]
    valid: NDArray[np.bool_]
    rows: NDArray[np.float64]
    cols: NDArray[np.float64]


@dataclass(frozen=True)
class _Axis:
    """Along one axis: PAN pixel `i` of the result's grid lies at `offset + i * step` on MS."""

    offset: float
    step: float
    size: int  # MS px

    def positions(self, begin: int, end: int) -> NDArray[np.float64]:
        """Of PAN pixels `begin` to `end` (not included), in MS pixel index units."""
        return self.offset + np.arange(begin, end, dtype=np.float64) * self.step

    def covered(self, positions: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Whether part of the PAN pixel there lies on MS."""
        edge = 0.5 + 0.5 * self.step - _EPS
        return (positions > -edge) & (positions < self.size - 1 + edge)


class Scene:
    """A PAN/MS pair on PAN's grid. Make it with :meth:`open`, in a `with` statement.

    Attributes
    ----------
    pan_path, ms_path : Path
    height, width : int, size of the result (PAN px)
    bands : int
    band_names : tuple[str | None, ...], descriptions of the MS bands
    color_interp : tuple[ColorInterp, ...], of the MS bands
    ratio : float, MS pixel size / PAN pixel size, geometric mean of the two axes
    ratio_yx : tuple[float, float]
    phase_yx : tuple[float, float], position of the centre of the first MS pixel (PAN px): 1.5 for
        a product of ratio 4 whose corners agree
    dtype : numpy.dtype of MS
    nodata : float | None, the user's, else what MS declares
    crs : rasterio.crs.CRS | None
    transform : Affine, of the result's grid
    whole : Window, the whole scene
    """

    def __init__(
        self,
        pan: Source,
        ms: Source,
        raw_ms: DatasetReader,
        extent: Extent | None,
        nodata: float | None,
    ) -> None:
        dataset = pan.dataset
        to_pan, to_ms = _transforms(dataset, ms.dataset, raw_ms.name)
        part = _extent_window(dataset, extent)
        on_ms = ~to_ms * to_pan
        self._y = _Axis(on_ms.f + on_ms.e * (part.row + 0.5) - 0.5, on_ms.e, ms.dataset.height)
        self._x = _Axis(on_ms.c + on_ms.a * (part.col + 0.5) - 0.5, on_ms.a, ms.dataset.width)
        _check_steps(dataset.name, raw_ms.name, self._y.step, self._x.step)
        rows = self._y.covered(self._y.positions(0, part.height))
        cols = self._x.covered(self._x.positions(0, part.width))
        if not (rows.any() and cols.any()):
            raise no_overlap(dataset.name, raw_ms.name)
        self._pan, self._ms, self._part, self._closing = pan, ms, part, ExitStack()
        self.pan_path, self.ms_path = Path(dataset.name), Path(raw_ms.name)
        self.height, self.width = part.shape
        self.whole = Window(0, 0, part.height, part.width)
        self.ratio_yx = (1.0 / self._y.step, 1.0 / self._x.step)
        self.phase_yx = (-self._y.offset / self._y.step, -self._x.offset / self._x.step)
        self.ratio = math.sqrt(self.ratio_yx[0] * self.ratio_yx[1])
        self.crs = dataset.crs or raw_ms.crs
        self.transform = dataset.transform * Affine.translation(part.col, part.row)
        self.bands = len(ms.bands)
        self.band_names = tuple(raw_ms.descriptions[b - 1] for b in ms.bands)
        self.color_interp = tuple(raw_ms.colorinterp[b - 1] for b in ms.bands)
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
        extent: Extent | None = None,
    ) -> Scene:
        """Open a pair and check that it can be sharpened.

        Parameters
        ----------
        pan, ms : the rasters.
        pan_band : counted from 1; needed only where PAN has several.
        ms_bands : which and in which order, counted from 1; all but alpha by default.
        nodata : MS value that means "no data", besides what MS declares; PAN's too where PAN
            declares none.
        extent : `(xmin, ymin, xmax, ymax)` in PAN's CRS, snapped outward to PAN pixels.

        Raises
        ------
        InputError
            The two do not make a scene; the message says why and what to do.
        """
        if str(pan) == str(ms):
            raise InputError(f"PAN and MS are the same file, {pan}.", "Choose two different ones.")
        with ExitStack() as stack:
            pan_set = stack.enter_context(open_raster(pan, "PAN"))
            ms_set = raw_ms = stack.enter_context(open_raster(ms, "MS"))
            band = choose_pan_band(pan_set, pan_band)
            bands = check_bands(ms_set, ms_bands or data_bands(ms_set), "MS")
            if (pan_set.crs is None) != (ms_set.crs is None):
                _log.warning("Only one of %s and %s has a CRS; assuming the same.", pan, ms)
            if not same_crs(pan_set.crs, ms_set.crs):
                _log.info("MS is reprojected from %s to %s.", ms_set.crs, pan_set.crs)
                ms_set = stack.enter_context(warp_to(raw_ms, pan_set, nodata, MS_FILL + RADIUS))
            of_pan = nodata if pan_set.nodata is None else None
            scene = cls(
                Source(pan_set, band, of_pan), Source(ms_set, bands, nodata), raw_ms, extent, nodata
            )
            scene._closing = stack.pop_all()
        return scene

    def close(self) -> None:
        """Close both rasters."""
        self._closing.close()

    def __enter__(self) -> Scene:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return (
            f"Scene({self.pan_path.name!r}, {self.ms_path.name!r}, {self.height} x {self.width}, "
            f"{self.bands} bands, ratio {self.ratio:.4g})"
        )

    def read(self, window: Window) -> Patch:
        """PAN and LMS of a window of the scene; the same pixels whatever the window.

        Valid is where PAN has data, the MS raster reaches at least part of the pixel, and the
        nearest MS pixel has data in every band.
        """
        part = self.read_ms(window)
        on_pan = window.shift(self._part.row, self._part.col)
        pan, valid = self._pan.read_filled(on_pan, PAN_FILL)
        rows = self._y.covered(self._y.positions(window.row, window.row_end))
        cols = self._x.covered(self._x.positions(window.col, window.col_end))
        valid &= rows[:, None] & cols
        if not part.valid.all():
            height, width = part.valid.shape
            valid &= part.valid[np.ix_(_nearest(part.rows, height), _nearest(part.cols, width))]
        return Patch(window, pan[0], interpolate(part.ms, part.rows, part.cols), valid)

    def read_ms(self, window: Window) -> MsPatch:
        """The MS pixels behind a window of the scene, invalid ones filled."""
        if not window.inside(self.whole) or min(window.shape) < 1:
            raise ValueError(f"{window} does not lie inside the scene, {self.whole}")
        rows = np.clip(self._y.positions(window.row, window.row_end), -1.0, self._y.size)
        cols = np.clip(self._x.positions(window.col, window.col_end), -1.0, self._x.size)
        row, row_end = reach(rows, self._y.size)
        col, col_end = reach(cols, self._x.size)
        part = Window.between(row, col, row_end, col_end)
        ms, valid = self._ms.read_filled(part, MS_FILL)
        return MsPatch(part, ms, valid, rows - row, cols - col)


def _nearest(positions: NDArray[np.float64], size: int) -> NDArray[np.intp]:
    """Number of the sample nearest to each position; the later one of two equally near."""
    return np.clip(np.floor(positions + 0.5 + _EPS), 0, size - 1).astype(np.intp)


def _transforms(pan: DatasetReader, ms: DatasetReader, ms_name: str) -> tuple[Affine, Affine]:
    """Pixel to map coordinates of both; without georeference their corners agree."""
    bare_pan, bare_ms = pan.transform.is_identity, ms.transform.is_identity
    if bare_pan != bare_ms:
        bare = f"PAN {pan.name}" if bare_pan else f"MS {ms_name}"
        raise InputError(
            f"{bare} has no georeference, but its partner has one.",
            "Georeference both, or strip both of it if their corners agree.",
        )
    if bare_pan:
        return Affine.identity(), Affine.scale(pan.width / ms.width, pan.height / ms.height)
    return pan.transform, ms.transform


def _check_steps(pan: str, ms: str, step_y: float, step_x: float) -> None:
    """Raise InputError unless MS pixels are larger than PAN pixels, alike along both axes."""
    if step_y < 0.0 or step_x < 0.0:
        raise InputError(
            f"PAN {pan} and MS {ms} run in opposite directions.",
            "Make both north-up with gdalwarp.",
        )
    size = f"an MS pixel is {1.0 / step_x:.3g} x {1.0 / step_y:.3g} PAN pixels"
    if max(step_y, step_x) > 1.0 / _MIN_RATIO:
        raise InputError(
            f"PAN {pan} is not finer than MS {ms}: {size}.",
            "PAN must have the smaller pixels; were the two swapped?",
        )
    if max(step_y, step_x) / min(step_y, step_x) > _MAX_STRETCH:
        raise InputError(
            f"The pixels of PAN {pan} and MS {ms} differ in shape: {size}.",
            "Warp both to square pixels, or check that the two cover the same ground.",
        )


def _extent_window(pan: DatasetReader, extent: Extent | None) -> Window:
    """The part of PAN within an extent in map coordinates, snapped outward to whole pixels."""
    whole = Window(0, 0, pan.height, pan.width)
    if extent is None:
        return whole
    transform = pan.transform
    if transform.is_identity and extent[1] < 0.0:
        transform = Affine.scale(1.0, -1.0)  # as QGIS shows rasters without georeference
    cols, rows = zip(~transform * extent[:2], ~transform * extent[2:], strict=True)
    part = Window.between(
        math.floor(min(rows) + _SNAP),
        math.floor(min(cols) + _SNAP),
        math.ceil(max(rows) - _SNAP),
        math.ceil(max(cols) - _SNAP),
    ).intersect(whole)
    if extent[0] >= extent[2] or extent[1] >= extent[3] or min(part.shape) < 1:
        raise InputError(
            f"The extent {extent} holds no pixel of PAN {pan.name}.",
            "Give xmin, ymin, xmax, ymax in the CRS of PAN.",
        )
    return part
