# SPDX-License-Identifier: GPL-2.0-or-later
"""Pixels that have data in some bands only: what the other bands lead to expect of a missing one.

Methods work on all bands together. A missing value must not enter their sums, and a neighbour's
value would be wrong where half a lake is missing; so it is the mean that the pixel's other bands
lead to expect, by the scene's means and covariances. These are fixed before, and each pixel is
completed by itself: the result does not depend on windows.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.imaging.arrays import FloatArray, Mask
from core.imaging.moments import Moments
from core.raster.nodata_values import HUGE


class Partial:
    """How pixels with data in some bands only are completed.

    Parameters
    ----------
    values, known : `(C, N)` DN, pixels of the raster, and where they have data.
    keep : keep values that may be real: from 0 to the greatest that the band has elsewhere.
    """

    def __init__(self, values: NDArray[np.floating], known: Mask, keep: bool) -> None:
        self._most = (
            values.max(axis=1, where=known, initial=-np.inf)[:, None, None] if keep else None
        )
        moments = Moments(len(values))
        moments.add(values[:, known.all(axis=0)].astype(np.float64))
        self._cov = moments.cov
        self._mean: FloatArray = moments.mean
        if not moments.count:  # no pixel has all bands: each by itself
            shares = known.mean(axis=1)
            sums = np.where(known, values, 0.0).mean(axis=1, dtype=np.float64)
            self._mean = sums / np.maximum(shares, 1e-9)

    def complete(self, values: NDArray[np.floating], known: Mask) -> None:
        """Replace missing values `(C, H, W)`, in place, where other bands are `known`."""
        missing = ~known & known.any(axis=0)
        if self._most is not None:
            missing &= ~((values >= 0) & (values <= np.minimum(self._most, HUGE)))
        at = missing.any(axis=0)
        if not at.any():
            return
        pixels, holes = values[:, at].astype(np.float64), missing[:, at]
        patterns, which = np.unique(holes, axis=1, return_inverse=True)
        for number, pattern in enumerate(patterns.T):
            here = which.ravel() == number
            pixels[np.ix_(pattern, here)] = self._expected(pixels[:, here], pattern)
        values[:, at] = pixels

    def _expected(self, pixels: FloatArray, missing: Mask) -> FloatArray:
        """Return the missing bands `(M, N)` of pixels `(C, N)`, by the other bands of each."""
        there = np.flatnonzero(~missing)
        among = self._cov[np.ix_(there, there)]
        ridge = 1e-6 * np.trace(among) / len(there) + 1e-12
        weights = np.linalg.solve(among + ridge * np.eye(len(there)), self._cov[there][:, missing])
        result = np.repeat(self._mean[missing][:, None], pixels.shape[1], axis=1)
        for band, weight in zip(there, weights, strict=True):  # the same order in every window
            result += weight[:, None] * (pixels[band] - self._mean[band])
        return result
