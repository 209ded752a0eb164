# SPDX-License-Identifier: GPL-2.0-or-later
"""Bands of an open raster: which ones are data, their values and their masks."""

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
from core.raster.gdal import GDAL_ERRORS
from core.raster.window import Window


def choose_pan_band(dataset: DatasetReader, band: int | None) -> list[int]:
    """Return the PAN band, counted from 1; it must be named where there are several bands."""
    data = data_bands(dataset)
    if band is None:
        if len(data) > 1:
            raise InputError("pan-band-needed", path=dataset.name, bands=len(data))
        return check_bands(dataset, data, "PAN")
    return check_bands(dataset, [band], "PAN")


def check_bands(dataset: DatasetReader, bands: Sequence[int], role: str) -> list[int]:
    """Return the requested bands; raise InputError unless the raster has them all."""
    data = data_bands(dataset)
    wrong = [band for band in bands if band not in data]
    if wrong:
        raise InputError(
            "no-such-band",
            role=role,
            path=dataset.name,
            band=wrong[0],
            bands=", ".join(map(str, data)),
        )
    if not bands or len(set(bands)) < len(bands):
        raise InputError("bands-repeated", role=role, bands=list(bands))
    return list(bands)


def data_bands(dataset: DatasetReader) -> list[int]:
    """Return all bands, counted from 1, but alpha."""
    kinds = zip(dataset.indexes, dataset.colorinterp, strict=True)
    return [band for band, kind in kinds if kind != ColorInterp.alpha]


class Source:
    """Bands of an open raster, read by window together with their common mask.

    Threads must share one `Source` per dataset, since it holds the lock.
    """

    def __init__(
        self, dataset: DatasetReader | WarpedVRT, bands: list[int], nodata: float | None
    ) -> None:
        self.dataset = dataset
        self.bands = bands
        self.nodata = nodata
        self.whole = Window(0, 0, dataset.height, dataset.width)
        self._lock = threading.Lock()  # a GDAL dataset serves one thread at a time
        self._floats = any(np.dtype(dataset.dtypes[b - 1]).kind == "f" for b in bands)
        flags = [set(dataset.mask_flag_enums[b - 1]) for b in bands]
        self._masked = any(MaskFlags.all_valid not in f for f in flags)
        kinds = dataset.colorinterp
        alpha = [b for b in dataset.indexes if kinds[b - 1] == ColorInterp.alpha]
        # GDAL's mask of a band with a nodata value ignores an alpha band.
        covered = all(MaskFlags.alpha in f for f in flags)
        self._alpha = alpha[0] if alpha and not covered else None
        if self._alpha is not None:
            warnings.simplefilter("ignore", NodataShadowWarning)

    def read(
        self, window: Window, dtype: str = "float32"
    ) -> tuple[NDArray[Any], NDArray[np.bool_] | None]:
        """Read values `(C, h, w)` in DN and the valid mask `(h, w)` of all bands; None: all valid.

        `dtype` is another float type where sums of them are to be exact.
        """
        part = rasterio.windows.Window(window.col, window.row, window.width, window.height)
        try:
            with self._lock:
                values = self.dataset.read(self.bands, window=part, out_dtype=dtype)
                valid = self._valid(values, part)
        except GDAL_ERRORS as error:
            gone = "No such file" in reason_of(error)
            code = "raster-part-missing" if gone else "raster-damaged"
            raise InputError(code, path=self.dataset.name, reason=error) from error
        return values, None if valid.all() else valid

    def read_filled(
        self, window: Window, radius: int, dtype: str = "float32"
    ) -> tuple[NDArray[Any], NDArray[np.bool_]]:
        """Read as `read` does, with values continued up to `radius` px into invalid pixels."""
        values, valid = self.read(window, dtype)
        if valid is None:
            return values, np.ones(window.shape, bool)
        outer = window.grow(radius, self.whole)
        values, outer_valid = self.read(outer, dtype)
        if outer_valid is not None:
            fill(values, outer_valid, radius)
        rows, cols = window.shift(-outer.row, -outer.col).slices
        return values[:, rows, cols], valid

    def _valid(self, values: NDArray[Any], part: rasterio.windows.Window) -> NDArray[np.bool_]:
        """Return where all bands have data, by all masks that the raster has."""
        valid = np.ones(values.shape[1:], bool)
        if self._masked:
            valid &= (self.dataset.read_masks(self.bands, window=part) > 0).all(axis=0)
        if self._alpha is not None:
            valid &= self.dataset.read(self._alpha, window=part) > 0
        if self._floats:
            valid &= np.isfinite(values).all(axis=0)
        if self.nodata is not None:
            valid &= (values != values.dtype.type(self.nodata)).all(axis=0)
        return valid
