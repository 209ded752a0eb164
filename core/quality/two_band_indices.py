# SPDX-License-Identifier: GPL-2.0-or-later
"""Normalised differences of two bands, as NDVI: the fused image, degraded to MS, against MS.

They are computed from the values of the files, not from surface reflectance: only the difference
between the two images is meaningful.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from core.imaging.arrays import FloatArray, Image, Mask
from core.imaging.moments import Moments
from core.quality.assessment import BandIndex, ValuePairs

#: First and second band of `(first - second) / (first + second)`, by the keys of core.sensors.
BAND_INDICES = {
    "NDVI": ("nir", "red"),
    "NDWI": ("green", "nir"),
    "NDRE": ("nir", "rededge"),
    "NDMI": ("nir", "swir1"),  # NDBI is its negative
}
#: Least sum of two bands, DN: below, rounding to whole DN changes the index by up to 0.1.
MIN_SUM = 10.0


def available(names: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Return the indices that bands of these names allow, with the numbers of their two bands."""
    at = {name: number for number, name in reversed(list(enumerate(names)))}
    return {
        index: (at[first], at[second])
        for index, (first, second) in BAND_INDICES.items()
        if first in at and second in at
    }


def normalised_difference(
    images: FloatArray | Image, bands: tuple[int, int], scale: float
) -> FloatArray:
    """Return the index of images `(C, ...)`; NaN where the sum of both bands is near zero.

    `scale` converts the values to DN.
    """
    first, second = (images[number].astype(np.float64) for number in bands)
    total = first + second
    undefined = np.full(total.shape, np.nan)
    return np.divide(first - second, total, out=undefined, where=total * scale >= MIN_SUM)


class BandIndices:
    """Accumulate indices, by name with the numbers of their bands, of MS and of the fused image.

    As `core.quality.streaming` describes.
    """

    def __init__(self, bands: dict[str, tuple[int, int]], scale: float = 1.0) -> None:
        self.bands, self.scale = bands, scale
        self._moments = {name: Moments(2) for name in bands}

    def measure(self, images: FloatArray, valid: Mask) -> dict[str, Moments]:
        """Return moments of each index of MS, and of its error; images are `(2 C, h, w)`."""
        found = {}
        for name, bands in self.bands.items():
            ms, fused = (
                normalised_difference(half, bands, self.scale)[valid]
                for half in np.split(images, 2)
            )
            both = np.isfinite(ms) & np.isfinite(fused)
            found[name] = Moments(2)
            found[name].add(np.stack([ms[both], (fused - ms)[both]]))
        return found

    def update(self, sums: dict[str, Moments]) -> None:
        """Add a tile."""
        for name, moments in sums.items():
            self._moments[name].merge(moments)

    def pairs(self, sample: ValuePairs) -> ValuePairs:
        """Return the indices `(I, n)` of some pixels, NaN where they are not defined."""
        ms, fused = (np.empty((len(self.bands), sample.ms.shape[1]), np.float32) for _ in range(2))
        for number, bands in enumerate(self.bands.values()):
            ms[number] = normalised_difference(sample.ms, bands, self.scale)
            fused[number] = normalised_difference(sample.fused, bands, self.scale)
        return ValuePairs(ms, fused)

    def compute(self) -> tuple[BandIndex, ...]:
        """Return the comparison of each index; NaN where no pixel counts."""
        return tuple(_compared(name, self.bands[name], m) for name, m in self._moments.items())


def _compared(name: str, bands: tuple[int, int], moments: Moments) -> BandIndex:
    n = moments.count
    if not n:
        return BandIndex(name, bands, 0, math.nan, math.nan, math.nan, math.nan)
    mean, bias = moments.mean.tolist()
    (of_ms, of_both), (_, of_error) = moments.cov.tolist()
    of_fused = of_ms + 2 * of_both + of_error
    flat = min(of_ms, of_fused) <= 0
    correlation = math.nan if flat else (of_ms + of_both) / math.sqrt(of_ms * of_fused)
    rmse = math.sqrt(bias**2 + of_error * (n - 1) / n)
    return BandIndex(name, bands, n, mean, bias, rmse, correlation)
