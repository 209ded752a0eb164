# SPDX-License-Identifier: GPL-2.0-or-later
"""Consistency (Wald's first property): the fused image degraded to MS resolution, against MS.

Every band is filtered by its MTF, normalised to keep constants, and sampled where the georeference
puts the centres of the MS pixels: unlike the toolbox's indices, this holds for any phase of the two
grids.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import ndimage
from scipy.sparse import csr_array

from core.imaging.arrays import FloatArray, Mask
from core.imaging.mtf import mtf_kernel
from core.imaging.resample import interpolation_matrix
from core.pair.scene import Scene
from core.quality.interpolated_ms import InterpolatedMS
from core.quality.outcome import ValuePairs
from core.quality.q2n import BLOCK, full_blocks, q2n_map
from core.quality.streaming import BlockTile, ErrorIndices, PixelErrors
from core.raster.window import Window

MAX_PAIRS = 50_000  # of MS and fused values that are kept for histograms
CORRELATION_MARGIN = 1e-4  # by which another band must correlate better than a band's own


@dataclass(frozen=True)
class ConsistencySums:
    """Sums of one tile: MS and the degraded fused image `(2 C, h, w)` in a window of the MS grid.

    `valid` `(h, w)` is where both have data, `pairs` `(2 C, n)` the values of some of those pixels.
    `ends_row` is set for the last tile of a row of tiles.
    """

    window: Window
    images: FloatArray
    valid: Mask
    errors: PixelErrors
    pairs: FloatArray
    ends_row: bool


class Consistency:
    """Accumulate the comparison with MS; tiles are added in the order of rows."""

    def __init__(
        self, scene: Scene, ms: InterpolatedMS, gains: Sequence[float], scale: float
    ) -> None:
        self._ms, self._scale = ms, scale
        self._centres = scene.centres
        self._gain = np.array([mtf_kernel(g, scene.ratio).sum() for g in gains])[:, None, None]
        self._reach = 2 * math.ceil(scene.ratio / 2) + 1
        self._stride = max(1, math.ceil(math.sqrt(math.prod(scene.ms_grid.shape) / MAX_PAIRS)))
        self._strip = _Strip(2 * scene.bands + 1, *scene.ms_grid.shape)
        self._pairs: list[FloatArray] = []
        self.bands = scene.bands
        self.errors = ErrorIndices(scene.bands, scene.ratio)

    def measure(self, tile: BlockTile, degraded: FloatArray, valid: Mask) -> ConsistencySums:
        """Compare the MS pixels centred in a tile with the MTF-filtered image of `tile.outer`."""
        window = self._ms_window(tile)
        rows, cols = (
            at[span] - origin
            for at, span, origin in zip(
                self._centres, window.slices, (tile.outer.row, tile.outer.col), strict=True
            )
        )
        if not (rows.size and cols.size):
            nothing = np.empty((2 * self.bands, *window.shape))
            return self._sums(tile, window, nothing, np.zeros(window.shape, bool))
        fused = sample_at(degraded, rows, cols) / self._gain
        ms, known = self._ms.read_ms(window)
        if not valid.all():
            near = ndimage.minimum_filter(valid, self._reach, mode="nearest")
            at = [
                np.clip(np.rint(p).astype(int), 0, n - 1)
                for p, n in zip((rows, cols), near.shape, strict=True)
            ]
            known = known & near[np.ix_(*at)]
        return self._sums(tile, window, np.concatenate([ms, fused]), known)

    def update(self, sums: ConsistencySums) -> None:
        """Add a tile."""
        self.errors.update_pixels(sums.errors)
        self._pairs.append(sums.pairs)
        self._strip.put(sums.window, np.concatenate([sums.images, sums.valid[None]]))
        if sums.ends_row:
            rows, skip = self._strip.take(sums.window.row_end)
            if rows.size:
                self._update_q2n(rows, skip)

    def compute(self) -> dict[str, float]:
        """Return SAM, ERGAS, Q2n, and the signed bias of the band where it is largest (%)."""
        mean, fused = self.errors.means
        with np.errstate(divide="ignore", invalid="ignore"):
            biases = 100 * (fused / mean - 1)
            bias = float(biases[np.argmax(np.abs(biases))])
        return {**self.errors.compute(), "bias_percent": bias}

    def best_matches(self) -> tuple[int | None, ...]:
        """Return for each band the MS band it correlates best with; None where that is its own."""
        correlations = np.nan_to_num(self.errors.correlations(), nan=-1.0)
        own = np.diagonal(correlations)
        best = correlations.argmax(axis=1)
        other = correlations.max(axis=1) > own + CORRELATION_MARGIN
        return tuple(int(k) if differs else None for k, differs in zip(best, other, strict=True))

    def value_pairs(self) -> ValuePairs:
        """Return up to `MAX_PAIRS` pairs of values, evenly spread over the scene."""
        values = np.concatenate(self._pairs or [np.empty((2 * self.bands, 0))], axis=1)
        values = values[:, :: max(1, math.ceil(values.shape[1] / MAX_PAIRS))]
        ms, fused = np.split(values.astype(np.float32), 2)
        return ValuePairs(ms, fused)

    def _ms_window(self, tile: BlockTile) -> Window:
        """Return the MS pixels whose centres lie in the tile."""
        spans = []
        for at, begin, end, whole in zip(
            self._centres,
            (tile.inner.row, tile.inner.col),
            (tile.inner.row_end, tile.inner.col_end),
            tile.whole.shape,
            strict=True,
        ):
            first = 0 if begin == 0 else int(np.searchsorted(at, begin - 0.5))
            last = len(at) if end == whole else int(np.searchsorted(at, end - 0.5))
            spans.append((first, last))
        (row, row_end), (col, col_end) = spans
        return Window.between(row, col, row_end, col_end)

    def _sums(
        self, tile: BlockTile, window: Window, images: FloatArray, valid: Mask
    ) -> ConsistencySums:
        step = self._stride
        some = slice(-window.row % step, None, step), slice(-window.col % step, None, step)
        return ConsistencySums(
            window,
            images,
            valid,
            PixelErrors.of(images[: self.bands], images[self.bands :], valid, images[:, valid]),
            images[(slice(None), *some)][:, valid[some]],
            tile.inner.col_end == tile.whole.col_end,
        )

    def _update_q2n(self, rows: FloatArray, skip: int) -> None:
        images, valid = rows[:-1] * self._scale, rows[-1] > 0
        values = q2n_map(images[: self.bands], images[self.bands :])
        full = full_blocks(valid)
        self.errors.update_blocks(values[skip:][full[skip:]])


def sample_at(image: FloatArray, rows: FloatArray, cols: FloatArray) -> FloatArray:
    """Interpolate `(C, H, W)` at the crossings of fractional rows and columns, in float64."""
    down = csr_array(interpolation_matrix(rows, image.shape[1]))
    across = csr_array(interpolation_matrix(cols, image.shape[2]))
    return np.stack([(across @ (down @ band).T).T for band in image])


class _Strip:
    """Buffer of image rows that do not make whole blocks yet."""

    def __init__(self, layers: int, height: int, width: int) -> None:
        self._height = height
        self._rows = np.zeros((layers, 0, width))
        self._first = self._done = 0

    def put(self, window: Window, values: FloatArray) -> None:
        """Store the values `(layers, h, w)` of a window of the image."""
        layers, have, width = self._rows.shape
        missing = window.row_end - self._first - have
        if missing > 0:
            self._rows = np.concatenate([self._rows, np.zeros((layers, missing, width))], axis=1)
        self._rows[(slice(None), *window.shift(-self._first, 0).slices)] = values

    def take(self, complete: int) -> tuple[FloatArray, int]:
        """Return the rows of whole blocks, now that `complete` rows are stored, and blocks to skip.

        If the last rows of the image are no whole block they come with the block above, which is to
        be skipped.
        """
        last = complete == self._height
        end = complete if last else complete // BLOCK * BLOCK
        skip = 1 if last and self._done and end % BLOCK else 0
        start = self._done - skip * BLOCK
        rows = self._rows[:, start - self._first : end - self._first]
        keep = max(self._first, end - BLOCK)
        self._rows = self._rows[:, keep - self._first :].copy()
        self._first, self._done = keep, end
        return rows, skip
