# SPDX-License-Identifier: GPL-2.0-or-later
"""Low-pass filters: the MTF of a sensor applied to images, and the low-pass PAN of the networks.

The MTF kernels equal those of the field's reference MATLAB toolbox: a frequency-sampled Gaussian
under a rotated Kaiser window, not renormalised. Images are `(C, H, W)` or `(H, W)`, DN.
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
    """Return the impulse response `(41, 41)`, read-only, of a Gaussian centred on `shift` (px).

    `frequency_std` is its standard deviation in frequency samples. Frequency sampling, then Huang's
    rotated Kaiser window. At a fractional position the response is the same cosine sum, so that
    half-pixel phases need no resampling.
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
    kernel.flags.writeable = False
    return kernel


@lru_cache(maxsize=128)
def mtf_kernel(gain: float, ratio: float, shift: tuple[float, float] = (0.0, 0.0)) -> FloatArray:
    """Return the kernel `(41, 41)` of an MTF with `gain` at the Nyquist frequency of MS.

    Its sum is 0.998 to 0.999: the toolbox does not renormalise it either. `shift` moves the centre
    by a fraction of a pixel (row, column), for the phase of products.
    """
    return _windowed(float(np.sqrt(((TAPS - 1) / ratio / 2) ** 2 / (-2 * np.log(gain)))), shift)


@lru_cache(maxsize=32)
def gauss_kernel(ratio: float) -> FloatArray:
    """Return the low-pass kernel `(41, 41)` of the component-substitution methods, for any sensor.

    It differs from `mtf_kernel` in its width, computed from 41 frequency samples instead of 40.
    """
    std = np.sqrt((TAPS / ratio / 2) ** 2 / (-2 * np.log(NYQUIST_GAIN)))
    return _windowed(float(std), (0.0, 0.0))


def correlate(image: npt.ArrayLike, kernel: FloatArray) -> FloatArray:
    """Correlate images `(..., H, W)` with odd kernels `(..., n, n)`; the border is replicated.

    Leading axes broadcast: one image with several kernels, or each band with its own. By Fourier
    transform, which is several times faster than the sum and equal but for rounding. Values must be
    finite.
    """
    image = np.asarray(image, dtype=np.float64)
    height, width = image.shape[-2:]
    half = kernel.shape[-1] // 2
    padded = np.pad(image, [(0, 0)] * (image.ndim - 2) + [(half, half)] * 2, mode="edge")
    rows = fft.next_fast_len(height + 2 * half)
    cols = fft.next_fast_len(width + 2 * half, real=True)
    # Padded along one axis at a time: most rows of a padded kernel are zero.
    response = fft.fft(fft.rfft(kernel, cols), rows, axis=-2)
    spectrum = fft.rfft2(padded, (rows, cols)) * response.conj()
    return np.asarray(fft.irfft2(spectrum, (rows, cols))[..., :height, :width])


def mtf_filter(image: npt.ArrayLike, gains: Sequence[float], ratio: float) -> FloatArray:
    """Filter each band of `(C, H, W)` by its own MTF; raise ValueError unless each has a gain."""
    image = np.asarray(image, dtype=np.float64)
    if len(gains) != len(image):
        raise ValueError(f"{len(image)} bands but {len(gains)} MTF gains")
    return correlate(image, np.stack([mtf_kernel(g, ratio) for g in gains]))


def lowpass(pan: NDArray[np.float32], ratio: float) -> NDArray[np.float32]:
    """Low-pass PAN `(H, W)` to the resolution of MS, without decimation."""
    sigma = mtf_sigma(ratio, NYQUIST_GAIN)
    return gaussian_filter(pan, sigma, mode="nearest", truncate=TRUNCATE).astype(np.float32)
