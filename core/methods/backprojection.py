# SPDX-License-Identifier: GPL-2.0-or-later
"""Iterative back-projection: a sharpened image made consistent with the MS it came from.

Wald's first property: degraded as by the sensor, the image should equal MS. The difference is
known at every MS pixel, and added back (Irani, Peleg, CVGIP 1991):

    x <- x + l U S (L - F_b x)   for l in LENGTHS,

with L = LMS, F_b the Gaussian with the MTF of band b at the Nyquist frequency of MS, S linear
interpolation at the centres of the MS pixels, U linear interpolation back to the pixels of PAN. S
keeps PAN's detail out of the correction, which would be aliased beyond the Nyquist frequency of MS.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from core.imaging.arrays import Image
from core.imaging.nominal_mtf import TRUNCATE, mtf_sigma
from core.pair.reduced import AnyScene
from core.pair.scene import Patch
from core.raster.window import Window

LENGTHS = (1.0, 1.8)
"""Step lengths: 1 for low frequencies, then 1.8 for those that the MTF reduces to about half."""
STRETCH = 1.1  # ratio along one axis over the mean of both, at most


def radius(ratio: float, gains: Sequence[float]) -> int:
    """Return the radius (PAN px) of the pixels that the correction of a pixel depends on."""
    blur = int(TRUNCATE * STRETCH * mtf_sigma(ratio, min(gains)) + 0.5)
    return len(LENGTHS) * (blur + math.ceil(STRETCH * ratio) + 1)


@dataclass(frozen=True)
class BackProjection:
    """Back-projection onto the MS of a scene, `gains` being the MTF of each band.

    ratio_yx and phase_yx as `Scene` has them.
    """

    ratio_yx: tuple[float, float]
    phase_yx: tuple[float, float]
    gains: tuple[float, ...]

    @classmethod
    def onto(cls, scene: AnyScene, gains: Sequence[float]) -> BackProjection:
        """Return the back-projection onto the MS of a scene."""
        return cls(scene.ratio_yx, scene.phase_yx, tuple(gains))

    def __call__(self, image: Image, patch: Patch) -> Image:
        """Correct a sharpened patch `(C, H, W)`, DN; invalid pixels are left unchanged."""
        down = centres_in(patch.window, self.ratio_yx, self.phase_yx)
        if min(map(len, down)) == 0:
            return image
        up = [
            (np.arange(size) - at[0]) / ratio
            for size, at, ratio in zip(patch.pan.shape, down, self.ratio_yx, strict=True)
        ]
        result = np.empty_like(image)
        for band, gain in enumerate(self.gains):
            sigma = [mtf_sigma(ratio, gain) for ratio in self.ratio_yx]
            x, lms = image[band], patch.lms[band]
            for length in LENGTHS:
                filled = np.where(patch.valid, x, lms)
                degraded = gaussian_filter(filled, sigma, mode="nearest", truncate=TRUNCATE)
                x = x + length * _interpolated(_interpolated(lms - degraded, down), up)
            result[band] = np.where(patch.valid, x, image[band])
        return result


def centres_in(
    window: Window, ratio_yx: tuple[float, float], phase_yx: tuple[float, float]
) -> list[NDArray[np.float64]]:
    """Return rows `(h,)` and columns `(w,)` of the centres of MS pixels, in px of the window."""
    axes = zip(phase_yx, ratio_yx, (window.row, window.col), window.shape, strict=True)
    return [ms_centres(*axis) for axis in axes]


def ms_centres(phase: float, ratio: float, start: int, size: int) -> NDArray[np.float64]:
    """Return the centres `(n,)` of MS pixels along one axis of a window, in px of the window."""
    first = math.ceil((start - phase) / ratio - 1e-6)
    last = math.floor((start + size - 1 - phase) / ratio + 1e-6)
    return np.asarray(phase + ratio * np.arange(first, last + 1.0) - start)


def _interpolated(values: Image, at: Sequence[NDArray[np.float64]]) -> Image:
    """Interpolate `(H, W)` linearly at fractional rows and columns: `(len(rows), len(cols))`."""
    for axis, positions in enumerate(at):
        last = values.shape[axis] - 1
        inside = np.clip(positions, 0, last)
        low = np.floor(inside).astype(np.intp)
        part = (inside - low).astype(np.float32)
        part = part[:, None] if axis == 0 else part
        left, right = (np.take(values, k, axis) for k in (low, np.minimum(low + 1, last)))
        values = left + part * (right - left)
    return values
