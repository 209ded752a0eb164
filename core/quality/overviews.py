# SPDX-License-Identifier: GPL-2.0-or-later
"""Views of an assessed image for the report: overviews of a few hundred pixels, small crops."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from core.imaging.arrays import FloatArray, Image, Mask
from core.language import later
from core.pair.geometry import EPS
from core.quality.assessment import Crop
from core.quality.inputs import QualityInputs
from core.quality.q2n import BLOCK
from core.raster.window import Window

MAX_SIDE = 512  # px of an overview
CROP = 3  # blocks of 32 px
MIN_VALID = 0.99  # share of a crop, unless all crops have less
# Titles of crops.
LARGEST, MOST, MEDIAN = later("Largest error"), later("Most detail"), later("Median detail")


@dataclass(frozen=True)
class OverviewSums:
    """Sums of one tile: values `(n, h, w)` and numbers `(h, w)` of pixels."""

    window: Window
    total: FloatArray
    count: FloatArray


class Overview:
    """Accumulate means of `(n, H, W)` over `factor x factor` px; by default at most 512 a side."""

    def __init__(self, layers: int, height: int, width: int, factor: int | None = None) -> None:
        self.factor = factor or max(1, math.ceil(max(height, width) / MAX_SIDE))
        size = -(-height // self.factor), -(-width // self.factor)
        self._total = np.zeros((layers, *size))
        self._count = np.zeros(size)

    def measure(self, window: Window, values: FloatArray, valid: Mask) -> OverviewSums:
        """Sum the valid values `(n, h, w)` of a window of the image; no side effects."""
        total = self._sums(window, np.where(valid, values, 0.0))
        count = self._sums(window, valid[None].astype(np.float64))[0]
        row, col = window.row // self.factor, window.col // self.factor
        return OverviewSums(Window(row, col, *count.shape), total, count)

    def _sums(self, window: Window, values: FloatArray) -> FloatArray:
        for axis, begin in ((1, window.row), (2, window.col)):
            starts = np.arange(-(begin % self.factor), values.shape[axis], self.factor)
            values = np.add.reduceat(values, np.maximum(starts, 0), axis=axis)
        return values

    def update(self, sums: OverviewSums) -> None:
        """Add a tile."""
        self._total[(slice(None), *sums.window.slices)] += sums.total
        self._count[sums.window.slices] += sums.count

    def compute(self) -> Image:
        """Return the means `(n, h, w)`; NaN where no pixel is valid."""
        means = np.full(self._total.shape, np.nan)
        np.divide(self._total, self._count, out=means, where=self._count > 0)
        return means.astype(np.float32)


def overview_of(image: FloatArray) -> Image:
    """Return the overview `(h, w)` of a map `(H, W)`; NaN is not valid."""
    overview = Overview(1, *image.shape)
    overview.update(overview.measure(Window(0, 0, *image.shape), image[None], np.isfinite(image)))
    means: Image = overview.compute()[0]
    return means


def choose_crops(detail: FloatArray, error: FloatArray, whole: Window) -> list[tuple[str, Window]]:
    """Choose three windows of 96 px that do not overlap.

    Parameters
    ----------
    detail, error : maps `(rows, cols)` of blocks of 32 px, NaN where not valid: PAN's variance, and
        the squared difference of the fused image from what it is compared with.
    whole : the image.

    Returns
    -------
    list
        Titles and windows (PAN px): largest `error`, largest `detail`, median `detail`; fewer in a
        small image.
    """
    size = min(CROP, *detail.shape)
    share, (rich, wrong) = (
        _pooled(np.isfinite(detail), size),
        (_pooled(np.nan_to_num(values, nan=0.0), size) for values in (detail, error)),
    )
    free = share >= min(MIN_VALID, float(share.max())) - 1e-9
    chosen = []
    for title in (LARGEST, MOST, MEDIAN):
        if not free.any() or share.max() <= 0:
            break
        values = wrong if title == LARGEST else rich
        if title == MEDIAN:
            values = -np.abs(rich - np.median(rich[free]))
        row, col = np.unravel_index(np.where(free, values, -np.inf).argmax(), free.shape)
        window = Window(int(row) * BLOCK, int(col) * BLOCK, size * BLOCK, size * BLOCK)
        chosen.append((title, window.intersect(whole)))
        free[max(0, row - size + 1) : row + size, max(0, col - size + 1) : col + size] = False
    return chosen


def _pooled(values: NDArray[np.generic], size: int) -> FloatArray:
    """Return means over all squares of `size x size` blocks, indexed by their first block."""
    means = ndimage.uniform_filter(values.astype(np.float64), size, origin=-(size // 2))
    rows, cols = values.shape
    pooled: FloatArray = means[: rows - size + 1, : cols - size + 1]
    return pooled


def cut_crops(inputs: QualityInputs, chosen: Iterable[tuple[str, Window]]) -> tuple[Crop, ...]:
    """Read the crops of titles and windows."""
    crops = []
    for title, window in chosen:
        patch = inputs.scene.read(window)
        reference = inputs.reference
        crops.append(
            Crop(
                title=title,
                window=window,
                ms=_nearest_ms(inputs, window),
                pan=_with_holes(patch.pan, patch.valid),
                fused=_with_holes(*inputs.fused.read(window)),
                reference=_with_holes(*reference.read(window)) if reference else None,
            )
        )
    return tuple(crops)


def _with_holes(values: NDArray[np.floating], valid: Mask) -> Image:
    return np.where(valid, values, np.nan).astype(np.float32)


def _nearest_ms(inputs: QualityInputs, window: Window) -> Image:
    """Return the MS pixel nearest to each pixel of a window, `(C, h, w)`."""
    scene = inputs.scene
    nearest = []
    for at, ratio, begin, end in zip(
        scene.centres,
        scene.ratio_yx,
        (window.row, window.col),
        (window.row_end, window.col_end),
        strict=True,
    ):
        indices = np.floor((np.arange(begin, end) - at[0]) / ratio + 0.5 + EPS).astype(int)
        nearest.append(np.clip(indices, 0, len(at) - 1))
    rows, cols = nearest
    part = Window.between(rows[0], cols[0], rows[-1] + 1, cols[-1] + 1)
    values, valid = inputs.interpolated.read_ms(part)
    under = np.ix_(rows - part.row, cols - part.col)
    return _with_holes(values[(slice(None), *under)], valid[under])
