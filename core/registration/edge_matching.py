# SPDX-License-Identifier: GPL-2.0-or-later
"""The shift between a fused image and its inputs, by matching edges, to a fraction of a pixel.

For images on one grid that show the same detail, of any contrast: the correlation of Sobel
magnitudes does not ask which of two bands is the brighter. Each window gives one answer, and the
median counts. PAN and MS, which share coarse detail only, are compared by phase correlation
(`phase_correlation`), to a fiftieth of a pixel instead of some tenths.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import fft

from core.imaging.arrays import FloatArray
from core.registration.phase_correlation import Shift

MAX_SHIFT = 8  # px
MIN_CORRELATION = 0.3  # at the right place
MAX_DEVIATION = 1.0  # px, median distance of the windows' answers from their median


def match_edges(image: FloatArray, other: FloatArray) -> Shift | None:
    """Return how far (rows, columns) the content of `image` `(H, W)` lies from that of `other`.

    None where the edges of the two do not match clearly anywhere within `MAX_SHIFT` pixels.
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
    """Correlate the middle of `image` with all places in `other`: `(2 reach + 1, 2 reach + 1)`."""
    template = image[reach:-reach, reach:-reach]
    template = template - template.mean()
    size = template.shape
    shape = [fft.next_fast_len(n, real=True) for n in other.shape]
    spectrum = fft.rfft2(other, shape)
    lags = slice(0, 2 * reach + 1)

    def sums(weight: FloatArray, of: FloatArray) -> FloatArray:
        """Return the weighted sum over every part of an image."""
        product = of * fft.rfft2(weight, shape).conj()
        return np.asarray(fft.irfft2(product, shape)[lags, lags])

    ones, count = np.ones(size), template.size
    mean = sums(ones, spectrum) / count
    square = sums(ones, fft.rfft2(other**2, shape)) / count
    below = np.sqrt(np.maximum(square - mean**2, 0.0) * (template**2).mean())
    above = sums(template, spectrum) / count
    # Where one of the two is flat, what the transforms leave of zero is no correlation.
    floor = 1e-6 * max(float(square.max()), float((image**2).mean()))
    return np.divide(above, below, out=np.zeros_like(above), where=below > floor)


def _vertex(values: FloatArray) -> float:
    """Return where the parabola through three samples at -1, 0, 1 is largest."""
    before, at, after = values
    curve = before - 2 * at + after
    return float(0.5 * (before - after) / curve) if curve < 0 else 0.0


def median_shift(shifts: Sequence[Shift | None]) -> Shift | None:
    """Return the median of the windows' shifts; None where most have none, or they disagree."""
    answers = np.array([each for each in shifts if each is not None])
    if not len(answers) or 4 * len(answers) < len(shifts):
        return None
    middle = np.median(answers, axis=0)
    if np.median(np.abs(answers - middle), axis=0).max() > MAX_DEVIATION:
        return None
    return float(middle[0]), float(middle[1])


def sobel(image: FloatArray) -> FloatArray:
    """Sobel gradient magnitude of each band of `(C, H, W)`, zero padding."""
    image = np.pad(image, ((0, 0), (1, 1), (1, 1)))
    down = image[:, 2:] - image[:, :-2]
    right = image[:, :, 2:] - image[:, :, :-2]
    down = down[:, :, 2:] + 2 * down[:, :, 1:-1] + down[:, :, :-2]
    right = right[:, 2:] + 2 * right[:, 1:-1] + right[:, :-2]
    return np.sqrt(down * down + right * right)
