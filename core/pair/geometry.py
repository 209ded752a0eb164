# SPDX-License-Identifier: GPL-2.0-or-later
"""How the pixels of MS lie on those of PAN along each axis, and PAN sampled there."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass

import numpy as np
from affine import Affine
from numpy.typing import NDArray

from core import RESOURCES
from core.errors import InputError
from core.imaging.arrays import FloatArray, Image, Mask
from core.imaging.degrade import reduce_pan
from core.imaging.nominal_mtf import TRUNCATE, mtf_sigma
from core.raster.window import Window
from core.requests.scenes import Extent

_MIN_RATIO: float = json.loads((RESOURCES / "pairing.json").read_text("utf-8"))["least_ratio"]
_MAX_STRETCH = 1.2  # ratio along one axis over ratio along the other
_SNAP = 0.01  # PAN px: grids are stored with rounding
EPS = 1e-6  # MS px: rounding of map coordinates


@dataclass(frozen=True)
class Axis:
    """One axis: PAN pixel `i` of the result's grid lies at `offset + i * step` on MS (MS px)."""

    offset: float
    step: float
    size: int  # MS px

    def positions(self, begin: int, end: int) -> FloatArray:
        """Return where PAN pixels `begin` to `end` (not included) lie, in MS pixel index units."""
        return self.offset + np.arange(begin, end, dtype=np.float64) * self.step

    def covered(self, positions: FloatArray) -> Mask:
        """Return whether part of the PAN pixel at each of the positions (N,) lies on MS."""
        edge = 0.5 + 0.5 * self.step - EPS
        return (positions > -edge) & (positions < self.size - 1 + edge)

    def centres(self, size: int) -> tuple[int, FloatArray]:
        """Return the first MS pixel centred on PAN pixels 0 to `size`, and all centres (PAN px)."""
        at = (np.arange(self.size, dtype=np.float64) - self.offset) / self.step
        inside = np.flatnonzero((at >= -0.5 - EPS) & (at <= size - 0.5 + EPS))
        return (int(inside[0]) if inside.size else 0), at[inside]


def coincide(y: Axis, x: Axis) -> bool:
    """Return whether every MS pixel is a pixel of PAN, to a hundredth of one."""
    apart = max(abs(axis.offset - round(axis.offset)) for axis in (y, x))
    drift = max(abs(axis.step - 1.0) * axis.size for axis in (y, x))
    return max(apart, drift) <= _SNAP


def check_steps(pan: str, ms: str, step_y: float, step_x: float) -> None:
    """Raise InputError unless MS pixels are larger than PAN pixels, alike along both axes."""
    if step_y < 0.0 or step_x < 0.0:
        raise InputError("opposite-directions", pan=pan, ms=ms)
    size = f"an MS pixel is {1.0 / step_x:.3g} x {1.0 / step_y:.3g} PAN pixels"
    if max(step_y, step_x) > 1.0 / _MIN_RATIO:
        raise InputError("pan-not-finer", pan=pan, ms=ms, size=size)
    if max(step_y, step_x) / min(step_y, step_x) > _MAX_STRETCH:
        raise InputError("pixel-shapes-differ", pan=pan, ms=ms, size=size)


def bounds(transform: Affine, window: Window) -> Extent:
    """Return (xmin, ymin, xmax, ymax) of a window of a raster, in its CRS."""
    corners = [
        (col, row) for col in (window.col, window.col_end) for row in (window.row, window.row_end)
    ]
    xs, ys = zip(*(transform * corner for corner in corners), strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def pan_support(
    rows: FloatArray, cols: FloatArray, ratio_yx: tuple[float, float], gain: float | None = None
) -> Window:
    """Return the PAN pixels that `pan_on_ms_grid` needs."""
    ratio = max(ratio_yx)
    margin = math.ceil(2 * ratio if gain is None else TRUNCATE * mtf_sigma(ratio, gain)) + 2
    row, col = math.floor(rows[0]) - margin, math.floor(cols[0]) - margin
    row_end, col_end = math.ceil(rows[-1]) + margin + 1, math.ceil(cols[-1]) + margin + 1
    return Window.between(row, col, row_end, col_end)


def pan_on_ms_grid(
    pan: Image,
    valid: Mask,
    rows: FloatArray,
    cols: FloatArray,
    ratio_yx: tuple[float, float],
    gain: float | None = None,
) -> tuple[FloatArray, Mask]:
    """Sample PAN `(H, W)` at MS pixel centres, antialiased bicubic: `(h, w)`, and its valid mask.

    With a `gain`, under a Gaussian MTF that has it at the Nyquist frequency of MS. Valid is where
    the filter covers valid pixels only.
    """
    reduced = reduce_pan(pan, rows, cols, ratio_yx, gain)
    if valid.all():
        return reduced, np.ones(reduced.shape, bool)
    return reduced, np.abs(reduce_pan(~valid, rows, cols, ratio_yx, gain)) < 0.01


def nearest(positions: FloatArray, size: int) -> NDArray[np.intp]:
    """Return for each of the positions (N,) the nearest sample; of two equally near the later."""
    return np.clip(np.floor(positions + 0.5 + EPS), 0, size - 1).astype(np.intp)
