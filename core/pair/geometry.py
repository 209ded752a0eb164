# SPDX-License-Identifier: GPL-2.0-or-later
"""Positions of MS pixels on PAN along each axis, and PAN sampled at them."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Sequence
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
_SNAP = 0.01  # PAN px: rounding of stored geotransforms
EPS = 1e-6  # MS px: rounding of map coordinates


@dataclass(frozen=True)
class Axis:
    """One axis: PAN pixel `i` is centred at `offset + i * step` on MS (MS px)."""

    offset: float
    step: float
    size: int  # MS px

    def positions(self, begin: int, end: int) -> FloatArray:
        """Return the positions (N,) of PAN pixels `begin` to `end` (not included) on MS (MS px)."""
        return self.offset + np.arange(begin, end, dtype=np.float64) * self.step

    def covered(self, positions: FloatArray) -> Mask:
        """Return (N,) whether part of the PAN pixel at each of the positions (N,) is on MS."""
        edge = 0.5 + 0.5 * self.step - EPS
        return (positions > -edge) & (positions < self.size - 1 + edge)

    def centres(self, size: int) -> tuple[int, FloatArray]:
        """Return the number of the first MS pixel on PAN, and the centres (n,) of all (PAN px).

        PAN is pixels 0 to `size`.
        """
        at = (np.arange(self.size, dtype=np.float64) - self.offset) / self.step
        inside = np.flatnonzero((at >= -0.5 - EPS) & (at <= size - 0.5 + EPS))
        return (int(inside[0]) if inside.size else 0), at[inside]


def coincide(y: Axis, x: Axis) -> bool:
    """Return whether the pixels of MS and PAN coincide, to a hundredth of a pixel."""
    apart = max(abs(axis.offset - round(axis.offset)) for axis in (y, x))
    drift = max(abs(axis.step - 1.0) * axis.size for axis in (y, x))
    return max(apart, drift) <= _SNAP


def check_steps(pan: str, ms: str, step_y: float, step_x: float) -> None:
    """Raise InputError unless MS pixels are larger than PAN pixels, by about the same ratio."""
    if step_y < 0.0 or step_x < 0.0:
        raise InputError("opposite-directions", pan=pan, ms=ms)
    size = f"an MS pixel is {1.0 / step_x:.3g} x {1.0 / step_y:.3g} PAN pixels"
    if max(step_y, step_x) > 1.0 / _MIN_RATIO:
        raise InputError("pan-not-finer", pan=pan, ms=ms, size=size)
    if max(step_y, step_x) / min(step_y, step_x) > _MAX_STRETCH:
        raise InputError("pixel-shapes-differ", pan=pan, ms=ms, size=size)


def bounds(transform: Affine, window: Window) -> Extent:
    """Return (xmin, ymin, xmax, ymax) of a window of a raster, in its CRS."""
    corners = itertools.product((window.col, window.col_end), (window.row, window.row_end))
    xs, ys = zip(*(transform * corner for corner in corners), strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def pan_behind(
    centres: Sequence[FloatArray], window: Window, moved: tuple[float, float]
) -> tuple[FloatArray, FloatArray]:
    """Return rows `(h,)` and columns `(w,)` of PAN that lie at the MS pixels of a window (PAN px).

    `centres` are those of all MS pixels, `moved` is how far PAN is moved down and right.
    """
    rows, cols = (at[part] - by for at, part, by in zip(centres, window.slices, moved, strict=True))
    return rows, cols


def pan_support(
    rows: FloatArray, cols: FloatArray, ratio_yx: tuple[float, float], gain: float | None = None
) -> Window:
    """Return the window of PAN that `pan_on_ms_grid` reads for rows (h,) and cols (w,) (PAN px)."""
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
    """Sample PAN `(H, W)` at the centres of MS pixels; return `(h, w)` and its valid mask.

    Rows (h,), cols (w,), ratios and gain as in `core.imaging.degrade.reduce_pan`. A sample is valid
    if its filter covers valid pixels only.
    """
    reduced = reduce_pan(pan, rows, cols, ratio_yx, gain)
    if valid.all():
        return reduced, np.ones(reduced.shape, bool)
    return reduced, np.abs(reduce_pan(~valid, rows, cols, ratio_yx, gain)) < 0.01


def nearest(positions: FloatArray, size: int) -> NDArray[np.intp]:
    """Return the nearest sample to each of the positions (N,); of two equally near, the later."""
    return np.clip(np.floor(positions + 0.5 + EPS), 0, size - 1).astype(np.intp)
