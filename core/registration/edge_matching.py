# SPDX-License-Identifier: GPL-2.0-or-later
"""The shift between a fused image and its inputs, by correlation of their edges.

For images on one grid with the same detail: the correlation of Sobel magnitudes does not depend on
the sign of the contrast. The shift is the median of those of several windows, to some tenths of a
pixel. PAN and MS, with coarse detail in common only, are compared by `phase_correlation`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import fft

from core.imaging.arrays import FloatArray
from core.registration.phase_correlation import Shift

MAX_SHIFT = 8  # px
MIN_CORRELATION = 0.3  # of a match
MAX_DEVIATION = 1.0  # px, median distance of the windows' shifts from their median


def match_edges(image: FloatArray, other: FloatArray) -> Shift | None:
    """Return the shift (rows, columns, px) of `image` `(H, W)` against `other` `(H, W)`.

    None without a clear match of edges within `MAX_SHIFT` pixels.
    """
    own, others = sobel(np.stack([image, other]))[:, 1:-1, 1:-1]
    match = _correlation(own, others, MAX_SHIFT)
    row, col = (int(i) for i in np.unravel_index(match.argmax(), match.shape))
    inside = 0 < row < 2 * MAX_SHIFT and 0 < col < 2 * MAX_SHIFT
    if not inside or match[row, col] < MIN_CORRELATION:
        return None
    down = row - MAX_SHIFT + _vertex(match[row - 1 : row + 2, col])
    right = col - MAX_SHIFT + _vertex(match[row, col - 1 : col + 2])
    return -down, -right


def _correlation(image: FloatArray, other: FloatArray, reach: int) -> FloatArray:
    """Return the normalised correlation of the middle of `image` with each part of `other`.

    Both are `(H, W)`, the result `(2 reach + 1, 2 reach + 1)`.
    """
    template = image[reach:-reach, reach:-reach]
    template = template - template.mean()
    size = template.shape
    shape = [fft.next_fast_len(n, real=True) for n in other.shape]
    spectrum = fft.rfft2(other, shape)
    lags = slice(0, 2 * reach + 1)

    def sums(weight: FloatArray, of: FloatArray) -> FloatArray:
        """Return the weighted sum over each part of an image with the spectrum `of`."""
        product = of * fft.rfft2(weight, shape).conj()
        return np.asarray(fft.irfft2(product, shape)[lags, lags])

    ones, count = np.ones(size), template.size
    mean = sums(ones, spectrum) / count
    square = sums(ones, fft.rfft2(other**2, shape)) / count
    below = np.sqrt(np.maximum(square - mean**2, 0.0) * (template**2).mean())
    above = sums(template, spectrum) / count
    # Flat parts have no correlation: their quotient is one of rounding errors.
    floor = 1e-6 * max(float(square.max()), float((image**2).mean()))
    return np.divide(above, below, out=np.zeros_like(above), where=below > floor)


def _vertex(values: FloatArray) -> float:
    """Return where the parabola through three samples at -1, 0, 1 is largest."""
    before, at, after = values
    curve = before - 2 * at + after
    return float(0.5 * (before - after) / curve) if curve < 0 else 0.0


def median_shift(shifts: Sequence[Shift | None]) -> Shift | None:
    """Return the median of the windows' shifts; None if most have none, or if they disagree."""
    found = np.array([each for each in shifts if each is not None])
    if not len(found) or 4 * len(found) < len(shifts):
        return None
    middle = np.median(found, axis=0)
    if np.median(np.abs(found - middle), axis=0).max() > MAX_DEVIATION:
        return None
    return float(middle[0]), float(middle[1])


def sobel(image: FloatArray) -> FloatArray:
    """Return the Sobel gradient magnitude of each band of `(C, H, W)`, with zero padding."""
    image = np.pad(image, ((0, 0), (1, 1), (1, 1)))
    down = image[:, 2:] - image[:, :-2]
    right = image[:, :, 2:] - image[:, :, :-2]
    down = down[:, :, 2:] + 2 * down[:, :, 1:-1] + down[:, :, :-2]
    right = right[:, 2:] + 2 * right[:, 1:-1] + right[:, :-2]
    return np.sqrt(down * down + right * right)
