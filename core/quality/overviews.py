# SPDX-License-Identifier: GPL-2.0-or-later
"""What a person sees of a large image: overviews of a few hundred pixels, and small crops."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from core.imaging.arrays import FloatArray, Mask
from core.quality.q2n import BLOCK
from core.raster.window import Window

SIDE = 512  # px an overview has at most
CROP = 3  # blocks of 32 px
WHOLE = 0.99  # share of a crop that must be valid, if any crop is


@dataclass(frozen=True)
class Reduced:
    """One tile of an overview: sums `(n, h, w)`, and how many pixels `(h, w)` they are of."""

    window: Window
    total: FloatArray
    count: FloatArray


class Overview:
    """Means of `(n, H, W)` over squares of pixels, by default so large that 512 a side are left."""

    def __init__(self, layers: int, height: int, width: int, factor: int | None = None) -> None:
        self.factor = factor or max(1, math.ceil(max(height, width) / SIDE))
        size = -(-height // self.factor), -(-width // self.factor)
        self._total = np.zeros((layers, *size))
        self._count = np.zeros(size)

    def reduce(self, window: Window, values: FloatArray, valid: Mask) -> Reduced:
        """Values `(n, h, w)` of a window, and where they are valid `(h, w)`."""
        total = self._sums(window, np.where(valid, values, 0.0))
        count = self._sums(window, valid[None].astype(np.float64))[0]
        row, col = window.row // self.factor, window.col // self.factor
        return Reduced(Window(row, col, *count.shape), total, count)

    def _sums(self, window: Window, values: FloatArray) -> FloatArray:
        for axis, begin in ((1, window.row), (2, window.col)):
            starts = np.arange(-(begin % self.factor), values.shape[axis], self.factor)
            values = np.add.reduceat(values, np.maximum(starts, 0), axis=axis)
        return values

    def add(self, part: Reduced) -> None:
        """One more tile."""
        self._total[(slice(None), *part.window.slices)] += part.total
        self._count[part.window.slices] += part.count

    def image(self) -> NDArray[np.float32]:
        """The means `(n, h, w)`; NaN where no pixel is valid."""
        found = np.full(self._total.shape, np.nan)
        np.divide(self._total, self._count, out=found, where=self._count > 0)
        return found.astype(np.float32)


def shrink(image: FloatArray) -> NDArray[np.float32]:
    """A map `(H, W)` as an overview; NaN is no value."""
    overview = Overview(1, *image.shape)
    known = np.isfinite(image)
    overview.add(overview.reduce(Window(0, 0, *image.shape), image[None], known))
    shrunk: NDArray[np.float32] = overview.image()[0]
    return shrunk


def choose_crops(detail: FloatArray, error: FloatArray, whole: Window) -> list[tuple[str, Window]]:
    """Three windows of 96 px that do not overlap, from maps `(rows, cols)` of blocks of 32 px.

    Parameters
    ----------
    detail, error : of each block, NaN where it is not valid: how much PAN varies, and how far the
        fused image is from what it is compared with.
    whole : the image.

    Returns
    -------
    list
        Titles and windows: where `error` is largest, where `detail` is, and where it is median.
        Fewer where the image has no room for them.
    """
    size = min(CROP, *detail.shape)
    share, (rich, wrong) = (
        _pooled(np.isfinite(detail), size),
        (_pooled(np.nan_to_num(values, nan=0.0), size) for values in (detail, error)),
    )
    free = share >= min(WHOLE, float(share.max())) - 1e-9
    chosen = []
    for title in ("Largest error", "Most detail", "Median detail"):
        if not free.any() or share.max() <= 0:
            break
        values = wrong if title == "Largest error" else rich
        if title == "Median detail":
            values = -np.abs(rich - np.median(rich[free]))
        row, col = np.unravel_index(np.where(free, values, -np.inf).argmax(), free.shape)
        window = Window(int(row) * BLOCK, int(col) * BLOCK, size * BLOCK, size * BLOCK)
        chosen.append((title, window.intersect(whole)))
        free[max(0, row - size + 1) : row + size, max(0, col - size + 1) : col + size] = False
    return chosen


def _pooled(values: NDArray[np.generic], size: int) -> FloatArray:
    """Means over squares of `size` blocks, by the first of them."""
    means = ndimage.uniform_filter(values.astype(np.float64), size, origin=-(size // 2))
    rows, cols = values.shape
    found: FloatArray = means[: rows - size + 1, : cols - size + 1]
    return found
