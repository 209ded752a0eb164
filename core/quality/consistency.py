# SPDX-License-Identifier: GPL-2.0-or-later
"""Consistency: the fused image, seen as the MS sensor would see it, against the MS that is known.

Wald's first property. Every band is filtered by its MTF, rescaled so that a constant stays what it
is, and sampled where the georeference puts the MS pixels' centres: unlike the toolbox's indices,
this holds for any phase of the two grids.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import ndimage
from scipy.sparse import csr_array

from core.imaging.arrays import FloatArray, Mask
from core.imaging.filters import mtf_kernel
from core.imaging.moments import Moments
from core.imaging.resample import interpolation_matrix
from core.pair.scene import Scene
from core.quality.assessment import Sample
from core.quality.indices import sam_map
from core.quality.interpolated_ms import Expansion
from core.quality.q2n import BLOCK, full_blocks, q2n_map
from core.quality.streaming import Difference, Pixels, Place
from core.raster.window import Window

SAMPLES = 50_000
CLEARER = 1e-4  # by how much another band must correlate better to be taken for the right one


@dataclass(frozen=True)
class Seen:
    """MS and the degraded fused image `(2 C, h, w)` in one tile, in a window of the coarse grid.

    `valid` `(h, w)` is where both have data, `sample` `(2 C, n)` some of their pixels.
    """

    window: Window
    pair: FloatArray
    valid: Mask
    compared: Pixels
    sample: FloatArray
    ends_row: bool


class Consistency:
    """What is found by comparing the fused image with MS, tile by tile in the order of rows."""

    def __init__(
        self, scene: Scene, expansion: Expansion, gains: Sequence[float], scale: float
    ) -> None:
        self._expansion, self._scale = expansion, scale
        self._centres, self._ratio = scene.centres, scene.ratio
        self._gain = np.array([mtf_kernel(g, scene.ratio).sum() for g in gains])[:, None, None]
        self._size = scene.coarse.shape
        self._reach = 2 * math.ceil(scene.ratio / 2) + 1
        self._stride = max(1, math.ceil(math.sqrt(math.prod(self._size) / SAMPLES)))
        self._strip = _Strip(2 * scene.bands + 1, *self._size)
        self._sample: list[FloatArray] = []
        self.bands = scene.bands
        self.difference = Difference(scene.bands)

    def measure(self, place: Place, degraded: FloatArray, valid: Mask) -> Seen:
        """The MS pixels centred in a tile; the fused image filtered by the MTF in `outer`."""
        window = self._within(place)
        rows, cols = (
            at[span] - origin
            for at, span, origin in zip(
                self._centres,
                window.slices,
                (place.outer.row, place.outer.col),
                strict=True,
            )
        )
        if not (rows.size and cols.size):
            return self._seen(place, window, np.empty((2 * self.bands, *window.shape)), None)
        fused = _sampled(degraded, rows, cols) / self._gain
        ms, known = self._expansion.read_ms(window)
        if not valid.all():
            near = ndimage.minimum_filter(valid, self._reach, mode="nearest")
            at = [
                np.clip(np.rint(p).astype(int), 0, n - 1)
                for p, n in zip((rows, cols), near.shape, strict=True)
            ]
            known = known & near[np.ix_(*at)]
        return self._seen(place, window, np.concatenate([ms, fused]), known)

    def add(self, seen: Seen) -> None:
        """One more tile, in the order of rows."""
        self.difference.add_pixels(seen.compared)
        self._sample.append(seen.sample)
        self._strip.put(seen.window, np.concatenate([seen.pair, seen.valid[None]]))
        if seen.ends_row:
            rows, skip = self._strip.take(seen.window.row_end)
            if rows.size:
                self._add_q2n(rows, skip)

    def scores(self) -> dict[str, float]:
        """SAM, ERGAS, Q2n, and the bias, with its sign, of the band where it is largest."""
        mean, fused = self.difference.means
        with np.errstate(divide="ignore", invalid="ignore"):
            biases = 100 * (fused / mean - 1)
            bias = float(biases[np.argmax(np.abs(biases))])
        return {**self.difference.scores(self._ratio), "bias_percent": bias}

    def resembling(self) -> tuple[int | None, ...]:
        """For each band the MS band it correlates best with, None where that is its own."""
        correlations = np.nan_to_num(self.difference.correlations(), nan=-1.0)
        own = np.diagonal(correlations)
        best = correlations.argmax(axis=1)
        clear = correlations.max(axis=1) > own + CLEARER
        return tuple(int(k) if sure else None for k, sure in zip(best, clear, strict=True))

    def sample(self) -> Sample:
        """Up to 50 000 pairs of values."""
        values = np.concatenate(self._sample or [np.empty((2 * self.bands, 0))], axis=1)
        values = values[:, :: max(1, math.ceil(values.shape[1] / SAMPLES))]
        ms, fused = np.split(values.astype(np.float32), 2)
        return Sample(ms, fused)

    def _within(self, place: Place) -> Window:
        """The MS pixels that are centred in the tile."""
        spans = []
        for at, begin, end, whole in zip(
            self._centres,
            (place.inner.row, place.inner.col),
            (place.inner.row_end, place.inner.col_end),
            place.whole.shape,
            strict=True,
        ):
            first = 0 if begin == 0 else int(np.searchsorted(at, begin - 0.5))
            last = len(at) if end == whole else int(np.searchsorted(at, end - 0.5))
            spans.append((first, last))
        (row, row_end), (col, col_end) = spans
        return Window.between(row, col, row_end, col_end)

    def _seen(self, place: Place, window: Window, pair: FloatArray, valid: Mask | None) -> Seen:
        valid = np.zeros(window.shape, bool) if valid is None else valid
        ms, fused = pair[: self.bands], pair[self.bands :]
        moments = Moments(len(pair))
        moments.add(pair[:, valid])
        compared = Pixels(
            np.where(valid, sam_map(ms, fused), np.nan),
            np.where(valid, fused - ms, np.nan),
            moments,
        )
        step = self._stride
        some = slice(-window.row % step, None, step), slice(-window.col % step, None, step)
        sample = pair[(slice(None), *some)][:, valid[some]]
        ends_row = place.inner.col_end == place.whole.col_end
        return Seen(window, pair, valid, compared, sample, ends_row)

    def _add_q2n(self, rows: FloatArray, skip: int) -> None:
        pair, valid = rows[:-1] * self._scale, rows[-1] > 0
        values = q2n_map(pair[: self.bands], pair[self.bands :])
        whole = full_blocks(valid)
        self.difference.add_blocks(values[skip:][whole[skip:]])


def _sampled(image: FloatArray, rows: FloatArray, cols: FloatArray) -> FloatArray:
    """`(C, H, W)` interpolated at the crossings of fractional rows and columns, in float64."""
    down = csr_array(interpolation_matrix(rows, image.shape[1]))
    across = csr_array(interpolation_matrix(cols, image.shape[2]))
    return np.stack([(across @ (down @ band).T).T for band in image])


class _Strip:
    """Rows of an image too large to be kept, until they make whole blocks."""

    def __init__(self, layers: int, height: int, width: int) -> None:
        self._height = height
        self._rows = np.zeros((layers, 0, width))
        self._first = self._done = 0

    def put(self, window: Window, values: FloatArray) -> None:
        """The part `(layers, h, w)` of the image that lies in a window."""
        layers, have, width = self._rows.shape
        missing = window.row_end - self._first - have
        if missing > 0:
            self._rows = np.concatenate([self._rows, np.zeros((layers, missing, width))], axis=1)
        self._rows[(slice(None), *window.shift(-self._first, 0).slices)] = values

    def take(self, complete: int) -> tuple[FloatArray, int]:
        """Rows that make blocks now that so many are complete, and how many blocks to leave out.

        The last rows of the image, if they are no whole blocks, come with one block above them.
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
