# SPDX-License-Identifier: GPL-2.0-or-later
"""Reduced-resolution pairs by Wald's protocol, with the field's reference filters.

What the reference MATLAB toolbox of the field does, value for value: the MTF-matched low-pass
filter (a frequency-sampled Gaussian under a rotated Kaiser window, not renormalised), bicubic
`imresize` with antialiasing, and the 23-tap interpolation. Arrays are `(C, H, W)` or `(H, W)`,
values DN, positions 0-based pixel indices.

Two phases of the reduced MS exist. In the field's benchmarks, sample `r/2, r/2 + r, ...` is kept,
so MS pixel j is centred on row `r j + r/2` of the reduced PAN. In real products MS pixel j covers
exactly r PAN pixels: it is centred on `r j + (r - 1)/2`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import fft, ndimage

FloatArray = npt.NDArray[np.float64]
Phase = Literal["benchmark", "product"]

TAPS = 41
KAISER_BETA = 0.5
#: Half of the 23-tap interpolation filter, centre first (Aiazzi et al. 2002).
_ODD_TAPS = [0.305334091185, -0.072698593239, 0.021809577942]
_ODD_TAPS += [-0.005192756653, 0.000807762146, -0.000060081482]
HALF_23 = np.concatenate([[1.0], 2 * np.kron(_ODD_TAPS, [1.0, 0.0])[:-1]])


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
    """MTF kernel `(41, 41)` with amplitude `gain` at the Nyquist frequency of the coarse grid.

    Its sum is 0.998-0.999, not 1: the reference does not renormalise, and neither does this.
    `shift` moves the centre by a fraction of a pixel (row, column), for the phase of products.
    """
    std = np.sqrt(((TAPS - 1) / ratio / 2) ** 2 / (-2 * np.log(gain)))
    kernel = _windowed(float(std), shift)
    kernel.flags.writeable = False
    return kernel


@lru_cache(maxsize=32)
def gauss_kernel(ratio: float, gain: float = 0.3) -> FloatArray:
    """The sensor-independent low-pass of the component-substitution methods, `(41, 41)`.

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


def _cubic(x: FloatArray) -> FloatArray:
    """Keys' cubic, a = -0.5."""
    x = np.abs(x)
    inner = 1.5 * x**3 - 2.5 * x**2 + 1
    outer = -0.5 * x**3 + 2.5 * x**2 - 4 * x + 2
    return np.where(x <= 1, inner, np.where(x <= 2, outer, 0.0))


def resample(image: npt.ArrayLike, positions: FloatArray, scale: float, axis: int) -> FloatArray:
    """Bicubic samples at fractional `positions` along `axis`, widened by `1/scale` (antialias).

    The border is symmetric (the edge pixel is repeated once), as in `imresize`.
    """
    image = np.moveaxis(np.asarray(image, dtype=np.float64), axis, 0)
    size = len(image)
    stretch = min(scale, 1.0)
    reach = 2.0 / stretch
    left = np.floor(positions - reach).astype(np.int64)
    index = left[:, None] + np.arange(int(np.ceil(2 * reach)) + 2)
    weights = _cubic(stretch * (positions[:, None] - index))
    weights /= weights.sum(axis=1, keepdims=True)
    mirrored = np.concatenate([np.arange(size), np.arange(size)[::-1]])
    index = mirrored[index % (2 * size)]
    result = np.zeros((len(positions), *image.shape[1:]))
    for k in range(index.shape[1]):
        if weights[:, k].any():
            w = weights[:, k].reshape(-1, *[1] * (image.ndim - 1))
            result += w * image[index[:, k]]
    return np.moveaxis(result, 0, axis)


def imresize(image: npt.ArrayLike, scale: float) -> FloatArray:
    """MATLAB's `imresize(image, scale)`: bicubic, antialiased, the last two axes resized."""
    result = np.asarray(image, dtype=np.float64)
    for axis in (-2, -1):
        count = int(np.ceil(result.shape[axis] * scale))
        positions: FloatArray = (np.arange(count, dtype=np.float64) + 0.5) / scale - 0.5
        result = resample(result, positions, scale, axis)
    return result


def interp23tap(image: npt.ArrayLike, ratio: int) -> FloatArray:
    """The reference interpolation `(C, h, w) -> (C, r h, r w)`: coarse pixel i at fine r i + r/2.

    Doublings with a 23-tap half-band filter and circular borders, hence powers of two only.
    """
    result = np.asarray(image, dtype=np.float64)
    doublings = int(ratio).bit_length() - 1
    if ratio < 2 or 2**doublings != ratio:
        raise ValueError(f"23-tap interpolation needs a power of two, not {ratio}")
    # Between the samples; on them, the half-band filter leaves the samples what they are.
    taps = np.concatenate([HALF_23[:0:-2], HALF_23[1::2]])
    for step in range(doublings):
        origin = 0 if step == 0 else -1  # samples at odd places first, at even ones then
        for axis in (-1, -2):
            between = ndimage.correlate1d(result, taps, axis=axis, mode="wrap", origin=origin)
            shape = list(result.shape)
            shape[axis] *= 2
            pair = (between, result) if step == 0 else (result, between)
            result = np.stack(pair, axis=axis).reshape(shape)
    return result


def phase_offset(ratio: int, phase: Phase) -> float:
    """Position of reduced MS pixel 0 on the fine grid: r/2 (floor) or (r - 1)/2."""
    return float(ratio // 2) if phase == "benchmark" else (ratio - 1) / 2


def reduce_ms(
    ms: npt.ArrayLike, gains: Sequence[float], ratio: int, phase: Phase = "benchmark"
) -> FloatArray:
    """MS `(C, H, W)` as its own sensor would see it `ratio` times farther away.

    MTF filter, then decimation. At the half-pixel phase the kernel itself is shifted, so the
    sample at `r j + (r - 1)/2` is the filter's response there.
    """
    ms = np.asarray(ms, dtype=np.float64)
    if len(gains) != len(ms):
        raise ValueError(f"{len(ms)} bands but {len(gains)} MTF gains")
    offset = phase_offset(ratio, phase)
    start = int(np.floor(offset))
    shift = (offset - start, offset - start)
    kernels = [mtf_kernel(g, ratio, shift) for g in gains]
    bands = [correlate(b, k)[start::ratio, start::ratio] for b, k in zip(ms, kernels, strict=True)]
    return np.stack(bands)


def reduce_pan(
    pan: npt.ArrayLike, rows: npt.ArrayLike, cols: npt.ArrayLike, ratio_yx: tuple[float, float]
) -> FloatArray:
    """PAN `(H, W)` seen at MS resolution: antialiased samples at the MS pixel centres.

    `rows` and `cols` are the MS pixel centres in PAN pixel indices. With `r i + (r - 1)/2` this
    is exactly `imresize(pan, 1/r)`; any other registration of the two grids is kept too.
    """
    result = resample(pan, np.asarray(rows, dtype=np.float64), 1 / ratio_yx[0], 0)
    return resample(result, np.asarray(cols, dtype=np.float64), 1 / ratio_yx[1], 1)


def reduce_pair(
    pan: npt.ArrayLike,
    ms: npt.ArrayLike,
    gains: Sequence[float],
    ratio: int,
    phase: Phase = "benchmark",
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Wald's protocol on a corner-aligned pair: PAN `(r H, r W)`, MS `(C, H, W)`.

    Returns
    -------
    Reduced PAN `(H, W)`, reduced MS `(C, ~H/r, ~W/r)`, ground truth `(C, H, W)` (the MS itself).
    """
    gt = np.array(ms, dtype=np.float64)
    centres = [ratio * np.arange(n) + (ratio - 1) / 2 for n in gt.shape[1:]]
    reduced = reduce_pan(pan, centres[0], centres[1], (ratio, ratio))
    return reduced, reduce_ms(gt, gains, ratio, phase), gt
