# SPDX-License-Identifier: GPL-2.0-or-later
"""What stands for missing data in a raster besides what the raster declares."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.imaging.arrays import Mask
from core.raster.window import Window

HUGE = 1e18
"""No radiance or reflectance is as large, in whatever unit; squares of such are beyond float32."""


@dataclass(frozen=True)
class Area:
    """Values of all bands together that are missing data within the cells `(h, w)` of a raster.

    `share` is that of the raster's pixels; `alone`: the value is one, and hardly anywhere else.
    """

    values: tuple[float, ...]
    cells: Mask
    share: float
    alone: bool

    def covers(self, values: NDArray[Any], window: Window, raster: Window) -> Mask:
        """Where values `(C, H, W)` of a window of the raster, or every k-th of them, are it."""
        at = [
            ((first + (np.arange(count) + 0.5) * size / count) * cells / whole).astype(np.intp)
            for first, size, count, cells, whole in zip(
                (window.row, window.col), window.shape, values.shape[1:], self.cells.shape,
                raster.shape, strict=True,
            )
        ]  # fmt: skip
        inside = self.cells[np.ix_(*at)]
        if not inside.any():
            return inside
        wanted = np.array(self.values, values.dtype)[:, None, None]
        return np.asarray(inside & (values == wanted).all(axis=0))


@dataclass(frozen=True)
class Undeclared:
    """What stands for missing data though the raster does not declare it.

    Attributes
    ----------
    values : missing wherever they are, and their shares of the raster's pixels.
    areas : collars and gaps.
    doubtful : values of areas that may be missing or dark, and their shares.
    """

    values: Mapping[float, float] = field(default_factory=dict)
    areas: tuple[Area, ...] = ()
    doubtful: Mapping[float, float] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.values or self.areas)


def equal(values: NDArray[Any], value: float, rounded: bool) -> Mask:
    """Tell where an array of any shape has this value; if `rounded`, but for rounding in print."""
    if not rounded or not math.isfinite(value):
        return np.asarray(values == value)
    # Programs print the lowest float32 as -3.4e38.
    tolerance = 1e-3 if abs(value) >= HUGE else 1e-6
    with np.errstate(over="ignore", invalid="ignore"):
        return np.asarray(np.abs(values - value) <= tolerance * abs(value))
