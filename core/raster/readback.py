# SPDX-License-Identifier: GPL-2.0-or-later
"""Read one tile of a written file back: a complete file may still hold other values."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import rasterio
from affine import Affine

from core.errors import OutputError
from core.raster.gdal import quietly
from core.raster.geotiff import on_grid

if TYPE_CHECKING:
    from core.raster.window import Window

log = logging.getLogger(__name__)

# Largest RMS error of a codec: shares of the contrast of a tile and of its largest value, added.
OF_CONTRAST, OF_VALUE = 0.5, 0.02


class ReadbackTile:
    """The tile with the most contrast of those written to a file.

    Contrast is the standard deviation of the first band.
    """

    def __init__(self, transform: Affine | None) -> None:
        self._transform = transform
        self._contrast = -1.0
        self._window: Window
        self._pixels: np.ndarray
        self._valid: np.ndarray

    def offer(self, window: Window, pixels: np.ndarray, valid: np.ndarray) -> None:
        """Keep a tile `(C, H, W)` and its valid mask `(H, W)` if it has the most contrast."""
        found = pixels[0][valid]
        contrast = float(found.std(dtype=np.float64)) if found.size else -0.5
        if contrast > self._contrast:
            self._contrast = contrast
            self._window, self._pixels, self._valid = window, pixels.copy(), valid.copy()

    def compare(self, made: Path, target: Path, nodata: float | None, *, exact: bool) -> None:
        """Compare the tile with the file `made`; log what a codec changed.

        Raises OutputError, naming `target`, for too large an error, or any where `exact`.
        """
        if self._contrast == -1.0:
            return
        area = (self._window.row, self._window.row_end), (self._window.col, self._window.col_end)
        with quietly(), rasterio.open(made) as written:
            if not on_grid(written, self._transform):
                return  # the user chose another grid for a COG
            found = written.read(window=area)
        if np.array_equal(found, self._pixels, equal_nan=found.dtype.kind == "f"):
            return
        kept, given = (image[:, self._valid].astype(np.float64) for image in (found, self._pixels))
        off = np.abs(kept - given)
        rms = float(np.sqrt(np.mean(off**2))) if off.size else 0.0
        largest = float(np.abs(given).max(initial=0))
        limit = OF_CONTRAST * max(self._contrast, 0.0) + OF_VALUE * largest
        if exact or not rms <= limit:
            raise OutputError("output-not-as-written", target=target)
        log.warning(
            "The creation options change the values: by %.3g in RMS, at most by %.3g, in one tile.",
            rms, off.max(initial=0),
        )  # fmt: skip
        self._log_changed_nodata(found, nodata)

    def _log_changed_nodata(self, found: np.ndarray, nodata: float | None) -> None:
        """Log the share of pixels `(C, H, W)` that a codec changed from or to nodata."""
        if nodata is None or np.isnan(nodata):
            before, now = np.isnan(self._pixels), np.isnan(found)
        else:
            before, now = self._pixels == nodata, found == nodata
        count = int(np.count_nonzero(before != now))
        if count and nodata is not None:
            log.warning(
                "They also change where there is no data: %.2g %% of the pixels of that tile.",
                100.0 * count / found.size,
            )
