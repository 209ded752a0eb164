# SPDX-License-Identifier: GPL-2.0-or-later
"""Mean and covariance of a scene's pixels, accumulated window by window."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

#: A standard deviation below this share of the mean is rounding; that of float32 images is above.
ROUNDING = 1e-12


class Moments:
    """Count, mean and covariance of vectors, accumulated block by block (Chan's update)."""

    def __init__(self, size: int) -> None:
        self.count = 0
        self.mean: NDArray[np.float64] = np.zeros(size)
        self._scatter: NDArray[np.float64] = np.zeros((size, size))

    def add(self, values: NDArray[np.float64]) -> None:
        """Add vectors `(size, N)`."""
        n = values.shape[1]
        if n == 0:
            return
        mean = values.mean(axis=1)
        centred = values - mean[:, None]
        self._add(n, mean, centred @ centred.T)

    def merge(self, other: Moments) -> None:
        """Add all vectors that were added to `other`."""
        if other.count:
            self._add(other.count, other.mean, other._scatter)

    def _add(self, n: int, mean: NDArray[np.float64], scatter: NDArray[np.float64]) -> None:
        step = mean - self.mean
        total = self.count + n
        self._scatter += scatter + np.outer(step, step) * (self.count * n / total)
        self.mean = self.mean + step * (n / total)
        self.count = total

    @property
    def cov(self) -> NDArray[np.float64]:
        """Sample covariance `(size, size)`, over N - 1; exactly 0 where there is only rounding.

        Otherwise the quotient of two covariances of flat images could be any number.
        """
        cov = self._scatter / max(self.count - 1, 1)
        flat = np.diag(cov) <= (ROUNDING * self.mean) ** 2
        cov[flat] = cov[:, flat] = 0.0
        return cov

    @property
    def raw(self) -> NDArray[np.float64]:
        """Mean of x x^T `(size, size)`, not centred."""
        return self._scatter / max(self.count, 1) + np.outer(self.mean, self.mean)
