# SPDX-License-Identifier: GPL-2.0-or-later
"""How deep the values of an image are: whether they are DN, and the largest that there may be."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from core.sensors import GENERIC, Sensor

REFLECTANCE = 2.0  # floats no larger than this are no DN
DN_OF_REFLECTANCE = 10_000.0
BITS = (8, 10, 11, 12, 14, 16)


def largest_of(values: npt.NDArray[Any], valid: npt.NDArray[np.bool_]) -> float:
    """The largest value of an image `(C, h, w)` where it is valid `(h, w)`; -inf if nowhere."""
    known = values if valid.all() else values[:, valid]
    return float(known.max()) if known.size else -math.inf


def scale_and_peak(card: Sensor, largest: float, dtype: npt.DTypeLike) -> tuple[float, float]:
    """What makes DN of an image's values, and the largest value that there may be.

    Parameters
    ----------
    card : of the sensor.
    largest : of the image's valid values; of MS or the reference, not of the fused image.
    dtype : of MS or the reference.

    `scale` is 1 unless the values are reflectance, as floats that are not above 2 are taken to be:
    Q2n rounds to integers, so it is computed of `scale` times the values. `peak`, for PSNR and
    SSIM, is in the values' own unit: the sensor's largest DN, if it is known and these are its DN;
    else that of the fewest bits. They are not where the data type cannot hold it, or a value is
    larger. Of reflectance it is `largest` itself; NaN where there is no value above zero.
    """
    kind = np.dtype(dtype)
    floats = kind.kind == "f"
    if not 0 < largest < math.inf:
        return 1.0, math.nan
    if floats and largest <= REFLECTANCE:
        return DN_OF_REFLECTANCE, float(largest)
    holds = floats or card.peak <= np.iinfo(kind).max
    if card.key != GENERIC and holds and largest <= card.peak:
        return 1.0, float(card.peak)
    return 1.0, next((float(2**n - 1) for n in BITS if largest <= 2**n - 1), float(largest))
