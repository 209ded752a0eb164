# SPDX-License-Identifier: GPL-2.0-or-later
"""Shares of the fused image's values that are negative, clipped, or missing."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.imaging.arrays import FloatArray, Mask
from core.quality.assessment import ValueShares


@dataclass(frozen=True)
class ShareCounts:
    """Counts of one tile: of values of each band `(3, C)`, negative and at either end of the type.

    `values` is the number of valid pixels, `expected` that of pixels with data in PAN and MS,
    `missing` that of those without data in the fused image.
    """

    bands: npt.NDArray[np.intp]
    values: int
    expected: int
    missing: int


class ShareSums:
    """Accumulate counts, as `core.quality.streaming` describes; `dtype` is that of the file.

    Values in floating point are not clipped.
    """

    def __init__(self, bands: int, dtype: npt.DTypeLike) -> None:
        kind = np.dtype(dtype)
        self._ends = (math.nan, math.nan)
        if kind.kind in "iu":
            self._ends = float(np.iinfo(kind).min), float(np.iinfo(kind).max)
        self._total = ShareCounts(np.zeros((3, bands), np.intp), 0, 0, 0)

    def measure(self, fused: FloatArray, valid: Mask, known: Mask) -> ShareCounts:
        """Count in a window `(C, h, w)`; windows must not overlap.

        `valid` is where the fused image has data, `known` where PAN and MS have.
        """
        low, high = self._ends
        found = [((fused < 0) & valid), ((fused == low) & valid), ((fused == high) & valid)]
        return ShareCounts(
            np.stack([each.sum(axis=(1, 2)) for each in found]),
            int(valid.sum()),
            int(known.sum()),
            int((known & ~valid).sum()),
        )

    def update(self, counts: ShareCounts) -> None:
        """Add a tile."""
        total = self._total
        self._total = ShareCounts(
            total.bands + counts.bands,
            total.values + counts.values,
            total.expected + counts.expected,
            total.missing + counts.missing,
        )

    def compute(self) -> ValueShares:
        """Return the shares, 0 to 1; NaN of nothing."""
        total = self._total
        shares = (total.bands / total.values if total.values else total.bands * math.nan).tolist()
        negative, low, high = map(tuple, shares)
        missing = total.missing / total.expected if total.expected else math.nan
        return ValueShares(negative, low, high, missing)
