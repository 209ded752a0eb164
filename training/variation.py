# SPDX-License-Identifier: GPL-2.0-or-later
"""A new sensor for every sample: bands, PAN response, MTF, ratio, grid phase, noise.

A network trained on one sensor learns that sensor. Here each sample is seen by a sensor drawn at
random, so the network has to learn what holds for all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from core.grid import interpolation_matrix
from core.moments import Moments
from core.normalise import lowpass, mtf_sigma, normalise, pixel_vectors, statistics
from training.sources import Image, Source

Rng = np.random.Generator

RATIOS = (2.0, 4.0)
"""Drawn for networks that serve any sensor."""
PLACES = 12
"""Tries for a region without nodata."""


@dataclass(frozen=True)
class Sample:
    """Windows of one simulated scene, normalised: pan (K, 2, P, P), lms and gt (K, C, P, P)."""

    pan: Image
    lms: Image
    gt: Image
    gain: Image


@lru_cache(maxsize=512)
def degrade_matrix(size: int, ratio: int, offset: float, gain: float) -> Image:
    """Blur by the sensor's MTF and sample: (size/ratio, size).

    Sample j is centred on ``ratio j + (ratio - 1)/2 + offset`` PAN px: offset 0 is the grid of
    real products, 0.5 that of the field's benchmarks.
    """
    centres = ratio * np.arange(size // ratio) + (ratio - 1) / 2 + offset
    sigma = mtf_sigma(ratio, gain)
    weights = np.exp(-0.5 * ((np.arange(size)[None] - centres[:, None]) / sigma) ** 2)
    return (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)


@lru_cache(maxsize=128)
def enlarge_matrix(size: int, ratio: int, offset: float) -> Image:
    """Interpolation back onto the PAN grid: (size, size/ratio)."""
    positions = (np.arange(size) - (ratio - 1) / 2 - offset) / ratio
    return interpolation_matrix(positions, size // ratio).astype(np.float32)


def mix_bands(rng: Rng, ms: Image, count: int) -> Image:
    """`count` bands (count, h, w): those of the scene in any order, or mixtures of them."""
    have = ms.shape[0]
    order = rng.permutation(have)
    chosen = np.eye(have, dtype=np.float32)[order[np.arange(count) % have]]
    for i in range(count):
        if i >= have or rng.random() < 0.35:
            few = rng.permutation(have)[: rng.integers(2, 4)]
            chosen[i] = 0
            chosen[i, few] = rng.dirichlet(np.ones(len(few)))
    return np.tensordot(chosen, ms, axes=1)


def mix_pan(rng: Rng, ms: Image, pan: Image) -> Image:
    """The real PAN, or a mixture of the bands with some of the real PAN's detail, (h, w)."""
    if rng.random() < 0.5:
        return pan
    few = rng.permutation(ms.shape[0])[: rng.integers(2, ms.shape[0] + 1)]
    weights = rng.dirichlet(np.ones(len(few))).astype(np.float32)
    mixed = np.tensordot(weights, ms[few], axes=1)
    detail = pan - gaussian_filter(pan, 1.0)
    scale = mixed.std() / max(float(pan.std()), 1e-6)
    return mixed + np.float32(rng.uniform(0, 1) * scale) * detail


def observe(rng: Rng, gt: Image, ratio: int) -> Image:
    """LMS (C, n, n): blurred, sampled, with noise, and interpolated back."""
    size = gt.shape[1]
    offset = float(rng.choice([0.0, 0.5, round(rng.uniform(-0.5, 0.5), 1)]))
    gain = rng.uniform(0.2, 0.4)
    enlarge = enlarge_matrix(size, ratio, offset)
    noise = rng.choice([0.0, rng.uniform(0, 0.02)])
    lms = np.empty_like(gt)
    for i, band in enumerate(gt):
        band_gain = float(np.clip(round(gain + rng.normal(0, 0.02), 2), 0.15, 0.45))
        degrade = degrade_matrix(size, ratio, offset, band_gain)
        small = degrade @ band @ degrade.T
        if noise:
            small += rng.standard_normal(small.shape, np.float32) * np.float32(noise * small.std())
        lms[i] = enlarge @ small @ enlarge.T
    return lms


def draw(
    rng: Rng, source: Source, bands: int, windows: int, patch: int, scale: float | None = None
) -> Sample:
    """`windows` patches of `patch` px of one region of a scene, seen by one drawn sensor.

    With a `scale` (DN) the sensor is the scene's own, at ratio 4, and PAN comes without detail:
    the papers' setting.
    """
    ratio = 2 if scale is None and rng.random() < 0.25 else 4
    size = patch * (2 if windows == 1 else 3 if windows <= 4 else 4)
    size = min(size, *(n // 4 * 4 for n in source.pan.shape))
    row, col = _place(rng, source.valid, size)
    ms = source.ms[:, row : row + size, col : col + size]
    pan = source.pan[row : row + size, col : col + size]
    if scale is not None:
        stack = np.concatenate([pan[None], observe(rng, ms, ratio), ms]) / np.float32(scale)
        return _cut(rng, stack, 1, windows, patch, np.ones(bands, np.float32))
    gt = mix_bands(rng, ms, bands)
    pan = _soften(rng, mix_pan(rng, ms, pan))
    lms = observe(rng, gt, ratio)
    low = lowpass(pan, ratio)
    moments = Moments(bands + 2)
    moments.add(pixel_vectors(lms, pan, low, np.ones(pan.shape, bool)))
    known = statistics(moments)
    pan2, lms_n = normalise(pan, low, lms, None, known)
    gt_n = (gt - known.mean[:, None, None]) / known.std[:, None, None]
    stack = np.concatenate([pan2, lms_n, gt_n])
    return _cut(rng, stack, 2, windows, patch, known.gain)


def _place(rng: Rng, valid: NDArray[np.bool_], size: int) -> tuple[int, int]:
    """Where to take a region: without nodata, or with as little as a few tries find."""
    best, place = -1.0, (0, 0)
    for _ in range(PLACES):
        row, col = (int(rng.integers(0, n - size + 1)) for n in valid.shape)
        share = float(valid[row : row + size, col : col + size].mean())
        if share > best:
            best, place = share, (row, col)
        if share == 1:
            break
    return place


def _soften(rng: Rng, pan: Image) -> Image:
    """PAN's own optics and noise."""
    if rng.random() < 0.4:
        pan = gaussian_filter(pan, rng.uniform(0.2, 0.6))
    if rng.random() < 0.5:
        noise = rng.standard_normal(pan.shape, np.float32)
        pan = pan + noise * np.float32(rng.uniform(0, 0.02) * pan.std())
    return pan


def _cut(rng: Rng, stack: NDArray[Any], pans: int, windows: int, patch: int, gain: Image) -> Sample:
    """Patches of stacked PAN channels, LMS and reference."""
    patches = np.stack([_patch(rng, stack, patch) for _ in range(windows)])
    pan, lms, gt = np.split(patches, [pans, pans + len(gain)], axis=1)
    return Sample(pan, lms, gt, np.repeat(gain[None], windows, axis=0))


def _patch(rng: Rng, stack: NDArray[Any], patch: int) -> NDArray[Any]:
    # The rim of the region is where degrading had to make up what lies beyond.
    rim = min(16, (stack.shape[1] - patch) // 2)
    row, col = rng.integers(rim, stack.shape[1] - patch - rim + 1, 2)
    cut = np.rot90(
        stack[:, row : row + patch, col : col + patch], int(rng.integers(4)), axes=(1, 2)
    )
    return cut[:, :, ::-1] if rng.random() < 0.5 else cut


def pick(rng: Rng, sources: list[Source]) -> Source:
    """A source, by weight."""
    weights: NDArray[np.float64] = np.array([s.weight for s in sources])
    return sources[rng.choice(len(sources), p=weights / weights.sum())]
