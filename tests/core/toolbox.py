# SPDX-License-Identifier: GPL-2.0-or-later
"""The classical methods on whole arrays, as the field's reference toolbox has them.

Value for value, with its low-pass (filter, decimate, interpolate with 23 taps and circular
borders), which is defined for whole images at the benchmarks' phase only. They are what
`core.methods.classical` is measured against. Images are `(C, H, W)` and `(H, W)`, DN.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from core.imaging.arrays import FloatArray
from core.imaging.degrade import Phase, reduce_ms, reduce_pan
from core.imaging.moments import Moments
from core.imaging.mtf import correlate, gauss_kernel, mtf_filter, mtf_kernel
from core.imaging.resample import imresize, interp23tap
from core.methods.injection import (
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


def brovey(lms: npt.ArrayLike, pan: npt.ArrayLike, ratio: float) -> FloatArray:
    """Brovey of LMS `(C, H, W)` and PAN `(H, W)`."""
    x, p = as_float(lms, pan)
    low = correlate(p, gauss_kernel(ratio))
    m = moments(x, p[None], low[None])
    return modulate(x, p, modulation(m, np.full(len(x), 1 / len(x)), np.zeros(len(x))))


def bt_h(lms: npt.ArrayLike, pan: npt.ArrayLike, ratio: float) -> FloatArray:
    """BT-H of LMS `(C, H, W)` and PAN `(H, W)`; four bands are blue, green, red, nir."""
    x, p = as_float(lms, pan)
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
    x, p, y = as_float(lms, pan, ms)
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
    x, p = as_float(lms, pan)
    start = slice(ratio // 2, None, ratio)
    low = np.stack([correlate(p, mtf_kernel(g, ratio))[start, start] for g in gains])
    low = interp23tap(low, ratio)
    return x + column(fit_glp_fs(moments(x, p[None], low), len(x)).gain) * (p - low)


def bdsd_pc(
    lms: npt.ArrayLike, pan: npt.ArrayLike, ratio: int, gains: Sequence[float], pan_gain: float
) -> FloatArray:
    """BDSD-PC of LMS `(C, H, W)` and PAN `(H, W)` with the MTF gains of the MS bands and of PAN.

    The coarse MS is LMS resized, not MS; the coarse PAN keeps samples r/2, r/2 + r, ...
    """
    x, p = as_float(lms, pan)
    coarse = imresize(x, 1 / ratio)
    low = mtf_filter(coarse, gains, ratio)
    start = slice(ratio // 2, None, ratio)
    seen = correlate(p, mtf_kernel(pan_gain, ratio))[start, start]
    return mix(x, p, fit_bdsd_pc(moments(seen[None], low, coarse - low), len(x)))


def moments(*images: FloatArray) -> Moments:
    """Moments of whole images, each `(n, H, W)`, stacked along the bands."""
    values = np.concatenate([i.reshape(len(i), -1) for i in images])
    moments = Moments(len(values))
    moments.add(values)
    return moments


def reduce_pair(
    pan: npt.ArrayLike,
    ms: npt.ArrayLike,
    gains: Sequence[float],
    ratio: int,
    phase: Phase = "benchmark",
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Wald's protocol on a corner-aligned pair: PAN `(r H, r W)`, MS `(C, H, W)`.

    Returns
    -------
    Reduced PAN `(H, W)`, reduced MS `(C, ~H/r, ~W/r)`, ground truth `(C, H, W)` (the MS itself).
    """
    gt = np.array(ms, dtype=np.float64)
    centres = [ratio * np.arange(n) + (ratio - 1) / 2 for n in gt.shape[1:]]
    reduced = reduce_pan(pan, centres[0], centres[1], (ratio, ratio))
    return reduced, reduce_ms(gt, gains, ratio, phase), gt
