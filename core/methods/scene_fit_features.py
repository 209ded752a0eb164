# SPDX-License-Identifier: GPL-2.0-or-later
"""The features of a scene fit: what could be added to a band to sharpen it.

With L_b the interpolated band b, P PAN, P_L its low-pass and I = sum_k w_k L_k + c the intensity
that resembles PAN most, the features of band b are

    g_b (P - I)                           of GSA (Aiazzi, Baronti, Selva, IEEE TGRS 45(10), 2007)
    (L_b - h_b) (P - P_L) / (P_L - h_P)   of HPM with haze correction (Lolli et al., IEEE GRSL 2017)
    P - P_L at the nine shifts of -1, 0, 1 PAN px along rows and columns

All but the second are shared by the bands up to a factor, and a band's part of the second is a
factor too, so that a window costs eleven images whatever the number of bands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from core.errors import InputError
from core.imaging.arrays import FloatArray, Image
from core.imaging.moments import Moments
from core.imaging.mtf import lowpass
from core.imaging.nominal_mtf import lowpass_radius
from core.methods.classical import RATIO_LIMIT, Darkest
from core.methods.injection import fit_gsa, haze_factors, solve, weighted_sums
from core.methods.scene_fit_weights import TAPS, Intensity
from core.pair.reduced import AnyScene
from core.progress import Progress
from core.raster.window import Window

Operator = TypeVar("Operator")


def feature_radius(ratio: float) -> int:
    """How far (PAN px) the features look."""
    return lowpass_radius(ratio) + 1


@dataclass(frozen=True)
class Features:
    """The features of a window, float32.

    shared (1 + TAPS, H, W), DN: P - I and the shifts of P - P_L; modulated (H, W):
    (P - P_L) / (P_L - h_P).
    """

    shared: Image
    modulated: Image

    @classmethod
    def of(cls, lms: Image, pan: Image, intensity: Intensity, ratio: float) -> Features:
        """Those of LMS `(C, H, W)` and PAN `(H, W)`, DN."""
        low = lowpass(pan, ratio)
        high = pan - low
        height, width = pan.shape
        shared = np.empty((1 + TAPS, height, width), np.float32)
        resembling = weighted_sums(intensity.weight[None], lms)[0]
        np.subtract(pan, resembling + np.float32(intensity.offset), out=shared[0])
        around = np.pad(high, 1, mode="edge")
        for tap in range(TAPS):
            row, col = divmod(tap, 3)
            shared[1 + tap] = around[row : row + height, col : col + width]
        above = low - np.float32(intensity.pan_haze)
        modulated = np.divide(high, above, out=np.zeros_like(high), where=above > 0)
        return cls(shared, np.clip(modulated, -1, RATIO_LIMIT - 1))

    def weighted(self, weights: FloatArray, lms: Image, intensity: Intensity) -> Image:
        """Return what weights `(C, FEATURES)` add to LMS `(C, H, W)`: the same shape, DN."""
        of_shared = np.delete(weights, 1, axis=1)
        of_shared[:, 0] *= intensity.gain
        detail = weighted_sums(of_shared, self.shared)
        for band, weight in enumerate(weights[:, 1].astype(np.float32)):
            detail[band] += weight * (lms[band] - np.float32(intensity.haze[band])) * self.modulated
        return detail


class IntensitySums:
    """What the intensity of one or several scenes is fitted on, in windows of their MS grids.

    `pixels` is about how many there will be, of all.
    """

    def __init__(self, bands: int, names: Sequence[str | None], pixels: int) -> None:
        self._darkest = Darkest(bands, pixels, haze_factors(names, bands))
        self._moments = Moments(bands + 1)

    def add(self, scene: AnyScene, parts: Sequence[Window], progress: Progress) -> None:
        """Add windows of a scene."""
        for number, part in enumerate(parts):
            progress(number / len(parts), "Statistics of the scene")
            seen = scene.read_reduced(part)
            self._darkest.add(part, seen.ms, seen.valid)
            self._moments.add(np.concatenate([seen.ms, seen.pan[None]])[:, seen.valid])

    def fit(self) -> Intensity:
        """Regress PAN on the bands at MS resolution; estimate the haze.

        Raises InputError when no pixel is valid in both images.
        """
        m = self._moments
        if m.count < 2:
            raise InputError("no-valid-pixel")
        weight = solve(m.cov[:-1, :-1], m.cov[:-1, -1])
        gsa = fit_gsa(m.cov[:-1, :-1], weight, m.mean[:-1], float(m.mean[-1]))
        offset = float(m.mean[-1] - weight @ m.mean[:-1])
        return Intensity(weight, offset, self._darkest.haze, gsa.gain)


def pixels_of(parts: Sequence[Window]) -> int:
    """Return the number of pixels of windows."""
    return sum(part.height * part.width for part in parts)


def fit_intensity(scene: AnyScene, parts: Sequence[Window], progress: Progress) -> Intensity:
    """Regress PAN on the bands at MS resolution, in windows of the MS grid; estimate the haze.

    Raises InputError when no pixel is valid in both images.
    """
    sums = IntensitySums(scene.bands, scene.band_names, pixels_of(parts))
    sums.add(scene, parts, progress)
    return sums.fit()


def of_bands(
    features: Features,
    lms: Image,
    intensity: Intensity,
    operators: Sequence[Operator],
    apply: Callable[[Operator, Image], Image],
) -> Iterator[Image]:
    """Yield the features of one band after the other, each under the operator of the band.

    Shapes are `(FEATURES, H, W)`, or what `apply` makes of an image `(H, W)`. What the bands share
    is computed once for an operator.
    """
    shared: dict[int, Image] = {}
    for band, operator in enumerate(operators):
        if id(operator) not in shared:
            shared[id(operator)] = np.stack([apply(operator, x) for x in features.shared])
        common = shared[id(operator)]
        own = (lms[band] - np.float32(intensity.haze[band])) * features.modulated
        intense = np.float32(intensity.gain[band]) * common[:1]
        yield np.concatenate([intense, apply(operator, own)[None], common[1:]])
