# SPDX-License-Identifier: GPL-2.0-or-later
"""Images on the grid of a scene, read window by window in float64: of a raster, or in memory."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.source import Source
from core.tiles import Window

FloatArray = NDArray[np.float64]
Mask = NDArray[np.bool_]

FILL = 32  # px that valid values are continued, for filters that look across a hole's edge


class Image(Protocol):
    """Something that can be read by window."""

    def read(self, window: Window) -> tuple[FloatArray, Mask]:
        """Values `(C, h, w)` in DN, finite everywhere, and where they are valid `(h, w)`."""


class Placed:
    """Bands of a raster of which pixel `offset` (row, column) is the first of the scene."""

    def __init__(self, source: Source, offset: tuple[int, int] = (0, 0)) -> None:
        self.source = source
        self.offset = offset

    def read(self, window: Window) -> tuple[FloatArray, Mask]:
        """Values and where they are valid; elsewhere they are continued."""
        return self.source.read_filled(window.shift(*self.offset), FILL)


class InMemory:
    """An array `(C, H, W)`; what is not finite in any band is not valid, nor what the mask says."""

    def __init__(self, values: ArrayLike, valid: Mask | None = None) -> None:
        self.values = np.asarray(values, dtype=np.float64)
        self.valid: Mask = np.all(np.isfinite(self.values), axis=0)
        if valid is not None:
            self.valid &= valid

    def read(self, window: Window) -> tuple[FloatArray, Mask]:
        """Values, 0 where they are not valid, and where they are."""
        valid = self.valid[window.slices]
        return np.where(valid, self.values[(slice(None), *window.slices)], 0.0), valid
