# SPDX-License-Identifier: GPL-2.0-or-later
"""Cross-power spectra of two images of the same ground, and the displacement their phases fit.

A displaced image has the same spectrum but for phases that grow with the frequency. The spectra of
several windows can be averaged; noise, which has any phase, then goes, and the displacement stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import fft, ndimage

from core.imaging.arrays import FloatArray

Spectrum = NDArray[np.complexfloating[Any, Any]]
Shift = tuple[float, float]
"""Rows and columns (px) that the content of the second image lies further than the first's."""

BAND = 0.03, 0.3
"""Cycles per MS px that count. Above, what MS shows is aliasing, more and more."""
WHITENED = 0.5
"""Exponent of the amplitudes: 0 lets every frequency, noise too, say as much as any other, 1 lets
the strongest edges speak alone."""
REACH = 0.25  # of a window's edge that a shift can be long
ROUND = 0.1
"""Least curvature of a correlation's peak, of the largest: along stripes nothing tells a place."""
ROUNDING = 1e-12  # of an image's mean square: less detail is rounding


def cross_power(
    image: FloatArray, other: FloatArray, valid: NDArray[np.bool_], sigma: float
) -> Spectrum | None:
    """Half spectrum of two images `(H, W)`, its amplitudes that count summing up to 1.

    Detail alone counts: what is larger than `sigma` px is taken out first, and what is not `valid`,
    or near that, is weighted down. None where one of the two has no detail.
    """
    shape = image.shape[0], image.shape[1]
    known = ndimage.minimum_filter(valid.astype(np.float64), 9, mode="nearest")
    weight = _hann(shape) * ndimage.gaussian_filter(known, 2.0)
    spectra = []
    for each in (image, other):
        detail = (each - ndimage.gaussian_filter(each, sigma, mode="nearest")) * weight
        if np.square(detail).mean() <= ROUNDING * np.square(each).mean():
            return None
        spectra.append(fft.rfft2(detail))
    cross = spectra[1] * spectra[0].conj()
    cross *= np.maximum(np.abs(cross), 1e-300) ** (WHITENED - 1.0)
    normal: Spectrum = cross / (np.abs(cross) * _frequencies(shape)[2]).sum()
    return normal


@lru_cache(maxsize=8)
def _hann(shape: tuple[int, int]) -> FloatArray:
    """Falls to zero at the edges, which would otherwise be edges of both images."""
    rows, cols = (np.hanning(size + 2)[1:-1] for size in shape)
    return np.outer(rows, cols)


@lru_cache(maxsize=8)
def _frequencies(shape: tuple[int, int]) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Angular frequencies (rad/px) of the half spectrum along both axes, and how much each counts.

    All but those of the first column stand for their conjugates too.
    """
    y, x = fft.fftfreq(shape[0])[:, None], fft.rfftfreq(shape[1])[None, :]
    radius = np.hypot(y, x)
    counts = ((radius > BAND[0]) & (radius < BAND[1])).astype(np.float64)
    counts[:, 1:] *= 2.0
    return 2 * np.pi * y, 2 * np.pi * x, counts


def displacement(spectra: Sequence[Spectrum], shape: tuple[int, int]) -> tuple[Shift, float]:
    """The shift that the phases of these windows `shape` fit best, and how well: 0 to 1."""
    y, x, counts = _frequencies(shape)
    mean = counts * sum(spectra) / len(spectra)
    row, col = _nearest(mean, shape)
    for _ in range(20):  # Newton's method from the nearest pixel
        turned = mean * np.exp(1j * (y * row + x * col))
        real, slope = turned.real, -turned.imag
        curve = [[(a * b * real).sum() for b in (y, x)] for a in (y, x)]
        low, high = np.linalg.eigvalsh(curve)
        if high <= 0 or low < ROUND * high:
            return (row, col), 0.0
        step = np.linalg.solve(curve, [(y * slope).sum(), (x * slope).sum()])
        row, col = (
            row + float(np.clip(step[0], -0.5, 0.5)),
            col + float(np.clip(step[1], -0.5, 0.5)),
        )
        if np.abs(step).max() < 1e-4:
            break
    return (row, col), match_of(spectra, shape, (row, col))


def _nearest(spectrum: Spectrum, shape: tuple[int, int]) -> tuple[float, float]:
    """The whole pixel where the correlation is largest, within reach."""
    halved = spectrum.copy()
    halved[:, 1:] /= 2
    correlation = fft.irfft2(halved, shape)
    rows, cols = (fft.fftfreq(size, 1 / size) for size in shape)
    reach = REACH * min(shape)
    within = (np.abs(rows) <= reach)[:, None] & (np.abs(cols) <= reach)
    place = np.where(within, correlation, -np.inf).argmax()
    row, col = np.unravel_index(place, shape)
    return float(rows[row]), float(cols[col])


def match_of(spectra: Sequence[Spectrum], shape: tuple[int, int], shift: Shift) -> float:
    """How well the windows' phases fit a shift: 1 where all of them do."""
    y, x, counts = _frequencies(shape)
    turn = counts * np.exp(1j * (y * shift[0] + x * shift[1]))
    return float(np.mean([(each * turn).real.sum() for each in spectra]))
