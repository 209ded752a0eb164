# SPDX-License-Identifier: GPL-2.0-or-later
"""Images on the grid of a scene, read window by window."""

from __future__ import annotations

from core.imaging.arrays import FloatArray, Mask
from core.raster.reader import Source
from core.raster.window import Window

FILL = 32  # px that valid values are continued, for filters that look across a hole's edge


class Placed:
    """Bands of a raster of which pixel `offset` (row, column) is the first of the scene."""

    def __init__(self, source: Source, offset: tuple[int, int] = (0, 0)) -> None:
        self.source = source
        self.offset = offset

    def read(self, window: Window) -> tuple[FloatArray, Mask]:
        """Values and where they are valid; elsewhere they are continued."""
        return self.source.read_filled(window.shift(*self.offset), FILL, "float64")
