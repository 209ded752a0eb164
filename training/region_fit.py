# SPDX-License-Identifier: GPL-2.0-or-later
"""The scene fit of a simulated region: what `core.methods.scene_fit` does on a scene, as matrices.

A network that starts from the fit is trained on fits as they are in use, with their errors: made
at reduced resolution, with the MTF that the product knows or assumes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np

from core.imaging.arrays import FloatArray, Image
from core.imaging.moments import Moments
from core.imaging.resample import resample
from core.methods.injection import fit_gsa, solve
from core.methods.scene_fit_features import Features, of_bands
from core.methods.scene_fit_regression import (
    NormalEquations,
    full_scale_gain,
    full_scale_shift,
    ridge,
)
from core.methods.scene_fit_weights import Intensity
from core.methods.separable_backprojection import PASSES
from core.pair.pan_sharpness import PAN_GAINS, PanSharpness
from training.observation import Observation
from training.resampling import (
    box_matrix,
    centres,
    degrade_matrix,
    enlarge_matrix,
    seen_matrix,
)

#: MS px at the border of a region that nothing is fitted on.
RIM = 4


def fit_detail(seen: Observation, pan: Image, gains: list[float], haze: FloatArray) -> Image:
    """Return what the fit adds to LMS, before back-projection: (C, n, n), DN.

    From PAN (n, n), the MTF gains (C,) that are assumed, and the haze (C,) of the bands.
    """
    ratio = len(pan) // seen.ms.shape[1]
    intensity = _intensity(seen, pan, haze)
    weights = ridge(*_reduced_equations(seen, pan, intensity, gains, ratio).mean()[:2])
    features = Features.of(seen.lms, pan, intensity, ratio)
    known = _full_equations(seen, features, intensity, gains, ratio)
    weights *= full_scale_gain(weights, known)[:, None]
    weights += full_scale_shift(weights, known)
    return features.weighted(weights, seen.lms, intensity)


def _intensity(seen: Observation, pan: Image, haze: FloatArray) -> Intensity:
    reduce = box_matrix(len(pan), len(pan) // seen.ms.shape[1], seen.offset)
    moments = Moments(len(seen.ms) + 1)
    values = np.concatenate([seen.ms, (reduce @ pan @ reduce.T)[None]])
    moments.add(_inner(values).reshape(len(values), -1).astype(np.float64))
    cov, mean = moments.cov, moments.mean
    weight = solve(cov[:-1, :-1], cov[:-1, -1])
    gsa = fit_gsa(cov[:-1, :-1], weight, mean[:-1], float(mean[-1]))
    return Intensity(weight, float(mean[-1] - weight @ mean[:-1]), haze, gsa.gain)


def _reduced_equations(
    seen: Observation, pan: Image, intensity: Intensity, gains: list[float], ratio: int
) -> NormalEquations:
    """Return the normal equations at reduced resolution."""
    sharpness = PanSharpness()
    sharpness.add(pan, np.ones(pan.shape, bool))
    pan_gain = PAN_GAINS[int(sharpness.share < 0.5)]
    reduce = _pan_matrix(len(pan), ratio, seen.offset, pan_gain)
    size = seen.ms.shape[1]
    enlarge = enlarge_matrix(size, ratio, 0.0)
    degrade = [degrade_matrix(size, ratio, 0.0, gain) for gain in gains]
    lms = np.stack(
        [enlarge @ (d @ ms @ d.T) @ enlarge.T for d, ms in zip(degrade, seen.ms, strict=True)]
    )
    features = Features.of(lms, np.asarray(reduce @ pan @ reduce.T), intensity, ratio)
    through = [seen_matrix(size, ratio, 0.0, gain) for gain in gains]
    missing = [_unseen(m, ms - low) for m, ms, low in zip(through, seen.ms, lms, strict=True)]
    return _equations(of_bands(features, lms, intensity, through, _unseen), missing)


def _full_equations(
    seen: Observation, features: Features, intensity: Intensity, gains: list[float], ratio: int
) -> NormalEquations:
    """Return the equations of what MS has and LMS lacks at full resolution."""
    degrade = [degrade_matrix(seen.lms.shape[1], ratio, seen.offset, gain) for gain in gains]
    missing = [
        ms - _degraded(d, lms) for d, ms, lms in zip(degrade, seen.ms, seen.lms, strict=True)
    ]
    return _equations(of_bands(features, seen.lms, intensity, degrade, _degraded), missing)


def _equations(features: Iterable[Image], missing: Sequence[Image]) -> NormalEquations:
    """Return the normal equations of the bands' features (F, h, w) and missing detail (h, w)."""
    total = NormalEquations(len(missing))
    for band, (x, y) in enumerate(zip(features, missing, strict=True)):
        inner = _inner(y)
        total.add(band, _inner(x), inner, np.ones(inner.shape, bool))
        total.pixels = inner.size
    return total


def _inner(values: Image) -> Image:
    rim = RIM if values.shape[-1] > 6 * RIM else 2
    return values[..., rim:-rim, rim:-rim]


def _unseen(through: Image, image: Image) -> Image:
    """Return what the passes of back-projection leave of an image where MS has nothing of it."""
    for _ in range(PASSES):
        image = np.asarray(image - through @ image @ through.T)
    return image


def _degraded(degrade: Image, image: Image) -> Image:
    return np.asarray(degrade @ image @ degrade.T)


@lru_cache(maxsize=128)
def _pan_matrix(size: int, ratio: int, offset: float, gain: float | None) -> Image:
    """Return PAN's degradation to the centres of MS, by an MTF or bicubic: (size/ratio, size)."""
    if gain is not None:
        return degrade_matrix(size, ratio, offset, gain)
    positions = centres(size, ratio, offset)
    return resample(np.eye(size), positions, 1 / ratio, -2).astype(np.float32)
