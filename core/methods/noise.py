# SPDX-License-Identifier: GPL-2.0-or-later
"""Gaussian noise of a scene: a function of seed, band and absolute position only.

Windows agree where they overlap, in any order and on any machine, so that a method that samples
from noise can be computed tile by tile.

The bits come from Philox4x64 (Salmon et al., Parallel random numbers: as easy as 1, 2, 3, SC
2011), a generator without a state: the seed is its key, and its counter is made of column, row
and band.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from core.raster.window import Window

BLOCK = 4
"""Columns of one counter: Philox4x64 gives four numbers at a time."""
ROW, BAND = 1 << 64, 1 << 128
"""Increments of the counter for a row and a band; it counts blocks of columns by one."""
BITS = 52
"""Random bits of a number, so that adding a half is exact in double precision."""


def normal(seed: int, bands: int, window: Window) -> NDArray[np.float32]:
    """Return standard normal noise of a window, (bands, H, W).

    Parameters
    ----------
    seed : any whole number; each has a noise of its own.
    window : on the grid; its row and column are not negative, else ValueError is raised.
    """
    if min(window.row, window.col) < 0:
        raise ValueError(f"there is no noise before the first pixel: {window}")
    first, skipped = divmod(window.col, BLOCK)
    count = skipped + window.width
    raw = np.empty((bands, *window.shape), np.uint64)
    key = seed % BAND
    for band in range(bands):
        for row in range(window.height):
            counter = band * BAND + (window.row + row) * ROW + first
            stream = np.random.Philox(key=key, counter=counter)
            raw[band, row] = stream.random_raw(count)[skipped:]
    # The midpoints of 2^BITS equal parts of (0, 1): never 0 or 1, which have no quantile.
    uniform = ((raw >> np.uint64(64 - BITS)) + 0.5) * 2.0**-BITS
    return np.asarray(ndtri(uniform), np.float32)
