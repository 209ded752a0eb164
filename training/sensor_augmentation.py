# SPDX-License-Identifier: GPL-2.0-or-later
"""A new sensor for every sample: bands, PAN response, MTF, ratio, grid, displacement, noise.

A network trained on one sensor learns that sensor. Here each sample is seen by a sensor drawn at
random, so the network has to learn what holds for all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from core.imaging.arrays import FloatArray, Image
from core.imaging.moments import Moments
from core.imaging.nominal_mtf import NYQUIST_GAIN, mtf_sigma
from core.methods.injection import Details, fit_bdsd_pc, fit_bt_h
from core.methods.statistics import normalise, pixel_vectors, statistics
from core.sensors import GENERIC_GAIN
from training.observation import Observation, observe_as
from training.resampling import (
    BENCHMARK,
    blur,
    box_matrix,
    degrade_matrix,
    seen_matrix,
    shift_matrix,
)
from training.scenes import MARGIN, Rng, TrainingScene

#: Ratios drawn for networks that serve any sensor.
RATIOS = (2.0, 4.0)
#: Px at the border of a region, at most, that no patch takes: degrading extrapolated there.
RIM = 16
#: MS px at the border of a region that the coefficients of classical methods are not fitted on.
FIT_RIM = 2

Range = tuple[float, float]


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

    pan (K, P, H, W), lms and gt (K, C, H, W), gain and weight (K, C), details (K, C, D, H, W);
    seen (1, C, H, H), of the whole scene, see `training.resampling.seen_matrix`, or empty.
    """

    pan: Image
    lms: Image
    gain: Image
    weight: Image
    details: Image
    gt: Image
    seen: Image


@dataclass(frozen=True)
class SensorPrior:
    """Distribution of the simulated sensors.

    ``p_...`` is a probability, a `Range` holds the bounds of a uniform distribution.
    """

    #: Ratio 2, otherwise 4.
    p_ratio_2: float = 0.25
    #: A band is a mixture of the scene's bands, not one of them.
    p_mixed_band: float = 0.35
    #: Number of bands in a mixture; the second is excluded.
    mixed_bands: tuple[int, int] = (2, 4)
    #: PAN is the scene's own, otherwise a mixture of the bands with detail of PAN.
    p_real_pan: float = 0.5
    #: Share of PAN's detail in a mixture, at equal standard deviation.
    pan_detail: Range = (0.0, 1.0)
    #: This detail is the high-pass of a Gaussian with this std (PAN px).
    pan_detail_sigma: float = 1.0
    #: Offsets of the MS grid of products and of benchmarks; a third one is drawn as often.
    grids: tuple[float, float] = (0.0, BENCHMARK)
    #: The third offset, rounded to tenths of a PAN px.
    any_grid: Range = (-0.5, 0.5)
    #: MTF of a sensor at the Nyquist frequency of MS.
    mtf_gain: Range = (0.2, 0.4)
    #: Std of a band's gain around the sensor's, and the limits that it is clipped to.
    mtf_gain_std: float = 0.02
    mtf_gain_limits: Range = (0.15, 0.45)
    #: Std of the noise of MS over that of the band; every other sensor has none.
    ms_noise: Range = (0.0, 0.02)
    #: The classical methods know the MTF, otherwise they assume the generic gain.
    p_known_mtf: float = 0.5
    #: The fit of a whole scene is not the best one here; std of the logarithm of a band's factor.
    p_fit_off: float = 0.5
    fit_off: float = 0.1
    #: Haze that BT-H subtracts, over the band's minimum.
    haze_estimate: Range = (0.3, 1.0)
    #: There is haze: light added to all pixels of a band, over the band's mean.
    p_haze: float = 0.3
    haze: Range = (0.0, 1.0)
    #: PAN is displaced against MS; std and limit along rows and columns (PAN px).
    p_shift: float = 0.4
    shift_std: float = 0.4
    shift_max: float = 1.0
    #: Images without PAN: contrast of their bands, and what PAN has besides their mixture.
    gamma: Range = (0.75, 1.4)
    gain: Range = (0.5, 1.5)
    p_beyond_mixture: float = 0.6
    beyond_mixture: Range = (0.0, 0.3)
    #: They are shown at twice their pixel size, where they are large enough.
    p_coarser: float = 0.3
    #: The reference is softer than PAN: MS blurs what it sees of its own pixels, and a benchmark
    #: shows it beside a PAN that was reduced without blur; std (PAN px).
    p_ms_blur: float = 0.6
    ms_blur: Range = (0.2, 0.65)
    #: PAN's own optics blur it; std (PAN px).
    p_pan_blur: float = 0.5
    pan_blur: Range = (0.2, 0.65)
    #: PAN has noise; std over that of PAN.
    p_pan_noise: float = 0.5
    pan_noise: Range = (0.0, 0.02)

    def mix_bands(self, rng: Rng, ms: Image, count: int) -> Image:
        """Return bands in any order, or mixtures of them: (C, h, w) -> (count, h, w)."""
        have = ms.shape[0]
        order = rng.permutation(have)
        weights = np.eye(have, dtype=np.float32)[order[np.arange(count) % have]]
        for i in range(count):
            if i >= have or rng.random() < self.p_mixed_band:
                some = rng.permutation(have)[: rng.integers(*self.mixed_bands)]
                weights[i] = 0
                weights[i, some] = rng.dirichlet(np.ones(len(some)))
        return np.tensordot(weights, ms, axes=1)

    def vary_contrast(self, rng: Rng, ms: Image) -> Image:
        """Return bands with another contrast and brightness, as other sensors see them."""
        size = len(ms), 1, 1
        top = np.maximum(ms.max(axis=(1, 2), keepdims=True), 1e-6)
        gamma, gain = (rng.uniform(*r, size).astype(np.float32) for r in (self.gamma, self.gain))
        return np.asarray(gain * top * np.clip(ms / top, 0, None) ** gamma)

    def simulate_pan(self, rng: Rng, ms: Image) -> Image:
        """Return a PAN of the bands (C, h, w): (h, w).

        A mixture, mostly with something that no mixture of the bands gives: geometric means of
        two of them, so that a network cannot take PAN for a mixture.
        """
        weights = rng.dirichlet(np.full(len(ms), 3.0)).astype(np.float32)
        pan = np.tensordot(weights, ms, axes=1)
        if rng.random() < self.p_beyond_mixture:
            for _ in range(2):
                a, b = rng.permutation(len(ms))[:2]
                share = np.float32(rng.uniform(*self.beyond_mixture))
                pan = pan + share * np.sqrt(np.maximum(ms[a] * ms[b], 0))
        return np.asarray(pan, np.float32)

    def mix_pan(self, rng: Rng, ms: Image, pan: Image) -> Image:
        """Return PAN, or a mixture of the bands with some of PAN's detail: (h, w)."""
        if rng.random() < self.p_real_pan:
            return pan
        some = rng.permutation(ms.shape[0])[: rng.integers(2, ms.shape[0] + 1)]
        weights = rng.dirichlet(np.ones(len(some))).astype(np.float32)
        mixed = np.tensordot(weights, ms[some], axes=1)
        detail = pan - blur(pan, self.pan_detail_sigma)
        scale = mixed.std() / max(float(pan.std()), 1e-6)
        return mixed + np.float32(rng.uniform(*self.pan_detail) * scale) * detail

    def degrade_pan(self, rng: Rng, pan: Image) -> Image:
        """Add PAN's own optics and noise: (h, w) -> the same."""
        if rng.random() < self.p_pan_blur:
            pan = blur(pan, round(rng.uniform(*self.pan_blur), 2))
        if rng.random() < self.p_pan_noise:
            noise = rng.standard_normal(pan.shape, np.float32)
            pan = pan + noise * np.float32(rng.uniform(*self.pan_noise) * pan.std())
        return pan

    def soften(self, rng: Rng, gt: Image) -> Image:
        """Blur the reference as optics and detector of MS do: (C, h, w) -> the same."""
        if rng.random() < self.p_ms_blur:
            return blur(gt, round(rng.uniform(*self.ms_blur), 2))
        return gt

    def add_haze(self, rng: Rng, gt: Image, pan: Image) -> tuple[Image, Image]:
        """Add light to all pixels of a band, to PAN as much as to the mean of the bands."""
        if rng.random() < self.p_haze:
            share = rng.uniform(*self.haze, len(gt)).astype(np.float32)
            haze = share * gt.mean(axis=(1, 2))
            scale = pan.mean() / max(float(gt.mean()), 1e-6)
            gt, pan = gt + haze[:, None, None], pan + np.float32(haze.mean() * scale)
        return gt, pan

    def shift_pan(self, rng: Rng, pan: Image) -> Image:
        """Displace PAN against MS, as registration leaves it: (h, w) -> the same."""
        if rng.random() < self.p_shift:
            shift = rng.normal(0, self.shift_std, 2)
            down, right = np.clip(shift, -self.shift_max, self.shift_max).round(2)
            rows, cols = (shift_matrix(len(pan), float(s)) for s in (down, right))
            return np.asarray(rows @ pan @ cols.T)
        return pan

    def observe(self, rng: Rng, gt: Image, ratio: int) -> Observation:
        """Return a reference (C, n, n) as a drawn sensor sees it: blurred, sampled, with noise."""
        size = gt.shape[1]
        offset = float(rng.choice([*self.grids, round(rng.uniform(*self.any_grid), 1)]))
        mean_gain = rng.uniform(*self.mtf_gain)
        noise = rng.choice([0.0, rng.uniform(*self.ms_noise)])
        bands, gains = [], []
        for band in gt:
            gain = round(mean_gain + rng.normal(0, self.mtf_gain_std), 2)
            gains.append(float(np.clip(gain, *self.mtf_gain_limits)))
            degrade = degrade_matrix(size, ratio, offset, gains[-1])
            small = degrade @ band @ degrade.T
            if noise:
                drawn = rng.standard_normal(small.shape, np.float32)
                small += drawn * np.float32(noise * small.std())
            bands.append(small)
        return Observation.of(np.stack(bands), size, ratio, gains, offset)

    def assumed_gains(self, rng: Rng, seen: Observation) -> list[float]:
        """Return the MTF gains of the bands that methods assume."""
        known = rng.random() < self.p_known_mtf
        return seen.gains if known else [GENERIC_GAIN] * len(seen.gains)

    def fit_factors(self, rng: Rng, bands: int) -> Image:
        """Return factors (C, 1, 1) of what a region's scene fit adds to its bands."""
        off = self.fit_off if rng.random() < self.p_fit_off else 0.0
        return np.exp(rng.normal(0, off, (bands, 1, 1))).astype(np.float32)

    def details(
        self, seen: Observation, pan: Image, moments: Moments, gains: list[float], haze: FloatArray
    ) -> Details:
        """Fit the coefficients of the classical methods to a scene.

        `moments` are those of `core.methods.statistics.pixel_vectors`; gains and haze (C,) are
        what the methods assume.
        """
        ratio = len(pan) // seen.ms.shape[1]
        low = np.stack([blur(b, mtf_sigma(ratio, g)) for b, g in zip(seen.ms, gains, strict=True)])
        reduce = box_matrix(pan.shape[0], ratio, seen.offset)
        values = np.concatenate([(reduce @ pan @ reduce.T)[None], low, seen.ms - low])
        coarse = Moments(len(values))
        rim = FIT_RIM if low.shape[1] > 16 else 0
        inner = slice(rim, low.shape[1] - rim)
        coarse.add(values[:, inner, inner].reshape(len(values), -1).astype(np.float64))
        bands = len(gains)
        return Details(fit_bdsd_pc(coarse, bands), fit_bt_h(moments, bands, haze))


PRIOR = SensorPrior()


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
    gt = PRIOR.soften(rng, gt)
    gt, pan = PRIOR.add_haze(rng, gt, pan)
    pan = PRIOR.shift_pan(rng, pan)
    seen = PRIOR.observe(rng, gt, ratio)
    region = normalised(rng, seen, pan, gt, details)
    sample = _cut(rng, region, windows, patch)
    if details < 3:
        return sample
    lines = [seen_matrix(patch, ratio, seen.offset, gain) for gain in region.assumed]
    return sample._replace(seen=np.stack(lines)[None])


def draw_plain(rng: Rng, scene: TrainingScene, windows: int, patch: int, scale: float) -> Sample:
    """Return patches in the papers' setting: the scene's own bands and PAN, see `scaled`.

    LMS is the files' own where they bring it; every window is a sample of its own then. Else it
    is simulated at ratio 4, as the benchmarks do it where the scene's sensor is known.
    """
    if scene.samples is not None:
        of = [scene.sample(int(n)) for n in rng.integers(scene.samples, size=windows)]
        parts = [draw_plain(rng, sample, 1, patch, scale) for sample in of]
        return Sample(*(np.concatenate(images) for images in zip(*parts, strict=True)))
    if scene.lms is not None and scene.pan is not None:
        ms, pan, lms = scene.ms[:], scene.pan[:], scene.lms[:]
    else:
        ms, pan = _read_region(rng, scene, windows, patch)
        known = scene.gains
        lms = (observe_as(ms, 4, known, BENCHMARK) if known else PRIOR.observe(rng, ms, 4)).lms
    ms, pan, lms = _turned(rng, ms, pan, lms)
    return _cut(rng, scaled(pan, lms, ms, scale), windows, patch)


def _read_region(rng: Rng, scene: TrainingScene, windows: int, patch: int) -> tuple[Image, Image]:
    """Return MS (C, n, n) and PAN (n, n) of a square that so many windows are cut from."""
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
    """Return images of one region, turned and mirrored together."""
    turns, mirrored = int(rng.integers(4)), rng.random() < 0.5
    turned = [np.rot90(image, turns, axes=(-2, -1)) for image in images]
    return [np.ascontiguousarray(image[..., ::-1] if mirrored else image) for image in turned]


def _cut(rng: Rng, region: Region, windows: int, patch: int) -> Sample:
    """Cut patches at random places."""
    bands, details = region.details.shape[:2]
    stack = np.concatenate(
        [region.pan, region.lms, region.details.reshape(-1, *region.pan.shape[1:]), region.gt]
    )
    patches = np.stack([_patch(rng, stack, patch) for _ in range(windows)])
    sizes = [len(region.pan), bands, bands * details]
    pan, lms, flat, gt = np.split(patches, np.cumsum(sizes), axis=1)
    gain, weight = (np.repeat(v[None], windows, axis=0) for v in (region.gain, region.weight))
    flat = flat.reshape(windows, bands, -1, patch, patch)
    return Sample(pan, lms, gain, weight, flat, gt, np.zeros((1, bands, 0, 0), np.float32))


def _patch(rng: Rng, stack: Image, patch: int) -> Image:
    """Return a patch that begins with a pixel of MS, whatever the ratio."""
    most = int(max(RATIOS))
    side = stack.shape[1]
    first = min(RIM, (side - patch) // 2) // most
    row, col = most * rng.integers(first, (side - patch) // most - first + 1, 2)
    return stack[:, row : row + patch, col : col + patch]
