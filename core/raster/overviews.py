# SPDX-License-Identifier: GPL-2.0-or-later
"""Statistics and overviews inside a GeoTIFF, so that a large one is shown at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from rasterio.enums import Resampling

from core.raster.geotiff import quietly

#: Files of more pixels have them, if nobody says otherwise.
LARGE = 4096 * 4096
SMALLEST = 256  # px, of the coarsest overview
#: What `Statistics` tells of a band.
NUMBERS = ("count", "mean", "squares", "low", "high")
SHARE = 4 / 3  # size of a file with overviews over that of one without


class Statistics:
    """Minimum, maximum, mean and standard deviation of each band, of all tiles that it is given."""

    def __init__(self, bands: int) -> None:
        self._counts = np.zeros(bands)
        self._low, self._high = np.full(bands, np.inf), np.full(bands, -np.inf)
        self._means, self._squares = np.zeros(bands), np.zeros(bands)

    def add(self, pixels: np.ndarray, good: np.ndarray) -> None:
        """Take a tile (C, H, W) in, where each band is `good` (C, H, W)."""
        for band, image in enumerate(pixels):
            values = image[good[band]].astype(np.float64)
            if not values.size:
                continue
            mean = values.mean()
            squares = np.square(values - mean).sum()
            self._join(band, values.size, mean, squares, values.min(), values.max())

    def take(self, facts: dict[str, list[float]]) -> None:
        """Take those of other tiles in, as `facts` has told them."""
        for band, numbers in enumerate(zip(*(facts[name] for name in NUMBERS), strict=True)):
            if numbers[0]:
                self._join(band, *numbers)

    def facts(self) -> dict[str, list[float]]:
        """Return them as plain numbers, one of each for a band."""
        arrays = self._counts, self._means, self._squares, self._low, self._high
        return {name: array.tolist() for name, array in zip(NUMBERS, arrays, strict=True)}

    def _join(
        self, band: int, count: float, mean: float, squares: float, low: float, high: float
    ) -> None:
        before = self._counts[band]
        self._counts[band] = after = before + count
        apart = mean - self._means[band]
        self._means[band] += apart * count / after
        self._squares[band] += squares + apart**2 * before * count / after
        self._low[band] = min(self._low[band], low)
        self._high[band] = max(self._high[band], high)

    def write(self, dataset: Any) -> None:
        """Write them as GDAL's tags of the bands."""
        pixels = dataset.width * dataset.height
        for band, count in enumerate(self._counts):
            if not count:
                continue
            numbers = {
                "MINIMUM": self._low[band],
                "MAXIMUM": self._high[band],
                "MEAN": self._means[band],
                "STDDEV": np.sqrt(self._squares[band] / count),
                "VALID_PERCENT": 100.0 * count / pixels,
            }
            tags = {f"STATISTICS_{name}": f"{value:.10g}" for name, value in numbers.items()}
            dataset.update_tags(band + 1, **tags)


def build_overviews(path: Path) -> int:
    """Add overviews by average to a finished GeoTIFF; return how many.

    One thread makes them: with more, GDAL may hang on rasters of several bands.
    """
    with (
        rasterio.Env(GDAL_NUM_THREADS="1", ZLEVEL_OVERVIEW="1"),
        quietly(),
        rasterio.open(path, "r+") as dataset,
    ):
        factors = [2]
        while max(dataset.shape) > SMALLEST * factors[-1]:
            factors.append(2 * factors[-1])
        dataset.build_overviews(factors, Resampling.average)
    return len(factors)
