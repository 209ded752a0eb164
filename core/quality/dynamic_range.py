# SPDX-License-Identifier: GPL-2.0-or-later
"""Find whether values are DN or reflectance, and the largest possible value."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from core.imaging.arrays import FloatArray, Mask
from core.progress import Progress, silent
from core.raster.tile_plan import plan
from core.raster.window import Window
from core.sensors import GENERIC, Sensor

TILE = 512  # px
MAX_REFLECTANCE = 2.0  # floats up to this are taken as reflectance
DN_OF_REFLECTANCE = 10_000.0
BITS = (8, 10, 11, 12, 14, 16)  # radiometric resolutions of sensors


def largest_of(values: npt.NDArray[Any], valid: Mask) -> float:
    """Return the largest valid value of `(C, h, w)`; -inf if the mask `(h, w)` is empty."""
    known = values if valid.all() else values[:, valid]
    return float(known.max()) if known.size else -math.inf


def largest_value(
    read: Callable[[Window], tuple[FloatArray, Mask]],
    shape: tuple[int, int],
    progress: Progress = silent,
) -> float:
    """Return the largest valid value of an image of `shape` px that `read` returns by window."""
    largest, tiles = -math.inf, plan(Window(0, 0, *shape), TILE, 0)
    for number, tile in enumerate(tiles):
        progress(number / len(tiles), "Largest value")
        largest = max(largest, largest_of(*read(tile.inner)))
    return largest


def scale_and_peak(card: Sensor, largest: float, dtype: npt.DTypeLike) -> tuple[float, float]:
    """Return the factor that converts values to DN, and the largest possible value.

    Parameters
    ----------
    card : the sensor's card.
    largest : largest valid value of MS or the reference, not of the fused image.
    dtype : data type of MS or the reference.

    Returns
    -------
    scale
        1, or 10 000 for reflectance, floats up to 2. Q2n is computed of `scale` times the values,
        since it rounds them to integers.
    peak
        For PSNR and SSIM, in the values' unit: the sensor's largest DN if the sensor is known, the
        data type can hold it and no value exceeds it; else that of the fewest bits. Of reflectance
        it is `largest`; NaN if no value is above zero.
    """
    kind = np.dtype(dtype)
    floats = kind.kind == "f"
    if not 0 < largest < math.inf:
        return 1.0, math.nan
    if floats and largest <= MAX_REFLECTANCE:
        return DN_OF_REFLECTANCE, float(largest)
    holds = floats or card.peak <= np.iinfo(kind).max
    if card.key != GENERIC and holds and largest <= card.peak:
        return 1.0, float(card.peak)
    return 1.0, next((float(2**n - 1) for n in BITS if largest <= 2**n - 1), float(largest))
