# SPDX-License-Identifier: GPL-2.0-or-later
"""Values that mark missing data in a raster although it does not declare them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.imaging.arrays import Mask
from core.raster.window import Window

HUGE = 1e18  # more than any radiance or reflectance, in any unit; its square overflows float32


@dataclass(frozen=True)
class Area:
    """A collar or gap: pixels with one value in each band, within a coarse mask of the raster.

    Parameters
    ----------
    values : of each band.
    cells : `(h, w)`, the mask.
    share : of the raster's pixels.
    alone : whether all bands have one value, which is almost nowhere else.
    """

    values: tuple[float, ...]
    cells: Mask
    share: float
    alone: bool

    def covers(self, values: NDArray[Any], window: Window, raster: Window) -> Mask:
        """Return where values `(C, H, W)` of a window of `raster` belong to the area, `(H, W)`.

        The values may be every k-th of the window.
        """
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
    """Missing data that a raster does not declare.

    Parameters
    ----------
    values : values that are missing data anywhere -> their shares of the raster's pixels.
    areas : collars and gaps.
    doubtful : values of areas that may be missing or dark -> their shares.
    """

    values: Mapping[float, float] = field(default_factory=dict)
    areas: tuple[Area, ...] = ()
    doubtful: Mapping[float, float] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.values or self.areas)


def equal(values: NDArray[Any], value: float, rounded: bool) -> Mask:
    """Return where an array of any shape has a value; if `rounded`, as it may have been printed."""
    if not rounded or not math.isfinite(value):
        return np.asarray(values == value)
    # The lowest float32 is often printed as -3.4e38.
    tolerance = 1e-3 if abs(value) >= HUGE else 1e-6
    with np.errstate(over="ignore", invalid="ignore"):
        return np.asarray(np.abs(values - value) <= tolerance * abs(value))
