# SPDX-License-Identifier: GPL-2.0-or-later
"""Q2n and UQI of blocks of 32 x 32 pixels, computed from the moments of the bands.

Equal to the field's reference MATLAB toolbox. Images are `(C, H, W)` in DN, in float64. Q2n:
Garzelli and Nencini 2009 (hypercomplex quality index); UQI: Wang and Bovik 2002. numpy alone.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from core.imaging.arrays import FloatArray

BLOCK = 32  # px, the side of a block in the toolbox


def as_image_pair(reference: npt.ArrayLike, fused: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return both images as float64 `(C, H, W)`; raise ValueError unless their shapes agree."""
    x = np.asarray(reference, dtype=np.float64)
    y = np.asarray(fused, dtype=np.float64)
    if x.ndim != 3 or x.shape != y.shape:
        raise ValueError(f"images must be (C, H, W) of one shape, not {x.shape} and {y.shape}")
    return x, y


def hypercomplex_product(a: FloatArray, b: FloatArray) -> FloatArray:
    """Return the Cayley-Dickson product of `(N, ...)` over axis 0; N is a power of two.

    As the toolbox's `onion_mult`: the second halves of the operands enter conjugated.
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
    first = hypercomplex_product(a1, b1) - hypercomplex_product(b2, conj(a2))
    second = hypercomplex_product(conj(a1), b2) + hypercomplex_product(b1, a2)
    return np.concatenate([first, second])


@lru_cache(maxsize=8)
def _multiplication_table(n: int) -> FloatArray:
    """Return p `(n, n, n)` such that component k of a product is `sum_ij p[k, i, j] a_i b_j`."""
    unit = np.eye(n)
    return hypercomplex_product(
        np.repeat(unit[:, :, None], n, axis=2), np.repeat(unit[:, None, :], n, axis=1)
    )


def block_moments(image: FloatArray, block: int = BLOCK) -> tuple[FloatArray, FloatArray]:
    """Return means `(rows, cols, C)` and covariances `(rows, cols, C, C)` of bands in each block.

    Blocks at the right and bottom edge are truncated (MATLAB's `blockproc`). Covariances are
    normalised by the number of pixels.
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
    """Return the block indices along one axis that have one size, with that size (px)."""
    whole, rest = divmod(size, block)
    spans = [(slice(0, whole), block), (slice(whole, whole + 1), rest)]
    return [
        (indices, length) for indices, length in spans if indices.stop > indices.start and length
    ]


def pad_blocks(image: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Pad `(..., H, W)` symmetrically at the right and bottom up to whole blocks."""
    pad = [(0, 0)] * (image.ndim - 2) + [(0, -size % BLOCK) for size in image.shape[-2:]]
    return np.pad(image, pad, mode="symmetric")


def full_blocks(valid: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Return which blocks `(rows, cols)` have only valid pixels, given the mask `(H, W)`."""
    valid = pad_blocks(valid)
    h, w = valid.shape
    blocks = valid.reshape(h // BLOCK, BLOCK, w // BLOCK, BLOCK)
    return np.asarray(blocks.all(axis=(1, 3)))


def q2n_map(reference: npt.ArrayLike, fused: npt.ArrayLike) -> FloatArray:
    """Return Q2n (Q4, Q8, ...) of each block of 32 x 32 px, `(ceil(H / 32), ceil(W / 32))`.

    Both images are rounded to uint16 first, as in the toolbox, so they must be in DN. Computed from
    the moments of each block, in which the hypercomplex product is bilinear.
    """
    both = pad_blocks(np.concatenate(as_image_pair(reference, fused)))
    rows = []
    for row in range(0, both.shape[1], BLOCK):  # one row of blocks at a time bounds the memory
        dn = np.clip(np.floor(both[:, row : row + BLOCK] + 0.5), 0, 65535)
        rows.append(_q2n_of_moments(*block_moments(dn), BLOCK**2))
    return np.concatenate(rows)


def _q2n_of_moments(mean: FloatArray, cov: FloatArray, pixels: int) -> FloatArray:
    """Return Q2n of blocks from mean `(..., 2 C)` and covariance; fused bands come last."""
    bands = mean.shape[-1] // 2
    n = 1 << (bands - 1).bit_length()
    unbiased = pixels / (pixels - 1)
    variance = np.diagonal(cov, axis1=-2, axis2=-1)
    std = np.sqrt(variance[..., :bands] * unbiased)
    std[std == 0] = np.finfo(np.float64).eps
    # Where a reference band has zero mean the toolbox leaves the fused one unscaled.
    scale = np.where(mean[..., :bands] == 0, 1.0, std)
    # Reference bands are normalised to mean 1; bands added up to a power of two have mean 1 too.
    mean2 = (mean[..., bands:] - mean[..., :bands]) / scale + 1
    s1, s2 = float(n), (mean2**2).sum(-1) + (n - bands)
    bias = 2 * np.sqrt(s1 * s2) / (s1 + s2)
    first, second = variance[..., :bands] / std**2, variance[..., bands:] / scale**2
    spread = unbiased * (first + second).sum(-1)
    cross = cov[..., :bands, bands:] / std[..., :, None] / scale[..., None, :]
    sign = np.where(np.arange(bands) == 0, 1.0, -1.0)  # the fused image enters conjugated
    products = _multiplication_table(n)[:, :bands, :bands] * sign
    q = unbiased * np.einsum("...ij,kij->...k", cross, products)
    flat = spread == 0
    value = bias * 2 / np.where(flat, 1.0, spread) * np.sqrt((q**2).sum(-1))
    return np.where(flat, bias, value)


def uqi_maps(image: FloatArray, block: int = BLOCK) -> FloatArray:
    """Return the universal quality index of every two bands in each block, `(rows, cols, C, C)`.

    NaN where both bands are flat. Blocks at the right and bottom edge are truncated.
    """
    mean, cov = block_moments(image, block)
    variance = np.diagonal(cov, axis1=-2, axis2=-1)
    square = mean**2
    numerator = 4 * cov * mean[..., :, None] * mean[..., None, :]
    denominator = (variance[..., :, None] + variance[..., None, :]) * (
        square[..., :, None] + square[..., None, :]
    )
    undefined = np.full(denominator.shape, np.nan)
    return np.divide(numerator, denominator, out=undefined, where=denominator > 0)
