# SPDX-License-Identifier: GPL-2.0-or-later
"""Quality indices of blocks of 32 x 32 pixels: Q2n and UQI, from the moments of the bands.

As the field's reference MATLAB toolbox computes them. Images are `(C, H, W)` in DN, in float64.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from core.imaging.arrays import FloatArray

BLOCK = 32


def pair(reference: npt.ArrayLike, fused: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Both images as float64 `(C, H, W)` of one shape."""
    x = np.asarray(reference, dtype=np.float64)
    y = np.asarray(fused, dtype=np.float64)
    if x.ndim != 3 or x.shape != y.shape:
        raise ValueError(f"images must be (C, H, W) of one shape, not {x.shape} and {y.shape}")
    return x, y


def _onion(a: FloatArray, b: FloatArray) -> FloatArray:
    """Hypercomplex (Cayley-Dickson) product over axis 0, whose length is a power of two.

    As the reference's `onion_mult`: the operands' second halves enter conjugated.
    """
    n = len(a)
    if n == 1:
        return a * b
    h = n // 2

    def conj(x: FloatArray) -> FloatArray:
        return np.concatenate([x[:1], -x[1:]])

    a1, a2, b1, b2 = a[:h], conj(a[h:]), b[:h], conj(b[h:])
    if n == 2:
        return np.concatenate([a1 * b1 - a2 * b2, a1 * b2 + b1 * a2])
    first = _onion(a1, b1) - _onion(b2, conj(a2))
    second = _onion(conj(a1), b2) + _onion(b1, a2)
    return np.concatenate([first, second])


@lru_cache(maxsize=8)
def _products(n: int) -> FloatArray:
    """`(n, n, n)`: component k of the hypercomplex product is `sum_ij p[k, i, j] a_i b_j`."""
    unit = np.eye(n)
    return _onion(
        np.repeat(unit[:, :, None], n, axis=2),
        np.repeat(unit[:, None, :], n, axis=1),
    )


def block_moments(image: FloatArray, block: int = BLOCK) -> tuple[FloatArray, FloatArray]:
    """Means `(rows, cols, C)` and covariances `(rows, cols, C, C)` of the bands in each block.

    Blocks at the right and bottom edge are as small as what is left (MATLAB's `blockproc`);
    covariances are sums over the number of pixels.
    """
    c, h, w = image.shape
    rows, cols = -(-h // block), -(-w // block)
    mean, cov = np.empty((rows, cols, c)), np.empty((rows, cols, c, c))
    for r, bh in _spans(h, block):
        for k, bw in _spans(w, block):
            part = image[:, r.start * block :, k.start * block :]
            part = part[:, : (r.stop - r.start) * bh, : (k.stop - k.start) * bw]
            part = part.reshape(c, r.stop - r.start, bh, k.stop - k.start, bw)
            part = part.transpose(1, 3, 0, 2, 4).reshape(*mean[r, k].shape, bh * bw)
            mean[r, k] = part.mean(axis=-1)
            part = part - mean[r, k][..., None]
            cov[r, k] = part @ part.swapaxes(-1, -2) / (bh * bw)
    return mean, cov


def _spans(size: int, block: int) -> list[tuple[slice, int]]:
    """Numbers of the whole blocks along one axis and of the one that is left, with their sizes."""
    whole, left = divmod(size, block)
    spans = [(slice(0, whole), block), (slice(whole, whole + 1), left)]
    return [
        (numbers, length) for numbers, length in spans if numbers.stop > numbers.start and length
    ]


def pad_blocks(image: npt.NDArray[Any], block: int = BLOCK) -> npt.NDArray[Any]:
    """`(..., H, W)` continued symmetrically to the right and bottom up to whole blocks."""
    pad = [(0, 0)] * (image.ndim - 2) + [(0, -size % block) for size in image.shape[-2:]]
    return np.pad(image, pad, mode="symmetric")


def full_blocks(valid: npt.NDArray[np.bool_], block: int = BLOCK) -> npt.NDArray[np.bool_]:
    """Which blocks of `q2n_map` have no hole, given where `(H, W)` the pixels are valid."""
    valid = pad_blocks(valid, block)
    h, w = valid.shape
    whole: npt.NDArray[np.bool_] = np.all(
        valid.reshape(h // block, block, w // block, block), axis=(1, 3)
    )
    return whole


def q2n_map(reference: npt.ArrayLike, fused: npt.ArrayLike, block: int = BLOCK) -> FloatArray:
    """Q2n (Q4, Q8, ...) of each `block x block` block, `(ceil(H/block), ceil(W/block))`.

    Both images are rounded to uint16 first, as the reference does, so they must be in DN. Computed
    from the moments of each block, in which the hypercomplex product is bilinear.
    """
    both = pad_blocks(np.concatenate(pair(reference, fused)), block)
    found = []
    for row in range(0, both.shape[1], block):  # one row of blocks at a time bounds the memory
        dn = np.clip(np.floor(both[:, row : row + block] + 0.5), 0, 65535)
        found.append(_q2n_of_moments(*block_moments(dn, block), block * block))
    return np.concatenate(found)


def _q2n_of_moments(mean: FloatArray, cov: FloatArray, pixels: int) -> FloatArray:
    """Q2n of blocks from the moments `(..., 2 C)` of reference and fused bands."""
    bands = mean.shape[-1] // 2
    n = 1 << (bands - 1).bit_length()
    unbiased = pixels / (pixels - 1)
    variance = np.diagonal(cov, axis1=-2, axis2=-1)
    std = np.sqrt(variance[..., :bands] * unbiased)
    std[std == 0] = np.finfo(np.float64).eps
    # Where a reference band is zero on average the reference leaves the fused one unscaled.
    scale = np.where(mean[..., :bands] == 0, 1.0, std)
    # The reference's bands become deviations plus 1, so their mean is 1; missing bands likewise.
    mean2 = (mean[..., bands:] - mean[..., :bands]) / scale + 1
    s1, s2 = float(n), (mean2**2).sum(-1) + (n - bands)
    bias = 2 * np.sqrt(s1 * s2) / (s1 + s2)
    first, second = variance[..., :bands] / std**2, variance[..., bands:] / scale**2
    spread = unbiased * (first + second).sum(-1)
    cross = cov[..., :bands, bands:] / std[..., :, None] / scale[..., None, :]
    sign = np.where(np.arange(bands) == 0, 1.0, -1.0)  # the fused image enters conjugated
    products = _products(n)[:, :bands, :bands] * sign
    q = unbiased * np.einsum("...ij,kij->...k", cross, products)
    flat = spread == 0
    value = bias * 2 / np.where(flat, 1.0, spread) * np.sqrt((q**2).sum(-1))
    return np.where(flat, bias, value)


def uqi_maps(image: FloatArray, block: int = BLOCK) -> FloatArray:
    """Universal quality index of every two bands in each block `(rows, cols, C, C)`.

    NaN where both are flat. Blocks at the right and bottom edge are as small as what is left.
    """
    mean, cov = block_moments(image, block)
    variance = np.diagonal(cov, axis1=-2, axis2=-1)
    square = mean**2
    above = 4 * cov * mean[..., :, None] * mean[..., None, :]
    below = (variance[..., :, None] + variance[..., None, :]) * (
        square[..., :, None] + square[..., None, :]
    )
    return np.divide(above, below, out=np.full(below.shape, np.nan), where=below > 0)


def uqi_map(x: npt.ArrayLike, y: npt.ArrayLike, block: int = BLOCK) -> FloatArray:
    """Universal quality index of two bands `(H, W)` in each block; NaN where both are flat."""
    pair = np.stack([np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)])
    return uqi_maps(pair, block)[..., 0, 1]


def known_mean(values: FloatArray) -> FloatArray:
    """Mean over the first two axes of what is not NaN; NaN where all is."""
    known = np.isfinite(values)
    count = known.sum(axis=(0, 1))
    total = values.sum(axis=(0, 1), where=known)
    return np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)
