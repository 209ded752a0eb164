# SPDX-License-Identifier: GPL-2.0-or-later
"""How far two images of the same ground lie apart, to a fraction of a pixel.

Edges are matched: Sobel magnitudes, whose normalised correlation does not ask which of two bands
is the brighter. Each window gives one answer, the median of the windows counts.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from scipy import fft

from core.imaging.arrays import FloatArray
from core.imaging.filters import sobel

REACH = 8  # px that the two may lie apart
CLEAR = 0.3  # correlation at the right place
AGREE = 1.0  # px, median distance of the windows' answers from their median

Shift = tuple[float, float]


def displacement(image: FloatArray, other: FloatArray, reach: int = REACH) -> Shift | None:
    """Rows and columns that the content of `image` `(H, W)` lies further than that of `other`.

    None where the edges of the two do not match clearly anywhere within `reach` pixels.
    """
    found = _correlation(_edges(image), _edges(other), reach)
    row, col = (int(i) for i in np.unravel_index(found.argmax(), found.shape))
    if not 0 < row < 2 * reach or not 0 < col < 2 * reach or found[row, col] < CLEAR:
        return None
    down = row - reach + _vertex(found[row - 1 : row + 2, col])
    right = col - reach + _vertex(found[row, col - 1 : col + 2])
    return -down, -right


def _edges(image: FloatArray) -> FloatArray:
    edges: FloatArray = sobel(image[None])[0, 1:-1, 1:-1]
    return edges


def _correlation(image: FloatArray, other: FloatArray, reach: int) -> FloatArray:
    """Normalised, of the middle of `image` with every place in `other`: `(2 reach + 1,) * 2`."""
    template = image[reach:-reach, reach:-reach]
    template = template - template.mean()
    size = template.shape
    shape = [fft.next_fast_len(n, real=True) for n in other.shape]
    spectrum = fft.rfft2(other, shape)
    lags = slice(0, 2 * reach + 1)

    def sums(weight: FloatArray, of: FloatArray) -> FloatArray:
        """Of every part of an image, weighted."""
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
    """Where the parabola through three samples at -1, 0, 1 is largest."""
    before, at, after = values
    curve = before - 2 * at + after
    return float(0.5 * (before - after) / curve) if curve < 0 else 0.0


def typical(found: Iterable[Shift | None]) -> Shift | None:
    """The median of what the windows found, None where few found anything or they disagree."""
    every = list(found)
    answers = np.array([each for each in every if each is not None])
    if not len(answers) or 4 * len(answers) < len(every):
        return None
    middle = np.median(answers, axis=0)
    if np.median(np.abs(answers - middle), axis=0).max() > AGREE:
        return None
    return float(middle[0]), float(middle[1])
