# SPDX-License-Identifier: GPL-2.0-or-later
"""Mean and covariance of a scene's pixels, window by window."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

#: Share of the mean below which a standard deviation is rounding. That of float32 images is not.
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
        """Add all vectors of another."""
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
        """Sample covariance (N - 1); exactly 0 for what varies by no more than rounding.

        A quotient of two covariances would be any number there: a flat image has no detail.
        """
        cov = self._scatter / max(self.count - 1, 1)
        flat = np.diag(cov) <= (ROUNDING * self.mean) ** 2
        cov[flat] = cov[:, flat] = 0.0
        return cov

    @property
    def raw(self) -> NDArray[np.float64]:
        """Mean of x x^T, not centred."""
        return self._scatter / max(self.count, 1) + np.outer(self.mean, self.mean)
