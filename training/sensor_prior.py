# SPDX-License-Identifier: GPL-2.0-or-later
"""The distribution of the sensors that training simulates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.imaging.arrays import FloatArray, Image
from core.imaging.moments import Moments
from core.imaging.nominal_mtf import mtf_sigma
from core.methods.injection import Details, fit_bdsd_pc, fit_bt_h
from core.sensors import GENERIC_GAIN
from training.observation import Observation
from training.resampling import BENCHMARK, blur, box_matrix, degrade_matrix, shift_matrix
from training.scenes import Rng

#: MS px at the border of a region that the coefficients of classical methods are not fitted on.
FIT_RIM = 2

Range = tuple[float, float]


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
    #: A band of the scene is seen by PAN alone, where more than three are left.
    p_hidden_band: float = 0.4
    #: PAN is the scene's own, otherwise a mixture of the bands with detail of PAN.
    p_real_pan: float = 0.7
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
    #: Bands are displaced against one another as well; std along rows and columns (PAN px).
    p_band_shift: float = 0.4
    band_shift: Range = (0.05, 0.2)
    #: Images without PAN: contrast of their bands, and what PAN has besides their mixture.
    gamma: Range = (0.75, 1.4)
    gain: Range = (0.5, 1.5)
    p_beyond_mixture: float = 0.6
    beyond_mixture: Range = (0.0, 0.3)
    #: PAN's response differs from one colour to another: by this share, and so steeply.
    p_colour_response: float = 0.8
    colour_response: Range = (0.05, 0.4)
    colour_steepness: Range = (0.5, 2.0)
    #: Images without PAN are used at twice their pixel size, if they are large enough.
    p_coarser: float = 0.5
    #: They are sharper than what an MS of their pixel size sees, which is what the reference of a
    #: real scene is: blurred by this std (px).
    image_blur: Range = (0.45, 0.68)
    #: The reference of a pair is made softer than its PAN; std (PAN px).
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
        order = rng.permutation(len(ms))
        if len(ms) > 3 and rng.random() < self.p_hidden_band:
            order = order[1:]
        have = len(order)
        weights = np.eye(len(ms), dtype=np.float32)[order[np.arange(count) % have]]
        for i in range(count):
            if i >= have or rng.random() < self.p_mixed_band:
                some = rng.permutation(order)[: rng.integers(*self.mixed_bands)]
                weights[i] = 0
                weights[i, some] = rng.dirichlet(np.ones(len(some)))
        return np.tensordot(weights, ms, axes=1)

    def vary_contrast(self, rng: Rng, ms: Image) -> Image:
        """Return bands `(C, H, W)` with the contrast and brightness of other sensors."""
        size = len(ms), 1, 1
        top = np.maximum(ms.max(axis=(1, 2), keepdims=True), 1e-6)
        gamma, gain = (rng.uniform(*r, size).astype(np.float32) for r in (self.gamma, self.gain))
        return np.asarray(gain * top * np.clip(ms / top, 0, None) ** gamma)

    def simulate_pan(self, rng: Rng, ms: Image) -> Image:
        """Return a PAN of the bands (C, h, w): (h, w).

        A mixture, mostly with something that no mixture of the bands gives: geometric means of
        two of them, a response to their colour. So a network cannot take PAN for a mixture.
        """
        weights = rng.dirichlet(np.full(len(ms), 3.0)).astype(np.float32)
        pan = np.tensordot(weights, ms, axes=1)
        if rng.random() < self.p_beyond_mixture:
            for _ in range(2):
                a, b = rng.permutation(len(ms))[:2]
                share = np.float32(rng.uniform(*self.beyond_mixture))
                pan = pan + share * np.sqrt(np.maximum(ms[a] * ms[b], 0))
        if rng.random() < self.p_colour_response:
            pan = pan * self.respond_to_colour(rng, ms)
        return np.asarray(pan, np.float32)

    def respond_to_colour(self, rng: Rng, ms: Image) -> Image:
        """Return a factor of PAN that depends on colour alone: (C, h, w) -> (h, w).

        Ground of one colour in the bands reflects more, or less, between and beside them.
        """
        means = np.maximum(ms.mean(axis=(1, 2), keepdims=True), 1e-6)
        tone = np.log(np.maximum(ms / means, 1e-3))
        tone = tone - tone.mean(axis=0)
        tone = tone - tone.mean(axis=(1, 2), keepdims=True)
        factor = np.ones(ms.shape[1:], np.float32)
        for _ in range(2):
            seen = np.tensordot(rng.standard_normal(len(ms)).astype(np.float32), tone, axes=1)
            steepness, share = (
                rng.uniform(*r) for r in (self.colour_steepness, self.colour_response)
            )
            seen = seen / max(float(seen.std()), 1e-6) + np.float32(rng.normal())
            factor *= 1 + np.float32(share) * np.tanh(np.float32(steepness) * seen)
        return factor

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

    def soften(self, rng: Rng, gt: Image, pair: bool) -> Image:
        """Blur the reference as optics and detector of MS do: (C, h, w) -> the same.

        That of a `pair` was seen by such a sensor, but PAN may have been reduced with more blur.
        """
        if pair and rng.random() >= self.p_ms_blur:
            return gt
        std = rng.uniform(*(self.ms_blur if pair else self.image_blur))
        return blur(gt, round(std, 2))

    def add_haze(self, rng: Rng, gt: Image, pan: Image) -> tuple[Image, Image]:
        """Add light to each band of `(C, H, W)`, to PAN as much as to the mean of the bands."""
        if rng.random() < self.p_haze:
            share = rng.uniform(*self.haze, len(gt)).astype(np.float32)
            haze = share * gt.mean(axis=(1, 2))
            scale = pan.mean() / max(float(gt.mean()), 1e-6)
            gt, pan = gt + haze[:, None, None], pan + np.float32(haze.mean() * scale)
        return gt, pan

    def shift_bands(self, rng: Rng, gt: Image) -> Image:
        """Displace bands against one another, as detectors do: (C, h, w) -> the same."""
        if rng.random() >= self.p_band_shift:
            return gt
        std = rng.uniform(*self.band_shift)
        shifts = rng.normal(0, std, (len(gt), 2)).clip(-3 * std, 3 * std).round(2)
        lines = [[shift_matrix(gt.shape[1], float(s)) for s in shift] for shift in shifts]
        moved = [rows @ band @ cols.T for band, (rows, cols) in zip(gt, lines, strict=True)]
        return np.asarray(moved, np.float32)

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
