# SPDX-License-Identifier: GPL-2.0-or-later
"""A new sensor for every sample: bands, PAN response, MTF, ratio, grid phase, noise.

A network trained on one sensor learns that sensor. Here each sample is seen by a sensor drawn at
random, so the network has to learn what holds for all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.imaging.arrays import Image
from core.imaging.moments import Moments
from core.imaging.nominal_mtf import NYQUIST_GAIN, TRUNCATE, mtf_sigma
from core.imaging.resample import interpolation_matrix
from core.methods.injection import Details, fit_bdsd_pc, fit_bt_h
from core.methods.statistics import normalise, pixel_vectors, statistics
from core.sensors import GENERIC_GAIN
from training.patches import Source

Rng = np.random.Generator

RATIOS = (2.0, 4.0)
"""Drawn for networks that serve any sensor."""
BENCHMARK = 0.5
"""Offset of the grid of the field's benchmarks, see `degrade_matrix`."""
PLACES = 12
"""Tries for a region without nodata anywhere, before one of those known is taken."""


@dataclass(frozen=True)
class Sample:
    """Windows of one simulated scene, normalised.

    pan (K, 2, P, P), lms and gt (K, C, P, P), gain and weight (K, C), details (K, C, D, P, P).
    """

    pan: Image
    lms: Image
    gain: Image
    weight: Image
    details: Image
    gt: Image


@dataclass(frozen=True)
class Observed:
    """What a drawn sensor saw: ms (C, n/r, n/r), lms (C, n, n), DN, and the MTF gains of the bands.

    ``offset`` (PAN px) is where its grid lies, see `degrade_matrix`.
    """

    ms: Image
    lms: Image
    gains: list[float]
    offset: float


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


@lru_cache(maxsize=128)
def gaussian_matrix(size: int, sigma: float) -> Image:
    """Blur with the edge pixel repeated, `scipy.ndimage.gaussian_filter1d`: (size, size)."""
    radius = int(TRUNCATE * sigma + 0.5)
    offsets = np.arange(-radius, radius + 1)
    weights = np.exp(-0.5 * (offsets / sigma) ** 2)
    matrix = np.zeros((size, size))
    rows = np.arange(size)
    for offset, weight in zip(offsets, weights / weights.sum(), strict=True):
        np.add.at(matrix, (rows, np.clip(rows + offset, 0, size - 1)), weight)
    return matrix.astype(np.float32)


def blur(image: Image, sigma: float) -> Image:
    """Gaussian blur of (H, W) or (C, H, W)."""
    rows, cols = (gaussian_matrix(n, sigma) for n in image.shape[-2:])
    return np.asarray(rows @ image @ cols.T)


@lru_cache(maxsize=128)
def box_matrix(size: int, ratio: int, offset: float) -> Image:
    """PAN at the pixels of MS, averaged over their area: (size/ratio, size)."""
    centres = ratio * np.arange(size // ratio) + (ratio - 1) / 2 + offset
    inside = np.clip((ratio + 1) / 2 - np.abs(np.arange(size)[None] - centres[:, None]), 0, 1)
    return (inside / inside.sum(axis=1, keepdims=True)).astype(np.float32)


@lru_cache(maxsize=256)
def shift_matrix(size: int, shift: float) -> Image:
    """An image displaced by a part of a pixel: (size, size)."""
    return interpolation_matrix(np.arange(size) + shift, size).astype(np.float32)


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
    detail = pan - blur(pan, 1.0)
    scale = mixed.std() / max(float(pan.std()), 1e-6)
    return mixed + np.float32(rng.uniform(0, 1) * scale) * detail


def observe(rng: Rng, gt: Image, ratio: int) -> Observed:
    """What MS is of a scene: blurred, sampled, with noise; LMS is interpolated from it."""
    size = gt.shape[1]
    offset = float(rng.choice([0.0, 0.5, round(rng.uniform(-0.5, 0.5), 1)]))
    gain = rng.uniform(0.2, 0.4)
    enlarge = enlarge_matrix(size, ratio, offset)
    noise = rng.choice([0.0, rng.uniform(0, 0.02)])
    seen, gains = [], []
    for band in gt:
        band_gain = float(np.clip(round(gain + rng.normal(0, 0.02), 2), 0.15, 0.45))
        degrade = degrade_matrix(size, ratio, offset, band_gain)
        small = degrade @ band @ degrade.T
        if noise:
            small += rng.standard_normal(small.shape, np.float32) * np.float32(noise * small.std())
        seen.append(small)
        gains.append(band_gain)
    ms = np.stack(seen)
    return Observed(ms, enlarge @ ms @ enlarge.T, gains, offset)


def observe_as(gt: Image, ratio: int, gains: Sequence[float], offset: float) -> Observed:
    """What a known sensor sees of a scene, without noise, see `degrade_matrix`."""
    size = gt.shape[1]
    enlarge = enlarge_matrix(size, ratio, offset)
    degrade = [degrade_matrix(size, ratio, offset, gain) for gain in gains]
    ms = np.stack([d @ band @ d.T for d, band in zip(degrade, gt, strict=True)])
    return Observed(ms, np.asarray(enlarge @ ms @ enlarge.T), list(gains), offset)


def details_of(rng: Rng, seen: Observed, pan: Image, ratio: int, moments: Moments) -> Details:
    """What the classical methods find out about the drawn scene.

    Half of the time they know the sensor's MTF.
    """
    known = rng.random() < 0.5
    gains = seen.gains if known else [GENERIC_GAIN] * len(seen.gains)
    low = np.stack([blur(b, mtf_sigma(ratio, g)) for b, g in zip(seen.ms, gains, strict=True)])
    reduce = box_matrix(pan.shape[0], ratio, seen.offset)
    values = np.concatenate([(reduce @ pan @ reduce.T)[None], low, seen.ms - low])
    coarse = Moments(len(values))
    # The rim is where blurring made up what lies beyond.
    rim = 2 if low.shape[1] > 16 else 0
    inner = slice(rim, low.shape[1] - rim)
    coarse.add(values[:, inner, inner].reshape(len(values), -1).astype(np.float64))
    haze = seen.ms.min(axis=(1, 2)) * rng.uniform(0.3, 1)
    bands = len(gains)
    return Details(fit_bdsd_pc(coarse, bands), fit_bt_h(moments, bands, haze.astype(np.float64)))


def draw(
    rng: Rng, source: Source, bands: int, windows: int, patch: int, scale: float | None = None
) -> Sample:
    """`windows` patches of `patch` px of one region of a scene, seen by one drawn sensor.

    With a `scale` (DN) it is the papers' setting, see `draw_plain`.
    """
    if scale is not None:
        return draw_plain(rng, source, windows, patch, scale)
    if source.samples is not None:
        source = source.sample(int(rng.integers(source.samples)))
    ratio = 2 if rng.random() < 0.25 else 4
    ms, pan = _region(rng, source, windows, patch)
    gt = mix_bands(rng, ms, bands)
    pan = _soften(rng, mix_pan(rng, ms, pan))
    gt, pan = _veil(rng, gt, pan)
    pan = _displace(rng, pan)
    seen = observe(rng, gt, ratio)
    low = blur(pan, mtf_sigma(ratio, NYQUIST_GAIN))
    moments = Moments(bands + 2)
    everywhere = np.ones(pan.shape, bool)
    moments.add(pixel_vectors(seen.lms, pan, low, everywhere))
    known = statistics(moments)
    details = details_of(rng, seen, pan, ratio, moments).of(seen.lms, pan).astype(np.float32)
    pan2, lms = normalise(pan, low, seen.lms, None, known)
    std = known.std[:, None, None]
    truth = (gt - known.mean[:, None, None]) / std
    added = (details / std[:, None]).reshape(-1, *pan.shape)
    stack = np.concatenate([pan2, lms, added, truth])
    return _cut(rng, stack, bands, windows, patch, known.gain, known.weight)


def draw_plain(rng: Rng, source: Source, windows: int, patch: int, scale: float) -> Sample:
    """The papers' setting: the scene's own bands and PAN without detail, divided by `scale` (DN).

    LMS is the files' own where they bring it; every window is a sample of its own then. Else it
    is simulated at ratio 4, as the benchmarks do it where the source knows its sensor.
    """
    if source.samples is not None:
        of = [source.sample(int(n)) for n in rng.integers(source.samples, size=windows)]
        parts = [draw_plain(rng, sample, 1, patch, scale) for sample in of]
        arrays = zip(*(astuple(p) for p in parts), strict=True)
        return Sample(*(np.concatenate(images) for images in arrays))
    if source.lms is not None:
        ms, pan, lms = source.ms[:], source.pan[:], source.lms[:]
    else:
        ms, pan = _region(rng, source, windows, patch)
        known = source.gains
        lms = (observe_as(ms, 4, known, BENCHMARK) if known else observe(rng, ms, 4)).lms
    stack = np.concatenate([pan[None], lms, ms]) / np.float32(scale)
    ones: Image = np.ones(source.bands, np.float32)
    return _cut(rng, stack.astype(np.float32), source.bands, windows, patch, ones, ones)


def _region(rng: Rng, source: Source, windows: int, patch: int) -> tuple[Image, Image]:
    """A square of a scene, large enough for so many windows: ms (C, n, n) and pan (n, n)."""
    size = region_side(source, windows, patch)
    row, col = place(rng, source, size)
    rows, cols = slice(row, row + size), slice(col, col + size)
    return source.ms[:, rows, cols], source.pan[rows, cols]


def region_side(source: Source, windows: int, patch: int) -> int:
    """Side of the squares that so many windows are cut from (px).

    Smaller where nodata leaves no room. Raises InputError where it leaves none for a patch.
    """
    wanted = 2 if windows == 1 else 3 if windows <= 4 else 4
    sides = [patch * n for n in range(wanted, 1, -1)]
    for side in [min(side, *(n // 4 * 4 for n in source.size)) for side in sides] + [patch + 4]:
        if len(source.places(side)):
            return side
    raise InputError("no-square-to-train", source=source.name, patch=patch + 4)


def place(rng: Rng, source: Source, side: int) -> tuple[int, int]:
    """Upper left corner of a square without nodata; there must be one, see `Source.places`."""
    for _ in range(PLACES):
        row, col = (int(rng.integers(0, n - side + 1)) for n in source.size)
        if source.valid[row : row + side, col : col + side].all():
            return row, col
    row, col = rng.choice(source.places(side))
    return int(row), int(col)


def _veil(rng: Rng, gt: Image, pan: Image) -> tuple[Image, Image]:
    """Haze: light that every pixel of a band has on top, in PAN as much as in the bands' mean."""
    if rng.random() < 0.3:
        share = rng.uniform(0, 1, len(gt)).astype(np.float32)
        haze = share * gt.mean(axis=(1, 2))
        scale = pan.mean() / max(float(gt.mean()), 1e-6)
        gt, pan = gt + haze[:, None, None], pan + np.float32(haze.mean() * scale)
    return gt, pan


def _displace(rng: Rng, pan: Image) -> Image:
    """PAN a part of a pixel away from MS, as registration leaves it."""
    if rng.random() < 0.3:
        down, right = np.clip(rng.normal(0, 0.3, 2), -1, 1).round(2)
        size = pan.shape[0]
        return np.asarray(
            shift_matrix(size, float(down)) @ pan @ shift_matrix(size, float(right)).T
        )
    return pan


def _soften(rng: Rng, pan: Image) -> Image:
    """PAN's own optics and noise."""
    if rng.random() < 0.4:
        pan = blur(pan, round(rng.uniform(0.2, 0.6), 2))
    if rng.random() < 0.5:
        noise = rng.standard_normal(pan.shape, np.float32)
        pan = pan + noise * np.float32(rng.uniform(0, 0.02) * pan.std())
    return pan


def _cut(
    rng: Rng, stack: Image, bands: int, windows: int, patch: int, gain: Image, weight: Image
) -> Sample:
    """Patches of stacked PAN channels, LMS, details (if any) and reference."""
    pans = 1 if len(stack) == 1 + 2 * bands else 2
    patches = np.stack([_patch(rng, stack, patch) for _ in range(windows)])
    ends = [pans, pans + bands, len(stack) - bands]
    pan, lms, details, gt = np.split(patches, ends, axis=1)
    details = details.reshape(windows, bands, -1, patch, patch)
    gains, weights = (np.repeat(values[None], windows, axis=0) for values in (gain, weight))
    return Sample(pan, lms, gains, weights, details, gt)


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
