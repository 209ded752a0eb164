# SPDX-License-Identifier: GPL-2.0-or-later
"""Completion of pixels that have data in some bands only, by linear regression on the other bands.

Methods work on all bands together, so that a missing value must be replaced: by its mean under
the condition of the pixel's other bands, from the means and covariances of the scene. These are
fixed before, and each pixel is completed by itself, so that results do not depend on windows.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.imaging.arrays import FloatArray, Mask
from core.imaging.moments import Moments
from core.raster.nodata_values import HUGE


class IncompletePixels:
    """The regression that completes pixels with data in some bands only.

    Parameters
    ----------
    values, valid : pixels of the raster `(C, N)`, DN, and their valid mask by band.
    keep : keep values that may be real: from 0 to the maximum of the band elsewhere.
    """

    def __init__(self, values: NDArray[np.floating], valid: Mask, keep: bool) -> None:
        self._most = (
            values.max(axis=1, where=valid, initial=-np.inf)[:, None, None] if keep else None
        )
        moments = Moments(len(values))
        moments.add(values[:, valid.all(axis=0)].astype(np.float64))
        self._cov = moments.cov
        self._mean: FloatArray = moments.mean
        if not moments.count:  # no pixel has all bands: the mean of each band
            shares = valid.mean(axis=1)
            sums = np.where(valid, values, 0.0).mean(axis=1, dtype=np.float64)
            self._mean = sums / np.maximum(shares, 1e-9)

    def complete(self, values: NDArray[np.floating], valid: Mask) -> None:
        """Replace missing values `(C, H, W)`, in place, if other bands are `valid` `(C, H, W)`."""
        missing = ~valid & valid.any(axis=0)
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
        """Return the missing bands `(M, N)` of pixels `(C, N)`, from their other bands."""
        there = np.flatnonzero(~missing)
        cov = self._cov[np.ix_(there, there)]
        ridge = 1e-6 * np.trace(cov) / len(there) + 1e-12
        weights = np.linalg.solve(cov + ridge * np.eye(len(there)), self._cov[there][:, missing])
        result = np.repeat(self._mean[missing][:, None], pixels.shape[1], axis=1)
        for band, weight in zip(there, weights, strict=True):  # summed in one order in every window
            result += weight[:, None] * (pixels[band] - self._mean[band])
        return result
