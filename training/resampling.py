# SPDX-License-Identifier: GPL-2.0-or-later
"""Blurs, resampling and shifts of square images, as matrices: free of scipy, and fast.

A matrix acts on rows and columns: ``M @ image @ M.T``. `ratio` is MS px / PAN px, `size` the side
of the image in PAN px. `offset` (PAN px) is where the MS grid lies: sample j is centred on
``ratio j + (ratio - 1)/2 + offset``; 0 is the grid of real products, `BENCHMARK` that of the
field's benchmarks.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from core.imaging.arrays import FloatArray, Image
from core.imaging.nominal_mtf import TRUNCATE, mtf_sigma
from core.imaging.resample import interpolation_matrix

#: Offset (PAN px) of the MS grid of the field's benchmarks.
BENCHMARK = 0.5


@lru_cache(maxsize=512)
def degrade_matrix(size: int, ratio: int, offset: float, gain: float) -> Image:
    """Return blur by an MTF with `gain` at Nyquist, and sampling: (size/ratio, size)."""
    distance = np.arange(size)[None] - centres(size, ratio, offset)[:, None]
    weights = np.exp(-0.5 * (distance / mtf_sigma(ratio, gain)) ** 2)
    return (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)


@lru_cache(maxsize=128)
def box_matrix(size: int, ratio: int, offset: float) -> Image:
    """Return the mean over the area of each MS px: (size/ratio, size)."""
    distance = np.arange(size)[None] - centres(size, ratio, offset)[:, None]
    inside = np.clip((ratio + 1) / 2 - np.abs(distance), 0, 1)
    return (inside / inside.sum(axis=1, keepdims=True)).astype(np.float32)


def centres(size: int, ratio: int, offset: float) -> FloatArray:
    """Return the centres of MS px on the PAN grid, (size/ratio,)."""
    return np.asarray(ratio * np.arange(size // ratio) + (ratio - 1) / 2 + offset, np.float64)


@lru_cache(maxsize=128)
def enlarge_matrix(size: int, ratio: int, offset: float) -> Image:
    """Return interpolation of MS onto the PAN grid: (size, size/ratio)."""
    positions = (np.arange(size) - (ratio - 1) / 2 - offset) / ratio
    return interpolation_matrix(positions, size // ratio).astype(np.float32)


@lru_cache(maxsize=512)
def seen_matrix(size: int, ratio: int, offset: float, gain: float) -> Image:
    """Return what MS sees of a line, interpolated again: (size, size).

    With M this matrix, a pass of back-projection is ``x + LMS - M x M^T``.
    """
    return enlarge_matrix(size, ratio, offset) @ degrade_matrix(size, ratio, offset, gain)


@lru_cache(maxsize=128)
def gaussian_matrix(size: int, sigma: float) -> Image:
    """Return a blur with the edge pixel repeated, as scipy's gaussian_filter1d: (size, size)."""
    radius = int(TRUNCATE * sigma + 0.5)
    offsets = np.arange(-radius, radius + 1)
    weights = np.exp(-0.5 * (offsets / sigma) ** 2)
    matrix = np.zeros((size, size))
    rows = np.arange(size)
    for offset, weight in zip(offsets, weights / weights.sum(), strict=True):
        np.add.at(matrix, (rows, np.clip(rows + offset, 0, size - 1)), weight)
    return matrix.astype(np.float32)


@lru_cache(maxsize=256)
def shift_matrix(size: int, shift: float) -> Image:
    """Return a shift by a part of a pixel: (size, size)."""
    return interpolation_matrix(np.arange(size) + shift, size).astype(np.float32)


def blur(image: Image, sigma: float) -> Image:
    """Return a Gaussian blur, `sigma` in px: (H, W) or (C, H, W) -> the same."""
    rows, cols = (gaussian_matrix(n, sigma) for n in image.shape[-2:])
    return np.asarray(rows @ image @ cols.T)
