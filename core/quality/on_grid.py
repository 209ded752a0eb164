# SPDX-License-Identifier: GPL-2.0-or-later
"""Rasters on the grid of a scene, read window by window."""

from __future__ import annotations

import numpy as np

from core.imaging.arrays import FloatArray, Mask
from core.raster.source import Source
from core.raster.window import Window

FILL = 32  # px that values are extrapolated into holes, so that filters do not see their edges


class RasterOnGrid:
    """Bands of a raster whose pixel `offset` (row, column) is the first pixel of the scene."""

    def __init__(self, source: Source, offset: tuple[int, int] = (0, 0)) -> None:
        self.source = source
        self.offset = offset
        dtypes = source.dataset.dtypes
        self.dtype = np.result_type(*(np.dtype(dtypes[band - 1]) for band in source.bands))

    def read(self, window: Window) -> tuple[FloatArray, Mask]:
        """Return values `(C, h, w)`, extrapolated into holes, and the valid mask `(h, w)`."""
        return self.source.read_filled(window.shift(*self.offset), FILL, "float64")
