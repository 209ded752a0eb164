# SPDX-License-Identifier: GPL-2.0-or-later
"""The low-pass filters of sensors: the MTF applied to images.

As the field's reference MATLAB toolbox has it, value for value: a frequency-sampled Gaussian under
a rotated Kaiser window, not renormalised. And the plain Gaussian low-pass of PAN that networks see.
Arrays are `(C, H, W)` or `(H, W)`, values DN.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from numpy.typing import NDArray
from scipy import fft
from scipy.ndimage import gaussian_filter

from core.imaging.arrays import FloatArray
from core.imaging.nominal_mtf import NYQUIST_GAIN, TRUNCATE, mtf_sigma

TAPS = 41
KAISER_BETA = 0.5


def _windowed(frequency_std: float, shift: tuple[float, float]) -> FloatArray:
    """Impulse response `(41, 41)` of a Gaussian of `frequency_std` samples, centred on `shift`.

    Frequency sampling, then Huang's rotated Kaiser window. The response of a separable Gaussian
    at a fractional position is the same cosine sum, so half-pixel phases cost no resampling.
    """
    half = TAPS // 2
    u = np.arange(-half, half + 1)
    hd = np.exp(-(u**2) / (2 * frequency_std**2))
    t = [u - s for s in shift]
    line = [np.cos(2 * np.pi * np.outer(x, u) / TAPS) @ hd / TAPS for x in t]
    radius = np.hypot(t[0][:, None], t[1][None, :]) / half
    window = np.interp(radius, u[half:] / half, np.kaiser(TAPS, KAISER_BETA)[half:])
    window[radius > 1] = 0.0
    kernel: FloatArray = np.outer(line[0], line[1]) * window
    return kernel


@lru_cache(maxsize=128)
def mtf_kernel(gain: float, ratio: float, shift: tuple[float, float] = (0.0, 0.0)) -> FloatArray:
    """MTF kernel `(41, 41)` with amplitude `gain` at the Nyquist frequency of MS.

    Its sum is 0.998-0.999, not 1: the reference does not renormalise, and neither does this.
    `shift` moves the centre by a fraction of a pixel (row, column), for the phase of products.
    """
    std = np.sqrt(((TAPS - 1) / ratio / 2) ** 2 / (-2 * np.log(gain)))
    kernel = _windowed(float(std), shift)
    kernel.flags.writeable = False
    return kernel


@lru_cache(maxsize=32)
def gauss_kernel(ratio: float, gain: float = 0.3) -> FloatArray:
    """Low-pass kernel `(41, 41)` of the component-substitution methods, for any sensor.

    As `mtf_kernel`, but its width is computed from 41 frequency samples instead of 40.
    """
    std = np.sqrt((TAPS / ratio / 2) ** 2 / (-2 * np.log(gain)))
    kernel = _windowed(float(std), (0.0, 0.0))
    kernel.flags.writeable = False
    return kernel


def correlate(image: npt.ArrayLike, kernel: FloatArray) -> FloatArray:
    """2-D correlation of `(..., H, W)` with odd kernels `(..., n, n)`, replicate border.

    Leading axes broadcast: one image under several kernels, or each band under its own. Exact to
    rounding, and several times faster by Fourier transform than as a sum; values must be finite.
    """
    image = np.asarray(image, dtype=np.float64)
    height, width = image.shape[-2:]
    half = kernel.shape[-1] // 2
    padded = np.pad(image, [(0, 0)] * (image.ndim - 2) + [(half, half)] * 2, mode="edge")
    rows = fft.next_fast_len(height + 2 * half)
    cols = fft.next_fast_len(width + 2 * half, real=True)
    # The kernel is padded along one axis at a time: most of its rows are zero.
    response = fft.fft(fft.rfft(kernel, cols), rows, axis=-2)
    spectrum = fft.rfft2(padded, (rows, cols)) * response.conj()
    result: FloatArray = fft.irfft2(spectrum, (rows, cols))[..., :height, :width]
    return result


def mtf_filter(image: npt.ArrayLike, gains: Sequence[float], ratio: float) -> FloatArray:
    """Each band of `(C, H, W)` low-passed by its own MTF."""
    image = np.asarray(image, dtype=np.float64)
    if len(gains) != len(image):
        raise ValueError(f"{len(image)} bands but {len(gains)} MTF gains")
    return correlate(image, np.stack([mtf_kernel(g, ratio) for g in gains]))


def lowpass(pan: NDArray[np.float32], ratio: float) -> NDArray[np.float32]:
    """PAN (H, W) at the resolution of MS, still on the PAN grid."""
    sigma = mtf_sigma(ratio, NYQUIST_GAIN)
    return gaussian_filter(pan, sigma, mode="nearest", truncate=TRUNCATE).astype(np.float32)
