# SPDX-License-Identifier: GPL-2.0-or-later
"""Bands of an open raster: which are data, their values and valid masks."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import rasterio.windows
from numpy.typing import NDArray
from rasterio.enums import ColorInterp, MaskFlags
from rasterio.errors import NodataShadowWarning
from rasterio.io import DatasetReader
from rasterio.vrt import WarpedVRT

from core.errors import InputError, reason_of
from core.imaging.resample import fill
from core.raster.gdal import GDAL_ERRORS, forget_error
from core.raster.incomplete_pixels import IncompletePixels
from core.raster.nodata_values import HUGE, Undeclared, equal
from core.raster.reader import is_made_of_files
from core.raster.vrt import NamedVrt
from core.raster.window import Window

SUBSAMPLE = 1024  # px, longest edge of a subsample: most MS are smaller, and are read whole
NOTHING = Undeclared()
FEATHERED = 0.1  # share of partly transparent pixels that a mask may have, along its edges


def choose_pan_band(dataset: DatasetReader, band: int | None) -> list[int]:
    """Return the PAN band, counted from 1, as a list; raise InputError unless it is unique."""
    if band is not None:
        return check_bands(dataset, [band], "PAN")
    alpha = alpha_bands(dataset)
    data = [band for band in dataset.indexes if band not in alpha] or data_bands(dataset)
    if len(data) > 1:
        raise InputError("pan-band-needed", path=dataset.name, bands=len(data))
    return check_bands(dataset, data, "PAN")


def check_bands(dataset: DatasetReader, bands: Sequence[int], role: str) -> list[int]:
    """Return the requested bands, which may be alpha; raise InputError unless they all exist."""
    wrong = [band for band in bands if band not in dataset.indexes]
    if wrong:
        raise InputError(
            "no-such-band",
            role=role,
            path=dataset.name,
            band=wrong[0],
            bands=", ".join(map(str, dataset.indexes)),
        )
    if not bands or len(set(bands)) < len(bands):
        raise InputError("bands-repeated", role=role, bands=list(bands))
    return list(bands)


def data_bands(dataset: DatasetReader) -> list[int]:
    """Return all bands, counted from 1, except masks tagged alpha."""
    masks = [band for band in alpha_bands(dataset) if is_mask(dataset, band)]
    return [band for band in dataset.indexes if band not in masks]


def alpha_bands(dataset: DatasetReader) -> list[int]:
    """Return the bands tagged alpha; writers often tag the fourth of four bands so."""
    kinds = zip(dataset.indexes, dataset.colorinterp, strict=True)
    return [band for band, kind in kinds if kind == ColorInterp.alpha]


def is_mask(dataset: DatasetReader | WarpedVRT, band: int) -> bool:
    """Return whether a band tagged alpha holds 0 and one value for opaque, and few others."""
    if is_virtual(dataset):  # of bands that were checked before
        return True
    try:
        values = dataset.read(band, out_shape=subsample_shape(dataset))
    except GDAL_ERRORS:  # raised again when the damaged part is read
        forget_error()
        return True
    opaque = values.max()
    integer = values.dtype.kind in "iu"
    most = np.iinfo(values.dtype).max if integer else 1
    clear = np.count_nonzero(values == 0) + np.count_nonzero(values == opaque)
    return opaque in (0, 1, 254, 255, most) and clear >= (1.0 - FEATHERED) * values.size


def is_virtual(dataset: DatasetReader | WarpedVRT) -> bool:
    """Return whether a raster is warped or a VRT of this program, not a file."""
    return isinstance(dataset, (WarpedVRT, NamedVrt))


def subsample_shape(dataset: DatasetReader | WarpedVRT) -> tuple[int, int]:
    """Return the shape of a subsample of the raster: every k-th pixel of every k-th row."""
    step = max(1.0, max(dataset.shape) / SUBSAMPLE)
    return max(1, round(dataset.height / step)), max(1, round(dataset.width / step))


class Source:
    """Bands of an open raster, read by window together with their common valid mask.

    Threads must share one `Source` per dataset, since it holds the lock.

    Parameters
    ----------
    nodata : nodata value of the user, besides the declared one.
    undeclared : missing data found by its values.
    partial : completes pixels with data in some bands only; None: they have no data.
    """

    def __init__(
        self,
        dataset: DatasetReader | WarpedVRT,
        bands: list[int],
        nodata: float | None,
        undeclared: Undeclared = NOTHING,
        partial: IncompletePixels | None = None,
    ) -> None:
        self.dataset = dataset
        self.bands = bands
        self.whole = Window(0, 0, dataset.height, dataset.width)
        self._nodata, self._undeclared = nodata, undeclared
        found = NOTHING if is_virtual(dataset) else undeclared  # which a warped raster declares
        self._values = [*found.values, *([] if nodata is None else [nodata])]
        self._areas = found.areas
        self._partial = partial
        self._lock = threading.Lock()  # a GDAL dataset is for one thread at a time
        self.floats = any(np.dtype(dataset.dtypes[b - 1]).kind == "f" for b in bands)
        flags = [set(dataset.mask_flag_enums[b - 1]) for b in bands]
        alpha = [b for b in alpha_bands(dataset) if b not in bands and is_mask(dataset, b)]
        unused = MaskFlags.all_valid if alpha else MaskFlags.alpha
        self._masked = any(f.isdisjoint({MaskFlags.all_valid, unused}) for f in flags)
        # GDAL's mask of a band with a nodata value ignores an alpha band.
        covered = all(MaskFlags.alpha in f for f in flags)
        self._alpha = alpha[0] if alpha and not covered else None
        if alpha_bands(dataset):
            warnings.simplefilter("ignore", NodataShadowWarning)

    def on(self, dataset: DatasetReader) -> Source:
        """Return the same bands of another raster: the one that this one was warped from."""
        return Source(dataset, self.bands, self._nodata, self._undeclared, self._partial)

    @property
    def has_nodata(self) -> bool:
        """Return whether a nodata value is declared or given."""
        declared = (self.dataset.nodatavals[band - 1] for band in self.bands)
        return bool(self._values) or any(value is not None for value in declared)

    @property
    def may_lack_data(self) -> bool:
        """Return whether pixels may lack data: a float type, masks, or nodata values."""
        masked = self._masked or self._alpha is not None
        return bool(self.floats or masked or self._values or self._areas)

    def read(
        self, window: Window, dtype: str = "float32"
    ) -> tuple[NDArray[Any], NDArray[np.bool_] | None]:
        """Read values `(C, h, w)`, DN, and the valid mask `(h, w)` of all bands; None: all valid.

        `dtype` is a float type.
        """
        values, valid = self.read_bands(window, dtype)
        if valid.all():
            return values, None
        if self._partial is None:
            return values, np.all(valid, axis=0)
        anywhere = np.any(valid, axis=0)
        self._partial.complete(values, valid)
        return values, None if anywhere.all() else anywhere

    def subsample(self) -> tuple[NDArray[Any], NDArray[np.bool_]]:
        """Read every k-th pixel as `read_bands` does, `(C, h, w)`, without a limit to values."""
        shape = subsample_shape(self.dataset)
        values, valid = self.read_bands(self.whole, shape=shape, limit=None)
        return values, valid & ~np.isnan(values)

    def read_bands(
        self,
        window: Window,
        dtype: str = "float32",
        shape: tuple[int, int] | None = None,
        limit: float | None = HUGE,
    ) -> tuple[NDArray[Any], NDArray[np.bool_]]:
        """Read values, DN, and the valid mask of each band, both `(C, h, w)`.

        Floats with an absolute value from `limit` on are no data. `shape` subsamples the window.
        Raises InputError if a part of the file cannot be read.
        """
        how: dict[str, Any] = {
            "window": rasterio.windows.Window(window.col, window.row, window.width, window.height),
            "out_shape": shape,
        }
        try:
            with self._lock:
                values = self.dataset.read(self.bands, out_dtype=dtype, **how)
                valid = np.ones(values.shape, bool)
                if self._masked:
                    valid &= self.dataset.read_masks(self.bands, **how) > 0
                if self._alpha is not None:
                    valid &= self.dataset.read(self._alpha, **how) > 0
        except GDAL_ERRORS as error:
            gone = "No such file" in reason_of(error)
            code = "raster-part-missing" if gone else "raster-damaged"
            reason = self._band_that_fails(how) + reason_of(error)
            raise InputError(code, path=self.dataset.name, reason=reason) from error
        if self.floats and limit is not None:
            valid &= np.abs(values) < limit  # false for NaN
        for value in self._values:
            valid &= ~equal(values, value, self.floats)
        for area in self._areas:
            valid &= ~area.covers(values, window, self.whole)
        return values, valid

    def _band_that_fails(self, how: dict[str, Any]) -> str:
        """Return the name of the band that cannot be read, of a temporary VRT of several files."""
        if not isinstance(self.dataset, DatasetReader) or not is_made_of_files(self.dataset):
            return ""
        for band in self.bands:
            try:
                with self._lock:
                    self.dataset.read(band, **how)
            except GDAL_ERRORS:
                forget_error()
                return f"{self.dataset.descriptions[band - 1] or f'band {band}'}: "
        return ""

    def read_filled(
        self, window: Window, radius: int, dtype: str = "float32"
    ) -> tuple[NDArray[Any], NDArray[np.bool_]]:
        """Read values `(C, h, w)`, continued up to `radius` px into invalid pixels, and `(h, w)`.

        The latter is the valid mask; values are DN.
        """
        values, valid = self.read(window, dtype)
        if valid is None:
            return values, np.ones(window.shape, bool)
        outer = window.grow(radius, self.whole)
        values, outer_valid = self.read(outer, dtype)
        if outer_valid is not None:
            fill(values, outer_valid, radius)
        rows, cols = window.shift(-outer.row, -outer.col).slices
        return values[:, rows, cols], valid
