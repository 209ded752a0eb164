# SPDX-License-Identifier: GPL-2.0-or-later
"""Measure position and sharpness of a fused image in windows scattered over it.

Detail is the response to a small Laplacian of Gaussian, structures of one to three PAN px.
Sharpening adds PAN's detail to every band, times a gain, so each band's detail correlates with
PAN's and is, relative to the band's contrast, at most about as strong as PAN's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from core.imaging.arrays import FloatArray
from core.imaging.mtf import TAPS, mtf_filter
from core.quality.inputs import QualityInputs
from core.registration.edge_matching import match_edges, median_shift
from core.registration.phase_correlation import Shift

SIGMA = 0.7  # PAN px, of the Laplacian of Gaussian
BORDER = 5  # PAN px where the filter depends on values beyond the image
WINDOWS, SIDE = 25, 256  # number and side (PAN px) of the windows
MIN_SIDE = 64  # PAN px of the smallest image that is measured
MIN_VALID = 0.95  # share of a window


@dataclass(frozen=True)
class Sharpness:
    """Correlation of each band's detail with PAN's, and its relative strength, both `(C,)`."""

    correlation: FloatArray
    strength: FloatArray


@dataclass(frozen=True)
class Detail:
    """Displacement of the fused image from MS and from PAN (rows, columns, PAN px); sharpness.

    Medians over the windows; None where no window allows a measurement.
    """

    shift: Shift | None
    pan_shift: Shift | None
    sharpness: Sharpness | None


def measure_detail(inputs: QualityInputs) -> Detail:
    """Measure in windows; MS is compared with the fused image degraded by the mean MTF."""
    scene = inputs.scene
    from_ms: list[Shift | None] = []
    from_pan: list[Shift | None] = []
    sharp: list[Sharpness] = []
    if min(scene.whole.shape) < MIN_SIDE:
        return Detail(None, None, None)
    for window in scene.scattered(SIDE, WINDOWS, seed=0):
        patch = scene.read(window)
        outer = window.grow(TAPS // 2, scene.whole)
        fused, valid = inputs.fused.read(outer)
        inner = window.shift(-outer.row, -outer.col).slices
        if (patch.valid & valid[inner]).mean() < MIN_VALID:
            continue
        intensity = fused.mean(axis=0)
        gain = float(np.mean(inputs.gains))
        degraded = mtf_filter(intensity[None], (gain,), scene.ratio)[0]
        lms = patch.lms.mean(axis=0, dtype=np.float64)
        pan = patch.pan.astype(np.float64)
        from_ms.append(match_edges(degraded[inner], lms))
        from_pan.append(match_edges(intensity[inner], pan))
        sharp.append(sharpness(fused[(slice(None), *inner)], pan))
    return Detail(median_shift(from_ms), median_shift(from_pan), median(sharp))


def sharpness(fused: FloatArray, pan: FloatArray) -> Sharpness:
    """Compare the detail of bands `(C, h, w)` with that of PAN `(h, w)`; NaN without detail."""
    images = np.concatenate([fused, pan[None]])
    detail = np.stack([ndimage.gaussian_laplace(image, SIGMA) for image in images])
    detail = detail[:, BORDER:-BORDER, BORDER:-BORDER]
    centred = (detail - detail.mean(axis=(1, 2), keepdims=True)).reshape(len(images), -1)
    power = np.sqrt((centred**2).sum(axis=1))
    contrast = images.std(axis=(1, 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        correlation = centred[:-1] @ centred[-1] / (power[:-1] * power[-1])
        relative = power / contrast
        strength = relative[:-1] / relative[-1]
    return Sharpness(correlation, np.where(np.isfinite(strength), strength, np.nan))


def median(windows: list[Sharpness]) -> Sharpness | None:
    """Return the median over windows; None of no window."""
    if not windows:
        return None
    with np.errstate(invalid="ignore"):
        return Sharpness(
            np.median([each.correlation for each in windows], axis=0),
            np.median([each.strength for each in windows], axis=0),
        )
