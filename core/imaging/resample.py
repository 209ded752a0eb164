# SPDX-License-Identifier: GPL-2.0-or-later
"""Resampling between grids: interpolation at exact sub-pixel positions, 23 taps, `imresize`.

The interpolation is separable. Along one axis the value at position `p` (pixel index units, the
centre of pixel `i` is at `i`) is

    y(p) = sum_i h(p - i) x_i / sum_i h(p - i),    h(t) = sinc(t) kaiser(t / RADIUS; BETA)

with a small correction that keeps planes exact, for any phase and any ratio, integer or not. Images
are continued by point reflection about their edge samples. Bicubic `imresize` and the 23-tap
interpolation equal those of the field's reference MATLAB toolbox.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from numpy.typing import ArrayLike, NDArray

from core.imaging.arrays import FloatArray
from core.imaging.nominal_mtf import TRUNCATE

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


#: Taps on either side (samples) and shape of the Kaiser window.
RADIUS = 8
BETA = 6.5
#: Cycles per sample up to which a sine is interpolated with an error below 1e-3 of its amplitude.
MAX_FREQUENCY = 0.37
#: Half of the 23-tap interpolation filter, centre first (Aiazzi et al. 2002).
_ODD_TAPS = [0.305334091185, -0.072698593239, 0.021809577942]
_ODD_TAPS += [-0.005192756653, 0.000807762146, -0.000060081482]
HALF_23 = np.concatenate([[1.0], 2 * np.kron(_ODD_TAPS, [1.0, 0.0])[:-1]])


def interpolation_matrix(positions: ArrayLike, size: int) -> NDArray[np.float64]:
    """Return the weights `(N, size)` that interpolate `size` samples; every row sums to 1.

    `positions` `(N,)` are in pixel index units, the centre of sample `i` at `i`. More than a pixel
    outside the samples, the value is that of one pixel outside.
    """
    index, weight = _taps(np.asarray(positions, np.float64), size)
    matrix = np.zeros((index.shape[0], size))
    np.add.at(matrix, (np.arange(index.shape[0])[:, None], index), weight)
    return matrix


def interpolate(ms: NDArray[np.floating], rows: ArrayLike, cols: ArrayLike) -> NDArray[np.float32]:
    """Interpolate `(C, h, w)` at fractional rows `(H,)` and columns `(W,)`: `(C, H, W)`.

    Positions are those of `interpolation_matrix`; values keep their unit. A sample is the same to
    the bit whatever others are computed with it. Raises ValueError unless there are three axes.
    """
    if ms.ndim != 3:
        raise ValueError(f"expected an array (C, h, w), got shape {ms.shape}")
    image = np.ascontiguousarray(ms, np.float32)
    bands, height, width = image.shape
    tall = interpolation_weights(rows, height)
    wide = interpolation_weights(cols, width) @ image.reshape(-1, width).T  # (W, C h)
    wide = np.ascontiguousarray(wide.T).reshape(bands, height, -1)
    return np.stack([tall @ band for band in wide])


def interpolation_weights(positions: ArrayLike, size: int) -> csr_matrix:
    """Return the weights `(N, size)` of `interpolation_matrix` in float32, sparse.

    A sparse product adds up the taps of a sample in their order. In a dense one BLAS chooses the
    order by processor and by the shape of the window.
    """
    index, weight = _taps(np.asarray(positions, np.float64), size)
    return _sparse(index, weight, size, np.float32)


def _sparse(
    index: NDArray[np.intp], weight: NDArray[np.float64], size: int, dtype: npt.DTypeLike
) -> csr_matrix:
    """Return a matrix `(N, size)` with the weights `(N, T)` of the samples `index` in its rows."""
    from scipy.sparse import csr_matrix  # training samples scenes where scipy is not installed

    samples, taps = index.shape
    starts = np.arange(samples + 1) * taps
    return csr_matrix((weight.astype(dtype).ravel(), index.ravel(), starts), (samples, size))


def gaussian_weights(
    positions: ArrayLike, size: int, sigma: float, dtype: npt.DTypeLike = np.float32
) -> csr_matrix:
    """Return the weights `(N, size)` of samples under a Gaussian, sparse; every row sums to 1.

    `positions` `(N,)` are in pixel index units, `sigma` in px; the border pixels are repeated.
    """
    at = np.asarray(positions, np.float64)[:, None]
    radius = math.ceil(TRUNCATE * sigma)
    index = np.floor(at).astype(np.intp) + np.arange(-radius, radius + 2)
    weight = np.exp(-0.5 * ((at - index) / sigma) ** 2)
    weight /= weight.sum(axis=1, keepdims=True)
    return _sparse(np.clip(index, 0, size - 1), weight, size, dtype)


def cubic_weights(positions: ArrayLike, size: int) -> csr_matrix:
    """Return the weights `(N, size)` of cubic interpolation (Keys 1981) in float32, sparse.

    `positions` `(N,)` are in pixel index units; the border pixels are repeated.
    """
    at = np.asarray(positions, np.float64)[:, None]
    index = np.floor(at).astype(np.intp) + np.arange(-1, 3)
    return _sparse(np.clip(index, 0, size - 1), _cubic(at - index), size, np.float32)


def reach(positions: NDArray[np.float64], size: int) -> tuple[int, int]:
    """Return the first and one-past-last sample that interpolation at `positions` (N,) reads."""
    at = np.clip((positions.min(), positions.max()), -1.0, float(size))
    first, last = int(np.floor(at[0])) + 1 - RADIUS, int(np.floor(at[1])) + RADIUS
    low, high = max(first, 0), min(last, size - 1)
    # Beyond an edge, interpolation reads mirrored samples, see `_taps`.
    if first < 0:
        high = max(high, min(-first, size - 1))
    if last >= size:
        low = min(low, max(2 * (size - 1) - last, 0))
    return low, high + 1


def _taps(
    positions: NDArray[np.float64], size: int
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return the numbers of samples and their weights, `(N, T)` each, for `positions` `(N,)`."""
    at = np.clip(positions, -1.0, float(size))[:, None]
    index = np.floor(at).astype(np.intp) + np.arange(1 - RADIUS, RADIUS + 1)
    t = at - index
    window = np.i0(BETA * np.sqrt(np.maximum(0.0, 1.0 - (t / RADIUS) ** 2)))
    weight = np.sinc(t) * window
    weight /= weight.sum(axis=1, keepdims=True)
    # A slope would be wrong by up to 1e-3 px; a linear term of some 1e-5 corrects the weights.
    lever = window * (t - np.average(t, axis=1, weights=window)[:, None])
    weight -= lever * ((weight * t).sum(axis=1) / (lever * t).sum(axis=1))[:, None]
    edge = np.clip(index, 0, size - 1)
    outside = index != edge
    if not outside.any():
        return index, weight
    # Point reflection about the edge sample, x(-k) = 2 x(0) - x(k), continues a slope.
    mirror = np.clip(2 * edge - index, 0, size - 1)
    weights = [np.where(outside, 2.0 * weight, weight), np.where(outside, -weight, 0.0)]
    return np.hstack([edge, mirror]), np.hstack(weights)


def fill(values: NDArray[np.float32], valid: NDArray[np.bool_], radius: int) -> None:
    """Continue valid pixels of `values` `(C, H, W)` into invalid ones, in place, ring by ring.

    Every invalid pixel beside valid ones (8 neighbours) becomes their mean, for `radius` rings; the
    rest becomes 0. A value depends on pixels at most `radius` px away, so that it is the same in
    every window. `valid` is `(H, W)`; values of invalid pixels are not used.
    """
    bands, height, width = values.shape
    values[:, ~valid] = 0.0
    flat = np.pad(values, ((0, 0), (1, 1), (1, 1))).reshape(bands, -1)
    done = np.pad(valid, 1).ravel()
    todo = np.pad(~valid, 1).ravel()
    line = width + 2
    steps = [dy * line + dx for dy in (-1, 0, 1) for dx in (-1, 0, 1) if dy or dx]
    ring = np.flatnonzero(todo)
    ring = ring[np.any([done[ring + step] for step in steps], axis=0)]
    for _ in range(radius):
        if not ring.size:
            break
        total = np.zeros((bands, ring.size), np.float32)
        count = np.zeros(ring.size, np.float32)
        for step in steps:  # in this order: sums are the same to the bit in every window
            total += flat[:, ring + step] * done[ring + step]
            count += done[ring + step]
        flat[:, ring] = total / count
        done[ring], todo[ring] = True, False
        beside = np.concatenate([ring + step for step in steps])
        ring = np.unique(beside[todo[beside]])
    values[:] = flat.reshape(bands, height + 2, line)[:, 1:-1, 1:-1]


def _cubic(x: FloatArray) -> FloatArray:
    """Return Keys' cubic (1981) with a = -0.5, of an array of any shape."""
    x = np.abs(x)
    inner = 1.5 * x**3 - 2.5 * x**2 + 1
    outer = -0.5 * x**3 + 2.5 * x**2 - 4 * x + 2
    return np.where(x <= 1, inner, np.where(x <= 2, outer, 0.0))


def resample(image: npt.ArrayLike, positions: FloatArray, scale: float, axis: int) -> FloatArray:
    """Sample an image `(..., H, W)` bicubically at `positions` (N,) along `axis`.

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
    """Resize the last two axes as MATLAB's `imresize(image, scale)`: bicubic, antialiased."""
    result = np.asarray(image, dtype=np.float64)
    for axis in (-2, -1):
        count = int(np.ceil(result.shape[axis] * scale))
        positions: FloatArray = (np.arange(count, dtype=np.float64) + 0.5) / scale - 0.5
        result = resample(result, positions, scale, axis)
    return result


def interp23tap(image: npt.ArrayLike, ratio: int) -> FloatArray:
    """Interpolate `(C, h, w) -> (C, r h, r w)` as the toolbox does: pixel i lies at r i + r/2.

    Each doubling uses a 23-tap half-band filter with circular borders. Raises ValueError unless
    `ratio` is a power of two.
    """
    from scipy import ndimage  # training samples scenes where scipy is not installed

    result = np.asarray(image, dtype=np.float64)
    doublings = int(ratio).bit_length() - 1
    if ratio < 2 or 2**doublings != ratio:
        raise ValueError(f"23-tap interpolation needs a power of two, not {ratio}")
    # Taps for the values between samples; at samples the half-band filter is the identity.
    taps = np.concatenate([HALF_23[:0:-2], HALF_23[1::2]])
    for step in range(doublings):
        origin = 0 if step == 0 else -1  # samples go to odd places first, then to even ones
        for axis in (-1, -2):
            between = ndimage.correlate1d(result, taps, axis=axis, mode="wrap", origin=origin)
            shape = list(result.shape)
            shape[axis] *= 2
            pair = (between, result) if step == 0 else (result, between)
            result = np.stack(pair, axis=axis).reshape(shape)
    return result
