# SPDX-License-Identifier: GPL-2.0-or-later
"""Classical pansharpening: the baseline of every table and the fallback without a model.

Exp      interpolation of MS alone
Brovey   ratio with the mean of the bands (Gillespie 1987)
Gsa      Gram-Schmidt adaptive (Aiazzi, Baronti, Selva 2007)
BtH      Brovey with regression and haze correction (Lolli et al. 2017)
MtfGlpFs MTF-matched pyramid, full-scale regression (Vivone, Restaino, Chanussot 2018)

Each is a class with `prepare` (statistics of the whole scene in one streaming pass, float64) and
`fuse` (local), and a function on whole arrays with the low-pass of the field's reference toolbox,
whose values it reproduces. The classes replace that low-pass (filter, decimate, interpolate with
23 taps and circular borders: defined for whole benchmark images only) by the MTF filter itself,
which needs no grid and no power of two, and is no worse: see the bench.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from core import tiles
from core.errors import InputError
from core.methods.injection import (
    Injection,
    Modulation,
    Moments,
    column,
    fit_bt_h,
    fit_glp_fs,
    fit_gsa,
    inject,
    modulate,
    modulation,
    moments,
    solve,
)
from core.progress import Progress
from core.sensors import GENERIC_GAIN
from core.simulate import TAPS, correlate, gauss_kernel, interp23tap, mtf_kernel

if TYPE_CHECKING:
    from core.scene import Patch, Scene

FloatArray = npt.NDArray[np.float64]

PASS_TILE = 512
#: Relative error of the low-pass while streaming: that of float32, for half the work.
TOLERANCE = 1e-7
#: A ratio of PAN to intensity beyond this is noise over a dark pixel, not detail.
RATIO_LIMIT = 10.0
#: Share of each band's first percentile taken as haze (Lolli et al. 2017, four-band sensors).
HAZE = {"blue": 0.95, "green": 0.45, "red": 0.40, "nir": 0.05}
HAZE_SAMPLES = 1 << 22


def haze_factors(names: Sequence[str | None], bands: int) -> FloatArray | None:
    """Haze as a share of each band's first percentile, or None: the band's minimum is taken.

    Known for four bands blue, green, red, nir: by name, or in that order without names.
    """
    if bands != len(HAZE):
        return None
    known = [(n or "").strip().lower() for n in names]
    if not any(known):
        return np.array(list(HAZE.values()))
    if set(known) != set(HAZE):
        return None
    return np.array([HAZE[n] for n in known])


def _as_float(*images: npt.ArrayLike) -> list[FloatArray]:
    return [np.asarray(i, dtype=np.float64) for i in images]


def brovey(lms: npt.ArrayLike, pan: npt.ArrayLike, ratio: float) -> FloatArray:
    """Brovey of LMS `(C, H, W)` and PAN `(H, W)`."""
    x, p = _as_float(lms, pan)
    low = correlate(p, gauss_kernel(ratio))
    m = moments(x, p[None], low[None])
    return modulate(x, p, modulation(m, np.full(len(x), 1 / len(x)), np.zeros(len(x))))


def bt_h(lms: npt.ArrayLike, pan: npt.ArrayLike, ratio: float) -> FloatArray:
    """BT-H of LMS `(C, H, W)` and PAN `(H, W)`; four bands are blue, green, red, nir."""
    x, p = _as_float(lms, pan)
    low = correlate(p, gauss_kernel(ratio))
    factors = haze_factors([], len(x))
    if factors is None:
        haze = x.min(axis=(1, 2))
    else:
        haze = factors * np.percentile(x, 1, axis=(1, 2), method="hazen")
    return modulate(x, p, fit_bt_h(moments(x, p[None], low[None]), len(x), haze))


def _binomial(image: FloatArray, levels: int) -> FloatArray:
    """Low-pass of the reference's GSA: a binomial filter applied `2 levels` times per axis.

    The first half of the passes extends the image symmetrically by 4, so that the second half,
    with no extension, gives back its size.
    """
    taps = np.array([1.0, 4.0, 6.0, 4.0, 1.0]) / 16
    for axis in (0, 1):
        image = np.moveaxis(image, axis, 0)
        for _ in range(levels):
            image = np.pad(image, ((4, 4), (0, 0)), mode="symmetric")
            image = ndimage.correlate1d(image, taps, axis=0)[2:-2]
        for _ in range(levels):
            image = ndimage.correlate1d(image, taps, axis=0)[2:-2]
        image = np.moveaxis(image, 0, axis)
    return image


def gsa(lms: npt.ArrayLike, pan: npt.ArrayLike, ms: npt.ArrayLike, ratio: int) -> FloatArray:
    """GSA of LMS `(C, H, W)`, PAN `(H, W)` and MS `(C, h, w)`; the regression is at MS scale."""
    x, p, y = _as_float(lms, pan, ms)
    low = _binomial(p, int(np.ceil(np.log2(ratio))))[ratio // 2 :: ratio, ratio // 2 :: ratio]
    c = len(x)
    coarse = moments(y, low[None]).cov
    fine = moments(x, p[None])
    weight = solve(coarse[:c, :c], coarse[:c, c])
    return inject(x, p, fit_gsa(fine.cov[:c, :c], weight, fine.mean[:c], float(fine.mean[c])))


def mtf_glp_fs(
    lms: npt.ArrayLike, pan: npt.ArrayLike, ratio: int, gains: Sequence[float]
) -> FloatArray:
    """MTF-GLP-FS of LMS `(C, H, W)` and PAN `(H, W)` with the MS bands' MTF gains."""
    x, p = _as_float(lms, pan)
    start = slice(ratio // 2, None, ratio)
    low = np.stack([correlate(p, mtf_kernel(g, ratio))[start, start] for g in gains])
    low = interp23tap(low, ratio)
    return x + column(fit_glp_fs(moments(x, p[None], low), len(x)).gain) * (p - low)


@dataclass(frozen=True)
class _Statistics:
    """What one pass over a scene gives."""

    moments: Moments
    minimum: FloatArray
    percentile: FloatArray


class _Classical:
    """Common part: the streaming pass, and the types the pipeline expects."""

    name: str
    halo: int = 0
    align: int = 1

    def __init__(self, ratio: float, gains: Sequence[float] | None = None) -> None:
        if not ratio > 1:
            raise InputError(f"The ratio {ratio:g} leaves nothing to sharpen.")
        self.ratio = ratio
        self.gains = tuple(float(g) for g in gains) if gains is not None else None

    def describe(self) -> dict[str, object]:
        """What the result reports."""
        return {"method": self.name, "model": "", "device": "cpu"}

    def low_pass(self, pan: FloatArray, bands: int) -> FloatArray:
        """Low-pass PAN `(n, H, W)`: n = 1, or one for each band."""
        return correlate(pan, gauss_kernel(self.ratio), TOLERANCE)[None]

    def statistics(self, scene: Scene, progress: Progress) -> _Statistics:
        """Moments of L, P and low-pass P over all valid pixels, extremes of L."""
        plan = tiles.plan(scene.height, scene.width, PASS_TILE, TAPS // 2)
        stride = max(1, int(np.ceil(np.sqrt(scene.height * scene.width / HAZE_SAMPLES))))
        total: Moments | None = None
        minimum = np.full(scene.bands, np.inf)
        sample = []
        for k, tile in enumerate(plan):
            progress(k / len(plan), "Statistics of the scene")
            patch = scene.read(tile.outer)
            pan = patch.pan.astype(np.float64)
            low = self.low_pass(pan, scene.bands)
            values = np.concatenate([patch.lms, pan[None], low])[(slice(None), *tile.crop)]
            valid = patch.valid[tile.crop]
            total = total or Moments(len(values))
            total.add(values[:, valid])
            lms = values[: scene.bands]
            minimum = np.minimum(minimum, lms.min(axis=(1, 2), where=valid, initial=np.inf))
            inner = tile.inner
            every = (
                slice(-inner.row % stride, None, stride),
                slice(-inner.col % stride, None, stride),
            )
            sample.append(lms[(slice(None), *every)][:, valid[every]])
        if total is None or total.count < 2:
            raise InputError("No pixel of the scene is valid in both images.", "Check nodata.")
        spread = np.concatenate(sample, axis=1)
        empty = spread.shape[1] == 0
        first = minimum if empty else np.percentile(spread, 1, axis=1, method="hazen")
        return _Statistics(total, minimum, first)


class Exp(_Classical):
    """MS interpolated onto the PAN grid, no detail."""

    name = "exp"

    def prepare(self, scene: Scene, progress: Progress) -> None:
        """Nothing global."""
        progress(1.0, "")

    def fuse(self, patch: Patch, context: None = None) -> npt.NDArray[np.float32]:
        """LMS `(C, H, W)`, DN."""
        return np.asarray(patch.lms, dtype=np.float32)


class _Modulating(_Classical):
    """Methods that multiply the bands by one ratio."""

    def fuse(self, patch: Patch, context: Modulation) -> npt.NDArray[np.float32]:
        """HRMS `(C, H, W)`, DN."""
        lms, pan = _as_float(patch.lms, patch.pan)
        return modulate(lms, pan, context, RATIO_LIMIT).astype(np.float32)


class Brovey(_Modulating):
    """Every band times PAN over the mean of the bands."""

    name = "brovey"

    def prepare(self, scene: Scene, progress: Progress) -> Modulation:
        """PAN stretched to the mean of the bands."""
        bands = scene.bands
        m = self.statistics(scene, progress).moments
        return modulation(m, np.full(bands, 1 / bands), np.zeros(bands))


class BtH(_Modulating):
    """Brovey with regressed weights, haze taken off first."""

    name = "bt-h"

    def prepare(self, scene: Scene, progress: Progress) -> Modulation:
        """Haze, weights and stretch of the scene."""
        s = self.statistics(scene, progress)
        factors = haze_factors(scene.band_names, scene.bands)
        haze = s.minimum if factors is None else factors * s.percentile
        return fit_bt_h(s.moments, scene.bands, haze)


class Gsa(_Classical):
    """PAN minus the intensity that the bands make of it, injected by covariance."""

    name = "gsa"

    def prepare(self, scene: Scene, progress: Progress) -> Injection:
        """Weights regress the low-pass PAN on LMS."""
        m = self.statistics(scene, progress).moments
        c = scene.bands
        weight = solve(m.cov[:c, :c], m.cov[:c, c + 1])
        return fit_gsa(m.cov[:c, :c], weight, m.mean[:c], float(m.mean[c]))

    def fuse(self, patch: Patch, context: Injection) -> npt.NDArray[np.float32]:
        """HRMS `(C, H, W)`, DN."""
        lms, pan = _as_float(patch.lms, patch.pan)
        return inject(lms, pan, context).astype(np.float32)


class MtfGlpFs(_Classical):
    """PAN minus its MTF low-pass, injected by the full-scale regression."""

    name = "mtf-glp-fs"
    halo = TAPS // 2

    def low_pass(self, pan: FloatArray, bands: int) -> FloatArray:
        """One low-pass for each band; bands of one gain share the work."""
        gains = self.gains or (GENERIC_GAIN,) * bands
        if len(gains) != bands:
            raise InputError(f"{bands} bands but {len(gains)} MTF gains.")
        filtered = {g: correlate(pan, mtf_kernel(g, self.ratio), TOLERANCE) for g in set(gains)}
        return np.stack([filtered[g] for g in gains])

    def prepare(self, scene: Scene, progress: Progress) -> Injection:
        """Injection gains of the scene."""
        return fit_glp_fs(self.statistics(scene, progress).moments, scene.bands)

    def fuse(self, patch: Patch, context: Injection) -> npt.NDArray[np.float32]:
        """HRMS `(C, H, W)`, DN."""
        lms, pan = _as_float(patch.lms, patch.pan)
        detail = pan - self.low_pass(pan, len(lms))
        result: FloatArray = lms + column(context.gain) * detail
        return result.astype(np.float32)


CLASSICAL: dict[str, type[_Classical]] = {c.name: c for c in (Exp, Brovey, Gsa, BtH, MtfGlpFs)}
