# SPDX-License-Identifier: GPL-2.0-or-later
"""Counts and statistics of the pixels of a file, accumulated while it is written."""

from __future__ import annotations

from typing import Any

import numpy as np

#: The numbers that `Statistics.facts` has of each band.
NUMBERS = ("count", "mean", "squares", "low", "high")


class Counts:
    """Pixels without data, clipped values, and statistics of each band if wanted.

    Attributes
    ----------
    missing : number of pixels without data in any band.
    holes : whether a pixel lacks data in some band.
    clipped : number of values that the type cannot hold.
    statistics : None if not wanted.
    """

    def __init__(self, bands: int, with_statistics: bool) -> None:
        self.missing = 0
        self.holes = False
        self.clipped = 0
        self.statistics = Statistics(bands) if with_statistics else None

    def add(self, pixels: np.ndarray, valid: np.ndarray, clipped: int) -> None:
        """Count pixels and their valid mask, both `(C, H, W)`."""
        self.missing += int(np.count_nonzero(~valid.any(axis=0)))
        self.holes |= not valid.all()
        self.clipped += clipped
        if self.statistics:
            self.statistics.add(pixels, valid)

    def merge(self, facts: dict[str, Any]) -> None:
        """Add the `facts` of a part."""
        self.missing += facts["missing"]
        self.holes |= facts["holes"]
        self.clipped += facts["clipped"]
        if self.statistics:
            self.statistics.merge(facts["statistics"])

    def facts(self) -> dict[str, Any]:
        """Return all as plain values."""
        statistics = self.statistics.facts() if self.statistics else None
        return {**vars(self), "statistics": statistics}


class Statistics:
    """Minimum, maximum, mean and standard deviation of each band, accumulated tile by tile."""

    def __init__(self, bands: int) -> None:
        self._counts = np.zeros(bands)
        self._low, self._high = np.full(bands, np.inf), np.full(bands, -np.inf)
        self._means, self._squares = np.zeros(bands), np.zeros(bands)

    def add(self, pixels: np.ndarray, valid: np.ndarray) -> None:
        """Add a tile and its valid mask, both `(C, H, W)`."""
        for band, image in enumerate(pixels):
            values = image[valid[band]].astype(np.float64)
            if values.size:
                mean = values.mean()
                squares = np.square(values - mean).sum()
                self._add(band, values.size, mean, squares, values.min(), values.max())

    def merge(self, facts: dict[str, list[float]]) -> None:
        """Add the `facts` of other tiles."""
        for band, numbers in enumerate(zip(*(facts[name] for name in NUMBERS), strict=True)):
            if numbers[0]:
                self._add(band, *numbers)

    def facts(self) -> dict[str, list[float]]:
        """Return `NUMBERS` as lists of one number per band."""
        arrays = self._counts, self._means, self._squares, self._low, self._high
        return {name: array.tolist() for name, array in zip(NUMBERS, arrays, strict=True)}

    def _add(
        self, band: int, count: float, mean: float, squares: float, low: float, high: float
    ) -> None:
        before = self._counts[band]
        self._counts[band] = after = before + count
        step = mean - self._means[band]
        self._means[band] += step * count / after
        self._squares[band] += squares + step**2 * before * count / after
        self._low[band] = min(self._low[band], low)
        self._high[band] = max(self._high[band], high)

    def write(self, dataset: Any) -> None:
        """Write them as GDAL's tags of the bands."""
        pixels = dataset.width * dataset.height
        for band in np.flatnonzero(self._counts):
            numbers = {
                "MINIMUM": self._low[band],
                "MAXIMUM": self._high[band],
                "MEAN": self._means[band],
                "STDDEV": np.sqrt(self._squares[band] / self._counts[band]),
                "VALID_PERCENT": 100.0 * self._counts[band] / pixels,
            }
            tags = {f"STATISTICS_{name}": f"{value:.10g}" for name, value in numbers.items()}
            dataset.update_tags(int(band) + 1, **tags)
