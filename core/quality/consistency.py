# SPDX-License-Identifier: GPL-2.0-or-later
"""Consistency (Wald's first property): the fused image, reprojected to MS, against MS.

Every band is degraded as back-projection does it: under the Gaussian that has the band's MTF gain
at the Nyquist frequency of MS, sampled where the georeference puts the centres of the MS pixels.
Unlike the toolbox's indices, this holds for any phase of the two grids.

An accumulator as `core.quality.streaming` describes, of a scene at full or at reduced resolution.
Tiles may come in any order, each MS pixel once.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from core.imaging.arrays import FloatArray, Image, Mask
from core.imaging.degrade import reduce_pan
from core.imaging.nominal_mtf import TRUNCATE, mtf_sigma
from core.pair.reduced import AnyScene
from core.pair.scene import Patch
from core.quality.assessment import ConsistencyStatistics, ValuePairs
from core.quality.q2n import BLOCK, q2n_map, uqi_maps
from core.quality.streaming import ErrorIndices, PixelErrors, RunningMean
from core.raster.tile_plan import Tile
from core.raster.window import Window

MAX_PAIRS = 50_000  # of MS and fused values that are kept for histograms
CORRELATION_MARGIN = 1e-4  # by which another band must correlate better than a band's own


@dataclass(frozen=True)
class ConsistencySums:
    """Sums of one tile: MS and the degraded fused image `(2 C, h, w)` in a window of the MS grid.

    `valid` `(h, w)` is where both have data, `pairs` `(2 C, n)` the values of some of those pixels.
    """

    window: Window
    images: FloatArray
    valid: Mask
    errors: PixelErrors
    pairs: FloatArray


class Consistency:
    """Accumulate the comparison of a fused image with the MS of its scene.

    Parameters
    ----------
    scene : the pair, whose MS is read here.
    gains : MTF gain of each band at the Nyquist frequency of MS.
    scale : converts the images' values to DN, see `core.quality.dynamic_range`.
    block : side (MS px) of the blocks of Q2n and of each band's Q.
    """

    def __init__(
        self, scene: AnyScene, gains: Sequence[float], scale: float = 1.0, block: int = BLOCK
    ) -> None:
        self._scene, self._gains, self._scale = scene, tuple(gains), scale
        self._footprint = 2 * math.ceil(scene.ratio / 2) + 1
        self._stride = max(1, math.ceil(math.sqrt(math.prod(scene.ms_grid.shape) / MAX_PAIRS)))
        self._blocks = _OpenBlocks(2 * scene.bands + 1, scene.ms_grid, block)
        self._pairs: list[FloatArray] = []
        self._q = [RunningMean()] * scene.bands
        self.bands = scene.bands
        self.errors = ErrorIndices(scene.bands, scene.ratio)

    @property
    def reach(self) -> int:
        """Radius (PAN px) around the centre of an MS pixel that its comparison depends on."""
        return math.ceil(TRUNCATE * mtf_sigma(max(self._scene.ratio_yx), min(self._gains))) + 1

    def measure(self, tile: Tile, fused: FloatArray, valid: Mask) -> ConsistencySums:
        """Compare the MS pixels centred in `tile.inner` with an image `(C, h, w)` of `tile.outer`.

        An MS pixel over an invalid one is not compared. All values must be finite; those of invalid
        pixels near valid ones should be plausible, since the filter covers them, too.
        """
        window = self._ms_window(tile.inner)
        rows, cols = (
            at[span] - origin
            for at, span, origin in zip(
                self._scene.centres, window.slices, (tile.outer.row, tile.outer.col), strict=True
            )
        )
        if not (rows.size and cols.size):
            nothing = np.empty((2 * self.bands, *window.shape))
            return self._sums(window, nothing, np.zeros(window.shape, bool))
        degraded = [
            reduce_pan(band, rows, cols, self._scene.ratio_yx, gain)
            for band, gain in zip(fused, self._gains, strict=True)
        ]
        ms, known = self._scene.read_ms_grid(window)
        if not valid.all():
            near = ndimage.minimum_filter(valid, self._footprint, mode="nearest")
            nearest = (
                np.clip(np.rint(at).astype(int), 0, size - 1)
                for at, size in zip((rows, cols), near.shape, strict=True)
            )
            known = known & near[np.ix_(*nearest)]
        return self._sums(window, np.concatenate([ms, degraded]), known)

    def update(self, sums: ConsistencySums) -> None:
        """Add a tile."""
        self.errors.update_pixels(sums.errors)
        self._pairs.append(sums.pairs)
        images = np.concatenate([sums.images * self._scale, sums.valid[None]])
        for block in self._blocks.put(sums.window, images):
            if block[-1].all():
                self._update_block(block[:-1])

    def add(self, fused: Image, patch: Patch) -> None:
        """Compare and add a window `(C, H, W)` of the fused image, without more of it.

        Only MS pixels are compared whose filter lies in the window, or reaches beyond the scene.
        """
        window, whole = patch.window, self._scene.whole
        reach = self.reach
        inner = Window.between(
            window.row + reach * (window.row > 0),
            window.col + reach * (window.col > 0),
            window.row_end - reach * (window.row_end < whole.height),
            window.col_end - reach * (window.col_end < whole.width),
        )
        filled = np.where(patch.valid, fused, patch.lms).astype(np.float64)
        self.update(self.measure(Tile(inner, window), filled, patch.valid))

    def compute(self) -> dict[str, float]:
        """Return SAM, ERGAS, Q2n, and the signed bias of the band where it is largest (%)."""
        mean, fused = self.errors.means
        with np.errstate(divide="ignore", invalid="ignore"):
            biases = 100 * (fused / mean - 1)
            bias = float(biases[np.argmax(np.abs(biases))])
        return {**self.errors.compute(), "bias_percent": bias}

    def band_statistics(self) -> tuple[ConsistencyStatistics, ...]:
        """Return the error of each band against MS."""
        mean, fused = self.errors.means
        rmse, bias = np.sqrt(self.errors.mse), fused - mean
        with np.errstate(divide="ignore", invalid="ignore"):
            relative = 100 / np.where(mean == 0, np.nan, mean)
        columns = (rmse, rmse * relative, bias, bias * relative, [q.value for q in self._q])
        return tuple(ConsistencyStatistics(*map(float, row)) for row in zip(*columns, strict=True))

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

    def _ms_window(self, inner: Window) -> Window:
        """Return the MS pixels whose centres lie in a window of the scene."""
        spans = []
        for at, begin, end, whole in zip(
            self._scene.centres,
            (inner.row, inner.col),
            (inner.row_end, inner.col_end),
            self._scene.whole.shape,
            strict=True,
        ):
            first = 0 if begin == 0 else int(np.searchsorted(at, begin - 0.5))
            last = len(at) if end == whole else int(np.searchsorted(at, end - 0.5))
            spans.append((first, last))
        (row, row_end), (col, col_end) = spans
        return Window.between(row, col, row_end, col_end)

    def _sums(self, window: Window, images: FloatArray, valid: Mask) -> ConsistencySums:
        step = self._stride
        some = slice(-window.row % step, None, step), slice(-window.col % step, None, step)
        return ConsistencySums(
            window,
            images,
            valid,
            PixelErrors.of(images[: self.bands], images[self.bands :], valid, images[:, valid]),
            images[(slice(None), *some)][:, valid[some]],
        )

    def _update_block(self, images: FloatArray) -> None:
        """Add a block of MS and fused image `(2 C, h, w)`, DN."""
        self.errors.update_blocks(q2n_map(images[: self.bands], images[self.bands :]))
        block = max(images.shape[1:])
        bands = np.diagonal(uqi_maps(images, block)[0, 0], offset=self.bands)
        self._q = [mean + RunningMean.of(q) for mean, q in zip(self._q, bands, strict=True)]


class _OpenBlocks:
    """Blocks of an image that is given window by window, until they are complete."""

    def __init__(self, layers: int, whole: Window, side: int) -> None:
        self._layers, self._whole, self._side = layers, whole, side
        self._open: dict[Window, tuple[FloatArray, int]] = {}

    def put(self, window: Window, values: FloatArray) -> list[FloatArray]:
        """Store the values `(layers, h, w)` of a window; return the blocks now complete.

        Blocks at the right and bottom edge of the image are truncated.
        """
        complete, side = [], self._side
        for row in range(window.row // side * side, window.row_end, side):
            for col in range(window.col // side * side, window.col_end, side):
                block = Window(row, col, side, side).intersect(self._whole)
                part = block.intersect(window)
                empty = np.empty((self._layers, *block.shape)), math.prod(block.shape)
                pixels, missing = self._open.pop(block, empty)
                at, taken = (part.shift(-w.row, -w.col).slices for w in (block, window))
                pixels[(slice(None), *at)] = values[(slice(None), *taken)]
                missing -= math.prod(part.shape)
                if missing:
                    self._open[block] = pixels, missing
                else:
                    complete.append(pixels)
        return complete
