# SPDX-License-Identifier: GPL-2.0-or-later
"""Classical pansharpening: the baseline of every table and the fallback without a model.

Exp      interpolation of MS alone
Brovey   ratio with the mean of the bands (Gillespie 1987)
Gsa      Gram-Schmidt adaptive (Aiazzi, Baronti, Selva 2007)
BtH      Brovey with regression and haze correction (Lolli et al. 2017)
MtfGlpFs MTF-matched pyramid, full-scale regression (Vivone, Restaino, Chanussot 2018)
BdsdPc   band-dependent detail with physical constraints (Vivone 2019)

Those that modulate the bands by PAN's high-pass are in `core.methods.high_pass`.

Each has `prepare` (statistics of the whole scene in one streaming pass, float64) and `apply`
(local). `tests/core/toolbox.py` has them on whole arrays with the low-pass of the field's reference
toolbox, and reproduces its values. Here the MTF filter alone takes the place of that low-pass
(filter, decimate, interpolate with 23 taps and circular borders), which is defined for benchmark
images with a ratio of a power of two only. BdsdPc reduces PAN with the antialiased bicubic of
Wald's protocol instead of PAN's MTF, which blurs PAN more than products are, so that too much
detail is injected. A better score by Wald's protocol, with the same kernel, would show little; but
HQNR at full resolution is higher, too, on each validation scene that was tested (SPOT-6 0.87
instead of 0.78, WorldView-2 0.87 and 0.83, QuickBird 0.91 and 0.88).
"""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from core.errors import InputError
from core.imaging.arrays import FloatArray, Image, Mask
from core.imaging.moments import Moments
from core.imaging.mtf import TAPS, correlate, gauss_kernel, mtf_filter, mtf_kernel
from core.methods.injection import (
    Injection,
    Mixture,
    Modulation,
    as_float,
    column,
    fit_bdsd_pc,
    fit_bt_h,
    fit_glp_fs,
    fit_gsa,
    haze_factors,
    inject,
    mix,
    modulate,
    modulation,
    solve,
)
from core.methods.interface import Method, OnStep, Settings
from core.pair.reduced import AnyScene
from core.pair.scene import Patch
from core.progress import Progress
from core.raster.window import Window
from core.sensors import gains_for

PASS_TILE = 512
#: Tiles of the pass at MS resolution (MS px); each reads PAN of `ratio` times that size.
MS_TILE = 256
#: Largest ratio of PAN to intensity; larger ones are noise over dark pixels.
RATIO_LIMIT = 10.0
HAZE_SAMPLES = 1 << 20


class Darkest:
    """Estimate the haze of each band from its lowest values (Lolli et al. 2017).

    With `factors` (C,), see `haze_factors`, it is that share of the first percentile of about
    HAZE_SAMPLES of the `pixels`; without, it is the minimum.
    """

    def __init__(self, bands: int, pixels: int = 0, factors: FloatArray | None = None) -> None:
        self.minimum: FloatArray = np.full(bands, np.inf)
        self._factors = factors
        sampled = factors is not None
        self._stride = max(1, int(np.ceil(np.sqrt(pixels / HAZE_SAMPLES)))) if sampled else 0
        self._sample: list[Image] = []

    def add(self, window: Window, lms: FloatArray, valid: Mask) -> None:
        """Add LMS `(C, H, W)` of a window of the scene."""
        low = lms.min(axis=(1, 2), where=valid, initial=np.inf)
        self.minimum = np.minimum(self.minimum, low)
        step = self._stride
        if step:
            every = tuple(slice(-start % step, None, step) for start in (window.row, window.col))
            self._sample.append(lms[(slice(None), *every)][:, valid[every]].astype(np.float32))

    @property
    def haze(self) -> FloatArray:
        """Haze of each band `(C,)`, DN."""
        return self.minimum if self._factors is None else self._factors * self.percentile

    @property
    def percentile(self) -> FloatArray:
        """First percentile `(C,)` of the sample, DN; the minimum if no pixel of it is valid."""
        sample = np.concatenate(self._sample, axis=1)
        if sample.shape[1] == 0:
            return self.minimum
        return np.asarray(np.percentile(sample, 1, axis=1, method="hazen"))


class ClassicalMethod(Method):
    """Base of the classical methods: the streaming pass, and `fuse` in double precision."""

    def __init__(self, settings: Settings) -> None:
        if not settings.ratio > 1:
            raise InputError("ratio-too-small", ratio=settings.ratio)
        self.ratio, self.gains = settings.ratio, settings.gains

    def fuse(self, patch: Patch, context: Any, *, on_step: OnStep | None = None) -> Image:
        """Sharpen one window: `(C, H, W)` in DN."""
        lms, pan = as_float(patch.lms, patch.pan)
        return self.apply(lms, pan, context).astype(np.float32)

    @abstractmethod
    def apply(self, lms: FloatArray, pan: FloatArray, context: Any) -> FloatArray:
        """Return HRMS `(C, H, W)` from LMS `(C, H, W)` and PAN `(H, W)`, DN."""

    def low_pass(self, pan: npt.ArrayLike, bands: int) -> FloatArray:
        """Return the low-pass of PAN `(H, W)` as `(n, H, W)`: n = 1, or one for each band."""
        return correlate(pan, gauss_kernel(self.ratio))[None]

    def statistics(
        self, scene: AnyScene, progress: Progress, darkest: Darkest | None = None
    ) -> Moments:
        """Return the moments of LMS, PAN and low-pass PAN over all valid pixels.

        Their order is that of `core.methods.injection`. Raises InputError when no pixel is valid.
        """
        total: Moments | None = None
        for k, tile in enumerate(plan := scene.plan(PASS_TILE, TAPS // 2)):
            progress(k / len(plan), "Statistics of the scene")
            patch = scene.read(tile.outer)
            low = self.low_pass(patch.pan, scene.bands)
            images = [i[(..., *tile.crop)] for i in (patch.lms, patch.pan[None], low)]
            values, valid = np.concatenate(images, dtype=np.float64), patch.valid[tile.crop]
            if darkest:
                darkest.add(tile.inner, values[: scene.bands], valid)
            total = total or Moments(len(values))
            # Indexing by a mask is slow, and seldom needed.
            total.add(values.reshape(len(values), -1) if valid.all() else values[:, valid])
        if total is None or total.count < 2:
            raise InputError("no-valid-pixel")
        return total

    def haze_and_statistics(
        self, scene: AnyScene, progress: Progress
    ) -> tuple[FloatArray, Moments]:
        """Return the haze of each band `(C,)`, DN, and the moments of `statistics`."""
        factors = haze_factors(scene.band_names, scene.bands)
        pixels = sum(math.prod(tile.inner.shape) for tile in scene.plan(PASS_TILE, 0))
        darkest = Darkest(scene.bands, pixels, factors)
        moments = self.statistics(scene, progress, darkest)
        return darkest.haze, moments

    def mtf_low_pass(self, pan: npt.ArrayLike, bands: int) -> FloatArray:
        """Return PAN filtered by the MTF of each band, `(C, H, W)`, once for equal gains."""
        different, which = np.unique(gains_for(bands, self.gains), return_inverse=True)
        kernels = np.stack([mtf_kernel(g, self.ratio) for g in different.tolist()])
        return correlate(pan, kernels)[which]


class Exp(ClassicalMethod):
    """MS interpolated onto PAN's grid, without detail."""

    name = "exp"

    def prepare(self, scene: AnyScene, progress: Progress) -> None:
        """Do nothing: the method has no global parameters."""

    def apply(self, lms: FloatArray, pan: FloatArray, context: None) -> FloatArray:
        """Return LMS `(C, H, W)`."""
        return lms


class Brovey(ClassicalMethod):
    """Every band times PAN over the mean of the bands."""

    name = "brovey"

    def prepare(self, scene: AnyScene, progress: Progress) -> Modulation:
        """Stretch PAN to the mean of the bands."""
        bands = scene.bands
        m = self.statistics(scene, progress)
        return modulation(m, np.full(bands, 1 / bands), np.zeros(bands))

    def apply(self, lms: FloatArray, pan: FloatArray, context: Modulation) -> FloatArray:
        """Multiply all bands `(C, H, W)` by one ratio `(H, W)`."""
        return modulate(lms, pan, context, RATIO_LIMIT)


class BtH(Brovey):
    """Brovey with regressed weights, after the haze is subtracted."""

    name = "bt-h"

    def prepare(self, scene: AnyScene, progress: Progress) -> Modulation:
        """Estimate haze, weights and stretch of the scene."""
        haze, m = self.haze_and_statistics(scene, progress)
        return fit_bt_h(m, scene.bands, haze)


class Gsa(ClassicalMethod):
    """PAN minus the intensity of the bands, injected by covariance."""

    name = "gsa"

    def prepare(self, scene: AnyScene, progress: Progress) -> Injection:
        """Regress the low-pass PAN on LMS."""
        m = self.statistics(scene, progress)
        c = scene.bands
        weight = solve(m.cov[:c, :c], m.cov[:c, c + 1])
        return fit_gsa(m.cov[:c, :c], weight, m.mean[:c], float(m.mean[c]))

    def apply(self, lms: FloatArray, pan: FloatArray, context: Injection) -> FloatArray:
        """Add the detail `(H, W)` times each band's gain."""
        return inject(lms, pan, context)


class MtfGlpFs(ClassicalMethod):
    """PAN minus its MTF low-pass, injected by the full-scale regression."""

    name = "mtf-glp-fs"
    halo = TAPS // 2

    def low_pass(self, pan: npt.ArrayLike, bands: int) -> FloatArray:
        """Return PAN filtered by the MTF of each band, `(C, H, W)`."""
        return self.mtf_low_pass(pan, bands)

    def prepare(self, scene: AnyScene, progress: Progress) -> Injection:
        """Estimate the injection gains of the scene."""
        return fit_glp_fs(self.statistics(scene, progress), scene.bands)

    def apply(self, lms: FloatArray, pan: FloatArray, context: Injection) -> FloatArray:
        """Add each band's detail `(C, H, W)` times its gain."""
        return lms + column(context.gain) * (pan - self.low_pass(pan, len(lms)))


class BdsdPc(ClassicalMethod):
    """Detail of each band mixed from PAN and all bands, as regressed at MS resolution."""

    name = "bdsd-pc"

    def prepare(self, scene: AnyScene, progress: Progress) -> Mixture:
        """Regress the detail that MS loses under its own MTF on low-pass MS and on reduced PAN."""
        windows = [tile.inner for tile in scene.plan_ms_grid(MS_TILE, 0)]
        gains = gains_for(scene.bands, self.gains)
        moments = ms_grid_moments(scene, gains, self.ratio, windows, progress)
        return fit_bdsd_pc(moments, scene.bands)

    def apply(self, lms: FloatArray, pan: FloatArray, context: Mixture) -> FloatArray:
        """Add to each band of `(C, H, W)` its mixture of PAN and the bands."""
        return mix(lms, pan, context)


def ms_grid_moments(
    scene: AnyScene,
    gains: Sequence[float],
    ratio: float,
    windows: Sequence[Window],
    progress: Progress,
) -> Moments:
    """Return the moments of PAN, low-pass MS and MS minus low-pass MS, in windows of the MS grid.

    Raises InputError when no pixel is valid in both images.
    """
    total = Moments(2 * scene.bands + 1)
    for k, window in enumerate(windows):
        progress(k / len(windows), "Statistics of the scene")
        seen = scene.read_reduced(window)
        outer = window.grow(TAPS // 2, scene.ms_grid)
        low = mtf_filter(scene.read_ms_grid(outer)[0], gains, ratio)
        low = low[(slice(None), *window.shift(-outer.row, -outer.col).slices)]
        values = np.concatenate([seen.pan[None], low, seen.ms - low])
        total.add(values[:, seen.valid])
    if total.count < 2:
        raise InputError("no-valid-pixel")
    return total
