# SPDX-License-Identifier: GPL-2.0-or-later
"""Indices that need a reference: SAM, ERGAS, Q2n, SCC, PSNR, SSIM.

Equal to the field's reference MATLAB toolbox, which has no SSIM. An accumulator as
`core.quality.streaming` describes; `scores` is the same of a whole image, as one tile.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from core.imaging.arrays import FloatArray, Mask
from core.quality.streaming import (
    BlockTile,
    ErrorIndices,
    RunningMean,
    TileErrors,
    masked_pixels,
    whole_images,
)
from core.raster.window import Window
from core.registration.edge_matching import sobel

#: Gaussian window of SSIM, radius (px) and standard deviation (px), and its constants K1 and K2, as
#: in Wang et al. 2004 (ssim.m).
SSIM_RADIUS = 5
SSIM_STD = 1.5
SSIM_K = (0.01, 0.03)


@dataclass(frozen=True)
class ReferenceSums:
    """Sums of one tile: errors, products of both images' edges, and SSIM.

    `edges` are the sums of `x y`, `x x` and `y y`, of Sobel magnitudes x and y.
    """

    errors: TileErrors
    edges: FloatArray
    ssim: RunningMean


class WithReference:
    """Accumulate the indices that need a reference.

    Parameters
    ----------
    bands : number of bands.
    ratio : MS pixel size / PAN pixel size.
    peak : largest possible value, in the images' unit; NaN leaves PSNR and SSIM NaN.
    scale : converts the images' values to DN.
    """

    def __init__(self, bands: int, ratio: float, peak: float, scale: float = 1.0) -> None:
        self.peak = peak
        self.errors = ErrorIndices(bands, ratio, scale)
        self.edges = np.zeros(3)
        self.ssim = RunningMean()

    def measure(
        self, tile: BlockTile, reference: FloatArray, fused: FloatArray, valid: Mask
    ) -> ReferenceSums:
        """Compare two images `(C, h, w)` of `tile.outer`; values must be finite everywhere."""
        images = (reference, fused, valid)
        return ReferenceSums(
            self.errors.measure(tile, *(tile.cut(image, tile.padded) for image in images)),
            edge_products(tile, *images),
            _ssim(tile, *images, self.peak),
        )

    def update(self, sums: ReferenceSums) -> None:
        """Add a tile."""
        self.errors.update(sums.errors)
        self.edges += sums.edges
        self.ssim += sums.ssim

    def psnr_bands(self) -> list[float]:
        """Return the PSNR of each band, dB."""
        return [_psnr(float(mse), self.peak) for mse in self.errors.mse]

    def compute(self) -> dict[str, float]:
        """Return the scores by name. PSNR pools the squared error over all bands."""
        xy, xx, yy = self.edges
        return {
            **self.errors.compute(),
            "SCC": float(xy / math.sqrt(xx) / math.sqrt(yy)) if xx and yy else math.nan,
            "PSNR": _psnr(float(self.errors.mse.mean()), self.peak),
            "SSIM": self.ssim.value,
        }


def scores(
    reference: npt.ArrayLike,
    fused: npt.ArrayLike,
    ratio: float,
    peak: float,
    valid: Mask | None = None,
    scale: float = 1.0,
) -> dict[str, float]:
    """Return all indices of two whole images `(C, H, W)` over their valid pixels `(H, W)`.

    See `WithReference` for the parameters. An index without any valid pixel or block is NaN.
    """
    tile, x, y, valid = whole_images(reference, fused, valid)
    indices = WithReference(len(x), ratio, peak, scale)
    indices.update(indices.measure(tile, x, y, valid))
    return indices.compute()


def edge_products(
    tile: BlockTile, reference: FloatArray, fused: FloatArray, valid: Mask
) -> FloatArray:
    """Return the sums `(3,)` of products of Sobel magnitudes, of which SCC is the cosine.

    As in the toolbox, the outermost pixels of the image are set to zero before filtering, and left
    out of the sums; pixels with an invalid neighbour are left out, too.
    """
    inside = Window(1, 1, tile.whole.height - 2, tile.whole.width - 2)
    part = tile.inner.intersect(inside)
    if min(part.shape) < 1:
        return np.zeros(3)
    frame = np.ones(tile.outer.shape, bool)
    frame[inside.intersect(tile.outer).shift(-tile.outer.row, -tile.outer.col).slices] = False
    known = tile.cut(windows_all_valid(np.pad(valid, 1), 1), part)
    x, y = (
        masked_pixels(tile.cut(sobel(np.where(frame, 0.0, image)), part), known)
        for image in (reference, fused)
    )
    return np.array([(x * y).sum(), (x * x).sum(), (y * y).sum()])


def _ssim(
    tile: BlockTile, reference: FloatArray, fused: FloatArray, valid: Mask, peak: float
) -> RunningMean:
    r = SSIM_RADIUS
    inside = Window(r, r, tile.whole.height - 2 * r, tile.whole.width - 2 * r)
    part = tile.inner.intersect(inside)
    if min(part.shape) < 1 or math.isnan(peak):
        return RunningMean()
    window = part.grow(r, tile.whole)
    x, y, known = (tile.cut(image, window) for image in (reference, fused, valid))
    return RunningMean.of(masked_pixels(ssim_map(x, y, peak), windows_all_valid(known, r)))


def ssim_map(reference: FloatArray, fused: FloatArray, peak: float) -> FloatArray:
    """Return the structural similarity of each band `(C, H - 10, W - 10)`, as ssim.m.

    The Gaussian window of 11 x 11 px lies wholly within the images `(C, H, W)`.
    """
    r = SSIM_RADIUS
    window = np.exp(-(np.arange(-r, r + 1) ** 2) / (2 * SSIM_STD**2))
    window /= window.sum()
    c1, c2 = ((k * peak) ** 2 for k in SSIM_K)

    def mean(values: FloatArray) -> FloatArray:
        for axis in (0, 1):
            values = ndimage.correlate1d(values, window, axis=axis)
        return values[r:-r, r:-r]

    def band(x: FloatArray, y: FloatArray) -> FloatArray:
        mx, my = mean(x), mean(y)
        product, squares = mx * my, mx * mx + my * my
        variances = mean(x * x + y * y) - squares
        covariance = mean(x * y) - product
        return (2 * product + c1) * (2 * covariance + c2) / ((squares + c1) * (variances + c2))

    return np.stack([band(*bands) for bands in zip(reference, fused, strict=True)])


def windows_all_valid(valid: Mask, radius: int) -> Mask:
    """Return where in `(H - 2 radius, W - 2 radius)` a square window has only valid pixels."""
    minimum = ndimage.minimum_filter(valid, 2 * radius + 1)
    return np.asarray(minimum[radius:-radius, radius:-radius], dtype=bool)


def _psnr(mse: float, peak: float) -> float:
    """Return the peak signal-to-noise ratio (dB); NaN without pixels or peak."""
    if mse == 0:
        return math.inf
    return 10 * math.log10(peak**2 / mse) if math.isfinite(peak) else math.nan
