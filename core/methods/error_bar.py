# SPDX-License-Identifier: GPL-2.0-or-later
"""The error bar of a result: half the width of the 90 % interval of each pixel and band, in DN.

It is wide where PAN has detail, for that is where any method errs, and as wide as the scene's own
test at reduced resolution says, times what errors on other scenes say of such tests: scaled to
cover 90 % there, a bar covers less one scale up (docs/error-bar.md has the numbers). It needs
PAN alone, and no run of the method.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter

from core.errors import InputError
from core.imaging.arrays import FloatArray, Image, Mask
from core.imaging.mtf import lowpass
from core.imaging.nominal_mtf import TRUNCATE, lowpass_radius
from core.pair.scene import Patch

COVERAGE = 0.9
"""Share of the errors at reduced resolution that the bar covers before it is widened."""
FLOOR = 0.5
"""Of PAN's mean detail, in the bar where PAN has none."""
WIDENING = 4.7
"""Times 1 / ratio: by how much the bar that the scene's own test gives is widened.

The upper quartile over ten sets of scenes of what each needed, see docs/error-bar.md; that a ratio
of 2 needs twice as much as one of 4 was found on the same scenes.
"""


@dataclass(frozen=True)
class ErrorBar:
    """The bar of a scene.

    scale : (C,), half-width in DN for each DN of PAN's detail, widened. floor : DN of PAN, added to
    its detail. ratio : of the scene.
    """

    scale: Image
    floor: float
    ratio: float

    @property
    def halo(self) -> int:
        """PAN px around a pixel that its bar depends on."""
        return detail_radius(self.ratio)

    def of(self, patch: Patch) -> Image:
        """Return the half-width in DN of each pixel and band of a patch, (C, H, W)."""
        width = local_detail(patch.pan, patch.valid, self.ratio) + np.float32(self.floor)
        return np.asarray(self.scale[:, None, None] * width, np.float32)


@dataclass(frozen=True)
class WindowErrors:
    """Errors of the test at reduced resolution in one window of a scene.

    detail : (H, W), PAN's, as `local_detail`. error : (C, H, W), absolute, DN. valid : (H, W).
    """

    detail: Image
    error: Image
    valid: Mask


def fit_error_bar(tests: Sequence[WindowErrors], ratio: float) -> ErrorBar:
    """Return the bar that covers `COVERAGE` of each band's errors in the tests, widened.

    Raises InputError where no pixel was tested.
    """
    detail = np.concatenate([test.detail[test.valid] for test in tests]).astype(float)
    if not detail.size:
        raise InputError("no-pixel-to-test")
    error = np.concatenate([test.error[:, test.valid] for test in tests], axis=1)
    # A PAN without any detail has the same bar everywhere.
    floor = FLOOR * float(detail.mean()) or 1.0
    scale = np.quantile(error / (detail + floor), COVERAGE, axis=1) * widening(ratio)
    return ErrorBar(scale.astype(np.float32), floor, ratio)


def widening(ratio: float) -> float:
    """Return by how much the bar of the scene's own test is widened; never narrowed."""
    return max(WIDENING / ratio, 1.0)


def local_detail(pan: Image, valid: Mask, ratio: float) -> Image:
    """Return the local root mean square of what PAN has beyond the resolution of MS, (H, W) DN."""
    detail = np.where(valid, pan - lowpass(pan, ratio), 0.0)
    square: FloatArray = gaussian_filter(
        detail.astype(np.float64) ** 2, ratio / 2, mode="nearest", truncate=TRUNCATE
    )
    return np.sqrt(np.maximum(square, 0.0)).astype(np.float32)


def detail_radius(ratio: float) -> int:
    """Return how far `local_detail` looks, PAN px."""
    return lowpass_radius(ratio) + math.ceil(TRUNCATE * ratio / 2)
