# SPDX-License-Identifier: GPL-2.0-or-later
"""The shift between PAN and MS, by phase correlation of their common detail.

A shift changes the phases of a spectrum in proportion to the frequency. The cross-power spectra of
several windows are averaged, so that noise with random phases cancels.
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
"""Rows and columns (px) that the content of the second image lies further down and right."""

FREQUENCIES = 0.03, 0.3
"""Band of frequencies that are used, cycles per MS px; above it, MS has more and more aliasing."""
AMPLITUDE_EXPONENT = 0.5
"""0 for phase correlation, which whitens fully; 1 for cross-correlation."""
MAX_SHIFT = 0.25  # of a window's edge
MIN_CURVATURE = 0.1
"""Least over largest curvature of the correlation's peak; along stripes the shift is ambiguous."""
MIN_DETAIL = 1e-12  # share of an image's mean square below which detail is rounding


def cross_power(
    image: FloatArray, other: FloatArray, valid: NDArray[np.bool_], sigma: float
) -> Spectrum | None:
    """Return the cross-power spectrum `(H, W/2 + 1)` of two images `(H, W)`, normalised.

    The amplitudes in the band of `FREQUENCIES` add up to 1. A Gaussian low-pass of `sigma` (px) is
    subtracted first; pixels that are not `valid` `(H, W)`, or near such, have less weight. None if
    one of the images has no detail.
    """
    shape = image.shape[0], image.shape[1]
    inside = ndimage.minimum_filter(valid.astype(np.float64), 9, mode="nearest")
    weight = _hann(shape) * ndimage.gaussian_filter(inside, 2.0)
    spectra = []
    for each in (image, other):
        detail = (each - ndimage.gaussian_filter(each, sigma, mode="nearest")) * weight
        if np.square(detail).mean() <= MIN_DETAIL * np.square(each).mean():
            return None
        spectra.append(fft.rfft2(detail))
    cross = spectra[1] * spectra[0].conj()
    cross *= np.maximum(np.abs(cross), 1e-300) ** (AMPLITUDE_EXPONENT - 1.0)
    normal: Spectrum = cross / (np.abs(cross) * _frequencies(shape)[2]).sum()
    return normal


@lru_cache(maxsize=8)
def _hann(shape: tuple[int, int]) -> FloatArray:
    """Return a Hann window of this shape: without it the edges would match as detail."""
    rows, cols = (np.hanning(size + 2)[1:-1] for size in shape)
    return np.outer(rows, cols)


@lru_cache(maxsize=8)
def _frequencies(shape: tuple[int, int]) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return angular frequencies (rad/px) `(H, 1)`, `(1, W/2 + 1)`, and the weight of each pair.

    All but the first column also stand for their conjugates.
    """
    y, x = fft.fftfreq(shape[0])[:, None], fft.rfftfreq(shape[1])[None, :]
    radius = np.hypot(y, x)
    counts = ((radius > FREQUENCIES[0]) & (radius < FREQUENCIES[1])).astype(np.float64)
    counts[:, 1:] *= 2.0
    return 2 * np.pi * y, 2 * np.pi * x, counts


def fit_shift(spectra: Sequence[Spectrum], shape: tuple[int, int]) -> tuple[Shift, float]:
    """Return the shift (px) that fits the phases of the windows best, and its match, 0 to 1.

    `spectra` `(H, W/2 + 1)` are those of windows of `shape` (H, W).
    """
    y, x, counts = _frequencies(shape)
    mean = counts * sum(spectra) / len(spectra)
    row, col = _whole_shift(mean, shape)
    for _ in range(20):  # Newton's method from the nearest pixel
        turned = mean * np.exp(1j * (y * row + x * col))
        real, slope = turned.real, -turned.imag
        curve = [[(a * b * real).sum() for b in (y, x)] for a in (y, x)]
        low, high = np.linalg.eigvalsh(curve)
        if high <= 0 or low < MIN_CURVATURE * high:
            return (row, col), 0.0
        step = np.linalg.solve(curve, [(y * slope).sum(), (x * slope).sum()])
        row, col = (
            row + float(np.clip(step[0], -0.5, 0.5)),
            col + float(np.clip(step[1], -0.5, 0.5)),
        )
        if np.abs(step).max() < 1e-4:
            break
    return (row, col), match_of(spectra, shape, (row, col))


def _whole_shift(spectrum: Spectrum, shape: tuple[int, int]) -> tuple[float, float]:
    """Return the integer shift with the largest correlation, within `MAX_SHIFT`."""
    halved = spectrum.copy()
    halved[:, 1:] /= 2
    correlation = fft.irfft2(halved, shape)
    rows, cols = (fft.fftfreq(size, 1 / size) for size in shape)
    most = MAX_SHIFT * min(shape)
    within = (np.abs(rows) <= most)[:, None] & (np.abs(cols) <= most)
    place = np.where(within, correlation, -np.inf).argmax()
    row, col = np.unravel_index(place, shape)
    return float(rows[row]), float(cols[col])


def match_of(spectra: Sequence[Spectrum], shape: tuple[int, int], shift: Shift) -> float:
    """Return how well a shift (px) fits the `spectra` of `fit_shift`: 1 for a perfect fit."""
    y, x, counts = _frequencies(shape)
    turn = counts * np.exp(1j * (y * shift[0] + x * shift[1]))
    return float(np.mean([(each * turn).real.sum() for each in spectra]))
