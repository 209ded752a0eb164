# SPDX-License-Identifier: GPL-2.0-or-later
"""A new sensor for every sample: bands, PAN response, MTF, ratio, grid, displacement, noise.

A network trained on one sensor learns that sensor. Here each sample is seen by a sensor drawn at
random, so the network has to learn what holds for all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from core.imaging.arrays import Image
from core.imaging.moments import Moments
from core.imaging.nominal_mtf import NYQUIST_GAIN, mtf_sigma
from core.methods.statistics import normalise, pixel_vectors, statistics
from training.observation import Observation, observe_as
from training.resampling import BENCHMARK, blur, seen_matrix
from training.scenes import MARGIN, Rng, TrainingScene
from training.sensor_prior import PRIOR

#: Ratios drawn for networks that serve any sensor.
RATIOS = (2.0, 4.0)
#: Px at the border of a region, at most, that no patch takes: degrading extrapolated there.
RIM = 16


class Region(NamedTuple):
    """A region as a network sees it, normalised: D details of C bands, P channels of PAN.

    pan (P, n, n), lms and gt (C, n, n), details (C, D, n, n), gain and weight (C,); mean and std
    (C,) turn bands into DN. `assumed` are the MTF gains of the bands that methods assume.
    """

    pan: Image
    lms: Image
    details: Image
    gt: Image
    gain: Image
    weight: Image
    mean: Image
    std: Image
    assumed: list[float]


class Sample(NamedTuple):
    """K windows of one simulated scene, normalised.

    pan (K, P, H, W), lms and gt (K, C, H, W), gain and weight (K, C), details (K, C, D, H, W),
    mtf (K, C, 2), see `nyquist`;
    seen (1, C, H, H), of the whole scene, see `training.resampling.seen_matrix`, or empty.
    """

    pan: Image
    lms: Image
    gain: Image
    weight: Image
    details: Image
    gt: Image
    mtf: Image
    seen: Image


def normalised(rng: Rng, seen: Observation, pan: Image, gt: Image, details: int) -> Region:
    """Return a region normalised by its statistics, with the first `details` of the methods'.

    `pan` (n, n) and the reference `gt` (C, n, n), DN.
    """
    ratio = len(pan) // seen.ms.shape[1]
    low = blur(pan, mtf_sigma(ratio, NYQUIST_GAIN))
    moments = Moments(len(gt) + 2)
    moments.add(pixel_vectors(seen.lms, pan, low, np.ones(pan.shape, bool)))
    of = statistics(moments)
    mean, std = of.mean[:, None, None], of.std[:, None, None]
    gains = PRIOR.assumed_gains(rng, seen)
    haze = seen.ms.min(axis=(1, 2)).astype(np.float64) * rng.uniform(*PRIOR.haze_estimate)
    added = PRIOR.details(seen, pan, moments, gains, haze).of(seen.lms, pan).astype(np.float32)
    if details > added.shape[1]:
        from training.region_fit import fit_detail  # needs what reads rasters, too

        fitted = fit_detail(seen, pan, gains, haze) * PRIOR.fit_factors(rng, len(gains))
        added = np.concatenate([added, fitted[:, None]], axis=1)
    pans, lms = normalise(pan, low, seen.lms, None, of)
    added, reference = added / std[:, None], (gt - mean) / std
    return Region(pans, lms, added, reference, of.gain, of.weight, of.mean, of.std, gains)


def scaled(pan: Image, lms: Image, gt: Image, scale: float) -> Region:
    """Return a region as in the papers: divided by `scale` (DN), PAN (n, n) without its detail."""
    bands = len(gt)
    ones: Image = np.ones(bands, np.float32)
    pan, lms, gt = ((image / np.float32(scale)).astype(np.float32) for image in (pan, lms, gt))
    details = np.zeros((bands, 0, *pan.shape), np.float32)
    mean, std = 0 * ones, np.float32(scale) * ones
    return Region(pan[None], lms, details, gt, ones, ones, mean, std, [])


def draw(
    rng: Rng,
    scene: TrainingScene,
    bands: int,
    windows: int,
    patch: int,
    scale: float | None = None,
    details: int = 2,
) -> Sample:
    """Return `windows` patches of `patch` px of one region of a scene, seen by one drawn sensor.

    With a `scale` (DN) it is the papers' setting, see `draw_plain`. With three `details` the scene
    fit is one of them, and the sample has what back-projection needs.
    """
    if scale is not None:
        return draw_plain(rng, scene, windows, patch, scale)
    if scene.samples is not None:
        scene = scene.sample(int(rng.integers(scene.samples)))
    ratio = 2 if rng.random() < PRIOR.p_ratio_2 else 4
    ms, pan = _turned(rng, *_read_region(rng, scene, windows, patch))
    gt = PRIOR.mix_bands(rng, ms, bands)
    pan = PRIOR.degrade_pan(rng, PRIOR.mix_pan(rng, ms, pan))
    gt = PRIOR.soften(rng, PRIOR.shift_bands(rng, gt), pair=scene.pan is not None)
    gt, pan = PRIOR.add_haze(rng, gt, pan)
    pan = PRIOR.shift_pan(rng, pan)
    seen = PRIOR.observe(rng, gt, ratio)
    region = normalised(rng, seen, pan, gt, details)
    sample = _cut(rng, region, windows, patch, nyquist(seen.gains, ratio))
    if details < 3:
        return sample
    lines = [seen_matrix(patch, ratio, seen.offset, gain) for gain in region.assumed]
    return sample._replace(seen=np.stack(lines)[None])


def nyquist(gains: Sequence[float], ratio: int) -> Image:
    """Return MTF gains of bands beside the Nyquist frequency of MS (cycles/PAN px): (C, 2)."""
    return np.array([(gain, 0.5 / ratio) for gain in gains], np.float32)


def draw_plain(rng: Rng, scene: TrainingScene, windows: int, patch: int, scale: float) -> Sample:
    """Return patches in the papers' setting: the scene's own bands and PAN, see `scaled`.

    LMS is the files' own where they bring it; every window is a sample of its own then. Else it
    is simulated at ratio 4, as the benchmarks do it where the scene's sensor is known.
    """
    if scene.samples is not None:
        of = [scene.sample(int(n)) for n in rng.integers(scene.samples, size=windows)]
        parts = [draw_plain(rng, sample, 1, patch, scale) for sample in of]
        return Sample(*(np.concatenate(images) for images in zip(*parts, strict=True)))
    known = scene.gains
    if scene.lms is not None and scene.pan is not None:
        ms, pan, lms = scene.ms[:], scene.pan[:], scene.lms[:]
        gains = list(known) or [0.0] * len(ms)
    else:
        ms, pan = _read_region(rng, scene, windows, patch)
        seen = observe_as(ms, 4, known, BENCHMARK) if known else PRIOR.observe(rng, ms, 4)
        lms, gains = seen.lms, seen.gains
    ms, pan, lms = _turned(rng, ms, pan, lms)
    return _cut(rng, scaled(pan, lms, ms, scale), windows, patch, nyquist(gains, 4))


def _read_region(rng: Rng, scene: TrainingScene, windows: int, patch: int) -> tuple[Image, Image]:
    """Return MS (C, n, n) and PAN (n, n), DN, of a square for `windows` of `patch` px."""
    rows, cols = scene.random_square(rng, scene.region_side(windows, patch))
    ms = scene.ms[:, rows, cols]
    if scene.pan is not None:
        return ms, scene.pan[rows, cols]
    ms = PRIOR.vary_contrast(rng, ms)
    if ms.shape[1] >= 2 * (patch + MARGIN) and rng.random() < PRIOR.p_coarser:
        side = ms.shape[1] // 8 * 8
        ms = ms[:, :side, :side].reshape(len(ms), side // 2, 2, side // 2, 2).mean(axis=(2, 4))
    return ms, PRIOR.simulate_pan(rng, ms)


def _turned(rng: Rng, *images: Image) -> list[Image]:
    """Return images (..., n, n) of one region, rotated and mirrored together."""
    turns, mirrored = int(rng.integers(4)), rng.random() < 0.5
    turned = [np.rot90(image, turns, axes=(-2, -1)) for image in images]
    return [np.ascontiguousarray(image[..., ::-1] if mirrored else image) for image in turned]


def _cut(rng: Rng, region: Region, windows: int, patch: int, mtf: Image) -> Sample:
    """Return patches of a region at random places; `mtf` is its `nyquist`."""
    bands, details = region.details.shape[:2]
    stack = np.concatenate(
        [region.pan, region.lms, region.details.reshape(-1, *region.pan.shape[1:]), region.gt]
    )
    patches = np.stack([_patch(rng, stack, patch) for _ in range(windows)])
    sizes = [len(region.pan), bands, bands * details]
    pan, lms, flat, gt = np.split(patches, np.cumsum(sizes), axis=1)
    of_scene = region.gain, region.weight, mtf
    gain, weight, mtf = (np.repeat(v[None], windows, axis=0) for v in of_scene)
    flat = flat.reshape(windows, bands, -1, patch, patch)
    no_lines: Image = np.zeros((1, bands, 0, 0), np.float32)
    return Sample(pan, lms, gain, weight, flat, gt, mtf, no_lines)


def _patch(rng: Rng, stack: Image, patch: int) -> Image:
    """Return a patch (channels, patch, patch) that begins with a pixel of MS at any ratio."""
    most = int(max(RATIOS))
    side = stack.shape[1]
    first = min(RIM, (side - patch) // 2) // most
    row, col = most * rng.integers(first, (side - patch) // most - first + 1, 2)
    return stack[:, row : row + patch, col : col + patch]
