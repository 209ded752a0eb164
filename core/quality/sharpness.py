# SPDX-License-Identifier: GPL-2.0-or-later
"""Whether the detail of a fused image is PAN's: what an unsharpened or noisy image lacks.

Detail is what a small Laplacian of Gaussian leaves, structures of one to three PAN px. Sharpening
adds PAN's detail to every band, times a gain, so each band's detail is correlated with PAN's, and
is at most about as strong beside the band's contrast as PAN's is beside PAN's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from core.imaging.arrays import FloatArray

SIGMA = 0.7  # PAN px
REACH = 5  # PAN px of the border that the filter's continuation of the image concerns


@dataclass(frozen=True)
class Sharpness:
    """Of each band `(C,)`: correlation of its detail with PAN's, and its strength beside PAN's."""

    correlation: FloatArray
    strength: FloatArray


def sharpness(fused: FloatArray, pan: FloatArray) -> Sharpness:
    """Of fused bands `(C, h, w)` and PAN `(h, w)`; NaN where an image has no detail."""
    images = np.concatenate([fused, pan[None]])
    detail = np.stack([ndimage.gaussian_laplace(image, SIGMA) for image in images])
    detail = detail[:, REACH:-REACH, REACH:-REACH]
    flat = (detail - detail.mean(axis=(1, 2), keepdims=True)).reshape(len(images), -1)
    power = np.sqrt((flat**2).sum(axis=1))
    contrast = images.std(axis=(1, 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        correlation = flat[:-1] @ flat[-1] / (power[:-1] * power[-1])
        relative = power / contrast
        strength = relative[:-1] / relative[-1]
    return Sharpness(correlation, np.where(np.isfinite(strength), strength, np.nan))


def median(found: list[Sharpness]) -> Sharpness | None:
    """The median over windows; None where there is none."""
    if not found:
        return None
    with np.errstate(invalid="ignore"):
        return Sharpness(
            np.median([each.correlation for each in found], axis=0),
            np.median([each.strength for each in found], axis=0),
        )
