# SPDX-License-Identifier: GPL-2.0-or-later
"""Gaussian noise of a scene: a function of seed, band and absolute position, nothing else.

A window makes its own noise, and two windows agree where they overlap, in any order and on any
machine. So a method that samples from noise may go tile by tile.

The bits come from Philox4x64 (Salmon et al., Parallel random numbers: as easy as 1, 2, 3, SC
2011), a generator without a state: the seed is its key, and the counter is built from column, row
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
"""What a row and a band add to the counter, whose lowest digit counts blocks of columns."""
BITS = 52
"""Bits of a number, so that a half can still be added in double precision."""


def normal(seed: int, bands: int, window: Window) -> NDArray[np.float32]:
    """Return standard normal noise of a window, (bands, H, W).

    Parameters
    ----------
    seed : any whole number; each has a noise of its own.
    window : where on the grid, with its first row and column at 0 or beyond.
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
