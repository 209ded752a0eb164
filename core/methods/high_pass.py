# SPDX-License-Identifier: GPL-2.0-or-later
"""Classical methods that modulate the bands, less their haze, by PAN's high-pass.

HpmH   MTF-GLP with high-pass modulation, haze corrected (Lolli, Alparone, Garzelli, Vivone, IEEE
       GRSL 14(12), 2017)
HpmR   MTF-GLP with regression-based high-pass modulation (Vivone, Restaino, Chanussot, IEEE TGRS
       56(2), 2018)
AwlpH  additive wavelet luminance proportional, haze corrected (Vivone, Alparone, Garzelli, Lolli,
       Remote Sensing 11(19), 2019)

With L_b the interpolated band b, P PAN and P_b its low-pass by the MTF of the band:

    HpmH    (L_b - h_b) (P - h_P) / (P_b - h_P) + h_b          h_P: PAN where all bands are haze
    HpmR    L_b (g_b P + c_b) / (g_b P_b + c_b)                g_b P_b + c_b: regression of L_b
    AwlpH   L_b + (L_b - m_b) s (P - P_0) / I                  I = sum_k w_k (L_k - m_k)

P_0 is the low-pass of the component-substitution methods, w the regression of P_0 on the bands, m
their minima, s the ratio of the standard deviations of I and P_0. The haze h is a share of the
first percentile of blue, green, red and near infrared, else the minimum.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.imaging.arrays import FloatArray
from core.imaging.mtf import TAPS
from core.methods.classical import RATIO_LIMIT, ClassicalMethod, Darkest
from core.methods.injection import Modulation, column, divide, fit_bt_h, solve, weighted_sums
from core.pair.reduced import AnyScene
from core.progress import Progress


@dataclass(frozen=True)
class HighPassModulation:
    """`out_b = (L_b - haze_b) (slope_b P + offset_b) / (slope_b P_b + offset_b) + haze_b`."""

    slope: FloatArray
    offset: FloatArray
    haze: FloatArray


def bounded_ratio(numerator: FloatArray, denominator: FloatArray) -> FloatArray:
    """Return the ratio of images `(..., H, W)`, in 0 to RATIO_LIMIT; 1 where undefined."""
    positive = denominator > 0
    ratio = np.divide(numerator, denominator, out=np.ones(positive.shape), where=positive)
    return np.clip(ratio, 0.0, RATIO_LIMIT)


class _Hpm(ClassicalMethod):
    """Methods that multiply each band by the ratio of PAN to its low-pass."""

    halo = TAPS // 2

    def apply(self, lms: FloatArray, pan: FloatArray, context: HighPassModulation) -> FloatArray:
        """Multiply bands `(C, H, W)` less their haze by the ratio of PAN to its low-pass."""
        slope, offset, haze = (column(x) for x in (context.slope, context.offset, context.haze))
        low = self.mtf_low_pass(pan, len(lms))
        ratio = bounded_ratio(slope * pan + offset, slope * low + offset)
        result: FloatArray = (lms - haze) * ratio + haze
        return result


class HpmH(_Hpm):
    """High-pass modulation of bands and PAN less their haze."""

    name = "hpm-h"

    def prepare(self, scene: AnyScene, progress: Progress) -> HighPassModulation:
        """Estimate the haze of the bands, and that of PAN by regression on the bands."""
        haze, m = self.haze_and_statistics(scene, progress)
        c = scene.bands
        weight = solve(m.cov[:c, :c], m.cov[:c, c + 1])
        of_pan = float(m.mean[c + 1] + weight @ (haze - m.mean[:c]))
        return HighPassModulation(np.ones(c), np.full(c, -of_pan), haze)


class HpmR(_Hpm):
    """High-pass modulation after a regression of each band on PAN."""

    name = "hpm-r"

    def low_pass(self, pan: npt.ArrayLike, bands: int) -> FloatArray:
        """Return the low-pass of PAN for each band, `(C, H, W)`."""
        return self.mtf_low_pass(pan, bands)

    def prepare(self, scene: AnyScene, progress: Progress) -> HighPassModulation:
        """Regress each band on its low-pass PAN."""
        m = self.statistics(scene, progress)
        c = scene.bands
        low = np.arange(c + 1, 2 * c + 1)
        slope = divide(m.cov[np.arange(c), low], m.cov[low, low])
        return HighPassModulation(slope, m.mean[:c] - slope * m.mean[c], np.zeros(c))


class AwlpH(ClassicalMethod):
    """Inject PAN's high-pass in proportion to each band over the intensity, less haze."""

    name = "awlp-h"
    halo = TAPS // 2

    def prepare(self, scene: AnyScene, progress: Progress) -> Modulation:
        """Estimate the minima of the bands, the intensity's weights, and PAN's stretch to it."""
        darkest = Darkest(scene.bands)
        m = self.statistics(scene, progress, darkest)
        return fit_bt_h(m, scene.bands, darkest.minimum)

    def apply(self, lms: FloatArray, pan: FloatArray, context: Modulation) -> FloatArray:
        """Add the high-pass of PAN `(H, W)` in proportion to the bands less their haze."""
        above = lms - column(context.haze)
        intensity = weighted_sums(context.weight[None], above)[0]
        detail = context.scale * (pan - self.low_pass(pan, len(lms))[0])
        ratio = bounded_ratio(intensity + detail, intensity)
        result: FloatArray = above * ratio + column(context.haze)
        return result
